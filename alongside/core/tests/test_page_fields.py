"""A date in three boxes and an amount of money."""

from datetime import date

import pytest
from django import forms
from django.utils import timezone

from alongside.core.models import Denial
from alongside.core.pages.fields import DateBoxesField, MoneyField, choose_from, choose_rows


class Asked(forms.Form):
    on = DateBoxesField(
        name="date of birth", required=False, earliest=date(1900, 1, 1), latest=lambda: date(2026, 11, 21)
    )
    amount = MoneyField(required=False)


class Needed(forms.Form):
    on = DateBoxesField(name="date of birth")


def asked(day: str, month: str, year: str) -> Asked:
    return Asked({"on_day": day, "on_month": month, "on_year": year})


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", " MARCH "])
def test_a_month_may_be_a_number_or_a_word(month: str) -> None:
    form = asked("27", month, "1984")
    assert form.is_valid()
    assert form.cleaned_data["on"] == date(1984, 3, 27)


@pytest.mark.parametrize(
    ("typed", "error", "boxes"),
    [
        (("27", "", "1984"), "The date of birth must include a month", ["month"]),
        (("", "", "1984"), "The date of birth must include a day and a month", ["day", "month"]),
        (("31", "2", "1984"), "The date of birth must be a real date, like 27 3 1984", ["day", "month"]),
        (("31", "13", "1984"), "The date of birth must be a real date, like 27 3 1984", ["month"]),
        (("1", "smarch", "1984"), "The date of birth must be a real date, like 27 3 1984", ["month"]),
        (("1", "1", "84"), "The date of birth must have a year of four digits, like 1984", ["year"]),
        (("1", "1", "٢٠٢٦"), "The date of birth must have a year of four digits, like 1984", ["year"]),
        (("9" * 25, "3", "1984"), "The date of birth must be a real date, like 27 3 1984", ["day", "month"]),
        (("x", "1", "1984"), "The date of birth must be a real date, like 27 3 1984", ["day", "month"]),
        (("31", "12", "1899"), "The date of birth must be on or after 1 January 1900", None),
        (("22", "11", "2026"), "The date of birth must be on or before 21 November 2026", None),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_where(
    typed: tuple[str, str, str], error: str, boxes: list[str] | None
) -> None:
    found = asked(*typed).errors.as_data()["on"][0]
    assert found.message == error
    assert (found.params or {}).get("boxes") == boxes


def test_three_empty_boxes_are_no_date() -> None:
    form = asked("", " ", "")
    assert form.is_valid()
    assert form.cleaned_data["on"] is None


def test_a_date_that_is_needed_is_asked_for() -> None:
    assert Needed({}).errors["on"] == ["Enter the date of birth"]


def test_a_date_known_before_fills_the_boxes() -> None:
    drawn = str(Asked(initial={"on": date(1984, 3, 27)})["on"])
    assert 'value="27"' in drawn
    assert 'value="1984"' in drawn


def test_a_field_knows_when_nothing_changed() -> None:
    data = {"on_day": "27", "on_month": "3", "on_year": "1984"}
    assert not Asked(data, initial={"on": date(1984, 3, 27)}).has_changed()


def test_money_becomes_whole_pence() -> None:
    form = Asked({"amount": "£1,234.50"})
    assert form.is_valid()
    assert form.cleaned_data["amount"] == 123450


def test_no_money_is_none() -> None:
    form = Asked({})
    assert form.is_valid()
    assert form.cleaned_data["amount"] is None


def test_words_are_not_money() -> None:
    assert "not an amount of money" in Asked({"amount": "twelve"}).errors["amount"][0]


def test_a_field_is_given_what_can_be_chosen_when_its_page_is_asked() -> None:
    form = forms.Form()
    form.fields["which"], form.fields["words"] = forms.ChoiceField(), forms.CharField()
    choose_from(form, "which", ((code, code.upper()) for code in ("a", "b")))
    assert "".join(str(form["which"]).split()).count("<option") == 2
    with pytest.raises(AssertionError):
        choose_from(form, "words", ())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "only", "chosen"), [(1, True, True), (1, False, False), (2, True, False), (0, True, False)]
)
def test_the_one_row_there_is_can_be_chosen_already(rows: int, only: bool, chosen: bool) -> None:
    held = [Denial.objects.create(at=timezone.now(), route="sample", status=404) for _ in range(rows)]
    form = type("Pick", (forms.Form,), {"row": forms.ModelChoiceField(queryset=Denial.objects.none())})()
    choose_rows(form, "row", Denial.objects.all(), only=only)
    assert form.fields["row"].queryset.count() == rows
    assert form.fields["row"].initial == (held[0].pk if chosen else None)
