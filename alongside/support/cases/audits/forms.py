"""The forms of audits, named for their verbs."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField
from alongside.support.cases.audits import rules
from alongside.support.cases.audits.actions import Said
from alongside.support.cases.audits.models import Finding
from alongside.support.cases.audits.queries import Answer

WHICH = (("both", "Open and closed"), ("open", "Open now"), ("closed", "Closed"))
QUARTER = timedelta(days=91)
COMMENT = "_comment"


class Draw(forms.Form):
    of_each = forms.ChoiceField(
        label="How is the sample drawn?", choices=(("yes", "So many of each worker’s cases"), ("no", "So many of all")),
        widget=forms.RadioSelect,
    )  # fmt: skip
    number = forms.IntegerField(label="How many?", min_value=1, max_value=rules.AT_MOST)
    which = forms.ChoiceField(label="Which cases?", choices=WHICH, widget=forms.RadioSelect)
    since = DateBoxesField(label="Cases that went on from", name="first day")
    until = DateBoxesField(label="Until", name="last day")
    weighted = forms.BooleanField(
        label="High risk has two tickets", required=False,
        help_text="A case with a high risk is then twice as likely to be drawn as another.",
    )  # fmt: skip

    @staticmethod
    def start() -> dict[str, Any]:
        today: date = london_date(timezone.now())
        return {"of_each": "yes", "number": 2, "which": "both", "since": today - QUARTER, "until": today}

    @property
    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "of_each": self.cleaned_data["of_each"] == "yes"}


class Judge(forms.Form):
    """Every question with its four answers and a comment. Nothing is required until the worker is told."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    mark_optional = False

    def __init__(self, *args: Any, answers: Iterable[Answer], **words: Any) -> None:
        super().__init__(*args, **words)
        self.codes = []
        for one in answers:
            code = one.row.code
            self.codes.append(code)
            self.fields[code] = forms.ChoiceField(
                label=one.row.title, choices=Finding.Judged.choices, widget=forms.RadioSelect, required=False,
                initial=one.judged, help_text=one.row.text("look_for"),
            )  # fmt: skip
            self.fields[f"{code}{COMMENT}"] = forms.CharField(
                label="Comment", required=False, max_length=rules.LONGEST, widget=forms.Textarea({"rows": 2}),
                initial=one.comment,
            )  # fmt: skip

    @property
    def said(self) -> dict[str, Said]:
        found = self.cleaned_data
        return {code: Said(found.get(code, ""), found.get(f"{code}{COMMENT}", "")) for code in self.codes}


class Reply(forms.Form):
    words = forms.CharField(
        label="What do you think of it?", required=False, max_length=rules.LONGEST, widget=forms.Textarea({"rows": 4}),
        help_text="If something is not right, or you want to say how it came about. You can leave it empty.",
    )  # fmt: skip
