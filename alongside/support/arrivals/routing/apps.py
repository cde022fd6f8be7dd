"""The routing application."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "alongside.support.arrivals.routing"
    label = "routing"
