"""The notes application."""

from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "alongside.support.cases.notes"
    label = "notes"
