"""The groups application."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "alongside.support.cases.groups"
    label = "groups"
