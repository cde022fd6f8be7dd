"""Erasure: nothing too early, nothing left behind, nobody's but theirs, and what somebody holds stays."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Draft, Erasure, Event, Grant, PersonKey
from alongside.core.privacy import crypt, fields
from alongside.core.privacy.register import register
from alongside.core.rows.declared import ours
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook import queries as rules
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SentAgain
from alongside.support.arrivals.intake.models import Sent
from alongside.support.arrivals.mending.models import Mend
from alongside.support.arrivals.referrals.models import Addition, Attempt, NeedsAssessment, Referral, Standing, Ticket
from alongside.support.keeping.retention import actions, jobs, queries
from alongside.support.keeping.retention.models import Hold
from alongside.support.people.victims.models import Agreement, Basis, SamePerson, Victim
from tests.story import DAY, RECEIVED, Story
from tests.world import World

pytestmark = pytest.mark.django_db
CLOSED = RECEIVED + 10 * DAY
WEEKS = timedelta(weeks=1)
# Ids alone, kept for their own time; the last until the next whole snapshot, which takes the rows away by them.
LOGS = {"core_event", "core_look", "collect_touched"}


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


@contextmanager
def working() -> Iterator[None]:
    with transaction.atomic(), inside(Realm.WORKER):
        yield


def night(at: datetime, **words: Any) -> Erasure:
    with working():
        return actions.erase_night(by=SYSTEM_ACTOR, at=at, **words)


def seen() -> set[UUID]:
    """The records that anybody sees."""
    return set(Victim.objects.exclude(visible_orgs=[]).values_list("pk", flat=True))


def declined(story: Story, at: datetime = CLOSED) -> Referral:
    return story.close_referral(story.referral(), at, "victim_declined")


def tables_that_hold(*keys: Any) -> dict[str, int]:
    """Every table, searched as text for these ids in any spelling."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            likely = " OR ".join(["t::text ILIKE %s"] * len(keys) * 2)
            spelt = [f"%{spelling}%" for key in keys for spelling in (str(key), getattr(key, "hex", str(key)))]
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE {likely}', spelt)
            number = cursor.fetchone()[0]
            if number:
                found[table] = number
    return found


def whole_record(story: Story) -> tuple[list[Any], Referral]:
    """A supported victim with a row in every table that can hold one. Returns every key."""
    referral = story.referral()
    case, victim = story.case(referral), referral.victim
    contact = story.contact(case)
    story.sitting(case, CLOSED, safety=3)
    point = ContactPoint(person_id=victim.pk, recorded_by=referral.hub_id, kind="phone", recorded_at=RECEIVED)
    fields.write(point, value="07700900123")
    point.save(force_insert=True)
    out = Outgoing.objects.create(
        person_id=victim.pk, recorded_by=referral.hub_id, contact_point=point, purpose="x", template="x",
        state="SENT", asked_at=RECEIVED,
    )  # fmt: skip
    Agreement.objects.create(victim=victim, about="support", given=True, recorded_at=RECEIVED)
    Basis.objects.create(victim=victim, purpose="x", basis="x", recorded_at=RECEIVED)
    Attempt.objects.create(
        referral=referral, victim_id=victim.pk, channel="phone", result="spoke", reached=True, attempted_at=RECEIVED
    )
    NeedsAssessment.objects.create(referral=referral, victim_id=victim.pk, assessed_at=RECEIVED)
    Standing.objects.create(
        id=uuid7(), referral=referral, hub_id=referral.hub_id, organisation_id=story.world.force.pk, reference="S",
        word="received", since=RECEIVED, received_at=RECEIVED,
    )  # fmt: skip
    ticket = Ticket.objects.create(
        id=uuid7(), referral=referral, hub_id=referral.hub_id, victim_id=victim.pk, lookup=referral.pk.bytes, word="x",
        since=RECEIVED,
    )  # fmt: skip
    Addition.objects.create(
        id=uuid7(), ticket=ticket, victim_id=victim.pk, kind="words", added_at=RECEIVED, handled_at=RECEIVED
    )
    delivery = Delivery.objects.create(
        hub_id=referral.hub_id, source=story.world.force, file="f", sha256="0", charset="utf-8", received_at=RECEIVED,
        sent=0, accepted=0, duplicate=0,
    )  # fmt: skip
    kept = KeptRow(
        delivery=delivery, hub_id=referral.hub_id, line=2, outcome="held", reason="changed", referral_id=referral.pk,
        expires_at=RECEIVED + 3000 * DAY,
    )  # fmt: skip
    fields.write(kept, content="{}")
    kept.save(force_insert=True)
    again = KeptRow.objects.create(
        delivery=delivery, hub_id=referral.hub_id, line=3, outcome="held", reason="changed", victim=victim,
        expires_at=RECEIVED + 3000 * DAY,
    )  # fmt: skip
    SentAgain.objects.create(delivery=delivery, hub_id=referral.hub_id, line=4, kept=kept)
    Mend.objects.create(kept=kept, hub_id=referral.hub_id, number=1, mended_at=RECEIVED)
    hold = Hold.objects.create(
        victim=victim, reason="complaint", review_on=CLOSED, set_at=RECEIVED, ended_at=CLOSED
    )  # fmt: skip
    Draft.objects.create(
        id=uuid7(), user_id=uuid7(), form=f"casework.add_note:{case.pk}", body=b"x", saved_at=RECEIVED,
        expires_at=RECEIVED,
    )  # fmt: skip
    story.close(case, CLOSED)
    story.close_referral(referral, CLOSED, "support_completed")
    return [
        victim.pk,
        referral.pk,
        case.pk,
        contact.pk,
        point.pk,
        out.pk,
        ticket.pk,
        kept.pk,
        again.pk,
        hold.pk,
    ], referral


def test_every_model_that_is_kept_as_support_is_erased_with_the_person() -> None:
    kept = {filing.model for filing in register() if filing.retention in {"support", "message", "other_party"}}
    sooner = {"imports.Row"}  # kept for a shorter time of its own, and gone with the person all the same
    assert kept | sooner == {model._meta.label for model, _, _ in actions.ERASED}


def test_every_column_that_names_a_person_is_known() -> None:
    """A table that grows a column for a victim, a case or a referral is erased by it, or is a log."""
    named = {"victim_id": "victim", "person_id": "victim", "case_id": "case", "referral_id": "referral"}
    known = {(model._meta.db_table, column) for model, column, _ in actions.ERASED}
    direct = {table for table, _ in known}
    loose = [
        (model._meta.db_table, field.attname)
        for model in ours() for field in model._meta.concrete_fields
        if field.attname in named and model._meta.db_table not in direct
    ]  # fmt: skip
    assert sorted(loose) == [
        ("core_personkey", "person_id"),
        ("feeds_keptrow", "referral_id"),
        ("feeds_keptrow", "victim_id"),
    ]


def test_nothing_of_a_person_is_left_but_ids_in_the_logs(story: Story) -> None:
    keys, referral = whole_record(story)
    other, _ = whole_record(story)
    before = {table: count for table, count in tables_that_hold(*other).items() if table not in LOGS}
    done = night(CLOSED + 7 * 366 * DAY, at_most=1)
    assert done.erased["support"] == 1 and done.waiting == {"support": 1}
    gone, stayed = (keys, other) if not Victim.objects.filter(pk=keys[0]).exists() else (other, keys)
    assert set(tables_that_hold(*gone)) <= LOGS
    assert not PersonKey.objects.filter(person_id__in=gone).exists()
    assert not Grant.objects.filter(subject__in=gone).exists()
    left = {table: count for table, count in tables_that_hold(*stayed).items() if table not in LOGS}
    assert left.keys() == before.keys() - {"messages_outgoing"}  # messages have a shorter time of their own
    erased = Event.objects.get(name="victim.erased")
    assert erased.details["kept_as"] == "support" and erased.details["rule"].startswith("support@")
    assert erased.organisation_id == referral.hub_id


def test_what_is_left_of_a_referral_without_support_names_nobody_and_is_seen_by_nobody(story: Story) -> None:
    referral = story.referral()
    offer = story.offer(referral, state="DECLINED", answered_at=CLOSED, declined_why="capacity", language="pl")
    story.close_referral(referral, CLOSED, "victim_declined")
    late = CLOSED + 60 * WEEKS
    keys = (referral.pk, referral.victim_id, offer.pk, referral.reference)
    assert night(late).erased == {"no_take_up": 1}
    assert set(tables_that_hold(*keys)) <= LOGS
    assert set(tables_that_hold("Canary", "Canaryson", "SRC-CANARY")) <= LOGS
    (left,), (victim,) = Referral.objects.all(), Victim.objects.all()
    assert (left.visible_orgs, victim.visible_orgs, victim.birth_date) == ([], [], None)
    assert left.received_at.minute == 0 and bytes(left.notes) == b"" and not PersonKey.objects.exists()
    with transaction.atomic(), inside(Realm.HUB, orgs=(referral.hub_id,)):
        assert not Referral.objects.exists() and not Victim.objects.exists()
    assert night(late).erased == {}


def test_even_the_counts_end_with_the_time_of_snapshots(story: Story) -> None:
    declined(story)
    night(CLOSED + 60 * WEEKS)
    night(RECEIVED + 6 * 366 * DAY)
    assert not Victim.objects.exists() and not Referral.objects.exists()


def test_a_record_is_erased_on_its_day_and_not_the_day_before(story: Story) -> None:
    referral = declined(story)
    assert night(CLOSED + 6 * WEEKS - DAY).erased == {}
    assert night(CLOSED + 6 * WEEKS).erased == {"no_take_up": 1}
    assert not Victim.objects.filter(pk=referral.victim_id).exists()
    assert night(CLOSED + 6 * WEEKS).erased == {}


@pytest.mark.parametrize(
    ("why", "last_day"),
    [("not_reached", date(2027, 1, 15)), ("advice_given", date(2032, 7, 15)), ("an_old_reason", date(2032, 7, 15))],
)
def test_the_reason_for_closing_says_how_long(story: Story, why: str, last_day: date) -> None:
    story.close_referral(story.referral(), CLOSED, why)
    kept = datetime(last_day.year, last_day.month, last_day.day, 12, tzinfo=UTC)
    assert night(kept).erased == {}
    assert sum(night(kept + DAY).erased.values()) == 1


def test_what_is_open_is_never_erased(story: Story) -> None:
    late = CLOSED + 20 * 366 * DAY
    story.referral()
    story.case(declined(story))
    came_back = declined(story)
    ticket = Ticket.objects.create(
        id=uuid7(), referral=came_back, hub_id=came_back.hub_id, victim_id=came_back.victim_id, lookup=b"1", word="x",
        since=RECEIVED,
    )  # fmt: skip
    words = Addition.objects.create(
        id=uuid7(), ticket=ticket, victim_id=came_back.victim_id, kind="words", added_at=late - DAY
    )
    assert night(late).kept == {"held": 0, "open": 3, "not_yet": 0}
    words.handled_at = late
    words.save(update_fields=["handled_at"])
    assert night(late).erased == {}
    assert night(late + 6 * WEEKS).erased == {"no_take_up": 1}


def test_a_record_that_opened_again_before_it_was_locked_stays(story: Story) -> None:
    referral = declined(story)
    late = CLOSED + 60 * WEEKS
    with working():
        over = queries.reckon(late.date()).over
    Referral.objects.filter(pk=referral.pk).update(state="IN_TRIAGE", closed_at=None)
    with working():
        assert actions._erase(over, by=SYSTEM_ACTOR, at=late) == {}
    assert Victim.objects.filter(pk=referral.victim_id).exists()


def test_a_judgement_goes_with_either_of_its_records(story: Story) -> None:
    left, right = declined(story), story.referral()
    SamePerson.objects.create(
        id=uuid7(), hub_id=left.hub_id, left=left.victim, right=right.victim, judgement="same", judged_by=uuid7(),
        judged_at=RECEIVED,
    )  # fmt: skip
    night(CLOSED + 60 * WEEKS)
    assert not SamePerson.objects.exists()
    assert seen() == {right.victim_id}


def test_an_office_that_keeps_longer_is_obeyed_from_the_day_of_its_rule(story: Story) -> None:
    declined(story)
    held = rules.rule("retention", "no_take_up", timezone.now().date())
    body = {**held.body, "keep": 20}
    manager = story.world.actor("hub_manager")
    rulebook.revise(
        "retention", "no_take_up", by=manager, at=CLOSED, title=held.title, body=body, source="A test",
        since=CLOSED.date() + DAY,
    )  # fmt: skip
    assert night(CLOSED + 10 * WEEKS).soon == {}
    assert night(CLOSED + 18 * WEEKS).soon == {"no_take_up": 1}
    assert night(CLOSED + 20 * WEEKS).erased == {"no_take_up": 1}


def test_no_more_than_the_limit_goes_in_one_night_the_longest_past_first(story: Story) -> None:
    later, first = declined(story, CLOSED + DAY), declined(story, CLOSED)
    assert night(CLOSED + 60 * WEEKS, at_most=1).waiting == {"no_take_up": 1}
    assert seen() == {later.victim_id} and first.victim_id != later.victim_id


def test_a_hold_keeps_a_record_until_it_is_ended(story: Story) -> None:
    referral, late = declined(story), CLOSED + 60 * WEEKS
    manager = story.world.actor("hub_manager")
    words: dict[str, Any] = {
        "reason": "criminal_case",
        "words": "The officer in the case asked",
        "review_on": date(2027, 1, 1),
    }
    held = actions.hold(referral.victim, by=manager, at=CLOSED, **words)
    assert b"officer" not in bytes(held.words) and fields.read(held, "words") == words["words"]
    assert night(late).kept == {"held": 1, "open": 0, "not_yet": 0}
    actions.end_hold(held, by=manager, at=late)
    with pytest.raises(RuleBroken, match="already"):
        actions.end_hold(held, by=manager, at=late)
    assert night(late).erased == {"no_take_up": 1}
    with pytest.raises(RuleBroken, match="erased"):
        actions.hold(referral.victim, by=manager, at=CLOSED, **words)
    assert list(Event.objects.filter(subject=referral.victim_id).order_by("at").values_list("name", flat=True)) == [
        "victim.held", "victim.hold_ended", "victim.erased",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field"), [({"reason": "because"}, "reason"), ({"review_on": CLOSED.date()}, "review_on")]
)
def test_a_hold_has_a_reason_and_a_day_to_look_again(story: Story, changed: dict[str, Any], field: str) -> None:
    given = {"reason": "complaint", "words": "x", "review_on": date(2028, 1, 1), **changed}
    with pytest.raises(RuleBroken) as broken:
        actions.hold(story.victim(), by=story.world.actor("hub_manager"), at=CLOSED, **given)
    assert broken.value.field == field


def test_messages_and_sent_forms_have_times_of_their_own(story: Story) -> None:
    victim, hub = story.referral().victim, story.world.hub.pk
    asked = {"person_id": victim.pk, "recorded_by": hub, "purpose": "x", "template": "x", "asked_at": RECEIVED}
    sent = Outgoing.objects.create(state="SENT", sent_at=RECEIVED + DAY, **asked)
    waiting = Outgoing.objects.create(state="WAITING", **asked)
    Sent.objects.create(token=uuid7(), organisation_id=hub, reference="AL", sent_at=RECEIVED)
    assert night(RECEIVED + 6 * WEEKS - DAY).erased == {}
    assert night(RECEIVED + 6 * WEEKS).erased == {"unfinished_form": 1}
    assert night(RECEIVED + 365 * DAY).erased == {}
    assert night(RECEIVED + 367 * DAY).erased == {"message": 1}
    assert list(Outgoing.objects.all()) == [waiting] and sent.pk != waiting.pk


def test_what_was_sealed_opens_no_more(story: Story) -> None:
    referral = declined(story)
    envelope, victim = bytes(referral.notes), referral.victim_id
    night(CLOSED + 60 * WEEKS)
    with pytest.raises(crypt.SealBroken, match="destroyed"):
        crypt.unseal(victim, "referrals_referral", referral.pk, "notes", envelope)


def test_the_command_counts_and_erases_nothing_when_dry(story: Story) -> None:
    story.close_referral(story.referral(), timezone.now() - 50 * WEEKS, "victim_declined")
    story.close_referral(story.referral(), timezone.now() - 5 * WEEKS, "victim_declined")
    said = StringIO()
    call_command("erase", "--dry-run", "--json", stdout=said)
    found = json.loads(said.getvalue())
    assert (found["over"], found["within_30_days"]) == ({"no_take_up": 1}, {"no_take_up": 1})
    assert Victim.objects.count() == 2 and not Erasure.objects.exists()
    call_command("erase", "--dry-run", stdout=said)
    call_command("erase", stdout=said)
    assert "erased: no_take_up 1" in said.getvalue()
    assert len(seen()) == 1


def test_the_nightly_job_leaves_its_note(story: Story) -> None:
    story.close_referral(story.referral(), timezone.now() - 50 * WEEKS, "victim_declined")
    jobs.erase_night()
    jobs.erase_night()
    assert [note.erased for note in Erasure.objects.order_by("at")] == [{"no_take_up": 1}, {}]
    assert Event.objects.filter(name="erasure.done").count() == 2
