"""The callbacks application."""

from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "alongside.support.callbacks"
    label = "callbacks"
