"""Reads for reconciliation: receipts, uploads and kept rows by feed and London day, and what lies behind a figure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncDate

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.privacy import fields
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.deliveries.models import Batch
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import Delivery, Feed, KeptRow, SentAgain, SourceVersion, Total, Upload
from alongside.support.arrivals.reconciliation.models import Alarm
from alongside.support.arrivals.reconciliation.rules import Schedule, Tally, due_at
from alongside.support.arrivals.referrals.models import Referral

MANAGER = "hub_manager"
PLACE = ("source_id", "feed", "day")
NO_VERSION = Value(UUID(int=0))
Settled = KeptRow.Settled
ENDS = {Settled.RELEASED: "released", Settled.APPLIED: "released", Settled.RETURNED: "returned",
        Settled.CLOSED: "closed", "": "waiting", "over": "over"}  # fmt: skip
Where = tuple[int, str, date]  # a feed: its source and its code; and a day in London


@dataclass(frozen=True)
class Day:
    """One feed on one day."""

    feed: Feed
    day: date
    tally: Tally
    due: datetime | None = None
    alarm: Alarm | None = None


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments between which London's days lie."""
    ends = (first, last + clocks.ONE_DAY)
    start, end = (datetime.combine(day, time.min, tzinfo=clocks.LONDON) for day in ends)
    return start, end


def _within(column: str, first: date, last: date) -> dict[str, datetime]:
    start, end = bounds(first, last)
    return {f"{column}__gte": start, f"{column}__lt": end}


def _day(column: str) -> TruncDate:
    return TruncDate(column, tzinfo=clocks.LONDON)


def with_again(rows: "QuerySet[Delivery]") -> "QuerySet[Delivery]":
    """Each delivery with whether its very file, read the same way, had come before."""
    earlier = Delivery.objects.alias(read_as=Coalesce("version", NO_VERSION)).filter(
        Q(received_at__lt=OuterRef("received_at")) | Q(received_at=OuterRef("received_at"), pk__lt=OuterRef("pk")),
        hub_id=OuterRef("hub_id"), source=OuterRef("source"), sha256=OuterRef("sha256"), read_as=OuterRef("read_as"),
    )  # fmt: skip
    return rows.annotate(read_as=Coalesce("version", NO_VERSION)).annotate(again=Exists(earlier))


def _receipts(rows: "QuerySet[Delivery]", first: date, last: date) -> dict[Where, dict[str, int]]:
    found = with_again(rows.filter(**_within("received_at", first, last))).annotate(
        day=_day("received_at"), rejected_rows=Total("rejected"), held_rows=Total("held")
    )
    sums = found.order_by().values("source_id", "feed", "day").annotate(
        files=Count("pk"), received=Sum("sent"), accepted_rows=Sum("accepted"), duplicate_rows=Sum("duplicate"),
        held_sum=Sum("held_rows"), rejected_sum=Sum("rejected_rows"),
    )  # fmt: skip
    return {
        (one["source_id"], one["feed"], one["day"]): {
            "files": one["files"], "received": one["received"], "accepted": one["accepted_rows"],
            "duplicate": one["duplicate_rows"], "held": int(one["held_sum"]), "rejected": int(one["rejected_sum"]),
        }
        for one in sums
    }  # fmt: skip


def _ended(rows: "QuerySet[Delivery]", first: date, last: date) -> dict[Where, dict[str, int]]:
    """By feed and day what became of the rows that were kept, those that are only counted by now too."""
    rows = rows.filter(**_within("received_at", first, last)).annotate(day=_day("received_at")).order_by()
    found: dict[Where, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    kept = rows.exclude(kept=None).values_list(*PLACE, "kept__settled_how")
    for *place, how, count in kept.annotate(Count("kept__pk")):
        found[tuple(place)][ENDS[how]] += count
    for *place, ended in rows.exclude(forgotten={}).values_list(*PLACE, "forgotten"):
        for how, count in ended.items():
            found[tuple(place)][ENDS[how]] += count
    for *place, count in behind_names(first, last):
        found[tuple(place)]["named"] += count
    return found


def behind_names(first: date, last: date) -> list[tuple[int, str, date, int]]:
    """By feed and day how many kept rows are of a record that is not open to the asker: that many, and no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, feed, day, kept FROM feeds_behind_names(%s, %s)", list(bounds(first, last)))
        return cursor.fetchall()


def _uploads(actor: Actor, first: date, last: date) -> dict[Where, dict[str, int]]:
    """Rows of files that are not loaded, or were refused, and of batches that wait: sent, and not received."""
    found: dict[Where, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Upload.objects.visible_to(actor).filter(**_within("uploaded_at", first, last), delivery=None).order_by()
    counted = rows.annotate(day=_day("uploaded_at")).values_list(*PLACE, "state")
    for *place, state, lines in counted.annotate(Sum("lines")):
        found[tuple(place)]["refused" if state == Upload.State.REFUSED else "loading"] += lines
    batches = Batch.objects.visible_to(actor).filter(**_within("sent_at", first, last), delivery=None).order_by()
    waiting = batches.annotate(day=_day("sent_at")).values_list("source_id", "connection__feed", "day")
    for *place, count in waiting.annotate(Sum("rows")):
        found[tuple(place)]["loading"] += count
    return found


def tallies(actor: Actor, first: date, last: date, *, feed: Feed | None = None) -> dict[Where, Tally]:
    """By feed and day what became of every row."""
    rows = Delivery.objects.visible_to(actor)
    receipts, ended = _receipts(rows, first, last), _ended(rows, first, last)
    uploads = _uploads(actor, first, last)
    return {
        place: Tally(**{**receipts.get(place, {}), **ended.get(place, {}), **uploads.get(place, {})})
        for place in {*receipts, *uploads} if _is_of(place, feed)
    }  # fmt: skip


def _is_of(place: Where, feed: Feed | None) -> bool:
    return feed is None or place[:2] == (feed.source.pk, feed.code)


def days(actor: Actor, first: date, last: date, *, at: datetime, feed: Feed | None = None) -> list[Day]:
    """The days of each feed on which something came or was due, the newest first."""
    found, due = tallies(actor, first, last, feed=feed), _due(actor, first, last, at=at)
    raised = Alarm.objects.visible_to(actor).filter(day__range=(first, last))
    alarms = {(one.source_id, one.feed, one.day): one for one in raised}
    places = {*found, *(place for place in (*due, *alarms) if _is_of(place, feed))}
    named = _feeds(actor, places)
    ordered = sorted(places, key=lambda place: (-place[2].toordinal(), named[place[:2]].title))
    return [
        Day(named[place[:2]], place[2], found.get(place, Tally()), due.get(place), alarms.get(place))
        for place in ordered
    ]  # fmt: skip


def _feeds(actor: Actor, places: Iterable[Where]) -> dict[tuple[int, str], Feed]:
    """The feeds by source and code, with those of forces that do not send to this hub any more."""
    found = {(one.source.pk, one.code): one for one in feeds.feeds_for(actor)}
    gone = {place[:2] for place in places} - found.keys()
    sources = Organisation.objects.in_bulk({key for key, _ in gone})
    return found | {(key, code): Feed(sources[key], code, code) for key, code in gone}


def titles(actor: Actor) -> dict[tuple[int, str], str]:
    """What each feed of the actor's hub is called, by source and code."""
    return {(one.source.pk, one.code): one.title for one in feeds.feeds_for(actor)}


def _due(actor: Actor, first: date, last: date, *, at: datetime) -> dict[Where, datetime]:
    """When files were due by now, by feed and day."""
    many = [first + number * clocks.ONE_DAY for number in range((last - first).days + 1)]
    return {
        (version.source_id, version.feed, day): due
        for version in scheduled(SourceVersion.objects.visible_to(actor))
        for day in many if (due := due_at(schedule(version), day)) and version.saved_at < due <= at
    }  # fmt: skip


def scheduled(rows: "QuerySet[SourceVersion]") -> list[SourceVersion]:
    """Of each hub's feed the version in force, where it says when a file is due."""
    newest = rows.order_by("hub_id", "source_id", "feed", "-number").distinct("hub_id", "source_id", "feed")
    return [version for version in newest.select_related("source") if version.due_days]


def schedule(version: SourceVersion) -> Schedule:
    return Schedule(version.due_days, version.due_by, version.least_rows)


def came(version: SourceVersion, day: date) -> tuple[int, int]:
    """Of a feed, how many new files came on a day, and their rows; a file sent again is none."""
    of = {"hub_id": version.hub_id, "source": version.source_id, "feed": version.feed}
    rows = Delivery.objects.filter(**of, **_within("received_at", day, day))
    found = with_again(rows).exclude(Q(again=True)).aggregate(files=Count("pk"), rows=Coalesce(Sum("sent"), 0))
    return found["files"], found["rows"]


def alarms_open(actor: Actor) -> "QuerySet[Alarm]":
    """Alarms that nobody has acknowledged, of files that still have not come."""
    return Alarm.objects.visible_to(actor).filter(acknowledged_at=None, over_at=None).select_related("source")


def _of(feed: Feed) -> dict[str, object]:
    return {"source": feed.source, "feed": feed.code}


def deliveries(actor: Actor, feed: Feed, day: date) -> list[Delivery]:
    """The files of a day, each with whether it had come before."""
    rows = Delivery.objects.visible_to(actor).filter(**_of(feed), **_within("received_at", day, day))
    return list(with_again(rows).select_related("source").order_by("received_at", "id"))


def not_loaded(actor: Actor, feed: Feed, day: date) -> list[Upload]:
    rows = Upload.objects.visible_to(actor).filter(**_of(feed), delivery=None, **_within("uploaded_at", day, day))
    return list(rows.order_by("uploaded_at"))


def kept(actor: Actor, feed: Feed, day: date, what: str) -> "QuerySet[KeptRow]":
    """The rows behind a figure of a day, where they are kept; of duplicates those that had been kept before."""
    if what == "duplicate":
        came = Delivery.objects.filter(**_of(feed), **_within("received_at", day, day))
        again = SentAgain.objects.visible_to(actor).filter(delivery__in=came)
        rows = KeptRow.objects.visible_to(actor).filter(pk__in=again.values("kept"))
        return rows.select_related("delivery__source")
    rows = KeptRow.objects.visible_to(actor).filter(
        delivery__source=feed.source, delivery__feed=feed.code, **_within("delivery__received_at", day, day)
    )
    if what in (KeptRow.Outcome.HELD, KeptRow.Outcome.REJECTED):
        return rows.filter(outcome=what).select_related("delivery__source")
    hows = [how for how, end in ENDS.items() if end == what]
    return rows.filter(settled_how__in=hows).select_related("delivery__source")


def accepted(actor: Actor, feed: Feed, day: date) -> "QuerySet[Referral]":
    """The referrals that a day's files became at once."""
    rows = Delivery.objects.visible_to(actor).filter(**_of(feed), **_within("received_at", day, day))
    return Referral.objects.visible_to(actor).filter(
        source=Referral.Source.POLICE_FEED,
        source_organisation=feed.source.pk,
        received_at__in=rows.values("received_at"),
    )


def names(people: Iterable[UUID | None]) -> dict[UUID | None, str]:
    return dict(User.objects.filter(pk__in=[key for key in people if key]).values_list("pk", "name"))


def reasons(on: date) -> tuple[tuple[str, str], ...]:
    """Why an alarm needs nothing more."""
    return rulebook.choices("alarm_reasons", on)


def words_of(alarm: Alarm) -> str:
    return fields.read(alarm, "words")


def to_tell(hub: int) -> tuple[UUID, ...]:
    """The managers of a hub, who load its files and know whom to ask."""
    held = Membership.objects.current().filter(organisation=hub, role=MANAGER, user__is_active=True)
    return tuple(held.values_list("user_id", flat=True))
