"""The calls application."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "alongside.support.desk.calls"
    label = "calls"
