"""Public pages in other languages as somebody meets them, and the office's pages of their sentences."""

import gzip
import re
from typing import Any

import pytest
from django.test import Client

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.office.organisations.models import Council
from alongside.foundation.office.rulebook import actions as rulebook_actions
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.translations import rules
from alongside.foundation.office.translations.tests.test_actions import THANKS, write
from tests.world import World

pytestmark = pytest.mark.django_db
LANGUAGES = ("cy", "pa", "pl", "ro", "ur")
SPOKEN = ("/", "/help/", "/privacy/", "/information/", "/information/list/", "/support/")
ENGLISH = '<span lang="en" dir="ltr">'
BIRMINGHAM = "E08000025"
KEY = THANKS


def page(address: str, sent: dict[str, Any] | None = None, **headers: str) -> str:
    client = Client(headers=headers)
    found = client.get(address) if sent is None else client.post(address, sent)
    assert found.status_code == 200, address
    if "/support/" not in address:
        assert not client.cookies
    return found.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_page_is_whole_in_each_language(world: World, language: str) -> None:
    service = made(world, name="Sample Watchful", crime_types=("stalking", "robbery"), age_from=16, age_to=24)
    Council.objects.get(pk=BIRMINGHAM)
    shown = {address: page(f"/{language}{address}") for address in SPOKEN}
    shown |= {
        "results": page(f"/{language}/information/", {"council": BIRMINGHAM, "happened": "followed"}),
        "words": page(f"/{language}/information/", {"council": BIRMINGHAM, "words": "stalkng"}),
        "wrong": page(f"/{language}/information/", {"postcode": "BT1 1AA"}),
        "service": page(f"/{language}/information/list/{service.pk}/"),
        "flag": page(f"/{language}/information/list/{service.pk}/note/"),
        "thanks": page(f"/{language}/information/list/noted/"),
    }  # fmt: skip
    for name, html in shown.items():
        assert f'<html lang="{language}"{" dir=" if language == "ur" else ""}' in html, name
        assert ENGLISH not in html, (name, re.findall(f"{ENGLISH}(.*?)<", html))
        assert "999" in html and "55" in html
    assert 'aria-current="true" lang="' + language in shown["/"]


def test_what_leads_on_stays_in_the_language_and_what_is_english_alone_is_led_to(world: World) -> None:
    shown = page("/cy/")
    assert 'href="/cy/information/"' in shown and 'href="/cy/support/"' in shown
    assert 'data-leave="/cy/leave/"' in shown or "/cy/" in re.findall(r'data-leave="([^"]+)"', shown)[0]
    gone = Client().get("/cy/accessibility/")
    assert (gone.status_code, gone.headers["Location"]) == (302, "/accessibility/")
    assert Client().post("/cy/sign-in/").status_code == 404
    assert Client().get("/xx/information/").status_code == 404
    assert Client().post("/cy/support/step/where/").headers["Location"] == "/support/step/where/"


def test_the_service_that_was_chosen_is_still_chosen_in_another_language(world: World) -> None:
    service = made(world, name="Sample Watchful")
    shown = page(f"/support/?service={service.pk}")
    assert f'href="/cy/support/?service={service.pk}"' in shown
    assert "Sample Watchful" in page(f"/cy/support/?service={service.pk}")


def test_the_way_out_needs_no_second_step(world: World) -> None:
    for language in LANGUAGES:
        assert Client().get(f"/{language}/leave/").headers["Location"].startswith("https://www.bbc.co.uk/weather")


def test_what_was_told_is_taken_into_another_language_by_a_press(world: World) -> None:
    shown = page("/information/", {"council": BIRMINGHAM, "words": "a<b"})
    switch = shown[shown.index('class="app-languages"') : shown.index("</nav>")]
    assert '<input type="hidden" name="words" value="a&lt;b">' in shown
    assert 'form="answers" formaction="/cy/information/"' in switch and "href=" not in switch
    listed = page("/information/list/", {"q": "a<b"})
    switch = listed[listed.index('class="app-languages"') : listed.index("</nav>")]
    assert 'form="languages" formaction="/cy/information/list/"' in switch
    assert '<input type="hidden" name="q" value="a&lt;b">' in switch
    again = page("/cy/information/", {"council": BIRMINGHAM, "words": "", "change": "yes"})
    assert 'form="ask" name="change" value="yes" formaction="/information/" lang="en"' in again
    assert "csrfmiddlewaretoken" not in switch


def test_a_browser_is_offered_its_language_and_never_given_it(world: World) -> None:
    shown = page("/information/", accept_language="cy-GB,cy;q=0.9,en;q=0.5")
    assert '<html lang="en-GB"' in shown and "Darllen y dudalen hon yn Gymraeg" in shown
    assert "Darllen y dudalen hon" not in page("/information/", accept_language="en-GB,cy;q=0.9")
    assert "app-languages" in page("/information/", accept_language="fr")
    assert "Darllen y dudalen hon" not in page("/cy/information/", accept_language="cy")


def test_what_an_office_writes_is_shown_at_once_and_never_as_html(world: World) -> None:
    write(world, key=rules.key_of("Find help after a crime"), says="Help & mwy", native=False)
    assert "Help &amp; mwy" in page("/cy/information/")
    row = {"language": "cy", "english": "Privacy", "says": "<img src=x onerror=alert(1)>", "native": False}
    rulebook_actions.add(
        "translations", "cy_by_hand", by=SYSTEM_ACTOR, at=world.now, title="Privacy", body=row, source="x",
        since=world.now.date(),
    )  # fmt: skip
    shown = page("/cy/information/")
    assert "&lt;img src=x" in shown and "<img src=x" not in shown


def test_where_the_english_changed_it_is_shown_in_english_and_marked(world: World) -> None:
    row = rulebook.rule("plain_crimes", "stolen", world.now.date())
    rulebook_actions.revise(
        "plain_crimes", "stolen", by=world.actor("office_administrator"), at=world.now, title="Something was taken",
        body=dict(row.body), source=row.source, since=world.now.date(),
    )  # fmt: skip
    assert f"{ENGLISH}Something was taken</span>" in page("/ur/information/")


def test_a_page_in_the_heaviest_script_stays_light(world: World) -> None:
    for language in LANGUAGES:
        assert len(gzip.compress(page(f"/{language}/information/").encode())) < 16_000


def test_the_office_sees_how_far_each_language_is(world: World) -> None:
    client = world.client("office_administrator")
    shown = client.get("/rulebook/public-pages/").content.decode()
    assert "Cymraeg" in shown and "On every page" in shown
    listed = client.get("/rulebook/public-pages/ur/").content.decode()
    assert 'dir="rtl"' in listed and "Not checked by a native reader" in listed and "Next" in listed
    last = client.get(
        "/rulebook/public-pages/ur/", {"after": re.findall(r"after=(\w{16})", listed)[0]}
    ).content.decode()
    assert ("Next" in last and "Previous" in last) or "First" in last or "after=" in last
    none = client.get("/rulebook/public-pages/cy/", {"state": "missing", "page": "freshness"}).content.decode()
    assert "No sentence is like that" in none
    own = client.get("/rulebook/public-pages/cy/", {"state": "missing"}).content.decode()
    assert "I feel safe where I live." in own, "questions that measure are translated by the office alone"
    some = client.get("/rulebook/public-pages/cy/", {"q": "diolch", "page": "freshness", "state": "unchecked"})
    assert "Thank you" in some.content.decode()
    assert client.get("/rulebook/public-pages/xx/").status_code == 404
    assert "Every sentence of the public pages" in client.get("/rulebook/page_languages/").content.decode()


def test_the_office_writes_a_sentence_and_is_told_what_is_wrong_with_it(world: World) -> None:
    client, address = world.client("office_administrator"), f"/rulebook/public-pages/cy/{KEY}/"
    assert "Diolch" in client.get(address).content.decode()
    wrong = client.post(address, {"says": "<b>Diolch</b>", "native": "yes", "source": "Sample", "seen": "0"})
    assert "marks of HTML" in wrong.content.decode()
    empty = client.post(address, {"says": "", "seen": "0"}).content.decode()
    assert "Write what it says" in empty and "native reader has checked it" in empty
    sent = client.post(address, {"says": "Diolch i chi", "native": "yes", "source": "Sample translators", "seen": "0"})
    assert sent.headers["Location"] == "/rulebook/public-pages/cy/"
    again = client.get(address).content.decode()
    assert "Written here before" in again and "Checked by a native reader" in again
    assert "Diolch i chi" in client.get("/rulebook/public-pages/cy/download/").content.decode()
    assert client.get(f"/rulebook/public-pages/cy/{'0' * 16}/").status_code == 404


def test_a_translation_of_english_that_changed_is_shown_with_what_it_was_made_of(world: World) -> None:
    row, by = rulebook.rule("needs", "health", world.now.date()), world.actor("office_administrator")
    write(world, key=rules.key_of(row.title), says="Iechyd")
    rulebook_actions.revise(
        "needs", "health", by=by, at=world.now, title="Health of any kind", body=dict(row.body), source=row.source,
        since=world.now.date(),
    )  # fmt: skip
    client = world.client("office_administrator")
    listed = client.get("/rulebook/public-pages/cy/", {"q": "health of any"}).content.decode()
    assert "Shown in English" in listed and "What the English no longer says" in listed
    shown = client.get(f"/rulebook/public-pages/cy/{rules.key_of('Health of any kind')}/").content.decode()
    assert "Mental and physical health" in shown
