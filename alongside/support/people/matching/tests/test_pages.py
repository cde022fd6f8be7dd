"""The hub compares, links, undoes and keeps apart; nobody else finds any of it."""

from datetime import date

import pytest
from django.test import Client

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Look
from alongside.support.people.matching import actions, presenters
from alongside.support.people.matching.rules import Term, Weighed
from alongside.support.people.matching.tests.test_actions import HOME, described, record
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import SamePerson, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
SISTER = Identity(given_name="Bernarda", family_name="Sample-Ford", birth_date=date(1994, 7, 9), sex="female")


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def same_two(world: World) -> tuple[Victim, Victim]:
    ours = record(world, phone="07700 900123", address=HOME)
    other = record(world, phone="07700 900123")
    described(world)
    return ours, other


def test_an_officer_sees_why_and_links_and_undoes(world: World, officer: Client) -> None:
    ours, other = same_two(world)
    page = officer.get(f"/matching/{ours.pk}/").content.decode()
    assert "Likely" in page
    assert "The same telephone number" in page
    pair = f"/matching/{ours.pk}/with/{other.pk}/"
    assert "more than 999 in 1,000" in officer.get(pair).content.decode()
    for said, shown in (("same", "Same person"), ("not_same", "Not the same person"), ("not_sure", "Not sure")):
        answer = officer.post(f"{pair}judge/", {"judgement": said}, follow=True).content.decode()
        assert "It was said" in answer
        assert shown in answer
        assert SamePerson.objects.get(ended_at=None).judgement == said
    for _ in range(2):
        officer.post(f"{pair}judge/", {"judgement": "undo"})
        assert not SamePerson.objects.filter(ended_at=None).exists()
    assert SamePerson.objects.count() == 3
    assert officer.post(f"{pair}judge/", {"judgement": "nonsense"}).status_code == 302
    assert set(Look.objects.filter(route="matching:pair").values_list("subjects", flat=True)[0]) == {ours.pk, other.pk}


def test_likely_pairs_are_listed_until_they_are_judged(world: World, officer: Client) -> None:
    assert "Nothing to compare" in officer.get("/matching/").content.decode()
    first, again = record(world, phone="07700 900123"), record(world, phone="07700 900123")
    described(world)
    page = officer.get("/matching/").content.decode()
    left, right = sorted((first.pk, again.pk))
    assert f"/matching/{left}/with/{right}/" in page
    assert set(Look.objects.get(route="matching:pairs").subjects) == {left, right}
    officer.post(f"/matching/{right}/with/{left}/judge/", {"judgement": "same"})
    assert "Nothing to compare" in officer.get("/matching/").content.decode()
    assert "Nothing to compare" in world.client("far_triage_officer").get("/matching/").content.decode()
    assert world.client("service_manager").get("/matching/").status_code in (403, 404)


def test_what_was_judged_stays_on_the_list_when_nothing_speaks_for_it_any_more(world: World, officer: Client) -> None:
    ours, stranger = record(world), record(world, Identity(given_name="Bernard", family_name="Quayside"))
    described(world)
    assert "No other record looks like this person" in officer.get(f"/matching/{ours.pk}/").content.decode()
    actions.judge(ours, stranger, by=world.actor("triage_officer"), at=world.now, judgement="not_same")
    assert "Not the same person" in officer.get(f"/matching/{ours.pk}/").content.decode()


def test_two_people_on_one_phone_are_a_possible_conflict_for_the_hub_alone(world: World, officer: Client) -> None:
    ours, sister = record(world, phone="07700 900123"), record(world, SISTER, phone="07700 900123")
    described(world)
    page = officer.get(f"/matching/{ours.pk}/with/{sister.pk}/").content.decode()
    assert "One may be a danger to the other" in page
    assert "Perhaps a relative" in page


def test_where_somebody_is_protected_a_manager_alone_links(world: World, officer: Client) -> None:
    ours, other = same_two(world)
    Victim.objects.filter(pk=other.pk).update(location_protected=True)
    address = f"/matching/{ours.pk}/with/{other.pk}/judge/"
    assert "Ask a manager" in officer.post(address, {"judgement": "same"}, follow=True).content.decode()
    assert not SamePerson.objects.exists()
    officer.post(address, {"judgement": "not_same"})
    world.client("hub_manager").post(address, {"judgement": "same"})
    assert SamePerson.objects.get(ended_at=None).judgement == "same"


@pytest.mark.parametrize(
    "person", ["caseworker", "service_manager", "neighbour_manager", "officer", "analyst", "far_triage_officer"]
)
def test_nobody_else_finds_a_page_of_it(world: World, person: str) -> None:
    ours, other = same_two(world)
    for address in (f"/matching/{ours.pk}/", f"/matching/{ours.pk}/with/{other.pk}/"):
        assert world.client(person).get(address).status_code in (403, 404)
    assert world.client(person).post(f"/matching/{ours.pk}/with/{other.pk}/judge/").status_code in (403, 404)


def test_a_record_of_another_hub_is_not_compared(world: World, officer: Client) -> None:
    ours, theirs = record(world), record(world, hub="far_hub")
    described(world)
    assert officer.get(f"/matching/{ours.pk}/with/{theirs.pk}/").status_code == 404
    assert officer.post(f"/matching/{ours.pk}/with/{theirs.pk}/judge/", {"judgement": "same"}).status_code == 404


def test_a_record_that_nobody_described_yet_is_compared_as_it_stands(world: World, officer: Client) -> None:
    ours, other = record(world, phone="07700 900123"), record(world, phone="07700 900123")
    actions.describe([other.pk], by=SYSTEM_ACTOR, at=world.now)
    assert "Likely" in officer.get(f"/matching/{ours.pk}/").content.decode()


def said(*terms: tuple[str, str, float]) -> Weighed:
    return Weighed(-10.0, tuple(Term(field, field, words, weight) for field, words, weight in terms))


def test_bars_lead_from_chance_to_the_whole() -> None:
    start, family, phone, silent, whole = presenters.bars(
        said(("family", "The same", 14.0), ("phone", "Different", -2.0), ("sex", "Not known", 0.0))
    )
    assert (start.left, start.width, start.speaks) == (0.0, 142.9, "against")
    assert (family.left, family.width, family.points) == (0.0, 200.0, "+14.0")
    assert (phone.left, phone.points) == (171.4, "\N{MINUS SIGN}2.0")
    assert (silent.points, silent.speaks) == ("", "silent")
    assert (whole.words, whole.points) == ("One person in about 80 in 100 such pairs", "+2.0")


@pytest.mark.parametrize(
    ("weight", "words"),
    [(30, "more than 999 in 1,000"), (9.3, "more than 99 in 100"), (0, "about 50 in 100"), (-30, "less than 1 in 100")],
)
def test_how_sure_the_model_is_in_words(weight: float, words: str) -> None:
    assert presenters.odds(weight) == words
