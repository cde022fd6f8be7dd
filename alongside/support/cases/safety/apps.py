"""The safety application."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "alongside.support.cases.safety"
    label = "safety"
