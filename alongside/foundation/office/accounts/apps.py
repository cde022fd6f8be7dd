"""The accounts application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "alongside.foundation.office.accounts"
    label = "accounts"
