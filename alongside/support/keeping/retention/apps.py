"""The retention application."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "alongside.support.keeping.retention"
    label = "retention"
