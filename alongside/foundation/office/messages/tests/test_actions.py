"""The only door out: what is asked for is sent to a safe channel at a safe hour, or refused and kept."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.foundation.office.messages import actions, queries
from alongside.foundation.office.messages.contents import CONTENTS, PURPOSES, Content
from alongside.foundation.office.messages.gateway import GatewayFailed
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from tests.world import World

pytestmark = pytest.mark.django_db
PHONE = "07700 900123"


class Door:
    """A gateway that remembers what went through it."""

    def __init__(self, fails: GatewayFailed | None = None) -> None:
        self.sent: list[tuple[str, str, Content]] = []
        self.fails = fails

    def deliver(self, item: UUID, kind: str, value: str, content: Content) -> str:
        if self.fails:
            raise self.fails
        self.sent.append((kind, value, content))
        return f"door:{item}"


def point(world: World, person: UUID, **words: Any) -> ContactPoint:
    given = {"kind": "phone", "value": PHONE, "safe": "yes", "verified_how": "by voice", **words}
    return actions.add(person, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk, **given)


def ask(world: World, person: UUID, template: str = "call_us", hidden: bool = False) -> Outgoing:
    return actions.ask(
        person, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk,
        purpose="first_contact", template=template, hidden=hidden,
    )  # fmt: skip


def send(world: World, item: Outgoing, door: Door, **later: int) -> Outgoing:
    return actions.send(item, by=world.actor("triage_officer"), at=world.now + timedelta(**later), through=door)


def test_a_message_to_a_verified_safe_phone_is_sent_once(world: World) -> None:
    person, door = uuid7(), Door()
    point(world, person)
    item = ask(world, person)
    assert send(world, item, door).state == Outgoing.State.SENT
    send(world, item, door)
    assert [(kind, value) for kind, value, _ in door.sent] == [("phone", PHONE)]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"safe": "no"}, "not_safe"),
        ({"safe": "unknown"}, "not_safe"),
        ({"verified_how": ""}, "not_verified"),
        ({"kind": "address", "value": "1 Sample Street"}, "no_channel"),
        ({"safe_times": "only by arrangement"}, "times_in_words"),
    ],
)
def test_what_is_not_safe_is_refused_and_kept_with_why(world: World, words: dict[str, str], why: str) -> None:
    person = uuid7()
    point(world, person, **words)
    item = ask(world, person)
    assert (item.state, item.refused_why, item.contact_point) == (Outgoing.State.REFUSED, why, None)
    assert Event.objects.filter(name="message.refused", subject=item.pk).exists()


def test_nobody_without_a_way_of_contact_is_written_to(world: World) -> None:
    assert ask(world, uuid7()).refused_why == "no_channel"


def test_only_approved_words_can_be_asked_for(world: World) -> None:
    with pytest.raises(RuleBroken, match="approved"):
        ask(world, uuid7(), template="free_text")


def test_a_number_on_another_persons_record_is_blocked(world: World) -> None:
    person, other = uuid7(), uuid7()
    point(world, person)
    item = ask(world, person)
    point(world, other, value="+447700900123")
    door = Door()
    assert send(world, item, door).refused_why == "shared_elsewhere"
    assert door.sent == []


def test_safety_is_looked_at_again_when_sending(world: World) -> None:
    person, door = uuid7(), Door()
    held = point(world, person)
    item = ask(world, person)
    actions.change_safety(held, by=world.actor("triage_officer"), at=world.now, safe="no")
    assert send(world, item, door).state == Outgoing.State.REFUSED
    assert door.sent == []


def test_a_message_waits_for_its_hour(world: World) -> None:
    person, door = uuid7(), Door()
    point(world, person, safe_times="14:00-15:00")
    item = ask(world, person)
    assert send(world, item, door).state == Outgoing.State.WAITING
    late = send(world, item, door, hours=5)
    assert (late.state, late.not_before) == (Outgoing.State.WAITING, world.now + timedelta(hours=27))
    assert send(world, item, door, hours=27).state == Outgoing.State.SENT


def test_a_way_of_contact_that_ran_out_is_not_used(world: World) -> None:
    person, door = uuid7(), Door()
    point(world, person)
    assert send(world, ask(world, person), door, days=91).state == Outgoing.State.REFUSED


def test_a_retired_way_is_out_of_use_for_good(world: World) -> None:
    person = uuid7()
    held = actions.retire(point(world, person), by=world.actor("triage_officer"), at=world.now, why="moved")
    assert ask(world, person).state == Outgoing.State.REFUSED
    with pytest.raises(RuleBroken, match="no longer in use"):
        actions.change_safety(held, by=world.actor("triage_officer"), at=world.now, safe="yes")


def test_a_change_of_safety_starts_its_time_again(world: World) -> None:
    person = uuid7()
    held = point(world, person, verified_how="")
    actions.change_safety(held, by=world.actor("triage_officer"), at=world.now, safe="yes", verified_how="by voice")
    assert ask(world, person).state == Outgoing.State.WAITING


def test_a_gateway_that_refuses_is_on_record_and_one_that_is_busy_is_tried_again(world: World) -> None:
    person = uuid7()
    point(world, person)
    final = send(world, ask(world, person), Door(GatewayFailed("template_missing", again=False)))
    assert (final.state, final.refused_why) == (Outgoing.State.FAILED, "undelivered")
    with pytest.raises(GatewayFailed):
        send(world, ask(world, person), Door(GatewayFailed("notify_503", again=True)))


def test_the_strip_says_what_is_safe(world: World) -> None:
    person = uuid7()
    assert queries.safe_contact(person, hidden=False).danger
    point(world, person, safe="unknown", verified_how="", safe_times="09:00-12:00")
    open_crime, hidden = (queries.safe_contact(person, hidden=word) for word in (False, True))
    assert "Ask first" in open_crime.headline
    assert "9am to midday" in open_crime.headline
    assert hidden.danger
    point(world, person, kind="email", value="testina@post.example", leave_message=True)
    assert "Write by e-mail" in queries.safe_contact(person, hidden=True).headline


HOUSEHOLD = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.integers(0, 2),
            "number": st.integers(0, 2),
            "safe": st.sampled_from(["yes", "no", "unknown"]),
            "verified": st.booleans(),
            "days_old": st.sampled_from([0, 89, 90, 200]),
            "times": st.sampled_from(["", "00:00-23:59", "01:00-02:00", "ask my sister"]),
            "retired": st.booleans(),
        }
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(HOUSEHOLD)
def test_nothing_ever_leaves_by_an_unsafe_door(world: World, household: list[dict[str, Any]]) -> None:
    """Households with shared numbers, every mix of safe, verified, old and retired: one hundred tries of each run."""
    by, door = world.actor("triage_officer"), Door()
    people = [uuid7() for _ in range(3)]
    for row in household:
        held = actions.add(
            people[row["person"]], by=by, at=world.now - timedelta(days=row["days_old"]),
            organisation_id=world.hub.pk, kind="phone", value=f"07700 90012{row['number']}", safe=row["safe"],
            safe_times=row["times"], verified_how="voice" if row["verified"] else "",
        )  # fmt: skip
        if row["retired"]:
            actions.retire(held, by=by, at=world.now, why="moved")
    for person in people:
        actions.send(ask(world, person), by=by, at=world.now, through=door)
    live = [row for row in household if not row["retired"]]
    for _, value, content in door.sent:
        used = [row for row in live if value.endswith(str(row["number"]))]
        assert len({row["person"] for row in used}) == 1
        assert any(
            row["safe"] == "yes" and row["verified"] and row["days_old"] < 90 and row["times"] in ("", "00:00-23:59")
            for row in used
        )
        assert content in CONTENTS.values()
    ContactPoint.objects.update(retired_at=world.now)


def test_a_number_is_put_right_once_and_the_wrong_one_stays_out_of_use(world: World) -> None:
    wrong, by = point(world, uuid7()), world.actor("triage_officer")
    given: dict[str, Any] = {"by": by, "at": world.now, "organisation_id": world.hub.pk, "safe": "unknown"}
    right = actions.correct(wrong, value="07700 900124", **given)
    assert [held.pk for held in queries.points_of(wrong.person_id)] == [right.pk]
    assert (right.safe, right.verified_at) == ("unknown", None)
    with pytest.raises(RuleBroken, match="meanwhile"):
        actions.correct(wrong, value="07700 900125", **given)


def test_a_way_to_which_they_said_no_is_not_used(world: World) -> None:
    person = uuid7()
    point(world, person)
    by = world.actor("triage_officer")
    given: dict[str, Any] = {"by": by, "at": world.now, "organisation_id": world.hub.pk, "hidden": False}
    item = actions.ask(person, purpose="reminder", template="we_will_call", barred={"phone"}, **given)
    assert item.refused_why == "said_no"
    point(world, person, kind="email", value="testina@sample.example")
    item = actions.ask(person, purpose="reminder", template="we_will_call", barred={"phone"}, **given)
    assert item.contact_point is not None and item.contact_point.kind == "email"


def test_every_approved_text_has_a_purpose() -> None:
    assert {queries.purpose_of(code) for code, _, _ in queries.approved()} <= set(PURPOSES)


def test_two_people_without_a_number_that_can_be_compared_share_none(world: World) -> None:
    points = [point(world, uuid7(), value=words) for words in ("unknown", "none given")]
    assert [bytes(one.lookup) for one in points] == [b"", b""]
    assert queries.shared_lookups(points) == set()


def test_a_number_on_another_record_of_the_same_person_is_used(world: World) -> None:
    person, same, stranger = uuid7(), uuid7(), uuid7()
    held = point(world, person)
    point(world, same)
    given: dict[str, Any] = {"by": world.actor("triage_officer"), "at": world.now}
    asked = {**given, "organisation_id": world.hub.pk, "purpose": "reminder", "template": "call_us", "hidden": False}
    assert actions.ask(person, **asked).refused_why == "shared"
    item, door = actions.ask(person, **asked, same={same}), Door()
    assert actions.send(item, **given, through=door, same={same}).state == Outgoing.State.SENT
    point(world, stranger)
    item = actions.ask(person, **asked, same={same, stranger})
    assert actions.send(item, **given, through=door, same={same}).state == Outgoing.State.REFUSED
    assert (len(door.sent), queries.shared_lookups([held], same={same, stranger})) == (1, set())
