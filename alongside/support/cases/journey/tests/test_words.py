"""Whatever a case holds, none of it reaches the page but what was chosen: over all the words of a case that is full."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils.html import strip_tags

from alongside.support.cases.appointments.tests.planned import planned as appointment
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.journey import presenters, queries, rules
from alongside.support.cases.journey.models import Page
from alongside.support.cases.journey.tests.opened import (
    SAFE,
    as_worker,
    case_of,
    enter,
    phrase_of,
    run,
    text,
    turned_on,
    worked_on,
)
from alongside.support.cases.justice.tests.ways import begun, turned
from alongside.support.cases.notes import actions as notes
from alongside.support.cases.plans import actions as plans
from alongside.support.cases.plans.actions import Line
from alongside.support.cases.safety import actions as safety
from tests.world import World

pytestmark = pytest.mark.django_db
# Words that stand nowhere but where they are put: one for each place in a case that nobody but the worker reads.
SECRET = {
    "note": "Quagmire", "contact": "Zephyrine", "safety": "Obsidian", "goal": "Marmalade", "step": "Periwinkle",
    "whereabouts": "Thistledown", "officer": "Bumbleroot", "court": "Larkspurton", "urn": "Foxgloveref",
}  # fmt: skip
KNOWN = ("Testina", "Sampleford", "Sample Support", "Lantern Sample Charity", "Testshire", "PC Sample", "friend",
         "library", *(point.value for point in SAFE), *SECRET.values())  # fmt: skip


@pytest.fixture
def case(world: World) -> Case:
    """A case with something in every place."""
    case = worked_on(world, case_of(world))
    at = world.now + timedelta(hours=2)
    as_worker(world, casework.record_contact, case, channel="phone", result="spoke", happened_at=at, minutes=5,
              note=f"{SECRET['contact']} rang")  # fmt: skip
    as_worker(world, notes.add_note, case, words=f"{SECRET['note']} at 12 Sample Street, B1 1AA")
    as_worker(world, safety.add, case, section="home", words=SECRET["safety"], who="victim")
    need = as_worker(world, casework.find_need, case, code="health", goal=SECRET["goal"])
    as_worker(world, casework.add_step, need, what=SECRET["step"], who="worker")
    appointment(world, case, whereabouts=f"{SECRET['whereabouts']} House", kind="court", place="court")
    way = begun(world, case, officer=SECRET["officer"], court=SECRET["court"], urn=SECRET["urn"])
    turned(world, way, "charged", days=1)
    return case


def shown(world: World, case: Case, **choices: Any) -> str:
    turned_on(world, case, **choices)
    page = text(enter(case, phrase_of(world, case)))
    return strip_tags(re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL))


@pytest.mark.parametrize("parts", [[], ["people"], ["dates"], ["plan"], ["way"], ["rights"], list(rules.PARTS)])
def test_no_word_of_a_full_case_is_on_the_page_but_what_was_chosen(world: World, case: Case, parts: list[str]) -> None:
    page = shown(world, case, parts=parts)
    for word in KNOWN:
        assert word.casefold() not in page.casefold(), word
    if not {"way", "rights"} & set(parts):
        assert not re.search(r"\b(police|court|crime|abuse|victim|charge|trial|offen|risk)", page, re.IGNORECASE)


def test_each_part_stands_on_the_page_once_it_is_ticked(world: World, case: Case) -> None:
    need = case.needs.get()
    as_worker(world, casework.revise_need, need, goal="Sleep through the night", seen=1)
    as_worker(world, plans.give, case, lines=[Line(need.pk, "Sleep through the night")], way="paper",
              safe="lives_apart", shares_home="no")  # fmt: skip
    case.service.phone = "01632 960123"
    case.service.save(update_fields=["phone"])
    page = shown(world, Case.objects.get(pk=case.pk), parts=list(rules.PARTS), called="Sam", words="It is all in hand")
    for words in ("01632 960123", "Sam", "It is all in hand", "Sleep through the night", "Your rights now", "How far"):
        assert words in page, words
    kept = presenters.shown(queries.written(case, Page.objects.get()), world.now)
    assert kept.dates == ("Wednesday 16 September 2026 at 10am, in person",)


def test_a_page_follows_its_case_when_something_changes(world: World, case: Case) -> None:
    turned_on(world, case, parts=["dates"])
    before = json.loads(queries.fields.read(Page.objects.get(), "content"))["dates"]
    appointment(world, case, kind="call", place="remote", from_time=(world.now + timedelta(hours=5)).time())
    run("appointment.planned")
    after = json.loads(queries.fields.read(Page.objects.get(), "content"))["dates"]
    assert len(after) == len(before) + 1 and {one["way"] for one in after} == {"in_person", "phone"}


def test_a_name_goes_when_somebody_else_takes_the_case(world: World, case: Case) -> None:
    turned_on(world, case, parts=["people"], called="Sam")
    other = world.people["other_caseworker"].pk
    as_worker(world, casework.assign, case, worker=other, person="service_manager")
    run("case.assigned")
    assert "Sam" not in queries.fields.read(Page.objects.get(), "content")


def test_what_gives_it_away_is_told_before_it_is_turned_on(world: World, case: Case) -> None:
    turned_on(world, case, parts=["rights"])
    said = queries.written(case, Page.objects.get())
    assert "police" in queries.words_that_tell(said, world.now.date())
    quiet = {**said, "rights": []}
    assert queries.words_that_tell(quiet, world.now.date()) == ()
