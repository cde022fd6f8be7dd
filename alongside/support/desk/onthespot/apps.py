"""The onthespot application."""

from django.apps import AppConfig


class OnTheSpotConfig(AppConfig):
    name = "alongside.support.desk.onthespot"
    label = "onthespot"
