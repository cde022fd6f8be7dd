"""The looks application."""

from django.apps import AppConfig


class LooksConfig(AppConfig):
    name = "alongside.support.keeping.looks"
    label = "looks"
