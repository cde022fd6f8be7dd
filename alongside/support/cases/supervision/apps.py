"""The supervision application."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "alongside.support.cases.supervision"
    label = "supervision"
