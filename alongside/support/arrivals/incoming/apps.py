"""The incoming application."""

from django.apps import AppConfig


class IncomingConfig(AppConfig):
    name = "alongside.support.arrivals.incoming"
    label = "incoming"
