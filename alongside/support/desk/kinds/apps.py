"""The kinds application."""

from django.apps import AppConfig


class KindsConfig(AppConfig):
    name = "alongside.support.desk.kinds"
    label = "kinds"
