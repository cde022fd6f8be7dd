"""The home application."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "alongside.config.home"
    label = "home"
