"""The forecasts application."""

from django.apps import AppConfig


class ForecastsConfig(AppConfig):
    name = "alongside.support.cases.forecasts"
    label = "forecasts"
