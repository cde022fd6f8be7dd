"""Reads across referrals for the queue and triage."""

from datetime import date

DEFAULT_WORKING_DAYS = {"first_contact_attempt": 2, "first_offer": 2}


def working_days(clock: str, on: date) -> int:
    """The working days that a clock of the rulebook allows on a day."""
    return DEFAULT_WORKING_DAYS[clock]
