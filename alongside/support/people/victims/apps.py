"""The victims application."""

from django.apps import AppConfig


class VictimsConfig(AppConfig):
    name = "alongside.support.people.victims"
    label = "victims"
