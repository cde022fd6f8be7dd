"""The exploring application."""

from django.apps import AppConfig


class ExploringConfig(AppConfig):
    name = "alongside.commissioning.exploring"
    label = "exploring"
