"""The app of bringing a caseload along."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "alongside.support.cases.imports"
    label = "imports"
