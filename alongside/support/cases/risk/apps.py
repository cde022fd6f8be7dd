"""The risk application."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "alongside.support.cases.risk"
    label = "risk"
