"""The checks application; it has no table of its own."""

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "alongside.support.cases.checks"
    label = "checks"
