"""Children, household and professionals: written, changed with what it said before, taken off; a child who turns 18."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.cases import inside as inside_of
from alongside.support.cases.related import actions, jobs, queries
from alongside.support.cases.related.models import Professional, Relative
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHILD: dict[str, Any] = {"relation": "child", "name": "Mina Sampleford", "lives": "with_victim",
                         "responsibility": "both", "school": "Sample Primary", "needs": "Asthma"}  # fmt: skip
OFFICER: dict[str, Any] = {"role": "officer", "name": "Sgt Test", "organisation": "Testshire Police",
                           "phone": "01632 960123", "may_be_told": "ask", "told_on": date(2026, 9, 1)}  # fmt: skip


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


@pytest.fixture
def at(world: World) -> datetime:
    return world.now + 2 * HOUR


def did(world: World, act: Any, *args: Any, person: str = "caseworker", **said: Any) -> Any:
    with transaction.atomic(), inside_of(world, person):
        return act(*args, by=world.actor(person), **said)


def child(world: World, case: Case, at: datetime, **changes: Any) -> Relative:
    made: Relative = did(world, actions.add_relative, case, at=at, **{**CHILD, **changes})
    return made


def born_on_18th(at: datetime, days: int) -> date:
    """A date of birth with the eighteenth birthday so many days ahead."""
    return (at.date() + days * DAY).replace(year=at.year - 18)


def test_add_relative_seals_the_words_and_twice_is_once(world: World, case: Case, at: datetime) -> None:
    first, again = child(world, case, at), child(world, case, at)
    assert first.pk == again.pk and first.child and queries.said_of(first)["school"] == "Sample Primary"
    assert b"Mina" not in bytes(first.name) and "Mina" not in str(Event.objects.filter(subject=case.pk).values())
    assert Event.objects.get(name="related.relative_added").details == {}
    grown = child(world, case, at, relation="parent", responsibility="both")
    assert not grown.child and grown.responsibility == ""


@pytest.mark.parametrize(
    "changes",
    [{"relation": "no"}, {"lives": "no"}, {"responsibility": "no"}, {"birth_date": date(2999, 1, 1)},
     {"reference": "NO-SUCH"}],
)  # fmt: skip
def test_add_relative_refuses_what_cannot_be(world: World, case: Case, at: datetime, changes: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        child(world, case, at, **changes)
    assert not Relative.objects.exists()


def test_an_age_that_was_said_keeps_its_day(world: World, case: Case, at: datetime) -> None:
    one = child(world, case, at, age_said=4)
    assert one.age_said_on == at.date()
    later = did(world, actions.revise_relative, one, at=at + 90 * DAY, seen=1, why="told", **{**CHILD, "age_said": 4})
    assert later.age_said_on == at.date()
    later = did(world, actions.revise_relative, later, at=at + 90 * DAY, seen=2, why="told", **CHILD)
    assert later.age_said is None and later.age_said_on is None


def test_revise_relative_keeps_what_it_said_and_refuses_who_has_not_seen_it(
    world: World, case: Case, at: datetime
) -> None:
    one = child(world, case, at)
    made = did(world, actions.revise_relative, one, at=at, seen=1, why="moved", **{**CHILD, "lives": "elsewhere"})
    assert (made.number, made.piece, made.lives) == (2, one.piece, "elsewhere")
    ((new, old),) = queries.history(Relative, case)
    assert (new.row.pk, old.row.pk) == (made.pk, one.pk) and old.said["name"] == "Mina Sampleford"
    for seen, why, words in ((1, "moved", "Somebody else changed"), (2, "", "Choose why")):
        with pytest.raises(RuleBroken, match=words):
            did(world, actions.revise_relative, one, at=at, seen=seen, why=why, **CHILD)
    did(world, actions.remove_relative, one, at=at, seen=2, why="gone")
    assert queries.standing(Relative, case, world.actor("caseworker")) == () and queries.now(one) is None
    with pytest.raises(RuleBroken, match="taken them off"):
        did(world, actions.revise_relative, one, at=at, seen=3, why="moved", **CHILD)


def test_their_own_case_is_shown_to_whoever_may_open_both(world: World, case: Case, at: datetime) -> None:
    own = accepted(world, source_ref="child", points=())
    one = child(world, case, at, reference=own.reference.lower())
    assert one.own_case == own.pk
    Case.objects.filter(pk=own.pk).update(visible_orgs=[-1])
    assert queries.standing(Relative, case, world.actor("caseworker"))[0].own_case is None
    kept = did(world, actions.revise_relative, one, at=at, seen=1, why="told", **CHILD)
    assert kept.own_case == own.pk  # who may not open it does not take it away
    Case.objects.filter(pk=own.pk).update(visible_orgs=[world.provider.pk])
    assert queries.standing(Relative, case, world.actor("caseworker"))[0].own_case == own
    assert did(world, actions.revise_relative, kept, at=at, seen=2, why="told", **CHILD).own_case is None
    foreign = accepted(world, "neighbour_caseworker", source_ref="far", points=())
    with pytest.raises(RuleBroken, match="No case of your organisation"):
        child(world, case, at, name="Else", reference=foreign.reference)


def test_a_child_who_turns_18_comes_up_until_they_were_asked(world: World, case: Case, at: datetime) -> None:
    soon = child(world, case, at, birth_date=born_on_18th(at, 10))
    later = child(world, case, at, name="Later", birth_date=born_on_18th(at, 60))
    child(world, case, at, name="Grown", relation="partner", birth_date=born_on_18th(at, 10))
    assert [one.about for one in Item.objects.filter(kind=actions.GROWN)] == [soon.piece]
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.raise_grown(by=SYSTEM_ACTOR, at=at) == 0
        assert actions.raise_grown(by=SYSTEM_ACTOR, at=at + 40 * DAY) == 1
        assert actions.raise_grown(by=SYSTEM_ACTOR, at=at + 41 * DAY) == 0
    for _ in range(2):
        did(world, actions.note_asked, soon, at=at + 11 * DAY)
    assert [one.about for one in Item.objects.filter(kind=actions.GROWN)] == [later.piece]
    assert Event.objects.filter(name="related.asked_at_18").count() == 1
    same = {**CHILD, "birth_date": soon.birth_date}
    again = did(world, actions.revise_relative, soon, at=at + 12 * DAY, seen=1, why="told", **same)
    assert again.asked_at and Item.objects.filter(kind=actions.GROWN).count() == 1
    wrong = {**same, "birth_date": born_on_18th(at, 20)}
    again = did(world, actions.revise_relative, again, at=at + 12 * DAY, seen=2, why="wrong", **wrong)
    assert again.asked_at is None and Item.objects.filter(kind=actions.GROWN).count() == 2
    did(world, actions.remove_relative, again, at=at + 12 * DAY, seen=3, why="gone")
    assert Item.objects.filter(kind=actions.GROWN).count() == 1
    jobs.raise_grown.func()


def test_professionals_are_kept_changed_and_taken_off(world: World, case: Case, at: datetime) -> None:
    first, again = (did(world, actions.add_professional, case, at=at, **OFFICER) for _ in range(2))
    assert first.pk == again.pk and Event.objects.get(name="related.professional_added").details == {"role": "officer"}
    changed = {**OFFICER, "may_be_told": "no", "told_on": at.date()}
    made = did(world, actions.revise_professional, first, at=at, seen=1, why="told", **changed)
    assert made.may_be_told == "no" and queries.said_of(made)["name"] == "Sgt Test"
    did(world, actions.remove_professional, made, at=at, seen=2, why="gone")
    assert queries.standing(Professional, case, world.actor("caseworker")) == ()
    for wrong in ({"role": "no"}, {"may_be_told": "no idea"}, {"name": "", "organisation": ""}):
        with pytest.raises(RuleBroken):
            did(world, actions.add_professional, case, at=at, **{**OFFICER, **wrong})


def test_a_neighbour_and_the_hub_see_nobody_and_write_nothing(world: World, case: Case, at: datetime) -> None:
    one = child(world, case, at)
    did(world, actions.add_professional, case, at=at, **OFFICER)
    for model in (Relative, Professional):
        for person in ("neighbour_manager", "neighbour_caseworker", "far_caseworker"):
            assert not model.objects.visible_to(world.actor(person)).exists()
            with transaction.atomic(), inside_of(world, person):
                assert not model.objects.exists()
        for realm in (Realm.HUB, Realm.COMMISSIONING, Realm.PUBLIC, Realm.REFERRER):
            with pytest.raises(ProgrammingError), transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
                model.objects.exists()
    with pytest.raises(ProgrammingError), transaction.atomic(), inside_of(world, "caseworker"):
        Relative.objects.filter(pk=one.pk).update(lives="elsewhere")
