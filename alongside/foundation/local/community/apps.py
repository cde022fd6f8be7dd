"""The app of community."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "alongside.foundation.local.community"
    label = "community"
