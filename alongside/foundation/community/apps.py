"""The app of community."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "alongside.foundation.community"
    label = "community"
