"""The messages application."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "alongside.foundation.office.messages"
    label = "messages"
