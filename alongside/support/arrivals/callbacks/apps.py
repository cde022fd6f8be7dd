"""The callbacks application."""

from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "alongside.support.arrivals.callbacks"
    label = "callbacks"
