"""The app of pathways."""

from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "alongside.foundation.pathways"
    label = "pathways"
