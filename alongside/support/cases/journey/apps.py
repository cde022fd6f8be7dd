"""The application of the victim's own page."""

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "alongside.support.cases.journey"
    label = "journey"
