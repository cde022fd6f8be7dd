"""A visitor for tests: answers to every question, typed as a browser sends them. Everybody is made up."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.organisations.models import Postcode
from alongside.support.arrivals.intake import actions
from alongside.support.arrivals.intake.visits import COOKIE

Typed = dict[str, Any]
# Words that no address may hold, and no page that somebody comes back to.
CRIME = re.compile(r"abuse|assault|violence|crime|victim|rape|police|offence", re.IGNORECASE)
ANSWERS: dict[str, Typed] = {
    "now": {"danger": "no"},
    "who": {"who": "me"},
    "what": {"what": "someone_close"},
    "told": {"reported": "no"},
    "whynot": {"why": "private"},
    "when": {"when": "month"},
    "name": {"given_name": "Testina", "family_name": "Sampleford"},
    "born": {"birth_date_day": "1", "birth_date_month": "1", "birth_date_year": "1990"},
    "place": {"postcode": "B1 1AA"},
    "how": {"how": ["phone"]},
    "phone": {"number": "07700 900123", "safe": "yes", "uses": ["call", "text"], "times": ["morning"], "message": "no",
              "others": "Say you are the library"},
    "language": {"language": "en", "interpreter": "no"},
    "needs": {"needs": ["easy_read"], "other": "Large print"},
    "more": {"telling": "It is worse at weekends."},
    "contact": {"contact": "yes"},
    "call": {"day": "any", "hours": "any"},
    "agree": {"support": "on"},
}  # fmt: skip
BUSINESS: dict[str, Typed] = {
    "who": {"who": "business"},
    "firm": {"business_name": "Sample Corner Shop"},
    "what": {"what": "stolen"},
}
OTHER: dict[str, Typed] = {
    "who": {"who": "other"},
    "them": {"name": "Testo", "relation": "friend", "agreed": "no"},
}


def known_postcode() -> None:
    Postcode.objects.get_or_create(pk="B11AA", defaults={"council": "E08000025"})


def visitor() -> Client:
    """A browser that checks forms' tokens and has pressed Start."""
    client = Client()
    client.post("/support/")
    return client


def fill(client: Client, answers: Mapping[str, Typed] = ANSWERS, **changed: Typed) -> str:
    """Answers whatever is asked until nothing is; returns the last address."""
    known_postcode()
    said = {**answers, **changed}
    response = client.get("/support/check/", follow=True)
    for _ in range(30):
        address = response.redirect_chain[-1][0] if response.redirect_chain else ""
        step = address.removeprefix("/support/step/").strip("/")
        if not address.startswith("/support/step/"):
            return address or "/support/check/"
        response = client.post(address, said.get(step, {}), follow=True)
    raise AssertionError("the questions do not end")


@contextmanager
def as_public() -> Iterator[None]:
    """The public's realm, for as long as a request would have it."""
    with transaction.atomic(), inside(Realm.PUBLIC):
        yield


def typed(changed: dict[str, Typed]) -> dict[str, dict[str, list[str]]]:
    """Answers as a browser's boxes hold them."""
    return {
        step: {name: value if isinstance(value, list) else [value] for name, value in boxes.items()}
        for step, boxes in {**ANSWERS, "place": {"council": "E08000025"}, **changed}.items()
    }  # fmt: skip


def filled(**changed: Typed) -> Client:
    """A browser whose visitor has answered everything already."""
    client = Client()
    with as_public():
        opened = actions.begin(at=timezone.now())
        opened.answers = typed(changed)
        actions.answer(opened, "agree", opened.answers["agree"])
    client.cookies[COOKIE] = opened.secret
    return client


def page(client: Client, address: str) -> str:
    """A page as its reader gets it."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code, response.headers.get("Location"))
    return response.content.decode()


def kept(client: Client) -> tuple[str, str]:
    """The reference and phrase on the last page."""
    values = re.findall(r'app-phrase__value[^>]*">([^<]+)<', page(client, "/support/kept/"))
    return values[0], values[1]
