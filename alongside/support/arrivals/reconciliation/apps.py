"""The reconciliation application."""

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "alongside.support.arrivals.reconciliation"
    label = "reconciliation"
