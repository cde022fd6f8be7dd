"""Coming back with a reference and a phrase: to look, add, change and stop; and guessing at them."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from alongside.support.arrivals.intake.tests.visitors import CRIME, filled, kept, page
from alongside.support.arrivals.referrals.models import Addition, Ticket
from tests.world import World

pytestmark = pytest.mark.django_db


def come_back(client: Client, reference: str, phrase: str) -> str:
    response = client.post("/support/return/", {"reference": reference, "phrase": phrase})
    return response.headers.get("Location", "")


def test_somebody_comes_back_adds_changes_and_asks_us_to_stop(world: World) -> None:
    client = filled()
    client.post("/support/check/")
    reference, phrase = kept(client)
    client.post("/support/finish/")
    assert come_back(client, reference.lower(), phrase.upper()) == "/support/return/now/"
    words = page(client, "/support/return/now/")
    assert "We have your details" in words
    assert not CRIME.search(words.split("<main")[1].split("</main>")[0])
    assert client.get("/support/step/now/").headers["Location"] == "/support/return/now/"
    assert client.get("/support/check/").headers["Location"] == "/support/return/now/"
    for verb, typed in (("add", {"words": "More"}), ("change", {"unsafe": ["phone"]}), ("stop", {})):
        assert client.get(f"/support/return/{verb}/").status_code == 200
        answer = client.post(f"/support/return/{verb}/", typed, follow=True)
        assert (answer.status_code, len(answer.redirect_chain)) == (200, 1), (
            "Back finds a page, not a form to send again"
        )
        assert "Finish" in answer.content.decode()
    assert client.get("/support/return/told/nothing/").status_code == 404
    assert list(Addition.objects.order_by("added_at").values_list("kind", flat=True)) == [
        "words", "contact", "withdraw",
    ]  # fmt: skip
    assert Ticket.objects.get().withdrawn_at is not None
    assert "You asked us to stop" in page(client, "/support/return/now/")


@pytest.mark.parametrize("verb", ["add", "change"])
def test_nothing_to_tell_is_asked_for(world: World, verb: str) -> None:
    client = filled()
    client.post("/support/check/")
    assert come_back(client, *kept(client))
    assert "There is a problem" in client.post(f"/support/return/{verb}/", {}).content.decode()
    assert not Addition.objects.exists()


def test_a_wrong_phrase_and_an_unknown_reference_read_the_same(world: World) -> None:
    cache.clear()
    client = filled()
    client.post("/support/check/")
    reference, phrase = kept(client)
    answers = set()
    for wrong in ((reference, "tulip anchor bread cloud"), ("AL-3333-3333", phrase)):
        words = client.post("/support/return/", dict(zip(("reference", "phrase"), wrong, strict=True))).content.decode()
        for typed in wrong:
            words = words.replace(f'value="{typed}"', "")
        answers.add(re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', "", words))
    assert len(answers) == 1
    assert "do not match" in answers.pop()


def test_too_many_tries_from_one_place_wait_and_another_place_does_not(world: World) -> None:
    cache.clear()
    client = Client()
    for _ in range(10):
        assert client.post("/support/return/", {"reference": "AL-3333-3333", "phrase": "a b c d"}).status_code == 200
    response = client.post("/support/return/", {"reference": "AL-3333-3333", "phrase": "a b c d"})
    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")
    other = Client(REMOTE_ADDR="192.0.2.9")
    assert other.post("/support/return/", {"reference": "AL-3333-3333", "phrase": "a b c d"}).status_code == 200


def test_behind_a_proxy_the_caller_is_who_the_proxy_names(world: World, settings: pytest.MonkeyPatch) -> None:
    cache.clear()
    settings.TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    wrong = {"reference": "AL-3333-3333", "phrase": "a b c d"}
    for _ in range(10):
        Client().post("/support/return/", wrong, headers={"X-Forwarded-For": "made.up, 192.0.2.1"})
    assert Client().post("/support/return/", wrong, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 429
    assert Client().post("/support/return/", wrong, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 200
