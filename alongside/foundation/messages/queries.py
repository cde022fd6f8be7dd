"""Reads of how a person may be reached, in words for the strip that every page about them shows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alongside.core.privacy import crypt, fields
from alongside.foundation.messages import rules
from alongside.foundation.messages.contents import CONTENTS, PURPOSE_OF
from alongside.foundation.messages.models import ContactPoint, Outgoing


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


@dataclass(frozen=True)
class SafeContact:
    """How a person may safely be reached, with a headline for the strip. `danger`: there is no safe way."""

    channels: tuple[Channel, ...]
    headline: str
    danger: bool


def facts(point: ContactPoint, *, shared: bool) -> rules.Facts:
    """A contact point as the rules see it."""
    return rules.Facts(
        kind=point.kind, safe=point.safe, safe_times=point.safe_times, leave_message=point.leave_message,
        verified_at=point.verified_at, expires_at=point.expires_at, retired=point.retired_at is not None,
        shared=shared,
    )  # fmt: skip


def shared_lookups(points: Iterable[ContactPoint], *, same: Collection[UUID] = ()) -> set[bytes]:
    """Blind indexes that another person's current contact point has too, among those that the caller may see.

    `same`: records that a person has judged to be of this one, whose number is no stranger's.
    """
    ours = {bytes(point.lookup): point.person_id for point in points if point.lookup}
    others = ContactPoint.objects.filter(lookup__in=list(ours), retired_at=None).exclude(person_id__in=same)
    return {
        bytes(lookup) for lookup, person in others.values_list("lookup", "person_id") if ours[bytes(lookup)] != person
    }


def points_of(person_id: UUID) -> list[ContactPoint]:
    """A person's contact points in use, telephone first."""
    found = ContactPoint.objects.filter(person_id=person_id, retired_at=None)
    order = {"phone": 0, "email": 1, "address": 2}
    return sorted(found, key=lambda point: (order.get(point.kind, 9), point.recorded_at))


def safe_contact(person_id: UUID, *, hidden: bool, same: Collection[UUID] = ()) -> SafeContact:
    """How this person may be reached. `hidden`: the crime is one where not knowing counts as not safe."""
    points = points_of(person_id)
    shared = shared_lookups(points, same=same)
    channels = tuple(_channel(point, hidden=hidden, shared=bytes(point.lookup) in shared) for point in points)
    usable = [channel for channel in channels if channel.may_call]
    return SafeContact(channels, _headline(usable, channels), danger=not usable)


def _channel(point: ContactPoint, *, hidden: bool, shared: bool) -> Channel:
    known = facts(point, shared=shared)
    return Channel(
        point_id=point.pk,
        kind=point.kind,
        words=rules.masked(point.kind, fields.read(point, "value")),
        safe=point.safe,
        may_call=rules.may_call(known, hidden=hidden),
        may_message=not rules.why_not_send(known, at=point.recorded_at),
        times=point.safe_times,
        leave_message=point.leave_message,
    )


def _headline(usable: list[Channel], channels: tuple[Channel, ...]) -> str:
    if not usable:
        return "No safe way to make contact is known. Do not call, write or visit."
    first = usable[0]
    ask = "" if first.safe == "yes" else " Ask first if it is safe to talk."
    return f"{_how(first)}. {'You may' if first.leave_message else 'Do not'} leave a message.{ask}"


def _how(channel: Channel) -> str:
    """How and when to use a channel. Words instead of hours may say never to call: then they alone say what to do."""
    if channel.times and not rules.windows(channel.times):
        return f"By {'phone' if channel.kind == 'phone' else 'e-mail'} {channel.words}: {channel.times}"
    how = "Call" if channel.kind == "phone" else "Write by e-mail"
    return f"{how} {channel.words} {channel.times or 'at any reasonable hour'}"


def reveal(point: ContactPoint) -> tuple[str, str]:
    """(value, instructions) opened. The caller logs the look with its fields."""
    crypt.load_keys([point.person_id])
    return fields.read(point, "value"), fields.read(point, "instructions")


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
        refused_why__in=("", rules.SHARED_ELSEWHERE),
    )  # fmt: skip
    return recent.order_by("-asked_at").first()


def approved() -> tuple[tuple[str, str, str], ...]:
    """(code, title, words) of everything that may be said."""
    return tuple((content.code, content.subject, content.words) for content in CONTENTS.values())


def purpose_of(template: str) -> str:
    """The purpose for which an approved text is sent."""
    return PURPOSE_OF.get(template, "support")
