"""The fairness application."""

from django.apps import AppConfig


class FairnessConfig(AppConfig):
    name = "alongside.support.arrivals.fairness"
    label = "fairness"
