"""What the fairness report asks: the period, and what it is broken down by."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core import clocks
from alongside.core.pages.fields import DateBoxesField
from alongside.support.arrivals.fairness.queries import BY

LONGEST = 1100  # days: three years
WEEKS = timedelta(weeks=13)


def today() -> date:
    return clocks.london_date(timezone.now())


class Report(forms.Form):
    """The period of the offers and what divides them into groups."""

    by = forms.ChoiceField(label="Broken down by", choices=tuple(BY.items()))
    first_on = DateBoxesField(label="Sent from", name="first day", latest=today)
    last_on = DateBoxesField(label="Until the end of", name="last day", latest=today)

    @staticmethod
    def begun() -> dict[str, Any]:
        """A quarter of a year until yesterday, by council."""
        last = today() - clocks.ONE_DAY
        return {"by": "council", "first_on": last - WEEKS + clocks.ONE_DAY, "last_on": last}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("first_on"), found.get("last_on")
        if first and last and not 0 <= (last - first).days <= LONGEST:
            self.add_error("last_on", "Choose a last day after the first, and three years at most")
        return found

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for; the usual where that is wrong or nothing was."""
        return self.cleaned_data if self.is_bound and self.is_valid() else self.begun()
