"""What a form or a button asks is done, or the person is told why not."""

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, tried


class Asked(forms.Form):
    word = forms.CharField()


def refusing(field: str | None) -> None:
    raise RuleBroken("That was taken.", field)


def nothing() -> None:
    """An action that no rule forbids."""


@pytest.fixture
def request_() -> HttpRequest:
    request = RequestFactory().post("/")
    request.__dict__["_messages"] = CookieStorage(request)
    return request


@pytest.mark.parametrize(("field", "beside"), [("word", "word"), ("absent", "__all__"), (None, "__all__")])
def test_a_broken_rule_stands_beside_its_field_or_over_the_form(field: str | None, beside: str) -> None:
    form = Asked({"word": "sample"})
    assert form.is_valid()
    assert not did(form, lambda: refusing(field))
    assert form.errors == {beside: ["That was taken."]}


def test_what_no_rule_forbids_is_done() -> None:
    form = Asked({"word": "sample"})
    assert form.is_valid()
    assert did(form, nothing)
    assert not form.errors


def test_a_button_says_what_was_done_or_why_not(request_: HttpRequest) -> None:
    assert tried(request_, nothing, "Done.")
    assert not tried(request_, lambda: refusing(None), "Done.")
    assert [str(said) for said in messages.get_messages(request_)] == ["Done.", "That was taken."]
