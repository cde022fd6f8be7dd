"""The material application."""

from django.apps import AppConfig


class MaterialConfig(AppConfig):
    name = "alongside.support.cases.material"
    label = "material"
