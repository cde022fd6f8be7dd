"""The directory application."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "alongside.foundation.local.directory"
    label = "directory"
