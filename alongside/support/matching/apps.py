"""The matching application."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "alongside.support.matching"
    label = "matching"
