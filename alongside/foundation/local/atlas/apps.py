"""The app of the atlas; it has no table of its own."""

from django.apps import AppConfig


class AtlasConfig(AppConfig):
    name = "alongside.foundation.local.atlas"
    label = "atlas"
