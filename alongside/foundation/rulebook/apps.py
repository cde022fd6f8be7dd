"""The rulebook application."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "alongside.foundation.rulebook"
    label = "rulebook"
