"""The others application."""

from django.apps import AppConfig


class OthersConfig(AppConfig):
    name = "alongside.support.cases.others"
    label = "others"
