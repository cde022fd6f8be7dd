"""The catalogue application."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "alongside.commissioning.catalogue"
    label = "catalogue"
