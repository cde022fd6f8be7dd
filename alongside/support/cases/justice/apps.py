"""The justice application."""

from django.apps import AppConfig


class JusticeConfig(AppConfig):
    name = "alongside.support.cases.justice"
    label = "justice"
