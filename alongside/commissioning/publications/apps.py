"""The publications application."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "alongside.commissioning.publications"
    label = "publications"
