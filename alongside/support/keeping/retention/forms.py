"""What the pages of retention ask."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import RadioSelect, Textarea

from alongside.core.pages.fields import DateBoxesField, choose_from


class Hold(forms.Form):
    """Why a record is kept beyond its time, and when to look again."""

    reason = forms.ChoiceField(label="Why must it be kept?", widget=RadioSelect)
    words = forms.CharField(
        label="Who asked, and for what", widget=Textarea({"rows": 3}), max_length=1_000,
        help_text="Sealed. It goes with the record when that is erased.",
    )  # fmt: skip
    review_on = DateBoxesField(label="When should somebody look at this again?", help_text="For example, 31 3 2028")

    def __init__(self, *args: Any, reasons: Iterable[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)
