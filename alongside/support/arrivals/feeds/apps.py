"""The feeds application."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "alongside.support.arrivals.feeds"
    label = "feeds"
