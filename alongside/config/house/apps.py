"""The house application."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "alongside.config.house"
    label = "house"
