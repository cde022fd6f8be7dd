"""What a change asks: what becomes of each difference."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import RadioSelect, Textarea

from alongside.support.arrivals.changes.presenters import OPTIONS
from alongside.support.arrivals.changes.rules import options
from alongside.support.arrivals.feeds.rules import Difference


class Decide(forms.Form):
    """One choice for each difference, none made beforehand; `of` says which field asks about what."""

    words = forms.CharField(
        label="What you found out, and from whom", required=False, widget=Textarea({"rows": 3}), max_length=2_000
    )

    def __init__(self, *args: Any, different: Iterable[Difference], **words: Any) -> None:
        super().__init__(*args, **words)
        last = self.fields.pop("words")
        self.of = {f"d{number}": one for number, one in enumerate(different)}
        for name, one in self.of.items():
            self.fields[name] = forms.ChoiceField(
                label=one.what, choices=[(code, OPTIONS[code]) for code in options(one)], widget=RadioSelect,
                help_text=f"With us: {one.held}. Sent now: {one.sent}.",
                error_messages={"required": f"Say what becomes of this: {one.what[:1].lower()}{one.what[1:]}"},
            )  # fmt: skip
        self.fields["words"] = last

    @property
    def decisions(self) -> dict[str, str]:
        return {one.what: self.cleaned_data[name] for name, one in self.of.items()}
