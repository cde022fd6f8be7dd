"""The quarters application."""

from django.apps import AppConfig


class QuartersConfig(AppConfig):
    name = "alongside.commissioning.quarters"
    label = "quarters"
