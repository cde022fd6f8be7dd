"""The agenda application."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "alongside.support.cases.agenda"
    label = "agenda"
