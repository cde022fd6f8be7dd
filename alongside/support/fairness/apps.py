"""The fairness application."""

from django.apps import AppConfig


class FairnessConfig(AppConfig):
    name = "alongside.support.fairness"
    label = "fairness"
