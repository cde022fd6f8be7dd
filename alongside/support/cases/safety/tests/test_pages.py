"""The pages of a safety plan: written, changed in two windows, gone through, and a page that gives nothing away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from alongside.core.models import Look
from alongside.support.cases.casework.models import Case
from alongside.support.cases.risk.tests.sittings import case_of
from alongside.support.cases.safety import actions, presenters, queries
from alongside.support.cases.safety.models import Entry, Paper
from alongside.support.cases.safety.tests.test_actions import added
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World) -> Case:
    return case_of(world)


@pytest.fixture
def at() -> datetime:
    return timezone.now() - timedelta(days=3)


def page(world: World, address: str, person: str = "caseworker") -> str:
    answer = world.client(person).get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def post(world: World, address: str, person: str = "caseworker", **said: Any) -> str:
    return str(world.client(person).post(address, said, follow=True).content.decode())


def test_a_plan_is_written_changed_and_taken_out_of(world: World, case: Case) -> None:
    home = f"/casework/cases/{case.pk}/safe/"
    assert "There is no safety plan yet" in page(world, home)
    assert 'value="leaving" checked' in page(world, f"{home}add/?about=leaving")
    assert "Choose who does it" in post(world, f"{home}add/", section="leaving", words="Bag by the door")
    shown = post(world, f"{home}add/", section="leaving", words="Bag by the door", who="victim")
    assert "Bag by the door" in shown and "It is not printed until" in shown
    entry = Entry.objects.get()
    shown = post(world, f"/casework/safe/{entry.pk}/revise/", words="Bag at work", who="victim", seen=1)
    assert "Bag at work" in shown and "Bag by the door" not in shown
    assert "Bag by the door" in page(world, f"{home}before/")
    shown = post(world, f"/casework/safe/{entry.pk}/revise/", words="Second window", who="victim", seen=1)
    assert "Somebody else changed this" in shown and "What it says now" in shown and "Bag at work" in shown
    assert "It may be on paper" in post(world, f"/casework/safe/{entry.pk}/mark/", seen=2, may_print="on")
    assert "not printed any more" in post(world, f"/casework/safe/{entry.pk}/mark/", seen=2)
    assert world.client("caseworker").post(f"/casework/safe/{entry.pk}/mark/", {}).status_code == 404
    assert "Taken out" in post(world, f"/casework/safe/{entry.pk}/take-out/", seen=2)
    assert "Taken out</strong>" in page(world, f"{home}before/")


def test_the_plan_is_gone_through_and_comes_up_again(world: World, case: Case, at: datetime) -> None:
    home = f"/casework/cases/{case.pk}/"
    assert "There is none yet" in page(world, home)
    added(world, case, at, review_on=at.date())
    assert "Late" in page(world, f"{home}safe/") and "1 piece, gone through again on" in page(world, home)
    assert "Leave by the back" not in page(world, home)
    day = timezone.localdate() + timedelta(days=10)
    said: dict[str, Any] = {"review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year}
    assert "Leave by the back" in page(world, f"{home}safe/gone-through/")
    assert "It comes up again" in post(world, f"{home}safe/gone-through/", **said)
    assert Entry.objects.get().review_on == day


def test_paper_gives_nothing_away_and_warns_first(world: World, case: Case, at: datetime) -> None:
    paper = f"/casework/cases/{case.pk}/safe/on-paper/"
    assert "Nothing may be printed yet" in page(world, paper)
    entry = added(world, case, at, section="leaving", words="Ring Tomasz on 07700 900123, then go")
    actions.mark(entry, by=world.actor("caseworker"), at=at, may_print=True, seen=1)
    shown = page(world, paper)
    assert "These may be names: Tomasz" in shown and "is left out of what is printed" in shown
    assert "Say whether their home" in post(world, paper, checked="on")
    assert "nothing is given on paper unless" in post(world, paper, checked="on", home_shared="yes")
    assert "Read it through, and tick" in post(world, paper, home_shared="no")
    assert not Paper.objects.exists()
    shown = post(world, paper, checked="on", home_shared="yes", kept_how="friend")
    assert "<title>List</title>" in shown and "Ring Tomasz on [left out], then go" in shown
    said = shown[shown.index("<body") :]
    for word in (
        "Sampleford",
        "Testina",
        "07700",
        "Lantern",
        "Alongside",
        "Safety",
        "Getting out",
        "abuse",
        case.reference,
    ):
        assert word not in said, word
    assert "Going out" in said
    assert "Somebody they trust keeps it" in page(world, f"/casework/cases/{case.pk}/safe/")
    look = Look.objects.filter(route="safety:paper").latest("at")
    assert case.victim_id in look.subjects and "safety" in look.fields
    assert 'value="friend" checked' in page(world, paper)


def test_a_part_that_is_asked_no_more_still_shows_what_it_holds(world: World, case: Case, at: datetime) -> None:
    entry = added(world, case, at)
    Entry.objects.filter(pk=entry.pk).update(section="gone_part", may_print=True)
    assert "Another part" in page(world, f"/casework/cases/{case.pk}/safe/")
    assert "Leave by the back" in page(world, f"/casework/cases/{case.pk}/safe/on-paper/")


def test_a_closed_case_shows_the_plan_and_changes_nothing(world: World, case: Case, at: datetime) -> None:
    added(world, case, at)
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=at)
    shown = page(world, f"/casework/cases/{case.pk}/safe/")
    assert "Leave by the back" in shown and "Add to" not in shown and "Take out" not in shown


def test_no_address_or_title_says_what_it_is_about(world: World, case: Case, at: datetime) -> None:
    added(world, case, at)
    for view in ("", "before/", "add/", "gone-through/", "on-paper/"):
        shown = page(world, f"/casework/cases/{case.pk}/safe/{view}")
        title = shown[shown.index("<title") : shown.index("</title>")].lower()
        assert "safety" not in title and "sampleford" not in title
    assert queries.papers(case) == ()


def test_what_happened_and_what_is_due_is_said_in_words() -> None:
    def titles(book: str) -> Mapping[str, str]:
        return {"home": "At home"}

    assert presenters.TOLD["safety.added"].words({"section": "home"}, titles) == "Safety plan, added: At home"
    assert presenters.TOLD["safety.reviewed"].words({}, titles) == "Safety plan gone through"
    assert presenters.DUE["safety.review"].words({}, titles) == "Go through the safety plan"
