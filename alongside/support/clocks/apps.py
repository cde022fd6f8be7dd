"""The clocks application."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "alongside.support.clocks"
    label = "clocks"
