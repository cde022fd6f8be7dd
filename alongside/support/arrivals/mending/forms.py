"""What the pages of mending ask. Shape only: the feed's own rules read the cells."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms import RadioSelect, Textarea

from alongside.core.pages.fields import choose_from, choose_rows
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds.rows import COLUMNS, WHY, Fault
from alongside.support.arrivals.mending.presenters import Theirs, column_words, own_column

Choices = Iterable[tuple[str, str]]
ANSWERS = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))
OUTCOMES = (("", "Any"), ("held", "Held"), ("rejected", "Rejected"))
WORDS, CELL = 2_000, 4_000
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FOUND_OUT = ("consent", "phone", "phone_safe", "email", "email_safe", "safe_times")


class Waiting(forms.Form):
    """Filters of the rows that wait."""

    q = forms.CharField(label="Reference", required=False, max_length=60)
    state = forms.ChoiceField(label="State", required=False, choices=OUTCOMES)
    reason = forms.ChoiceField(label="Why", required=False)
    source = forms.ModelChoiceField(
        label="Force", queryset=Organisation.objects.none(), required=False, empty_label="Any"
    )
    flag = forms.ChoiceField(label="Time", required=False, choices=(("", "Any"), ("near", "Over soon")))

    def __init__(self, *args: Any, reasons: Choices, sources: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", (("", "Any"), *reasons))
        choose_rows(self, "source", sources)


class Several(forms.Form):
    """What is done with the rows that are chosen: `returned:code` or `closed:code`."""

    rows = forms.MultipleChoiceField(error_messages={"required": "Choose the rows first."})
    do = forms.ChoiceField(label="With the rows that are chosen", error_messages={"required": "Choose what to do."})

    def __init__(self, *args: Any, keys: Iterable[str], returns: Choices, closes: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "rows", ((key, key) for key in keys))
        field = self.fields["do"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Choose"),
            *((f"returned:{code}", f"Return: {words}") for code, words in returns),
            *((f"closed:{code}", f"Close: {words}") for code, words in closes),
        ]


def keys(said: Iterable[str]) -> list[UUID]:
    """The rows that were chosen; what is no key is let drop."""
    return [UUID(key) for key in said if KEY.fullmatch(key)]


class Mend(forms.Form):
    """Every cell of a row, those with a fault first."""

    def __init__(
        self, *args: Any, cells: Mapping[str, str], faults: Sequence[Fault], theirs: Theirs, **words: Any
    ) -> None:
        super().__init__(*args, **words)
        wrong = {fault.field: fault for fault in faults if fault.field in COLUMNS}
        for column in (*wrong, *(column for column in COLUMNS if column not in wrong)):
            self.fields[column] = _cell(column, cells.get(column, ""), wrong.get(column), own_column(column, theirs))
        self.wrong = list(wrong)

    @property
    def others(self) -> list[str]:
        """The columns that nothing is wrong with."""
        return [column for column in self.fields if column not in self.wrong]


def _cell(column: str, said: str, fault: Fault | None, own: str) -> forms.Field:
    wrong = f"It {WHY[fault.why]}. Sent: {said or 'nothing'}. " if fault else ""
    hint = f"{wrong}{own}".strip()
    widget: forms.Widget = Textarea({"rows": 3}) if column == "notes" else forms.TextInput({"autocomplete": "off"})
    return forms.CharField(
        label=column_words(column), required=False, max_length=CELL, initial=said, help_text=hint, widget=widget
    )


class Release(forms.Form):
    """What was found out about agreement and safe contact. Columns of the feed, as the feed writes them."""

    consent = forms.ChoiceField(label="Does the victim agree to be contacted?", choices=ANSWERS, widget=RadioSelect)
    phone = forms.CharField(label="Telephone number", required=False, max_length=40)
    phone_safe = forms.ChoiceField(label="Is it safe to telephone?", choices=ANSWERS, widget=RadioSelect)
    email = forms.CharField(label="E-mail address", required=False, max_length=254)
    email_safe = forms.ChoiceField(label="Is it safe to e-mail?", choices=ANSWERS, widget=RadioSelect)
    safe_times = forms.CharField(
        label="Safe times", required=False, max_length=100,
        help_text="For example, 09:00-12:30;18:00-20:00, or in words",
    )  # fmt: skip
    words = forms.CharField(label="What you found out, and from whom", widget=Textarea({"rows": 3}), max_length=WORDS)


def found_out(cells: Mapping[str, str]) -> dict[str, str]:
    """What the row says already, to begin the form with."""
    known = {name: cells.get(name, "") for name in FOUND_OUT}
    answers = {name: known[name].lower() or "unknown" for name in ("consent", "phone_safe", "email_safe")}
    return {**known, **answers}


class Reasoned(forms.Form):
    """A reason of the rulebook, and words that stay with us."""

    reason = forms.ChoiceField(label="Why?", widget=RadioSelect)
    words = forms.CharField(
        label="Anything to keep with it", required=False, widget=Textarea({"rows": 3}), max_length=WORDS,
        help_text="Only the hub reads this.",
    )  # fmt: skip

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)
