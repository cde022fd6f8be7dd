"""A search by a name leaves no name in an address, and none that can be read in the session."""

import json
import re

import pytest
from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory

from alongside.core.access.actor import Actor
from alongside.core.access.back import way_back
from alongside.core.pages import searches
from alongside.core.rows.realms import Realm

READER = Actor(organisation_id=7, realm=Realm.HUB, permissions=frozenset({"list.read"}))


class List(forms.Form):
    q = forms.CharField(required=False, help_text="")


def plain(words: str) -> bool:
    return words.startswith("AL-")


search = searches.leads_to("list.read", "keep_draft", plain=plain)


@pytest.fixture
def session() -> SessionBase:
    return SessionStore()


def sent(session: SessionBase, **typed: str) -> str:
    """Where the search box leads."""
    request = RequestFactory().post("/search/", {"csrfmiddlewaretoken": "x", **typed})
    request.session, request.actor = session, READER  # type: ignore[attr-defined]
    return str(search(request).headers["Location"])


def asked(session: SessionBase, address: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.session = session
    return request


def opened(session: SessionBase, address: str) -> QueryDict:
    return searches.opened(asked(session, address), plain=plain)


def test_a_name_becomes_a_token_that_only_this_session_opens(session: SessionBase) -> None:
    address = sent(session, q=" Sampleford ", state="open")
    assert re.search(r"\?state=open&found=[\w-]{22}$", address)
    assert "Sampleford" not in address + json.dumps(dict(session.items()))
    assert opened(session, address)["q"] == "Sampleford"
    assert "q" not in opened(SessionStore(), address)


def test_a_reference_stands_in_the_address_and_an_empty_box_leaves_nothing(session: SessionBase) -> None:
    assert sent(session, q="AL-1", whose="").endswith("?whose=&q=AL-1")
    assert opened(session, "/?q=AL-1")["q"] == "AL-1"
    assert "?" not in sent(session, q="  ", found="of before")
    assert not session.get(searches.KEPT)


def test_each_search_of_the_latest_few_stays_open_for_the_back_button(session: SessionBase) -> None:
    first, *others = [sent(session, q=f"Name{number}") for number in range(searches.AT_MOST + 1)]
    assert [opened(session, address)["q"] for address in others[::19]] == ["Name1", "Name20"]
    assert "q" not in opened(session, first)


@pytest.mark.parametrize("address", ["/?found=unknown", "/?q=Sampleford", "/?q=Sampleford&found=x"])
def test_words_that_are_not_kept_leave_an_empty_box_that_says_search_again(session: SessionBase, address: str) -> None:
    form = searches.marked(asked(session, address), List(opened(session, address)))
    assert (form["q"].value(), form["q"].help_text) == (None, searches.AGAIN)


@pytest.mark.parametrize("address", ["/", "/?q=&found=", "/?q=AL-1"])
def test_a_box_that_was_left_empty_or_found_its_words_asks_for_nothing(session: SessionBase, address: str) -> None:
    form = searches.marked(asked(session, address), List(opened(session, address)))
    assert form["q"].help_text == ""


def test_the_way_back_after_signing_in_keeps_places_and_filters_and_nothing_typed() -> None:
    back = way_back(RequestFactory().get("/cases/?q=Sampleford&reference=Sampleford&state=open&found=abc&after=x"))
    assert back == "/cases/?state=open&found=abc&after=x"
    assert way_back(RequestFactory().get("/cases/?q=Sampleford")) == "/cases/"
    assert way_back(RequestFactory().get("/cases/")) == "/cases/"


def test_the_way_back_of_a_button_is_the_page_that_it_stands_on() -> None:
    def sent_from(page: str) -> str:
        return way_back(RequestFactory().post("/cases/take/", headers={"Referer": page}))

    assert sent_from("http://testserver/cases/?q=Sampleford&state=open") == "/cases/?state=open"
    assert sent_from("https://elsewhere.example/cases/") == "/cases/take/"
    assert sent_from("http://testserver") == sent_from("") == "/cases/take/"
    looked = RequestFactory().get("/cases/", headers={"Referer": "http://testserver/home/"})
    assert way_back(looked) == "/cases/"
