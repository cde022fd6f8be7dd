"""The questions step by step, in a browser without JavaScript, and how they are sent."""

import re
from html import escape

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from alongside.core.privacy import fields
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.intake import queries
from alongside.support.arrivals.intake.models import Visit
from alongside.support.arrivals.intake.tests.visitors import BUSINESS, OTHER, Typed, fill, filled, kept, page, visitor
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import service
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


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


def test_a_business_asks_in_words_of_its_own_and_arrives_as_one(world: World) -> None:
    client = visitor()
    for step, typed in (("now", {"danger": "no"}), ("who", {"who": "business"}), ("firm", BUSINESS["firm"])):
        response = client.post(f"/support/step/{step}/", typed, follow=True)
    assert "What happened?" in response.content.decode()
    assert fill(client, **BUSINESS) == "/support/check/"
    words = page(client, "/support/check/")
    assert "Sample Corner Shop" in words
    assert "Date of birth" not in words
    client.post("/support/check/")
    referral, victim = Referral.objects.get(), Victim.objects.get()
    assert (victim.kind, victim.business_name, victim.given_name) == ("business", "Sample Corner Shop", "Testina")
    assert (referral.crime_type, referral.markers) == ("business_crime", ["business"])


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
    assert "That is fine, and you can still get support." in page(client, "/support/step/contact/")
    client.post("/support/step/contact/", {"contact": "no"})
    assert "No. I will contact you" in page(client, "/support/check/")
    client.post("/support/check/")
    assert "We will not contact you." in page(client, "/support/kept/")
    assert not ContactPoint.objects.exists()


def test_whoever_misses_the_question_of_contact_is_asked_again_and_not_taken_to_refuse(world: World) -> None:
    client = filled(contact={})
    assert client.get("/support/check/").headers["Location"] == "/support/step/contact/"
    for typed in ({}, {"contact": ""}, {"contact": "on"}):
        response = client.post("/support/step/contact/", typed)
        assert response.status_code == 200
        assert "There is a problem" in response.content.decode()
    assert client.post("/support/check/").headers["Location"] == "/support/step/contact/"
    assert not Referral.objects.exists()
    client.post("/support/step/contact/", {"contact": "yes"})
    assert "Yes, you may contact me" in page(client, "/support/check/")


def test_who_gave_no_safe_way_is_not_asked_and_reads_that_nobody_will_contact_them(world: World) -> None:
    client = filled(how={"how": ["me"]}, contact={})
    assert client.get("/support/step/contact/").headers["Location"] == "/support/check/"
    assert "Do not contact me. I will contact you" in page(client, "/support/check/")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("It began in May.\r\nIt has not stopped.", "It began in May.\nIt has not stopped."),
        ("👩‍👧 ❤️‍🩹 🙏🏽", "👩‍👧 ❤️‍🩹 🙏🏽"),
        ("می‌خواهم با کسی حرف بزنم", "می‌خواهم با کسی حرف بزنم"),
        ("\u200fאני רוצה לדבר", "\u200fאני רוצה לדבר"),
        ("Pasted\u202e\ufeff\u0007 from\u200b elsewhere", "Pasted from elsewhere"),
        ("<b>Bold</b> & {{ 7 * 7 }}", "<b>Bold</b> & {{ 7 * 7 }}"),
    ],
)  # fmt: skip
def test_words_in_any_script_and_over_lines_reach_the_hub_as_they_were_typed(
    world: World, typed: str, kept: str
) -> None:
    client = filled()
    assert client.post("/support/step/more/", {"telling": typed}).headers["Location"] == "/support/check/"
    assert escape(kept).replace("\n", "<br>") in page(client, "/support/check/")
    client.post("/support/check/")
    assert fields.read(Referral.objects.get(), "notes").endswith(f"In their words: {kept}")


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


def test_whose_connection_started_too_many_forms_is_given_the_phone(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    cache.clear()
    monkeypatch.setattr(queries, "visits_allowed", lambda on: 1)
    Client().post("/support/")
    response = Client().post("/support/")
    words = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3600")
    assert "You have done nothing wrong" in words
    assert settings.HELP_PHONE in words.split("<main")[1]
    assert not response.cookies
    assert Client(REMOTE_ADDR="192.0.2.9").post("/support/").status_code == 302


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
        ("name", {"given_name": "\u200b \u202e"}, "any name will do"),
        ("more", {"telling": "x" * 20_000}, "Use 2,000 characters or fewer. What you wrote is still here"),
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
        ("contact", {}, "Choose yes or no."),
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
        if isinstance(value, str) and value.isalnum() and step in ("name", "born", "place", "more"):
            assert value in words
    assert client.get("/support/check/").status_code == 200


def test_whoever_comes_from_a_services_page_reads_which_service_it_is_about(world: World) -> None:
    chosen = service(world, name="Sample Lantern")
    shown = page(Client(), f"/support/?service={chosen.pk}")
    assert "You are asking about Sample Lantern." in re.sub(r"<[^>]+>", "", shown)
    for none in ("", "?service=nonsense", f"?service={world.people['caseworker'].pk}"):
        assert "You are asking about" not in page(Client(), f"/support/{none}")


def test_the_codes_rights_stand_beside_the_start_when_it_comes_from_a_services_page(world: World) -> None:
    chosen = service(world, name="Sample Lantern")
    shown = page(Client(), f"/support/?service={chosen.pk}")
    assert "What you have a right to" in shown and "Victims&#39; Code 2021, Right 4" in shown
    assert "To be helped at court" in shown
    assert "What you have a right to" not in page(Client(), "/support/")


@pytest.mark.parametrize("how", ["closed", "closed for another", "ended"])
def test_a_service_that_closes_while_somebody_writes_loses_nothing(world: World, how: str) -> None:
    chosen = service(world, name="Sample Lantern")
    other = service(world, "neighbour", name="Sample Harbour")
    client = Client()
    client.post(f"/support/?service={chosen.pk}")
    fill(client)
    assert "not taking new people" not in page(client, "/support/check/")
    if how == "ended":
        Organisation.objects.filter(pk=world.provider.pk).update(until=world.now.date())
    else:
        instead = other if "another" in how else None
        Service.objects.filter(pk=chosen.pk).update(state=Service.State.CLOSED, moves_to=instead)
    checked = page(client, "/support/check/")
    assert "Sample Lantern is not taking new people" in checked and "Nothing that you wrote is lost" in checked
    assert ("Sample Harbour may help instead" in checked) is (how == "closed for another")
    assert client.post("/support/check/").headers["Location"] == "/support/kept/"
    assert "Sample Lantern is not taking new people" in page(client, "/support/kept/")
    notes = fields.read(Referral.objects.get(), "notes")
    assert "Asked about this service: Sample Lantern (closed to new people since" in notes
    assert ("Sample Harbour helps its people" in notes) is (how == "closed for another")
