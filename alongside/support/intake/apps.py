"""The intake application."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "alongside.support.intake"
    label = "intake"
