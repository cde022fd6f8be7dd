"""The callers application."""

from django.apps import AppConfig


class CallersConfig(AppConfig):
    name = "alongside.support.callers"
    label = "callers"
