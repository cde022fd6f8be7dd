"""The plans application."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "alongside.support.cases.plans"
    label = "plans"
