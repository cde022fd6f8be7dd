"""The app of exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "alongside.foundation.local.exchange"
    label = "exchange"
