"""The sources application."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "alongside.support.arrivals.sources"
    label = "sources"
