"""The lessons application."""

from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "alongside.support.cases.lessons"
    label = "lessons"
