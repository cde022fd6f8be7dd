"""The centres application."""

from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "alongside.support.desk.centres"
    label = "centres"
