"""The outcomes application."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "alongside.support.outcomes"
    label = "outcomes"
