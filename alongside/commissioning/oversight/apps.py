"""The oversight application."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "alongside.commissioning.oversight"
    label = "oversight"
