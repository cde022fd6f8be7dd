"""The casework application."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "alongside.support.casework"
    label = "casework"
