"""Requests for records: what one must say, who decides, and that counselling records never leave on one's word."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.accounts.models import User
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.material import actions, presenters, queries, rules
from alongside.support.cases.material.actions import Decision, Wanted
from alongside.support.cases.material.models import Request
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 14)  # a Monday
SAYS = ("written", "what", "belief", "enquiry", "necessary", "proportionate", "notice")
COUNSELLING = ("counselling_value", "counselling_senior")
WANTED = Wanted(
    body="police", office="Testshire Police", asked_on=DAY - timedelta(days=3), came_on=DAY, kinds=["notes"],
    scope="Notes of March", enquiry="An alibi", their_ref="20/1/26", found=SAYS,
)  # fmt: skip


def act(
    world: World, verb: Callable[..., Any], record: Any, *rest: Any, person: str = "caseworker", days: int = 0,
    by: Actor | None = None, **words: Any,
) -> Any:  # fmt: skip
    with transaction.atomic(), inside(world, person):
        actor = by or world.actor(person)
        return verb(record, *rest, by=actor, at=world.now + timedelta(days=days, hours=2), **words)


def asked(world: World, case: Case | None = None, **changes: Any) -> Request:
    found: Request = act(world, actions.take_down, case or accepted(world), replace(WANTED, **changes))
    return found


def fresh(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


def made(world: World, decision: str = "PROVIDED", **changes: Any) -> Decision:
    words: dict[str, Any] = {"provided": "Notes of 3 March", "checked_by": world.people["caseworker"].pk}
    return Decision(decision, **{**words, **changes})


def due() -> list[tuple[str, date]]:
    found = Item.objects.filter(kind__startswith="material.").order_by("kind")
    return [(one.kind, one.due_at.date()) for one in found]


def second(world: World) -> Actor:
    """Another manager of the same charity."""
    other = world.people["other_caseworker"]
    return replace(world.actor("service_manager"), user_id=User.objects.get(pk=other.pk).pk)


def test_a_request_is_in_the_register_with_its_clock_and_what_it_says(world: World) -> None:
    one = asked(world)
    assert (one.state, one.counselling, one.due_on) == ("OPEN", False, date(2026, 9, 28))
    assert one.found[0] == "written@1" and fields.read(one, "scope") == "Notes of March"
    assert due() == [("material.decide", date(2026, 9, 28))]
    assert Event.objects.get(name="material.asked").subject == one.case_id
    case = Case.objects.get()
    assert asked(world, case).pk == one.pk, "its form was sent twice"
    assert asked(world, case, kinds=["plan"]).pk != one.pk


@pytest.mark.parametrize(("changes", "message"), [
    ({"body": "nobody"}, "Choose who asks"),
    ({"kinds": []}, "Choose which records"),
    ({"came_on": DAY + timedelta(days=1)}, "today or earlier"),
    ({"asked_on": DAY + timedelta(days=1)}, "before it was written"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(world: World, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleBroken, match=message):
        asked(world, **changes)


def test_a_vague_request_is_asked_back_and_cannot_be_provided(world: World) -> None:
    one = asked(world, found=("written", "what", "nothing_such"))
    assert [row.code for row in queries.lacks(one, DAY)] == [
        "belief",
        "enquiry",
        "necessary",
        "proportionate",
        "notice",
    ]
    with pytest.raises(RuleBroken, match="Ask for what is missing first"):
        act(world, actions.decide, one, made(world), person="service_manager", seen=1)
    draft = presenters.draft(queries.asked(one, DAY))
    assert "reference 20/1/26" in draft and "which reasonable line of enquiry" in draft and "not a refusal" in draft
    assert "Sampleford" not in draft and "presumed" not in draft
    act(world, actions.ask_back, one, seen=1)
    assert fresh(one).state == "ASKED_BACK" and due() == [("material.wait", date(2026, 9, 28))]
    act(world, actions.complete, one, days=7, found=SAYS, enquiry="Another", notice_on=DAY, seen=2)
    assert fresh(one).state == "OPEN" and due() == [("material.decide", date(2026, 10, 5))]
    with pytest.raises(RuleBroken, match="nothing to ask for"):
        act(world, actions.ask_back, one, seen=3)
    act(world, actions.complete, one, days=8, found=SAYS, enquiry="Another", notice_on=None, seen=3)
    assert fresh(one).due_on == date(2026, 10, 5), "nothing was waited for: its clock runs on"


def test_a_request_without_answer_is_refused_with_reasons(world: World) -> None:
    one = asked(world, found=())
    act(world, actions.ask_back, one, seen=1)
    with pytest.raises(RuleBroken, match="Choose the reasons"):
        act(world, actions.decide, one, Decision("REFUSED"), person="service_manager", seen=2)
    refusal = Decision("REFUSED", ["no_answer"], "Nothing came", "Kept out", world.people["caseworker"].pk)
    act(world, actions.decide, one, refusal, person="service_manager", seen=2)
    kept = fresh(one)
    assert (kept.state, kept.reasons, kept.checked_by) == ("REFUSED", ["no_answer"], None) and due() == []
    assert fields.read(kept, "why") == "Nothing came" and fields.read(kept, "provided") == ""


@pytest.mark.parametrize(("changes", "message"), [
    ({"decision": "PERHAPS"}, "Choose what is decided"),
    ({"decision": "PART"}, "Choose the reasons"),
    ({"provided": " "}, "List what is provided"),
    ({"checked_by": None}, "Choose who checked it"),
])  # fmt: skip
def test_a_decision_says_what_leaves_who_checked_it_and_why(
    world: World, changes: dict[str, Any], message: str
) -> None:
    one = asked(world)
    with pytest.raises(RuleBroken, match=message):
        act(world, actions.decide, one, made(world, **changes), person="service_manager", seen=1)


def test_a_part_is_provided_with_reasons_and_once(world: World) -> None:
    one = asked(world)
    act(world, actions.decide, one, made(world, "PART", reasons=["too_wide"]), person="service_manager", seen=1)
    assert (fresh(one).state, fresh(one).decided_by) == ("PART", world.people["service_manager"].pk)
    with pytest.raises(RuleBroken, match="Somebody else changed this"):
        act(world, actions.decide, one, made(world), person="service_manager", seen=1)
    with pytest.raises(RuleBroken, match="cannot provide"):
        act(world, actions.decide, one, made(world), person="service_manager", seen=2)


def test_counselling_records_take_a_second_manager(world: World) -> None:
    one = asked(world, kinds=["counselling"])
    assert one.counselling and [row.code for row in queries.lacks(one, DAY)] == list(COUNSELLING)
    assert "presumed" in presenters.draft(queries.asked(one, DAY))
    act(world, actions.complete, one, found=(*SAYS, *COUNSELLING), enquiry="x", notice_on=DAY, seen=1)
    act(world, actions.decide, one, made(world), person="service_manager", seen=2)
    assert fresh(one).state == "TO_APPROVE" and due()[0][0] == "material.approve"
    with pytest.raises(RuleBroken, match="Somebody else has to approve"):
        act(world, actions.approve, one, person="service_manager", seen=3)
    act(world, actions.send_back, one, person="service_manager", by=second(world), seen=3)
    assert fresh(one).state == "OPEN"
    part = made(world, "PART", reasons=["others_privacy"])
    act(world, actions.decide, one, part, person="service_manager", seen=4)
    act(world, actions.approve, one, person="service_manager", by=second(world), seen=5)
    assert (fresh(one).state, fresh(one).approved_by) == ("PART", world.people["other_caseworker"].pk) and due() == []


def test_all_that_was_asked_for_is_approved_in_the_same_way(world: World) -> None:
    one = asked(world, kinds=["counselling"], found=(*SAYS, *COUNSELLING))
    act(world, actions.decide, one, made(world), person="service_manager", seen=1)
    act(world, actions.approve, one, person="service_manager", by=second(world), seen=2)
    assert fresh(one).state == "PROVIDED"


def test_the_database_lets_no_counselling_record_leave_without_a_second_person(world: World) -> None:
    one = asked(world, kinds=["counselling"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=one.pk).update(state="PROVIDED")
    me = world.people["service_manager"].pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=one.pk).update(state="PART", decided_by=me, approved_by=me)


def test_an_order_of_a_court_is_not_held_up_by_what_a_request_must_say(world: World) -> None:
    one = asked(world, body="court", found=())
    act(world, actions.decide, one, made(world), person="service_manager", seen=1)
    assert fresh(one).state == "PROVIDED"


def test_the_victims_view_is_kept_with_its_day(world: World) -> None:
    one = asked(world)
    act(world, actions.hear, one, view="objects", spoken_on=DAY, seen=1)
    assert (fresh(one).view, fresh(one).spoken_on) == ("objects", DAY)
    for view, days, message in (("perhaps", 0, "Choose what they say"), ("objects", 1, "today or earlier")):
        with pytest.raises(RuleBroken, match=message):
            act(world, actions.hear, one, view=view, spoken_on=DAY + timedelta(days=days), seen=2)


def test_a_request_that_they_take_back_waits_no_more(world: World) -> None:
    one = asked(world)
    act(world, actions.take_back, one, seen=1)
    assert fresh(one).state == "WITHDRAWN" and due() == []


def test_a_request_may_come_after_the_case_has_closed(world: World) -> None:
    case = accepted(world)
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=world.now)
    assert asked(world, case).state == "OPEN"


def test_what_is_missing_is_told_by_codes_whatever_their_version(world: World) -> None:
    checks = queries.checks(DAY)
    assert not rules.missing(checks, [f"{code}@7" for code in SAYS], counselling=False)
