"""The audits application."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "alongside.support.cases.audits"
    label = "audits"
