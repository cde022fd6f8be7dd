"""Appointments: what is planned with somebody, recorded when it happened, and a calendar that gives nothing away."""
