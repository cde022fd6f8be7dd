"""Reads of the workbench beside the queue itself: saved views, who has how much, what was allocated last."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.models import Event
from alongside.core.rows.counts import counts as bounded
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.callbacks import queries as callbacks
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.reconciliation import queries as reconciliation
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Attempt, NeedsAssessment, Offer, Referral
from alongside.support.arrivals.referrals.rules import TO_DO, WITH_HUB
from alongside.support.desk.triage.models import Batch, Desk, SavedView
from alongside.support.people.duty import queries as duty
from alongside.support.people.duty.models import Absence
from alongside.support.people.duty.rules import Away

FIRST_VIEW = "to_do"
HOUR = timedelta(hours=1)
WALL_UP_TO = 999
HANDS = ("referral.taken_over", "referral.allocated")


def tomorrow(at: datetime) -> datetime:
    """The first moment of the next day in London."""
    return datetime.combine(clocks.london_date(at) + clocks.ONE_DAY, time.min, tzinfo=clocks.LONDON)


def saved_views(by: Actor) -> "QuerySet[SavedView]":
    """One's own views and those of the hub, by name."""
    return SavedView.objects.visible_to(by).order_by("shared", "name")


def saved_view(by: Actor, code: str) -> SavedView | None:
    """The saved view under a key that stands in an address; None for the code of a fixed one and for nonsense."""
    try:
        key = UUID(code)
    except ValueError:
        return None
    return SavedView.objects.visible_to(by).filter(pk=key).first()


def opens_on(by: Actor) -> str:
    """What this person's queue opens on: the code of a fixed view or the key of a saved one."""
    chosen = Desk.objects.visible_to(by).values_list("opens_on", flat=True).first()
    return chosen or FIRST_VIEW


@dataclass(frozen=True)
class Load:
    """A colleague with what is in their hands: open, of high risk, calls due today; and until when they are away."""

    user_id: UUID
    name: str
    open: int
    high_risk: int
    calls: int
    away: Away | None
    cover: str


def workload(by: Actor, *, at: datetime) -> tuple[Load, ...]:
    """Everybody who works in triage here, those who are here before those who are away, by name."""
    hub, on = by.organisation_id or 0, clocks.london_date(at)
    people, away = {one.user_id: one.name for one in duty.officers(hub)}, duty.away(hub, on)
    open_now = Referral.objects.visible_to(by).filter(hub_id=hub, state__in=WITH_HUB, worker__in=people)
    calls = Q(next_attempt_at__lt=tomorrow(at))
    rows = open_now.order_by().values("worker").annotate(
        open=Count("pk"), high_risk=Count("pk", filter=Q(high_risk=True)), calls=Count("pk", filter=calls)
    )  # fmt: skip
    found = {row["worker"]: row for row in rows}
    none = {"open": 0, "high_risk": 0, "calls": 0}
    loads = (_load(key, name, found.get(key, none), away.get(key), people) for key, name in people.items())
    return tuple(sorted(loads, key=lambda one: (one.away is not None, one.name)))


def _load(key: UUID, name: str, row: Mapping[str, Any], away: Away | None, people: Mapping[UUID, str]) -> Load:
    cover = people.get(away.cover_id, "") if away and away.cover_id else ""
    return Load(key, name, row["open"], row["high_risk"], row["calls"], away, cover)


def chosen(by: Actor, keys: Collection[UUID]) -> "list[Referral]":
    """The referrals that somebody ticked, as they are now, with their victims."""
    rows = Referral.objects.visible_to(by).filter(pk__in=keys, hub_id=by.organisation_id or 0)
    return list(rows.select_related("victim").order_by("-high_risk", "received_at", "id"))


def undo_minutes(on: date) -> int:
    """For how many minutes what was allocated in one go can be taken back."""
    return rulebook.rule("limits", "undo_allocation", on).number("number")


@dataclass(frozen=True)
class Done:
    """What became of one's last allocation, with the references of what did not change hands."""

    batch: Batch
    to: str
    undo_until: datetime
    refused: tuple[tuple[str, str], ...]


def last_done(by: Actor, *, at: datetime) -> Done | None:
    """One's last allocation while it can be taken back; None after that."""
    minutes = timedelta(minutes=undo_minutes(clocks.london_date(at)))
    batch = Batch.objects.visible_to(by).filter(done_at__gt=at - minutes, undone_at=None).order_by("-done_at").first()
    if batch is None:
        return None
    why = {UUID(row["referral"]): row["why"] for row in batch.refused}
    rows = Referral.objects.visible_to(by).filter(pk__in=why).values_list("reference", "pk")
    names = referrals.names([batch.worker])
    refused = tuple(sorted((reference, why[key]) for reference, key in rows))
    return Done(batch, names.get(batch.worker, ""), batch.done_at + minutes, refused)


def handed_over(absence: Absence, by: Actor) -> "list[Referral]":
    """What others took on while somebody was away and still have, gravest first."""
    began = datetime.combine(absence.since, time.min, tzinfo=clocks.LONDON)
    changed = Event.objects.filter(
        organisation_id=absence.hub_id, at__gte=began, name__in=HANDS, details__had=str(absence.user_id)
    )
    rows = Referral.objects.visible_to(by).filter(pk__in=list(changed.values_list("subject", flat=True)))
    still = rows.filter(hub_id=absence.hub_id, state__in=WITH_HUB).exclude(worker=absence.user_id)
    return list(still.select_related("victim").order_by("-high_risk", "received_at", "id"))


@dataclass(frozen=True)
class Wall:
    """What the wallboard shows: counts, how long the oldest waits, and who is on duty. Nobody's name or record."""

    counts: Mapping[str, int]
    oldest: datetime | None
    on_duty: str
    away: int


def wall(by: Actor, *, at: datetime) -> Wall:
    """The hub's room at a glance, each count bounded, in one question."""
    hub, on = by.organisation_id or 0, clocks.london_date(at)
    own = Referral.objects.visible_to(by).filter(hub_id=hub)
    free, called = own.filter(state__in=TO_DO, worker=None), own.filter(next_attempt_at__isnull=False)
    due = own.filter(due_at__isnull=False)
    sets: dict[str, QuerySet[Any]] = {
        "waiting": free, "high_risk": free.filter(high_risk=True), "late": due.filter(due_at__lt=at),
        "due_today": due.filter(due_at__gte=at, due_at__lt=tomorrow(at)), "added": own.filter(unread=True),
        "calls_now": called.filter(next_attempt_at__lt=at + HOUR, next_attempt_until__gte=at),
        "calls_missed": called.filter(
            Q(next_attempt_at__lt=at, next_attempt_until__lt=at) | Q(pk__in=callbacks.missed(hub).values("referral"))
        ),
        "held": feeds.open_rows(KeptRow.objects.visible_to(by)), "missing": reconciliation.alarms_open(by),
    }  # fmt: skip
    counts = dict(zip(sets, bounded(list(sets.values()), WALL_UP_TO + 1), strict=True))
    oldest = free.order_by("received_at", "id").values_list("received_at", flat=True).first()
    return Wall(counts, oldest, duty.on_duty(hub, on).name, len(duty.away(hub, on)))


def touched_since(keys: Collection[UUID], moment: datetime) -> set[UUID]:
    """Which of these referrals somebody has gone on with since: an attempt, an assessment, an offer."""
    attempts = Attempt.objects.filter(referral__in=keys, recorded_at__gt=moment).values_list("referral_id", flat=True)
    assessed = NeedsAssessment.objects.filter(referral__in=keys, assessed_at__gt=moment)
    offers = Offer.objects.filter(referral_id__in=keys, offered_at__gt=moment).values_list("referral_id", flat=True)
    return {*attempts, *assessed.values_list("referral_id", flat=True), *offers}
