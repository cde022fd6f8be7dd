"""The documents application."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "alongside.foundation.office.documents"
    label = "documents"
