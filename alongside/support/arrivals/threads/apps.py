"""The application of questions and answers."""

from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "alongside.support.arrivals.threads"
    label = "threads"
