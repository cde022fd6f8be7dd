"""The app of gaps; it has no table of its own."""

from django.apps import AppConfig


class GapsConfig(AppConfig):
    name = "alongside.foundation.local.gaps"
    label = "gaps"
