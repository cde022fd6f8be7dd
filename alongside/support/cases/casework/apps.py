"""The casework application."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "alongside.support.cases.casework"
    label = "casework"
