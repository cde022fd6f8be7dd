"""The matching application."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "alongside.support.people.matching"
    label = "matching"
