"""The operations application."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "alongside.config.operations"
    label = "operations"
