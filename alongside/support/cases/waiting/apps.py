"""The waiting application."""

from django.apps import AppConfig


class WaitingConfig(AppConfig):
    name = "alongside.support.cases.waiting"
    label = "waiting"
