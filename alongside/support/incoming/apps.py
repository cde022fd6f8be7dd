"""The incoming application."""

from django.apps import AppConfig


class IncomingConfig(AppConfig):
    name = "alongside.support.incoming"
    label = "incoming"
