"""The measures application."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "alongside.facts.measures"
    label = "measures"
