"""The app of proposals."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "alongside.foundation.local.proposals"
    label = "proposals"
