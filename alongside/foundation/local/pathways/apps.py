"""The app of pathways."""

from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "alongside.foundation.local.pathways"
    label = "pathways"
