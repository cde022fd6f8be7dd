"""The transfers application."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "alongside.support.cases.transfers"
    label = "transfers"
