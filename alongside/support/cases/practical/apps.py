"""The practical help application."""

from django.apps import AppConfig


class PracticalConfig(AppConfig):
    name = "alongside.support.cases.practical"
    label = "practical"
