"""The tasks application."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "alongside.support.cases.tasks"
    label = "tasks"
