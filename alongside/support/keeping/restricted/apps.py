"""The restricted application."""

from django.apps import AppConfig


class RestrictedConfig(AppConfig):
    name = "alongside.support.keeping.restricted"
    label = "restricted"
