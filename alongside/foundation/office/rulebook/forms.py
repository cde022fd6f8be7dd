"""The forms of the rulebook: a row of any book, drawn from the book's own columns."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.office.rulebook import queries
from alongside.foundation.office.rulebook.rules import LONGEST_TITLE, Book, Field, RuleRow

YES_NO = (("yes", "Yes"), ("no", "No"))
LONG = 60
FEW = 6


def today() -> date:
    return london_date(timezone.now())


def _yes_no(field: Field, value: Any) -> forms.Field:
    return forms.TypedChoiceField(
        choices=YES_NO,
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
        initial="yes" if value else "no",
    )


def _number(field: Field, value: Any) -> forms.Field:
    wrong = {"min_value": "Enter 0 or more", "invalid": "Enter a whole number, such as 3"}
    return forms.IntegerField(min_value=0, initial=value, error_messages=wrong)


def _text(field: Field, value: Any) -> forms.Field:
    long = field.kind == "long_text" or len(value or "") > LONG
    widget = forms.Textarea({"rows": 4}) if long else forms.TextInput()
    return forms.CharField(required=field.required, max_length=2000, widget=widget, initial=value)


def _code(field: Field, value: Any) -> forms.Field:
    known = queries.choices(field.of, today())
    widget = forms.RadioSelect if len(known) <= FEW else forms.Select
    return forms.ChoiceField(choices=known, widget=widget, initial=value)


def _codes(field: Field, value: Any) -> forms.Field:
    known = queries.choices(field.of, today())
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(choices=known, widget=widget, required=False, initial=value)


DRAWN = {
    "yes_no": _yes_no,
    "number": _number,
    "text": _text,
    "long_text": _text,
    "code": _code,
    "codes": _codes,
}


class Revise(forms.Form):
    """A new version of a row: its title, the book's columns, where it comes from, from when."""

    title = forms.CharField(label="Title", help_text="As people read it.", max_length=LONGEST_TITLE)

    def __init__(self, book: Book, row: RuleRow | None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.book = book
        for field in book.fields:
            value = row.body[field.name] if row else field.default
            self.fields[field.name] = DRAWN[field.kind](field, value)
            self.fields[field.name].label = field.label
        self.fields["source"] = forms.CharField(
            label="Where this comes from",
            max_length=LONGEST_TITLE,
            help_text="A law, guidance, or “Office decision”.",
        )
        self.fields["since"] = DateBoxesField(
            name="first day", label="In force from", help_text="Today or later.", initial=today()
        )
        self.initial = {"title": row.title, "source": row.source} if row else {}
        if row:
            self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, initial=row.version)

    def words(self) -> dict[str, Any]:
        """What the action takes."""
        body = {field.name: self.cleaned_data[field.name] for field in self.book.fields}
        plain = ("title", "source", "since", "seen")
        return {name: self.cleaned_data[name] for name in plain if name in self.fields} | {"body": body}


class Add(Revise):
    """A row of the office's own, with a code that never changes."""

    code = forms.CharField(
        label="Code",
        max_length=60,
        help_text="Short, without spaces, such as moved_abroad. It cannot be changed later.",
    )
    field_order = ("code", "title")

    def __init__(self, book: Book, row: None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(book, row, data)
        self.order_fields(self.field_order)

    def words(self) -> dict[str, Any]:
        return super().words() | {"code": self.cleaned_data["code"]}


class Withdraw(forms.Form):
    """From when a row can no longer be chosen."""

    until = DateBoxesField(
        name="day",
        label="From which day can it no longer be chosen?",
        help_text="Today or later.",
        initial=today,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: RuleRow, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"seen": row.version})


class Search(forms.Form):
    """Search of the books or of one book's rows; nothing is required and nothing wrong is refused."""

    mark_optional = False
    q = forms.CharField(label="Search", required=False, max_length=100)


class Offences(forms.Form):
    """Search of the offence codes; nothing is required and nothing wrong is refused."""

    mark_optional = False
    q = forms.CharField(label="Search by code or words", required=False, max_length=100)
    crime_type = forms.ChoiceField(label="Crime type", required=False)
    kind = forms.ChoiceField(
        label="List",
        required=False,
        choices=(
            ("", "Both"),
            ("notifiable", "Recorded crime codes"),
            ("home_office", "Class and sub-class codes"),
        ),
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        choose_from(self, "crime_type", (("", "All"), *queries.choices("crime_types", today())))
