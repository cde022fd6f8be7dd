"""What the pages of reconciliation ask."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.forms import RadioSelect, Textarea
from django.utils import timezone

from alongside.core import clocks
from alongside.core.pages.fields import DateBoxesField, choose_from, choose_rows
from alongside.foundation.organisations.models import Organisation


def _today() -> date:
    return clocks.london_date(timezone.now())


class Days(forms.Form):
    """Which days, and whose."""

    source = forms.ModelChoiceField(
        label="Force", queryset=Organisation.objects.none(), required=False, empty_label="Any"
    )
    since = DateBoxesField(label="From", name="first day", required=False, latest=_today)
    until = DateBoxesField(label="To", name="last day", required=False, latest=_today)

    def __init__(self, *args: Any, sources: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_rows(self, "source", sources)


class Acknowledge(forms.Form):
    """Why an alarm needs nothing more."""

    reason = forms.ChoiceField(label="What did you find out?", widget=RadioSelect)
    words = forms.CharField(label="Anything to add", required=False, widget=Textarea({"rows": 3}), max_length=1_000)

    def __init__(self, *args: Any, reasons: Iterable[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)
