"""The pages step by step, in a browser without JavaScript that checks forms' tokens."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alongside.core.models import Draft
from alongside.core.privacy import fields
from alongside.foundation.directory.models import Service
from alongside.foundation.messages.models import ContactPoint
from alongside.support.intake.models import Visit
from alongside.support.intake.tests.test_actions import FORM
from alongside.support.intake.tests.visitors import ANSWERS, OTHER, Typed, fill, filled, known_postcode, visitor
from alongside.support.referrals.models import Addition, Referral, Ticket
from tests.world import World

pytestmark = pytest.mark.django_db
CRIME = re.compile(r"abuse|assault|violence|crime|victim|rape|police|offence", re.IGNORECASE)
PUBLIC = ("/support/", "/support/return/", "/support/elsewhere/")


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code, response.headers.get("Location"))
    return response.content.decode()


def token_of(words: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', words)
    assert found
    return found.group(1)


def kept(client: Client) -> tuple[str, str]:
    """The reference and phrase on the last page."""
    values = re.findall(r'app-phrase__value[^>]*">([^<]+)<', page(client, "/support/kept/"))
    return values[0], values[1]


def come_back(client: Client, reference: str, phrase: str) -> str:
    response = client.post("/support/return/", {"reference": reference, "phrase": phrase})
    return response.headers.get("Location", "")


# Asking


def test_a_visitor_goes_through_every_question_and_sends_once(world: World) -> None:
    client = visitor()
    assert fill(client) == "/support/check/"
    words = page(client, "/support/check/")
    for said in ("Testina<br>Sampleford", "Birmingham", "07700 900123", "It is worse at weekends."):
        assert said in words
    assert "B1 1AA" not in words
    for _ in range(2):
        assert client.post("/support/check/").headers["Location"] == "/support/kept/"
    referral = Referral.objects.get()
    assert (referral.source, referral.crime_type, referral.reported) == ("self", "domestic_abuse", False)
    reference, phrase = kept(client)
    assert referral.reference == reference
    assert len(phrase.split()) == 4
    assert client.get("/support/step/now/").headers["Location"] == "/support/kept/"
    assert client.get("/support/return/now/").headers["Location"] == "/support/return/"


def test_danger_comes_first_and_lets_somebody_go_on(world: World) -> None:
    client = visitor()
    response = client.post("/support/step/now/", {"danger": "yes"}, follow=True)
    assert response.redirect_chain[-1][0] == "/support/step/stop/"
    assert "press 55" in response.content.decode()
    assert client.post("/support/step/stop/").headers["Location"] == "/support/step/who/"


@pytest.mark.parametrize("who", ["other", "child"])
def test_asking_for_another_speaks_of_them(world: World, who: str) -> None:
    client = visitor()
    for step, typed in (("now", {"danger": "no"}), ("who", {"who": who}), ("them", OTHER["them"])):
        response = client.post(f"/support/step/{step}/", typed, follow=True)
    assert "What happened to them?" in response.content.decode()
    assert fill(client, **{**OTHER, "who": {"who": who}}) == "/support/check/"


def test_a_young_person_reads_their_own_words_and_of_childline(world: World) -> None:
    client = filled(who={"who": "young"}, born={"age": "15"})
    assert "You can ask for support yourself." in page(client, "/support/step/agree/")
    client.post("/support/check/")
    assert "0800 1111" in page(client, "/support/kept/")


def test_no_safe_way_leads_to_the_phrase_or_to_another_way(world: World) -> None:
    client = visitor()
    unsafe: dict[str, Typed] = {"phone": {"number": "07700 900123", "safe": "unsure"}}
    fill(client, quiet={"quiet": "me"}, **unsafe)
    client.post("/support/step/quiet/", {"quiet": "again"})
    assert client.get("/support/check/").headers["Location"] == "/support/step/how/"
    assert fill(client, how={"how": ["me"]}) == "/support/check/"
    client.post("/support/check/")
    assert "We will not contact you." in page(client, "/support/kept/")


def test_who_does_not_agree_to_be_contacted_is_not(world: World) -> None:
    client = filled()
    assert "You may contact me" in page(client, "/support/step/agree/")
    client.post("/support/step/agree/", {"support": "on"})
    assert "Do not contact me. I will contact you" in page(client, "/support/check/")
    client.post("/support/check/")
    assert "We will not contact you." in page(client, "/support/kept/")
    assert not ContactPoint.objects.exists()


def test_the_council_is_chosen_where_no_postcode_is_given(world: World) -> None:
    client = filled(place={"council": ""}, area={"council": "E08000031"})
    assert "Wolverhampton" in page(client, "/support/check/")


@pytest.mark.parametrize("council", ["elsewhere", "W06000015"])
def test_somewhere_else_is_told_where_to_ask_and_nothing_is_kept(world: World, council: str) -> None:
    client = visitor()
    world.far_hub.until = world.now.date()
    world.far_hub.save(update_fields=["until"])
    place: dict[str, Typed] = {"place": {"postcode": ""}, "area": {"council": "elsewhere"}}
    assert fill(client, **place) == "/support/elsewhere/"
    assert not Visit.objects.exists()
    assert client.cookies["visit"].value == ""
    assert "gov.uk" in page(client, "/support/elsewhere/")


def test_a_changed_answer_returns_to_the_check(world: World) -> None:
    client = filled()
    assert 'value="Testina"' in page(client, "/support/step/name/")
    response = client.post("/support/step/name/", {"given_name": "Tess", "family_name": ""})
    assert response.headers["Location"] == "/support/check/"
    client.post("/support/step/told/", {"reported": "yes"})
    assert "Is there a reason" not in page(client, "/support/check/")


def test_the_service_that_somebody_chose_reaches_the_hub(world: World) -> None:
    service = Service.objects.create(code="test-lantern", name="Lantern Sample Line", updated_at=world.now)
    client = Client()
    client.post(f"/support/?service={service.pk}")
    fill(client)
    assert "Lantern Sample Line" in page(client, "/support/check/")
    client.post("/support/check/")
    assert "Asked about this service: Lantern Sample Line" in fields.read(Referral.objects.get(), "notes")


@pytest.mark.parametrize("key", ["none", "018f0000-0000-7000-8000-000000000000"])
def test_a_service_that_is_not_there_is_let_go(world: World, key: str) -> None:
    client = Client()
    assert client.post(f"/support/?service={key}").status_code == 302


def test_nobody_skips_ahead_and_an_unknown_question_is_not_found(world: World) -> None:
    client = visitor()
    for address in ("/support/step/agree/", "/support/check/", "/support/kept/"):
        assert client.get(address).headers["Location"] == "/support/step/now/"
    assert client.get("/support/step/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("step", "typed", "told"),
    [
        ("now", {}, "Say whether anybody is in danger"),
        ("what", {"what": "made_up"}, "Choose one of these"),
        ("when", {"when": "day"}, "Enter the day"),
        ("when", {"when": "day", "day_day": "1", "day_month": "1", "day_year": "2199"}, "must be on or before"),
        ("name", {"given_name": ""}, "any name will do"),
        ("name", {"given_name": "x" * 101}, "Use 100 characters or fewer"),
        ("name", {"given_name": "Test\u202eina"}, "characters that cannot be seen"),
        ("born", {"birth_date_day": "31", "birth_date_month": "2", "birth_date_year": "1990"}, "must be a real date"),
        ("born", {"birth_date_day": "1", "birth_date_month": "1", "birth_date_year": "2199"}, "must be on or before"),
        ("born", {"age": "-1"}, "Enter an age from 0 to 130"),
        ("born", {"age": "old"}, "whole years"),
        ("place", {"postcode": "75001"}, "Enter a whole UK postcode"),
        ("place", {"postcode": "D02 X285"}, "Enter a whole UK postcode"),
        ("place", {"postcode": "EH1 1AA"}, "We do not know this postcode"),
        ("how", {}, "Choose how we can contact you"),
        ("how", {"how": ["phone", "me"]}, "not both"),
        ("phone", {"number": "12", "safe": "yes"}, "Enter a phone number, like"),
        ("phone", {"number": "call me", "safe": "yes"}, "Enter a phone number, like"),
        ("phone", {"number": "07700 900123", "safe": "yes"}, "Choose whether we can call"),
        ("agree", {}, "Nothing is sent until you do"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world: World, step: str, typed: Typed, told: str) -> None:
    client = filled()
    response = client.post(f"/support/step/{step}/", typed)
    words = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in words
    assert told in words
    for value in typed.values():
        if isinstance(value, str) and value.isalnum() and step in ("name", "born", "place"):
            assert value in words
    assert client.get("/support/check/").status_code == 200


# Leaving nothing behind


def test_addresses_and_titles_give_nothing_away(world: World) -> None:
    client = filled()
    steps = [f"/support/step/{step}/" for step in ANSWERS]
    for address in (*PUBLIC, *steps, "/support/check/"):
        words = page(client, address)
        assert not CRIME.search(address)
        assert re.findall(r"<title>(.*?)</title>", words) == ["Support and information"]
        assert "Exit this page" in words
        assert 'href="tel:' in words
        assert "999" in words
    assert client.get("/support/").headers["Cache-Control"] == "no-store"


def test_the_browser_holds_one_opaque_cookie_that_ends_with_it(world: World) -> None:
    cookie = visitor().cookies["visit"]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == ("", "", True, "Lax")


@pytest.mark.parametrize("way", ["get", "post"])
def test_the_way_out_forgets_everything(world: World, way: str) -> None:
    client = filled()
    response = getattr(client, way)("/leave/")
    assert response.status_code == (302 if way == "get" else 204)
    if way == "get":
        assert response.headers["Location"] == "https://www.bbc.co.uk/weather"
    assert "cookies" in response.headers["Clear-Site-Data"]
    assert client.cookies["visit"].value == ""
    assert not Visit.objects.exists()
    assert client.get("/support/check/").headers["Location"] == "/support/"


def test_the_way_out_needs_no_token_and_signs_staff_out(world: World) -> None:
    client = world.client("triage_officer")
    client.handler.enforce_csrf_checks = True
    assert client.post("/leave/").status_code == 204
    assert client.get("/refer/").status_code == 302


def test_finishing_clears_the_device_and_the_way_back_shows_nothing(world: World) -> None:
    client = filled()
    client.post("/support/check/")
    reference, _ = kept(client)
    response = client.post("/support/finish/")
    assert "cookies" in response.headers["Clear-Site-Data"]
    assert reference not in response.content.decode()
    for address in ("/support/kept/", "/support/check/", "/support/step/name/"):
        assert client.get(address).headers["Location"] == "/support/"


def test_a_visit_that_ended_is_told_and_offers_the_ways_on(world: World) -> None:
    client = filled()
    Visit.objects.update(seen_at=timezone.now() - timedelta(minutes=16))
    response = client.post("/support/check/", follow=True)
    words = response.content.decode()
    assert response.redirect_chain[-1][0] == "/support/ended/"
    assert "nothing was sent" in words
    assert 'href="/support/"' in words
    assert not Referral.objects.exists()
    assert not Visit.objects.exists()


def test_a_page_that_somebody_writes_on_keeps_the_visit(world: World) -> None:
    client = visitor()
    Visit.objects.update(seen_at=timezone.now() - timedelta(minutes=14))
    assert client.get("/support/stay/").status_code == 204
    assert timezone.now() - Visit.objects.get().seen_at < timedelta(minutes=1)


def test_a_form_from_another_site_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/support/").status_code == 403
    token = token_of(page(client, "/support/"))
    assert client.post("/support/", {"csrfmiddlewaretoken": token}).status_code == 302


# Coming back


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
        assert client.post(f"/support/return/{verb}/", typed).status_code == 200
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


# A partner agency


def test_a_partner_sends_and_follows_a_referral(world: World) -> None:
    known_postcode()
    client = world.client("referrer")
    found = re.search(r'name="token" value="([^"]+)"', page(client, "/refer/"))
    assert found
    for _ in range(2):
        response = client.post("/refer/", {**FORM, "token": found.group(1)}, follow=True)
    words = response.content.decode()
    reference = Referral.objects.get().reference
    assert f'The reference is <strong class="app-ref">{reference}' in words
    assert "not known to be safe" in words
    assert reference in page(client, f"/refer/yours/?reference={reference.lower()}&word=received")
    assert reference not in page(client, "/refer/yours/?word=closed")
    assert "No referrals to show" in page(client, "/refer/yours/?reference=AL-3333-3333")


def test_a_partner_without_agreement_is_told_what_can_be_done_and_nothing_is_kept(world: World) -> None:
    client = world.client("referrer")
    client.post("/drafts/keep/", {"draft": draft_of(world), "given_name": "Testina"})
    assert Draft.objects.count() == 1
    response = client.post("/refer/", {**FORM, "consent": "no"})
    assert "What you can do" in response.content.decode()
    assert not Referral.objects.exists()
    assert not Draft.objects.exists()


def draft_of(world: World) -> str:
    return f"intake.refer:{world.people['referrer'].pk}"


def test_a_partners_draft_is_kept_for_them_alone_and_dropped_when_sent(world: World) -> None:
    known_postcode()
    client = world.client("referrer")
    client.post("/drafts/keep/", {"draft": draft_of(world), "given_name": "Testina"})
    assert 'value="Testina"' in page(client, "/refer/")
    assert 'value="Testina"' not in page(world.client("officer"), "/refer/")
    client.post("/refer/", {**FORM, "token": "no token"})
    assert 'value="Testina"' not in page(client, "/refer/")
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"postcode": "75001"}, "whole UK postcode"), ({"birth_date_day": "1", "birth_date_month": "1",
      "birth_date_year": "2199"}, "must be on or before"), ({"phone": "12"}, "Enter a phone number, like"),
     ({"notes": "x" * 2001}, "Use 2000 characters or fewer"), ({"phone_safe": ""}, "Say whether it is safe to call"),
     ({"consent": "not_asked"}, "Say why they could not be asked"), ({"email": "nobody"}, "Enter an e-mail address")],
)  # fmt: skip
def test_a_partner_is_told_what_is_wrong_and_loses_nothing(world: World, changes: Typed, told: str) -> None:
    known_postcode()
    response = world.client("referrer").post("/refer/", {**FORM, **changes})
    words = response.content.decode()
    assert told in words
    assert 'value="Sampleford"' in words
    assert not Referral.objects.exists()
