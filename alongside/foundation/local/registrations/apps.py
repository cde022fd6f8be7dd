"""The app of registrations."""

from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "alongside.foundation.local.registrations"
    label = "registrations"
