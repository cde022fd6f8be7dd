"""The day application."""

from django.apps import AppConfig


class DayConfig(AppConfig):
    name = "alongside.support.cases.day"
    label = "day"
