"""A press of a button, kept for the one page that it asked for."""

from django.contrib.sessions.backends.base import SessionBase
from django.test import RequestFactory

from alongside.core.ids import uuid7
from alongside.core.pages import once


def test_a_press_opens_what_it_was_of_and_once() -> None:
    request, one, other = RequestFactory().get("/"), uuid7(), uuid7()
    request.session = SessionBase()
    assert not once.pressed(request, one)
    once.press(request, one)
    assert once.pressed(request, one)
    assert not once.pressed(request, one)
    once.press(request, one)
    assert not once.pressed(request, other)
    assert not once.pressed(request, one)


def test_a_secret_is_carried_to_one_page_of_one_browser_and_said_once() -> None:
    request, about, other = RequestFactory().get("/"), uuid7(), uuid7()
    request.session = SessionBase()
    request.META["CSRF_COOKIE"] = "this browser's own"
    assert once.carried(request, about) == ""
    once.carry(request, about, "the secret")
    assert "the secret" not in str(request.session.items())
    assert once.carried(request, about) == "the secret"
    assert once.carried(request, about) == ""
    once.carry(request, about, "the secret")
    assert once.carried(request, other) == ""
    once.carry(request, about, "the secret")
    request.META["CSRF_COOKIE"] = "another's"
    assert once.carried(request, about) == ""
