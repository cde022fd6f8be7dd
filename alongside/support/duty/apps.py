"""The duty application."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "alongside.support.duty"
    label = "duty"
