"""The app of finding."""

from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "alongside.foundation.local.finding"
    label = "finding"
