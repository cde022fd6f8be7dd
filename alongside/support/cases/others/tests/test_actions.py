"""The other party written, changed and taken off; orders; numbers that are never used; what a conflict check finds."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages import queries as message_queries
from alongside.foundation.office.messages.models import Barred
from alongside.support.arrivals.referrals.tests.arrivals import TESTINA
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside as inside_of
from alongside.support.cases.others import actions, jobs, presenters, queries, rules
from alongside.support.cases.others.models import Clash, Condition, Danger, Key, Party
from alongside.support.cases.others.tests.kept import NAME, PHONE, SAID, case_of, kept, looked, ordered, somebody
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(world: World) -> Case:
    return case_of(world)


def did(world: World, act: Any, *args: Any, person: str = "caseworker", **said: Any) -> Any:
    with transaction.atomic(), inside_of(world, person):
        return act(*args, by=world.actor(person), **said)


def due(case: Case, kind: str = actions.CONDITION) -> list[Item]:
    return list(Item.objects.filter(case=case, kind=kind))


def test_add_keeps_everything_sealed_and_one_event_without_words(world: World, case: Case) -> None:
    party = kept(world, case, world.now + HOUR)
    assert queries.said_of(party)["name"] == NAME and b"Testerly" not in bytes(party.name)
    assert queries.opened(party).born == SAID["born"] and queries.opened(party).dangers == ("weapon",)
    event = Event.objects.get(name="others.added")
    assert event.subject == case.pk and event.details == {}


def test_add_sent_twice_is_one(world: World, case: Case) -> None:
    first, again = (kept(world, case, world.now + HOUR) for _ in range(2))
    assert first.pk == again.pk and Party.objects.count() == 1
    assert kept(world, case, world.now + HOUR, name="Another Body").pk != first.pk


def test_add_refuses_who_does_not_work_on_the_case_and_what_is_not_in_the_books(world: World, case: Case) -> None:
    with pytest.raises(RuleBroken, match="for whoever works on the case"):
        kept(world, case, world.now + HOUR, person="other_caseworker")
    for wrong in ({"relation": "no"}, {"knows": ["no"]}, {"dangers": ["no"]}, {"name": "", "description": ""}):
        with pytest.raises(RuleBroken):
            kept(world, case, world.now + HOUR, **wrong)
    assert not Party.objects.exists()


def test_cover_keeps_too_while_it_lasts(world: World, case: Case) -> None:
    cover = world.people["other_caseworker"].pk
    Case.objects.filter(pk=case.pk).update(cover=cover, cover_until="2020-01-01")
    assert not queries.keeps(case, world.actor("other_caseworker"))
    Case.objects.filter(pk=case.pk).update(cover_until="2999-01-01")
    assert queries.keeps(case, world.actor("other_caseworker"))
    assert queries.keeps(case, world.actor("service_manager"))
    assert not queries.keeps(case, world.actor("neighbour_manager"))
    assert not queries.keeps(case, world.actor("triage_officer"))


def test_revise_follows_what_was_seen_and_keeps_what_it_said(world: World, case: Case) -> None:
    party = kept(world, case, world.now + HOUR)
    changed = {**SAID, "name": "Ramon Vale", "dangers": []}
    made = did(world, actions.revise, party, at=world.now + 2 * HOUR, seen=1, why="wrong", **changed)
    assert made.number == 2 and queries.opened(made).dangers == ()
    assert [one.number for one in queries.opened(made).earlier] == [1]
    with pytest.raises(RuleBroken, match="Somebody else changed this"):
        did(world, actions.revise, party, at=world.now + 3 * HOUR, seen=1, why="wrong", **changed)
    with pytest.raises(RuleBroken, match="Choose why"):
        did(world, actions.revise, party, at=world.now + 3 * HOUR, seen=2, why="", **changed)
    assert queries.named_in(case.pk, ["O’Testerly"]) == () and queries.named_in(case.pk, ["vale"]) == ("vale",)


def test_remove_lets_numbers_orders_and_warnings_go(world: World, case: Case) -> None:
    party = kept(world, case, world.now + HOUR)
    ordered(world, party, world.now + HOUR, world.now.date() + 3 * DAY)
    did(world, actions.remove, party, at=world.now + 2 * HOUR, seen=1, why="wrong")
    assert not Key.objects.filter(side="other").exists() and not Barred.objects.filter(ended_at=None).exists()
    assert not Condition.objects.filter(ended_at=None).exists() and not due(case)
    assert queries.visit_warnings([case.pk], world.now.date()) == {} and queries.now(party) is None
    with pytest.raises(RuleBroken, match="taken them off"):
        did(world, actions.remove, party, at=world.now + 3 * HOUR, seen=2, why="wrong")
    assert queries.said_of(Party.objects.get(number=1))["name"] == NAME


def test_words_that_name_them_are_found_by_whoever_may_open_the_case_and_nobody_else(world: World, case: Case) -> None:
    kept(world, case, world.now + HOUR)
    text = ["If RAZOR or ramon rings, call Ana"]
    with transaction.atomic(), inside_of(world, "other_caseworker"):
        assert queries.named_in(case.pk, text) == ("RAZOR", "ramon")
        assert queries.named_in(case.pk, [""]) == ()
    for person in ("neighbour_caseworker", "neighbour_manager"):
        with transaction.atomic(), inside_of(world, person):
            assert queries.named_in(case.pk, text) == ()


def test_their_number_is_never_a_way_to_the_victim_from_the_moment_it_is_written(world: World, case: Case) -> None:
    at = world.now + HOUR
    point = messages.add(
        case.victim_id, by=world.actor("triage_officer"), at=at, organisation_id=world.hub.pk, kind="phone",
        value="+44 7700 900 941", safe="yes", verified_how="voice",
    )  # fmt: skip
    point.refresh_from_db()
    asked = messages.ask(case.victim_id, by=world.actor("triage_officer"), at=at, organisation_id=world.hub.pk,
                         purpose="support", template="call_us", hidden=False)  # fmt: skip
    assert asked.state == "WAITING"
    party = kept(world, case, at)
    ways = message_queries.safe_contact(case.victim_id, hidden=False).channels
    (way,) = [one for one in ways if one.point_id == point.pk]
    assert way.safe == "no" and not way.may_call and not way.may_message
    with transaction.atomic(), inside(Realm.WORKER):
        sent = messages.send(asked, by=SYSTEM_ACTOR, at=at)
    assert (sent.state, sent.refused_why) == ("REFUSED", "not_safe")
    again = messages.ask(case.victim_id, by=world.actor("triage_officer"), at=at, organisation_id=world.hub.pk,
                         purpose="support", template="call_us", hidden=False)  # fmt: skip
    assert again.contact_point != point
    others = messages.add(
        world.people["caseworker"].pk, by=world.actor("triage_officer"), at=at, organisation_id=world.hub.pk,
        kind="phone", value=PHONE, safe="yes", verified_how="voice",
    )  # fmt: skip
    assert message_queries.never_ours([others, point]) == {point.pk}
    assert message_queries.never_ours([others], same=[case.victim_id]) == {others.pk}
    did(world, actions.revise, party, at=at + HOUR, seen=1, why="wrong", **{**SAID, "phones": "07700 900942"})
    assert message_queries.never_ours([point]) == set() and message_queries.never_ours([]) == set()


def test_an_order_comes_up_before_it_ends_and_not_long_before(world: World, case: Case) -> None:
    party, at = kept(world, case, world.now + HOUR), world.now + HOUR
    far = ordered(world, party, at, world.now.date() + 60 * DAY, "Not within 100 metres")
    near = ordered(world, party, at, world.now.date() + 5 * DAY)
    ordered(world, party, at, None)
    assert ordered(world, party, at, world.now.date() + 5 * DAY).pk == near.pk
    assert [one.about for one in due(case)] == [near.pk]
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.raise_ending(by=SYSTEM_ACTOR, at=at) == 0
        assert actions.raise_ending(by=SYSTEM_ACTOR, at=at + 50 * DAY) == 1
        assert actions.raise_ending(by=SYSTEM_ACTOR, at=at + 51 * DAY) == 0
    assert {one.about for one in due(case)} == {near.pk, far.pk}
    for _ in range(2):
        did(world, actions.end_condition, far, at=at + 52 * DAY, why="replaced")
    assert [one.about for one in due(case)] == [near.pk]
    with pytest.raises(RuleBroken, match="Choose why"):
        did(world, actions.end_condition, near, at=at, why="")
    assert Event.objects.filter(name="others.condition_ended").count() == 1


def test_a_client_who_is_the_other_party_of_another_is_a_conflict_for_the_manager_of_both(world: World) -> None:
    hers = case_of(world)
    his = case_of(world, "other_caseworker", source_ref="his", identity=somebody("Ramon", "O'Testerly Vale"), points=())
    looked(his, world.now)
    kept(world, hers, world.now + HOUR)
    assert looked(hers, world.now + HOUR) == 2 and looked(his, world.now + HOUR) == 0
    assert {(one.case_id, one.what) for one in Clash.objects.all()} == {
        (hers.pk, "other_is_client"), (his.pk, "client_is_other")
    }  # fmt: skip
    assert len(due(hers, actions.CLASH)) == len(due(his, actions.CLASH)) == 1
    with transaction.atomic(), inside_of(world, "service_manager"):
        (found,) = queries.waits(hers, world.actor("service_manager"))
        assert found[1] == his
    for person in ("caseworker", "neighbour_manager", "neighbour_caseworker"):
        with transaction.atomic(), inside_of(world, person):
            assert queries.waits(hers, world.actor(person)) == () and not Clash.objects.exists()
    for wrong in ({"answer": "", "words": "x"}, {"answer": "apart", "words": " "}):
        with pytest.raises(RuleBroken):
            did(world, actions.settle, found[0], person="service_manager", at=world.now + 2 * HOUR, **wrong)
    for _ in range(2):
        did(world, actions.settle, found[0], person="service_manager", at=world.now + 2 * HOUR, answer="apart",
            words="Other days")  # fmt: skip
    assert not due(hers, actions.CLASH) and not due(his, actions.CLASH)
    assert queries.words_of(Clash.objects.get(case=his)) == "Other days"


def test_several_reasons_about_two_cases_come_up_once_of_each_and_are_decided_together(world: World) -> None:
    hers = case_of(world)
    his = case_of(world, "other_caseworker", source_ref="his", identity=somebody("Ramon", "O'Testerly Vale"), points=())
    looked(his, world.now)
    kept(world, hers, world.now + HOUR)
    looked(hers, world.now + HOUR)
    with transaction.atomic(), inside(Realm.WORKER):
        for mine, other in ((hers, his), (his, hers)):
            what = Clash.What.SAME_GROUP
            assert actions.note_clash(mine, other, what, by=SYSTEM_ACTOR, at=world.now + HOUR)
    assert Clash.objects.count() == 4
    assert len(due(hers, actions.CLASH)) == len(due(his, actions.CLASH)) == 1
    with transaction.atomic(), inside_of(world, "service_manager"):
        by = world.actor("service_manager")
        held = queries.waits(hers, by)
        (shown,) = presenters.conflicts(held, presenters.titles(world.now.date()), {})
        assert shown.also == ("They may be in one group",) and not shown.weak
        (pair,) = queries.pairs([held[0][0].pk], by).values()
        assert pair.cases == {hers.pk, his.pk} and len(pair.why) == 2
    with transaction.atomic(), inside_of(world, "caseworker"):
        assert queries.pairs([held[0][0].pk], world.actor("caseworker")) == {}
    did(world, actions.settle, held[0][0], person="service_manager", at=world.now + 2 * HOUR, answer="apart",
        words="Other days")  # fmt: skip
    assert not Clash.objects.filter(settled_at=None).exists()
    assert not due(hers, actions.CLASH) and not due(his, actions.CLASH)


def test_another_date_of_birth_is_another_person_and_the_same_victim_is_no_conflict(world: World) -> None:
    hers = case_of(world)
    born = TESTINA.birth_date
    case_of(world, source_ref="his", identity=somebody("Ramon", "O'Testerly Vale", birth_date=born), points=())
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.index_all(by=SYSTEM_ACTOR, at=world.now) == 2
    kept(world, hers, world.now + HOUR)
    assert looked(hers, world.now + HOUR) == 0
    kept(world, hers, world.now + HOUR, name=f"{TESTINA.given_name} {TESTINA.family_name}", born=None, phones="",
         emails="", aliases="")  # fmt: skip
    assert looked(hers, world.now + HOUR) == 0


@pytest.mark.parametrize(
    ("born", "found"), [(None, 2), (date(1985, 9, 3), 2), (date(1985, 3, 9), 2), (date(1986, 3, 9), 0)]
)
def test_a_misspelt_name_is_a_weaker_hint_for_the_manager_unless_the_year_of_birth_differs(
    world: World, born: date | None, found: int
) -> None:
    """The other party was born on 9 March 1985. A day may be mistaken, a year speaks against it."""
    hers = case_of(world)
    his = case_of(world, source_ref="his", identity=somebody("Raymon", "Otesterlie-Vail", birth_date=born), points=())
    looked(his, world.now)
    kept(world, hers, world.now + HOUR)
    assert looked(hers, world.now + HOUR) == found and looked(his, world.now + HOUR) == 0
    said = {(hers.pk, "sounds_like_client"), (his.pk, "client_sounds_like")} if found else set()
    assert {(one.case_id, one.what) for one in Clash.objects.all()} == said
    for person in ("caseworker", "neighbour_manager"):
        with transaction.atomic(), inside_of(world, person):
            assert not Clash.objects.exists()


def test_the_same_name_is_no_weaker_hint_too(world: World) -> None:
    hers = case_of(world)
    his = case_of(world, source_ref="his", identity=somebody("Ramon", "O'Testerly Vale"), points=())
    kept(world, hers, world.now + HOUR)
    looked(his, world.now)
    assert {one.what for one in Clash.objects.all()} == {"other_is_client", "client_is_other"}


def test_how_a_name_sounds_is_kept_as_a_key_alone(world: World) -> None:
    kept(world, case_of(world), world.now)
    key = Key.objects.get(kind=rules.SOUND, side=Key.Side.OTHER)
    (sound,) = rules.sounding_names(["Ramón O’Testerly-Vale"])
    assert len(bytes(key.lookup)) == 16 and sound.encode() not in bytes(key.lookup)
    assert bytes(key.lookup) != crypt.blind(rules.NAME, sound) and bytes(key.born) != crypt.blind("born", "1985")
    assert bytes(key.born) == crypt.blind("birth_year", "1985")


def test_a_number_in_common_is_a_conflict_too_and_a_name_put_right_is_compared_again(world: World) -> None:
    hers, his = case_of(world), case_of(world, source_ref="his", identity=somebody("Ana", "Sampling"), points=())
    kept(world, hers, world.now + HOUR)
    assert looked(hers, world.now + HOUR) == 0
    messages.add(his.victim_id, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk,
                 kind="phone", value=PHONE, safe="yes")  # fmt: skip
    assert looked(his, world.now + HOUR) == 2
    Clash.objects.all().delete()
    jobs.look_of.func(event="", subject=str(his.victim_id))
    jobs.look.func(event="", subject=str(hers.pk))
    assert Clash.objects.count() == 2
    Case.objects.filter(pk=hers.pk).update(state="CLOSED", closed_at=world.now)
    Clash.objects.all().delete()
    Item.objects.all().delete()
    assert looked(his, world.now + HOUR) == 2 and not due(hers, actions.CLASH) and due(his, actions.CLASH)
    assert actions.look(hers.victim_id, by=SYSTEM_ACTOR, at=world.now) == 0


def test_every_night_what_nothing_is_compared_of_yet_is(world: World, case: Case) -> None:
    jobs.night.func()
    assert Key.objects.filter(case=case, side="client", kind=rules.NAME).exists()
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.index_all(by=SYSTEM_ACTOR, at=world.now) == 0


def test_what_a_closed_case_kept_is_forgotten_after_its_time(world: World, case: Case) -> None:
    party, stays = kept(world, case, world.now + HOUR), case_of(world, source_ref="other", points=())
    ordered(world, party, world.now + HOUR, world.now.date() + 3 * DAY)
    kept(world, stays, world.now + HOUR)
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=world.now)
    assert actions.forget(before=world.now) == 0
    assert actions.forget(before=world.now + DAY) == 1
    for model in (Party, Condition, Key, Danger):
        assert not model.objects.filter(case=case).exists()
    assert Party.objects.filter(case=stays).exists() and not Barred.objects.filter(cause_id=party.piece).exists()
    assert Barred.objects.exists()


def test_a_visit_is_warned_of_for_everybody_at_the_provider(world: World, case: Case) -> None:
    kept(world, case, world.now + HOUR, dangers=["dog", "weapon"])
    with transaction.atomic(), inside_of(world, "other_caseworker"):
        said = queries.visit_warnings([case.pk], world.now.date())[case.pk]
    assert said.startswith("Two go together") and "dog" in said and "weapon" in said and "Ramón" not in said
    with transaction.atomic(), inside_of(world, "neighbour_caseworker"):
        assert queries.visit_warnings([case.pk], world.now.date()) == {}
