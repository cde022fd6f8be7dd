"""The clocks application."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "alongside.support.arrivals.clocks"
    label = "clocks"
