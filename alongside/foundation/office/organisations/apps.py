"""The organisations application."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "alongside.foundation.office.organisations"
    label = "organisations"
