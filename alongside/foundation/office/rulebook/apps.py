"""The rulebook application."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "alongside.foundation.office.rulebook"
    label = "rulebook"
