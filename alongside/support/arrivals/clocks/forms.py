"""What the page that pauses clocks asks."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from


def _tomorrow() -> date:
    return london_date(timezone.now()) + timedelta(days=1)


class Pause(forms.Form):
    reason = forms.ChoiceField(label="Why do the clocks stand still?", widget=forms.RadioSelect)
    until = DateBoxesField(label="On which day do they run again?", name="day", earliest=_tomorrow)

    def __init__(self, *args: Any, reasons: Iterable[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)
