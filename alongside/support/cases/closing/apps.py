"""The closing application."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "alongside.support.cases.closing"
    label = "closing"
