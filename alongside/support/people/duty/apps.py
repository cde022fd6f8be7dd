"""The duty application."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "alongside.support.people.duty"
    label = "duty"
