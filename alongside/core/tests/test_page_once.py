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
