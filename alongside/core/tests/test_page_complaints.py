"""Nothing that Django says of a wrong answer reaches a page: the words say what to do."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from alongside.core.pages.complaints import complaints
from alongside.core.pages.fields import DateBoxesField

CHOICES = (("a", "A"), ("b", "B"))


def refuse(value: object) -> None:
    raise ValidationError("Ask somebody else", code="invalid")


class Asked(forms.Form):
    minutes = forms.IntegerField(label="Minutes", min_value=0, max_value=600, required=False)
    most = forms.IntegerField(max_value=5, required=False)
    least = forms.IntegerField(min_value=1_000, required=False)
    own = forms.IntegerField(max_value=600, required=False, error_messages={"max_value": "No more than ten hours"})
    time = forms.TimeField(required=False)
    email = forms.EmailField(required=False)
    web = forms.URLField(required=False, assume_scheme="https")
    words = forms.CharField(required=False, max_length=5, widget=forms.Textarea)
    name = forms.CharField(required=False, max_length=5)
    which = forms.ChoiceField(required=False, choices=CHOICES)
    several = forms.MultipleChoiceField(required=False, choices=CHOICES)
    key = forms.UUIDField(required=False)
    refused = forms.CharField(required=False, validators=[refuse])
    day = DateBoxesField(name="day", required=False)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("minutes", "601", "Enter a number from 0 to 600"), ("minutes", "-1", "Enter a number from 0 to 600"),
        ("minutes", "ten", "Enter a whole number, like 12"), ("most", "6", "Enter a number up to 5"),
        ("least", "1", "Enter 1,000 or more"), ("own", "601", "No more than ten hours"),
        ("time", "25:00", "Enter a time as hours and minutes, like 14:30"),
        ("email", "x", "Enter an e-mail address, like name@sample.example"),
        ("web", "http://[", "Enter a web address, like https://sample.example"),
        ("words", "too long", "Use 5 characters or fewer. What you wrote is still here"),
        ("name", "too long", "Use 5 characters or fewer"), ("which", "c", "Choose one of the answers that are offered"),
        ("several", ["c"], "Choose one of the answers that are offered"), ("refused", "x", "Ask somebody else"),
        ("key", "x", "Enter a valid UUID."),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_what_a_right_one_is(field: str, typed: Any, words: str) -> None:
    assert complaints(Asked({field: typed})[field]) == [words]


def test_what_a_form_says_itself_stays_as_it_is() -> None:
    form = Asked({"day_day": "31", "day_month": "2", "day_year": "2026"})
    form.add_error("minutes", "This is before the case was accepted")
    assert complaints(form["day"]) == ["The day must be a real date, like 27 3 1984"]
    assert complaints(form["minutes"]) == ["This is before the case was accepted"]
    assert complaints(form["name"]) == []


@pytest.mark.parametrize(
    ("field", "words"),
    [(forms.CharField(label="Note"), "Enter note"), (forms.CharField(label="UK postcode"), "Enter UK postcode"),
     (forms.CharField(label="Why?"), "Answer: Why?"), (forms.BooleanField(label="I agree"), "To go on, tick: I agree"),
     (forms.ChoiceField(label="Reason", choices=CHOICES), "Choose reason"),
     (forms.CharField(error_messages={"required": "Write the note"}), "Write the note")],
)  # fmt: skip
def test_what_is_missing_is_asked_for(field: forms.Field, words: str) -> None:
    form = forms.Form({})
    form.fields["one"] = field
    assert complaints(form["one"]) == [words]
