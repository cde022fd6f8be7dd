"""The appointments application."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "alongside.support.cases.appointments"
    label = "appointments"
