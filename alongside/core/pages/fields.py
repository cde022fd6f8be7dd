"""Form fields with a shape of their own: a date in three boxes, an amount of money; choices known when it is asked."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from alongside.core import money
from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words

Bound = date | Callable[[], date] | None
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DateBoxes(forms.MultiWidget):
    """Day, month and year. `birth` lets the browser offer the person's own date of birth."""

    PARTS = (("day", 2), ("month", 2), ("year", 4))

    def __init__(self, *, birth: bool = False) -> None:
        self.birth = birth
        super().__init__({part: forms.TextInput() for part, _ in self.PARTS})

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else ["", "", ""]


class DateBoxesField(forms.MultiValueField):
    """A date in three boxes. `name` is what errors call it: “The date of the incident must include a year”.

    `earliest` and `latest` may be functions, asked
    each time. A month may be written as a word. Years need four digits, so that nothing is guessed.
    """

    widget = DateBoxes

    def __init__(
        self,
        *,
        name: str = "date",
        birth: bool = False,
        earliest: Bound = None,
        latest: Bound = None,
        **kwargs: Any,
    ) -> None:
        self.name, self.earliest, self.latest = name, earliest, latest
        boxes = [forms.CharField(required=False) for _ in DateBoxes.PARTS]
        super().__init__(boxes, widget=DateBoxes(birth=birth), require_all_fields=False, **kwargs)

    def clean(self, value: Sequence[Any] | None) -> date | None:
        texts = [str(part or "").strip() for part in value or ("", "", "")]
        absent = [part for (part, _), text in zip(DateBoxes.PARTS, texts, strict=True) if not text]
        if len(absent) == len(texts):
            self._refuse_nothing()
            return None
        if absent:
            raise self._error(f"must include a {' and a '.join(absent)}", absent)
        day = self._real_date(texts)
        self._check_range(day)
        return day

    def _refuse_nothing(self) -> None:
        if self.required:
            raise ValidationError(f"Enter the {self.name}", code="required")

    def _real_date(self, texts: list[str]) -> date:
        day, month, year = texts
        number = str(MONTHS.index(month[:3].lower()) + 1) if month[:3].lower() in MONTHS else month
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise self._error("must have a year of four digits, like 1984", ["year"])
        try:
            return date(int(year), int(number), int(day))
        except (ValueError, OverflowError):
            wrong = ["day", "month"] if number.isdigit() and 1 <= int(number) <= 12 else ["month"]
            raise self._error("must be a real date, like 27 3 1984", wrong) from None

    def _check_range(self, day: date) -> None:
        earliest, latest = _day(self.earliest), _day(self.latest)
        if earliest and day < earliest:
            raise self._error(f"must be on or after {date_words(earliest)}", [])
        if latest and day > latest:
            raise self._error(f"must be on or before {date_words(latest)}", [])

    def _error(self, problem: str, boxes: list[str]) -> ValidationError:
        params = {"boxes": boxes} if boxes else None
        return ValidationError(f"The {self.name} {problem}", code="invalid", params=params)


class MoneyField(forms.CharField):
    """An amount typed with or without £ and commas, as whole pence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return money.parse(text) if text else None
        except RuleBroken as broken:
            raise ValidationError(str(broken)) from None


def _day(bound: Bound) -> date | None:
    return bound() if callable(bound) else bound


def choose_from(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, str]]) -> None:
    """Gives a field what can be chosen, where only the page that asks knows it."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def choose_rows(form: forms.BaseForm, name: str, rows: "QuerySet[Any]", *, only: bool = False) -> None:
    """The same for a field whose choices are rows; `only` chooses the one there is where there is one."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    if only and len(rows) == 1:
        field.initial = rows[0].pk
