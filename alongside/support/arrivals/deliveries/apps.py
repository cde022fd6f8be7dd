"""The deliveries application."""

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "alongside.support.arrivals.deliveries"
    label = "deliveries"
