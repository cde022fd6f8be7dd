"""The related application."""

from django.apps import AppConfig


class RelatedConfig(AppConfig):
    name = "alongside.support.cases.related"
    label = "related"
