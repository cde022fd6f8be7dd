"""The outcomes application."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "alongside.support.cases.outcomes"
    label = "outcomes"
