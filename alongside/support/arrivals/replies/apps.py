"""The replies application."""

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    name = "alongside.support.arrivals.replies"
    label = "replies"
