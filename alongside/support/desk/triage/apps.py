"""The triage application."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "alongside.support.desk.triage"
    label = "triage"
