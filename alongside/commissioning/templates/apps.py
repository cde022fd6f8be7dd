"""The templates application."""

from django.apps import AppConfig


class TemplatesConfig(AppConfig):
    name = "alongside.commissioning.templates"
    label = "templates"
