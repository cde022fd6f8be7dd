"""The retention application."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "alongside.support.retention"
    label = "retention"
