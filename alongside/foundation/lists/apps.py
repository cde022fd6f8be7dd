"""The app of lists."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "alongside.foundation.lists"
    label = "lists"
