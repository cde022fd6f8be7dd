"""The returns application."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "alongside.commissioning.returns"
    label = "returns"
