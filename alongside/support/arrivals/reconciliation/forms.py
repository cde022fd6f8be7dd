"""What the pages of reconciliation ask."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import RadioSelect, Textarea
from django.utils import timezone

from alongside.core import clocks
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.arrivals.feeds.models import Feed


def _today() -> date:
    return clocks.london_date(timezone.now())


class Days(forms.Form):
    """Which days, and whose."""

    source = forms.ChoiceField(label="Feed", required=False)
    since = DateBoxesField(label="From", name="first day", required=False, latest=_today)
    until = DateBoxesField(label="To", name="last day", required=False, latest=_today)

    def __init__(self, *args: Any, feeds: Sequence[Feed], **words: Any) -> None:
        super().__init__(*args, **words)
        self.feeds = {feed.key: feed for feed in feeds}
        choose_from(self, "source", [("", "Any"), *((feed.key, feed.title) for feed in feeds)])

    @property
    def feed(self) -> Feed | None:
        return self.feeds.get(self.cleaned_data.get("source", ""))


class Acknowledge(forms.Form):
    """Why an alarm needs nothing more."""

    reason = forms.ChoiceField(label="What did you find out?", widget=RadioSelect)
    words = forms.CharField(label="Anything to add", required=False, widget=Textarea({"rows": 3}), max_length=1_000)

    def __init__(self, *args: Any, reasons: Iterable[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)
