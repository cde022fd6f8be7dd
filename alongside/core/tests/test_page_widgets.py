"""Bound fields as the GOV.UK macros want them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from alongside.core.pages import widgets
from alongside.core.pages.fields import DateBoxesField

CHOICES = [("", "Choose"), ("a", "A"), ("b", "B")]


class Ask(forms.Form):
    name = forms.CharField(label="Name", help_text="As they say it")
    email = forms.EmailField(label="Email", required=False)
    age = forms.IntegerField(label="Age", widget=forms.NumberInput({"data-kind": "age", "hidden": False}))
    note = forms.CharField(label="Note", widget=forms.Textarea, max_length=9, required=False)
    area = forms.ChoiceField(label="NHS area", choices=CHOICES)
    way = forms.ChoiceField(label="Which way?", choices=CHOICES, widget=forms.RadioSelect)
    ways = forms.MultipleChoiceField(label="Ways", choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False)
    born = DateBoxesField(label="Born", name="date of birth", birth=True, required=False)
    file = forms.FileField(label="Letter")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="They agreed", help_text="In words")
    step = forms.CharField(widget=forms.HiddenInput)


def drawn(name: str, data: dict[str, Any] | None = None, **options: Any) -> tuple[str, dict[str, Any]]:
    found = widgets.describe(Ask(data), name, options)
    return found["kind"], found["params"]


def test_every_field_finds_its_macro() -> None:
    kinds = [drawn(name)[0] for name in Ask().fields]
    assert kinds == [
        "text", "text", "text", "textarea", "select", "radios", "checkboxes", "date", "file", "password",
        "checkbox", "hidden",
    ]  # fmt: skip


def test_a_text_field_has_label_hint_and_no_browser_memory() -> None:
    _, params = drawn("name")
    assert params["label"]["text"] == "Name"
    assert params["hint"] == {"text": "As they say it"}
    assert params["autocomplete"] == "off"


def test_trusted_markup_in_a_hint_stays_markup() -> None:
    assert drawn("name", hint=SafeString("<b>x</b>"))[1]["hint"] == {"html": "<b>x</b>"}


def test_what_need_not_be_answered_says_so_unless_told_otherwise() -> None:
    assert drawn("email")[1]["label"]["text"] == "Email (optional)"
    assert drawn("email", mark_optional=False)[1]["label"]["text"] == "Email"


def test_a_number_gets_a_number_pad_and_no_spinner() -> None:
    _, params = drawn("age", width=3, prefix="£", suffix="years")
    assert (params["type"], params["inputmode"]) == ("text", "numeric")
    assert params["classes"] == "govuk-input--width-3"
    assert (params["prefix"], params["suffix"]) == ({"text": "£"}, {"text": "years"})


def test_a_long_text_counts_only_when_asked() -> None:
    assert "maxlength" not in drawn("note")[1]
    assert drawn("note", count=True)[1]["maxlength"] == 9


def test_radios_have_no_empty_choice_but_selects_do() -> None:
    assert [item["value"] for item in drawn("way")[1]["items"]] == ["a", "b"]
    assert [item["value"] for item in drawn("area")[1]["items"]] == ["", "a", "b"]


def test_choices_carry_hints_reveals_dividers_and_exclusion() -> None:
    options = {
        "hints": {"a": "h"},
        "reveals": {"a": "r"},
        "divider_before": "b",
        "exclusive": "b",
        "small": True,
    }
    _, params = drawn("ways", {"ways": ["a"]}, **options)
    first, divider, last = params["items"]
    assert (first["hint"], first["conditional"], first["checked"]) == ({"text": "h"}, {"html": "r"}, True)
    assert divider == {"divider": "or"}
    assert (last["behaviour"], last["checked"]) == ("exclusive", False)
    assert params["classes"] == "govuk-checkboxes--small"


def test_radios_may_stand_in_a_row() -> None:
    assert drawn("way", inline=True, small=True)[1]["classes"] == "govuk-radios--inline govuk-radios--small"


def test_a_lone_checkbox_is_its_own_label() -> None:
    _, params = drawn("agreed", {"agreed": "on"})
    assert params["items"][0]["text"] == "They agreed"
    assert params["items"][0]["checked"]
    assert "fieldset" not in params


def test_a_wrong_date_marks_the_boxes_that_are_wrong() -> None:
    _, params = drawn("born", {"born_day": "1", "born_month": "", "born_year": "1984"})
    assert [("error" in item["classes"]) for item in params["items"]] == [False, True, False]
    assert params["items"][0]["autocomplete"] == "bday-day"


def test_a_known_date_fills_its_boxes() -> None:
    found = widgets.describe(Ask(initial={"born": date(1984, 3, 27)}), "born", {})
    assert [item["value"] for item in found["params"]["items"]] == [27, 3, 1984]


def test_each_error_says_what_to_do_and_links_to_its_field() -> None:
    found = {error["href"]: error["text"] for error in widgets.error_list(Ask({"born_day": "1"}))}
    assert found["#id_name"] == "Enter name"
    assert found["#id_area"] == "Choose NHS area"
    assert found["#id_way"] == "Answer: Which way?"
    assert found["#id_file"] == "Choose letter"
    assert found["#id_agreed"] == "To go on, tick: They agreed"
    assert found["#id_born-month"] == "The date of birth must include a month and a year"


def test_errors_of_the_form_itself_come_first() -> None:
    form = Ask({})
    form.add_error(None, "These two do not agree.")
    assert widgets.error_list(form)[0] == {"text": "These two do not agree."}


def test_an_error_is_never_markup() -> None:
    form = Ask({})
    form.add_error("email", "<b>no</b>")
    assert widgets.describe(form, "email", {})["params"]["errorMessage"]["html"] == "&lt;b&gt;no&lt;/b&gt;"


def test_only_filters_in_use_are_counted() -> None:
    assert widgets.active_count(Ask({"name": "x", "area": "a", "ways": ["a", "b"]})) == 2


def test_errors_link_by_name_when_the_form_has_no_ids() -> None:
    assert widgets.error_list(Ask({}, auto_id=False))[0]["href"] == "#name"
