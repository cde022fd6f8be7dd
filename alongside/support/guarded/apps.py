"""The guarded application."""

from django.apps import AppConfig


class GuardedConfig(AppConfig):
    name = "alongside.support.guarded"
    label = "guarded"
