"""The collect application."""

from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "alongside.facts.collect"
    label = "collect"
