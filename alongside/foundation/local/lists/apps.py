"""The app of lists."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "alongside.foundation.local.lists"
    label = "lists"
