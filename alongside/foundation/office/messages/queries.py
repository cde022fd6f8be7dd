"""Reads of how a person may be reached, in words for the strip that every page about them shows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.filters import date_words
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.messages import rules
from alongside.foundation.office.messages.contents import BY_HAND, CONTENTS, PURPOSE_OF
from alongside.foundation.office.messages.models import Barred, ContactHold, ContactPoint, Outgoing
from alongside.foundation.office.rulebook import queries as rulebook

SAFE_ORDER = {"yes": 0, "unknown": 1, "no": 2}
KIND_ORDER = {"phone": 0, "email": 1, "address": 2}
NO_WAY = "No safe way to make contact is known. Do not call, write or visit."
ANY_HOUR = " at any reasonable hour"
# In a hidden crime whoever did it may be in the room: an hour that was not said is no leave to call.
NOT_SAID = {
    "phone": ". They did not say when it is safe: before anything else, make sure that it is them and ask if they can "
    "talk now",
    "email": ". They did not say when it is safe: say nothing of why until they have answered",
}


@dataclass(frozen=True)
class Channel:
    """One way to reach a person, masked."""

    point_id: UUID
    kind: str
    words: str
    safe: str
    may_call: bool
    may_message: bool
    times: str
    leave_message: bool

    @property
    def hours(self) -> str:
        """When it is safe, as a person says it."""
        return rules.times_words(self.times)


@dataclass(frozen=True)
class SafeContact:
    """How a person may safely be reached: a headline for the strip, then the other ways that may be used, in words.

    `channels`: safe ones first, the newest before older ones, never-use last. `danger`: there is no safe way."""

    channels: tuple[Channel, ...]
    headline: str
    danger: bool
    also: tuple[str, ...] = ()


def facts(point: ContactPoint, *, shared: bool, barred: bool = False) -> rules.Facts:
    """A contact point as the rules see it. What is barred is somebody else's, and never safe, whatever was said."""
    return rules.Facts(
        kind=point.kind, safe=ContactPoint.Safe.NO if barred else point.safe, safe_times=point.safe_times,
        leave_message=point.leave_message, verified_at=point.verified_at, expires_at=point.expires_at,
        retired=point.retired_at is not None, shared=shared,
    )  # fmt: skip


def shared_lookups(
    points: Iterable[ContactPoint], *, same: Collection[UUID] = (), sealed: bool = True
) -> set[bytes]:  # fmt: skip
    """Blind indexes that another person's current contact point has too, among those that the caller may see.

    `same`: records that a person has judged to be of this one, whose number is no stranger's. `sealed`: whether those
    of restricted records count: what is kept for others to read must not tell that there is one.
    """
    ours = {bytes(point.lookup): point.person_id for point in points if point.lookup}
    others = ContactPoint.objects.filter(lookup__in=list(ours), retired_at=None).exclude(person_id__in=same)
    others = others if sealed else others.filter(visible_orgs__0__gt=0)
    return {
        bytes(lookup) for lookup, person in others.values_list("lookup", "person_id") if ours[bytes(lookup)] != person
    }


def never_ours(points: Iterable[ContactPoint], *, same: Collection[UUID] = ()) -> set[UUID]:
    """The keys of those of these contact points that are somebody else's number or mailbox. `same`: other records of
    the same person; what was said on one of them counts for all."""
    listed = [point for point in points if point.lookup]
    people = {*same, *(point.person_id for point in listed)} if listed else set()
    known = {(person, bytes(lookup)) for person, lookup in (_barred(*people) if people else ())}
    return {
        point.pk for point in listed
        if any((person, bytes(point.lookup)) in known for person in (point.person_id, *same))
    }  # fmt: skip


@ahead.question
def _barred(*people: UUID) -> "QuerySet[Barred, Any]":
    """What is never a way to these people."""
    return Barred.objects.filter(person_id__in=people, ended_at=None).values_list("person_id", "lookup")


def sealed_sharers(item: Outgoing, *, same: Collection[UUID] = ()) -> set[UUID]:
    """Whose restricted records have the number or address to which this was to go. For jobs."""
    if item.contact_point is None or not item.contact_point.lookup:
        return set()
    others = ContactPoint.objects.filter(lookup=item.contact_point.lookup, retired_at=None, visible_orgs__0__lt=0)
    return set(others.exclude(person_id__in=[item.person_id, *same]).values_list("person_id", flat=True))


def shared_with(person_id: UUID, *, most: int) -> dict[UUID, tuple[str, ...]]:
    """Other people on whose current contact points something of this person's stands, with the kinds of what."""
    ours = [bytes(point.lookup) for point in points_of(person_id) if point.lookup]
    others = ContactPoint.objects.filter(lookup__in=ours, retired_at=None).exclude(person_id=person_id)
    found: dict[UUID, tuple[str, ...]] = {}
    for other, kind in others.order_by("person_id", "kind").values_list("person_id", "kind").distinct()[:most]:
        found[other] = (*found.get(other, ()), kind)
    return found


def points_of(person_id: UUID) -> list[ContactPoint]:
    """A person's contact points in use: safe ones first, never-use last; telephone first; the newest before older."""
    return sorted(_points(person_id), key=_best_first)


@ahead.question
def _points(person_id: UUID) -> "QuerySet[ContactPoint]":
    return ContactPoint.objects.filter(person_id=person_id, retired_at=None).order_by("-recorded_at", "-id")


def _best_first(point: ContactPoint) -> tuple[int, int]:
    return SAFE_ORDER.get(point.safe, 1), KIND_ORDER.get(point.kind, 9)


def calling_times(people: Mapping[UUID, bool]) -> Mapping[UUID, str | None]:
    """The safe times of each person's best way that may be used; None where there is none. In one question for all.

    `people`: whether not knowing counts as not safe, by person."""
    found = ContactPoint.objects.filter(person_id__in=list(people), retired_at=None).order_by("-recorded_at", "-id")
    times: dict[UUID, str | None] = dict.fromkeys(people)
    never = never_ours(found)
    for point in reversed(sorted(found, key=_best_first)):
        said = facts(point, shared=False, barred=point.pk in never)
        if rules.may_call(said, hidden=people[point.person_id]):
            times[point.person_id] = point.safe_times
    return times


def safe_contact(person_id: UUID, *, hidden: bool, same: Collection[UUID] = ()) -> SafeContact:
    """How this person may be reached. `hidden`: the crime is one where not knowing counts as not safe."""
    points = points_of(person_id)
    shared, never = shared_lookups(points, same=same), never_ours(points, same=same)
    channels = tuple(
        _channel(point, hidden=hidden, shared=bytes(point.lookup) in shared, barred=point.pk in never)
        for point in points
    )  # fmt: skip
    usable = [channel for channel in channels if channel.may_call]
    first, *also = [_sentence(channel, hidden=hidden) for channel in usable] or [NO_WAY]
    return SafeContact(channels, first, danger=not usable, also=tuple(also))


def _channel(point: ContactPoint, *, hidden: bool, shared: bool, barred: bool) -> Channel:
    known = facts(point, shared=shared, barred=barred)
    return Channel(
        point_id=point.pk,
        kind=point.kind,
        words=rules.masked(point.kind, fields.read(point, "value")),
        safe=known.safe,
        may_call=rules.may_call(known, hidden=hidden),
        may_message=not rules.why_not_send(known, at=point.recorded_at),
        times=point.safe_times,
        leave_message=point.leave_message,
    )


def _sentence(channel: Channel, *, hidden: bool) -> str:
    """All that whoever is about to use a channel has to know."""
    ask = "" if channel.safe == "yes" else " Ask first if it is safe to talk."
    leave = "You may" if channel.leave_message else "Do not"
    return f"{_how(channel, hidden=hidden)}. {leave} leave a message.{ask}"


def _how(channel: Channel, *, hidden: bool) -> str:
    """How and when to use a channel. Words instead of hours may say never to call: then they alone say what to do."""
    if channel.times and not rules.windows(channel.times):
        return f"By {'phone' if channel.kind == 'phone' else 'e-mail'} {channel.words}: {channel.hours}"
    how = "Call" if channel.kind == "phone" else "Write by e-mail"
    when = f" {channel.hours}" if channel.times else NOT_SAID[channel.kind] if hidden else ANY_HOUR
    return f"{how} {channel.words}{when}"


def may_send(person_id: UUID, *, at: datetime, barred: Collection[str] = (), same: Collection[UUID] = ()) -> bool:
    """Whether some channel may be used for an approved message, in its hours; the door looks again when it is asked."""
    if held(person_id, at):
        return False
    points = [point for point in points_of(person_id) if point.kind not in barred]
    shared, never = shared_lookups(points, same=same), never_ours(points, same=same)
    return any(
        not rules.why_not_send(facts(point, shared=bytes(point.lookup) in shared, barred=point.pk in never), at=at)
        and rules.next_safe_moment(at, point.safe_times) is not None
        for point in points
    )


def reveal(point: ContactPoint) -> tuple[str, str]:
    """(value, instructions) opened. The caller logs the look with its fields."""
    crypt.load_keys([point.person_id])
    return fields.read(point, "value"), fields.read(point, "instructions")


@dataclass(frozen=True)
class Held:
    """A hold on contact that is in force: since when and until which day, why, and whether a manager may override."""

    key: UUID
    since: datetime
    until: date
    why: str
    may_override: bool

    @property
    def note(self) -> str:
        return (
            f"{self.why}. Make no contact{'' if self.until >= rules.FOR_GOOD else f' before {date_words(self.until)}'}."
        )

    @property
    def words(self) -> str:
        """What whoever tries nevertheless is told: who asked, until when, and what may be done."""
        beyond = (
            "If somebody's safety needs it now, a manager records it with the reason."
            if self.may_override else "Nobody may go against it here: speak with whoever asked for it."
        )  # fmt: skip
        return f"{self.note} {beyond}"


def held(person_id: UUID, at: datetime) -> Held | None:
    """The hold on contact with somebody that lasts longest of those in force."""
    on = clocks.london_date(at)
    found = _holds(person_id, on).first()
    if found is None:
        return None
    row = rulebook.find("pause_reasons", found.reason, on)
    since = found.set_at.replace(second=0, microsecond=0)
    return Held(found.pk, since, found.until, row.title if row else "Contact is held",
                may_override=row is None or row.flag("may_override"))  # fmt: skip


@ahead.question
def _holds(person_id: UUID, on: date) -> "QuerySet[ContactHold]":
    return ContactHold.objects.filter(person_id=person_id, ended_at=None, until__gt=on).order_by("-until")[:1]


def reads(person_id: UUID, on: date) -> Iterable["QuerySet[Any]"]:
    """What is asked of somebody wherever they are to be contacted: to be read in one with more (`rows.ahead`)."""
    return _points(person_id), _holds(person_id, on), _barred(person_id)


def hold_overrides(person_id: UUID, *, by: Actor, at: datetime) -> tuple[tuple[str, str], ...]:
    """Why the actor may let somebody be contacted though contact is held; empty where it is not, or they may not."""
    found = held(person_id, at)
    if found is None or not found.may_override or not by.may(Permission.HOLD_OVERRIDE):
        return ()
    return rulebook.choices("hold_overrides", clocks.london_date(at))


@dataclass(frozen=True)
class Sent:
    """One item as it is told to its reader: what was asked for, and what became of it."""

    person_id: UUID
    words: str
    state: str
    why: str
    asked_at: datetime
    not_before: datetime | None
    organisation_id: int


def sent(items: Iterable[Outgoing], *, whole: bool) -> tuple[Sent, ...]:
    """Items in the order given. `whole`: the reader may know of every record in the area."""
    return tuple(
        Sent(item.person_id, CONTENTS[item.template].subject, *rules.as_told(item.state, item.refused_why, whole=whole),
             item.asked_at, item.not_before, item.recorded_by)
        for item in items
    )  # fmt: skip


def asked_again(person_id: UUID, template: str, *, organisation_id: int, at: datetime) -> Outgoing | None:
    """The same message, asked for by the same organisation moments ago, whatever became of it past the door."""
    recent = Outgoing.objects.filter(
        person_id=person_id, template=template, recorded_by=organisation_id, asked_at__gt=at - rules.MOMENTS,
        refused_why__in=("", rules.SHARED_ELSEWHERE, rules.ON_HOLD),
    )  # fmt: skip
    return recent.order_by("-asked_at").first()


def approved() -> tuple[tuple[str, str, str], ...]:
    """(code, title, words) of everything that may be said."""
    return tuple((content.code, content.subject, content.words) for content in BY_HAND)


def purpose_of(template: str) -> str:
    """The purpose for which an approved text is sent."""
    return PURPOSE_OF.get(template, "support")


def is_professional(mailbox: str, on: date) -> bool:
    """Whether a mailbox is one of those that the office writes to at work."""
    return rules.ends_in(mailbox, [row.text("ends_in") for row in rulebook.current("professional_mailboxes", on)])
