"""A snapshot that is made of a whole one and of what happened since equals a whole one of the same moment."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.facts.collect import basis
from alongside.facts.collect.models import Snapshot, Touched
from alongside.facts.collect.tests.test_actions import whole_story
from alongside.support.arrivals.referrals.models import NeedsAssessment, Offer, Referral
from alongside.support.cases.casework.models import Case, Contact, Need
from alongside.support.cases.groups.models import Mark, Meeting
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.risk.models import Sitting
from alongside.support.cases.waiting.models import Entry
from alongside.support.keeping.retention import actions as retention
from alongside.support.people.victims.models import SamePerson, Victim
from tests.story import DAY, LAST, RECEIVED, Story

pytestmark = pytest.mark.django_db
NEXT = LAST + DAY
EXAMPLES, PHASES = 15, (Phase.explicit, Phase.generate)  # a day that fails is said by its seed: it grows no smaller
Work = Callable[[Story, Random], object]


def any_of(random: Random, model: type) -> object | None:
    found = list(model.objects.order_by("pk"))  # type: ignore[attr-defined]
    return random.choice(found) if found else None


def some_time(random: Random) -> datetime:
    """Long ago, of late data; in the day that is told; or after it, of what has not come yet."""
    late, today = (RECEIVED - 20 * DAY, LAST - 5 * DAY), (LAST + DAY / 3, LAST + DAY / 2)
    ahead = (NEXT + DAY / 4, NEXT + DAY)
    return random.choice((*late, *today, *ahead))


def arrive(story: Story, random: Random) -> None:
    words: Any = {"victim": any_of(random, Victim)} if random.random() < 0.5 else {}
    story.referral(some_time(random), source=random.choice(("police_feed", "self", "brought_along")), **words)


def accept(story: Story, random: Random) -> None:
    if referral := any_of(random, Referral):
        story.case(referral, random.choice(("provider", "neighbour")))  # type: ignore[arg-type]


def work_on(story: Story, random: Random) -> None:
    case, at = any_of(random, Case), some_time(random)
    if not isinstance(case, Case):
        return
    random.choice((
        lambda: story.contact(case, at, reached=random.random() < 0.7),
        lambda: story.sitting(case, at, health=random.choice((1.0, 3.0)), coping=2.0),
        lambda: story.session(case, at, random.choice(("HELD", "MISSED"))),
        lambda: story.group(case, at, random.choice(("came", "absent"))),
        lambda: story.need(case, "money", at, "MET", at + DAY),
        lambda: story.risk(case, random.choice(("high", "medium")), at),
        lambda: story.help(case, at, paid_on=random.choice((None, at.date(), NEXT.date() + DAY))),
        lambda: story.wait(case, at.date(), started=random.choice((None, at))),
        lambda: story.assessed(case.referral, at),
        lambda: story.close(case, at, random.choice(("support_completed", "lost_contact"))),
    ))()  # fmt: skip


def reopen(story: Story, random: Random) -> None:
    Case.objects.filter(state="CLOSED").update(state="ACTIVE", closed_at=None, closed_why="")


def end_referral(story: Story, random: Random) -> None:
    if isinstance(found := any_of(random, Referral), Referral):
        story.close_referral(found, some_time(random), random.choice(("duplicate", "victim_declined")))


def correct(story: Story, random: Random) -> None:
    if isinstance(found := any_of(random, Referral), Referral):
        found.first_attempt_at = random.choice((None, some_time(random)))
        found.crime_type = random.choice(("burglary", "stalking", "nonsense"))
        found.age_at_receipt = random.choice((17, 70))
        found.save(update_fields=["first_attempt_at", "crime_type", "age_at_receipt"])
    if isinstance(victim := any_of(random, Victim), Victim):
        Victim.objects.filter(pk=victim.pk).update(sex="female", kind=random.choice(("person", "witness")))


def move_meeting(story: Story, random: Random) -> None:
    at = some_time(random)
    Meeting.objects.update(starts_at=at, ends_at=at + DAY / 24)


def judge(story: Story, random: Random) -> None:
    left, right = any_of(random, Victim), any_of(random, Victim)
    pairs = SamePerson.objects.filter(left=left, right=right, ended_at=None)  # type: ignore[misc]
    if isinstance(left, Victim) and isinstance(right, Victim) and left != right and not pairs.exists():
        SamePerson.objects.filter(pk=story.same(left, right).pk).update(judged_at=some_time(random))


def think_again(story: Story, random: Random) -> None:
    if isinstance(found := any_of(random, SamePerson), SamePerson):
        SamePerson.objects.filter(pk=found.pk).update(ended_at=LAST + DAY / 3)


def turn_out_another(story: Story, random: Random) -> None:
    """A referral, and what hangs on it, was of somebody else."""
    referral, victim = any_of(random, Referral), any_of(random, Victim)
    if isinstance(referral, Referral) and isinstance(victim, Victim):
        Referral.objects.filter(pk=referral.pk).update(victim=victim)
        if random.random() < 0.7:
            Case.objects.filter(referral=referral).update(victim=victim)


def take_out(story: Story, random: Random) -> None:
    for model in random.sample((Contact, Need, Assessment, Sitting, Mark, Entry, NeedsAssessment, Offer), 2):
        if found := any_of(random, model):
            model._base_manager.filter(pk=found.pk)._raw_delete("default")  # type: ignore[attr-defined]


def erase(story: Story, random: Random) -> None:
    with transaction.atomic(), inside(Realm.WORKER):
        at = LAST + timedelta(weeks=random.choice((8, 400)))
        retention.erase_night(by=SYSTEM_ACTOR, at=at, at_most=random.choice((1, 9)))


DAYS: tuple[Work, ...] = (
    arrive, accept, work_on, work_on, work_on, reopen, end_referral, correct, move_meeting, judge, think_again,
    turn_out_another, take_out, erase,
)  # fmt: skip


def happen(work: Work, story: Story, random: Random) -> None:
    """What the tables refuse did not happen."""
    with suppress(IntegrityError), transaction.atomic():
        work(story, random)


def begin(story: Story, random: Random) -> Snapshot:
    """A whole snapshot of a story, after which everything is new."""
    story.services.clear()
    for place in ("provider", "neighbour"):
        story.service(place)
    whole_story(story)
    for _ in range(6):
        happen(random.choice((arrive, accept, work_on, judge)), story, random)
    Touched.objects.all().delete()  # in one transaction everything has one number: what was before is not after
    return story.snapshot()


def hashes(snapshot: Snapshot) -> dict[str, str]:
    return {name: record["sha256"] for name, record in snapshot.manifest["files"].items()}


def both(story: Story, monkeypatch: pytest.MonkeyPatch, as_at: datetime) -> tuple[Snapshot, Snapshot]:
    """One that is added to and a whole one, under one key."""
    with monkeypatch.context() as patched:
        patched.setattr(secrets, "token_bytes", lambda length: b"k" * length)
        added = story.snapshot(as_at)
        patched.setattr(basis, "choose", lambda *asked, **words: basis.Chosen(whole_why="told to"))
        return added, story.snapshot(as_at)


class TakenBack(Exception):
    """Nothing of an example stays."""


def test_what_is_added_to_is_identical_to_a_whole_one(
    story: Story, snapshot_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=PHASES)
    @given(seed=st.integers(0, 2**32), hours=st.integers(1, 72))
    def days(seed: int, hours: int) -> None:
        random = Random(seed)
        with suppress(TakenBack), transaction.atomic():
            base = begin(story, random)
            for _ in range(random.randint(1, 8)):
                happen(random.choice(DAYS), story, random)
            added, whole = both(story, monkeypatch, LAST + timedelta(hours=hours))
            assert (added.manifest["made_from"], whole.manifest["made_from"]) == (base.code, "")
            assert hashes(added) == hashes(whole)
            compared.append(seed)
            raise TakenBack

    days()
    assert compared
