"""The application of the first assessment."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "alongside.support.desk.assessment"
    label = "assessment"
