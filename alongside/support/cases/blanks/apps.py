"""The blanks application."""

from django.apps import AppConfig


class BlanksConfig(AppConfig):
    name = "alongside.support.cases.blanks"
    label = "blanks"
