"""The papers application."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "alongside.support.cases.papers"
    label = "papers"
