"""A plan written, changed by two, marked, gone through, and given on paper or not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.support.cases.agenda.models import Item as Due
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.risk.tests.sittings import case_of
from alongside.support.cases.safety import actions, queries
from alongside.support.cases.safety.models import Entry, Paper
from tests.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "Leave by the back and ring my sister on 07700 900123"


@pytest.fixture
def case(world: World) -> Case:
    return case_of(world)


@pytest.fixture
def at(world: World) -> datetime:
    return world.now + 2 * HOUR


def added(world: World, case: Case, at: datetime, person: str = "caseworker", **changes: Any) -> Entry:
    known: dict[str, Any] = {"section": "home", "words": WORDS, "who": "victim", "review_on": None}
    with transaction.atomic(), inside(world, person):
        return actions.add(case, by=world.actor(person), at=at, **known | changes)


def events(name: str) -> int:
    return Event.objects.filter(name=name).count()


def test_add_seals_the_words_and_pressed_twice_adds_one(world: World, case: Case, at: datetime) -> None:
    first, again = added(world, case, at), added(world, case, at + timedelta(seconds=5))
    assert first.pk == again.pk and events("safety.added") == 1
    assert [one.words for one in queries.standing(case)] == [WORDS]
    assert "sister" not in str(Entry.objects.values()) and not first.may_print
    assert Event.objects.get(name="safety.added").details == {"section": "home"}
    assert added(world, case, at, section="people").pk != first.pk


@pytest.mark.parametrize(
    "changes",
    [{"section": "no_such"}, {"who": "nobody"}, {"words": " "}, {"review_on": datetime(2020, 1, 1).date()}],
)
def test_add_refuses_what_cannot_stand(world: World, case: Case, at: datetime, changes: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        added(world, case, at, **changes)


def test_the_agenda_holds_the_first_day_that_any_piece_asks_for(world: World, case: Case, at: datetime) -> None:
    on = at.date()
    first = added(world, case, at, review_on=on + 20 * DAY)
    added(world, case, at, section="money", review_on=on + 9 * DAY)
    due = Due.objects.get(kind="safety.review")
    assert (due.about, clocks.london_date(due.due_at)) == (case.pk, on + 9 * DAY)
    actions.review(case, by=world.actor("caseworker"), at=at, review_on=on + 30 * DAY)
    assert clocks.london_date(Due.objects.get(kind="safety.review").due_at) == on + 30 * DAY
    for entry in Entry.objects.all():
        actions.take_out(entry, by=world.actor("caseworker"), at=at, seen=1)
    assert not Due.objects.filter(kind="safety.review").exists() and first.review_on


def test_revise_keeps_what_it_said_before_and_asks_anew_about_paper(world: World, case: Case, at: datetime) -> None:
    entry, by = added(world, case, at, review_on=at.date()), world.actor("caseworker")
    actions.mark(entry, by=by, at=at, may_print=True, seen=1)
    later = at + 40 * DAY
    actions.revise(entry, by=by, at=later, words="Go to a friend", who="victim", review_on=at.date(), seen=1)
    piece = queries.now(entry)
    assert (piece.words, piece.entry.number, piece.entry.may_print) == ("Go to a friend", 2, False)
    assert [one.words for one in queries.history(case)[0]] == ["Go to a friend", WORDS]
    assert queries.standing(case) == (piece,)


def test_two_people_write_over_nothing(world: World, case: Case, at: datetime) -> None:
    entry, said = added(world, case, at), {"who": "victim", "review_on": None, "seen": 1}
    actions.revise(entry, by=world.actor("caseworker"), at=at, words="First", **said)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="Somebody else changed this"):
        actions.revise(entry, by=world.actor("other_caseworker"), at=at, words="Second", **said)  # type: ignore[arg-type]
    actions.take_out(queries.now(entry).entry, by=world.actor("caseworker"), at=at, seen=2)
    with pytest.raises(RuleBroken, match="taken this out"):
        actions.mark(entry, by=world.actor("caseworker"), at=at, may_print=True, seen=3)
    assert queries.standing(case) == () and [one.words for one in queries.history(case)[0]] == ["", "First", WORDS]


def test_mark_twice_is_noted_once(world: World, case: Case, at: datetime) -> None:
    entry = added(world, case, at)
    for _ in range(2):
        actions.mark(entry, by=world.actor("caseworker"), at=at, may_print=True, seen=1)
    assert events("safety.marked") == 1 and len(queries.printable(case)) == 1


def test_review_of_no_plan_is_refused(world: World, case: Case, at: datetime) -> None:
    with pytest.raises(RuleBroken, match="no plan yet"):
        actions.review(case, by=world.actor("caseworker"), at=at, review_on=at.date() + DAY)
    assert queries.usual_review(at.date()) == at.date() + 42 * DAY


def printed(world: World, case: Case, at: datetime, **changes: Any) -> Paper:
    known: dict[str, Any] = {"home_shared": "no", "kept_how": "", "checked": True}
    with transaction.atomic(), inside(world, "caseworker"):
        return actions.print_out(case, by=world.actor("caseworker"), at=at, **known | changes)


def test_paper_holds_what_was_marked_in_the_words_of_that_day(world: World, case: Case, at: datetime) -> None:
    entry, by = added(world, case, at), world.actor("caseworker")
    added(world, case, at, section="money", words="Never on paper")
    with pytest.raises(RuleBroken, match="Nothing may be printed"):
        printed(world, case, at)
    actions.mark(entry, by=by, at=at, may_print=True, seen=1)
    paper = printed(world, case, at)
    assert printed(world, case, at + timedelta(seconds=3)).pk == paper.pk and events("print.made") == 1
    actions.revise(entry, by=by, at=at + HOUR, words="Changed since", who="victim", review_on=None, seen=1)
    assert [one.words for one in queries.on_paper(paper)] == ["Leave by the back and ring my sister on [left out]"]
    assert queries.papers(case) == (paper,)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"home_shared": "yes"}, "unless you say how"), ({"home_shared": "not_known"}, "unless you say how"),
     ({"home_shared": "perhaps"}, "Say whether"), ({"kept_how": "pocket"}, "Choose how"),
     ({"checked": False}, "Read it through")],
)  # fmt: skip
def test_nothing_goes_on_paper_into_a_home_shared_with_whoever_harms(
    world: World, case: Case, at: datetime, changes: dict[str, Any], words: str
) -> None:
    actions.mark(added(world, case, at), by=world.actor("caseworker"), at=at, may_print=True, seen=1)
    with pytest.raises(RuleBroken, match=words):
        printed(world, case, at, **changes)
    assert not Paper.objects.exists() and not events("print.made")
    assert printed(world, case, at, home_shared="yes", kept_how="friend").kept_how == "friend"


def test_a_closed_case_is_only_read(world: World, case: Case, at: datetime) -> None:
    entry, by = added(world, case, at), world.actor("caseworker")
    casework.close(case, by=by, at=at, reason="not_reached", unmeasured_why="lost_contact")
    for act in (
        lambda: added(world, case, at, section="money"), lambda: printed(world, case, at),
        lambda: actions.take_out(entry, by=by, at=at, seen=1),
        lambda: actions.review(case, by=by, at=at, review_on=at.date()),
    ):  # fmt: skip
        with pytest.raises(RuleBroken, match="This case is closed"):
            act()


def test_the_provider_may_not_change_what_was_written(world: World, case: Case, at: datetime) -> None:
    added(world, case, at)
    with (
        pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, "caseworker")
    ):  # fmt: skip
        Entry.objects.update(section="money")
