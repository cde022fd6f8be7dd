"""Reads of questions and answers: one thread, and what is not read yet on either side."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.drafts import KEPT_FOR
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.arrivals.threads.models import Attachment, Enclosure, Post
from alongside.support.people.duty import queries as duty

REFERRER = "referrer"
MOST_TOLD = 5


@dataclass(frozen=True)
class Written:
    """One post, opened: who wrote it, as its reader may know, and the document that came with it."""

    post: Post
    words: str
    by: str
    attachment: Attachment | None
    called: str


def posts(standing: Standing, *, by: Actor) -> tuple[Written, ...]:
    """The thread, the first first. A colleague is known by name, the other side by where they work."""
    held = list(Post.objects.visible_to(by).filter(standing=standing).order_by("written_at", "id"))
    names = dict(User.objects.filter(pk__in=[one.written_by for one in held]).values_list("pk", "name"))
    files = {one.post_id: one for one in Attachment.objects.visible_to(by).filter(standing=standing)}
    return tuple(_opened(one, names, files.get(one.pk), hub=by.realm == Realm.HUB) for one in held)


def _opened(post: Post, names: dict[UUID, str], file: Attachment | None, *, hub: bool) -> Written:
    side = "The hub" if post.from_hub else "The referrer"
    own = names.get(post.written_by, "") if post.written_by and post.from_hub == hub else ""
    return Written(post, fields.read(post, "words"), own or side, file, fields.read(file, "called") if file else "")


def closed(standing: Standing) -> bool:
    """Whether the hub closed the thread and has asked nothing since."""
    last = Post.objects.filter(standing=standing).order_by("-written_at", "-id").first()
    return last is not None and last.closes


def unread(rows: QuerySet[Post], by: Actor) -> QuerySet[Post]:
    """What the other side wrote and nobody here has read."""
    return rows.filter(from_hub=by.realm != Realm.HUB, read_at=None)


def unread_count(by: Actor) -> int:
    return unread(Post.objects.visible_to(by), by).count()


def unread_of(standings: Iterable[Standing], by: Actor) -> dict[UUID, int]:
    """How many are not read in each of these threads, and 0 for a thread in which all are."""
    keys = [one.pk for one in standings]
    mine = Q(from_hub=by.realm != Realm.HUB, read_at=None)
    found = Post.objects.visible_to(by).filter(standing_id__in=keys).values_list("standing_id")
    return dict(found.annotate(count=Count("pk", filter=mine)))


@dataclass(frozen=True)
class Waiting:
    """A thread in which the hub has something to read."""

    standing: Standing
    sender: str
    count: int
    last: datetime


def waiting(by: Actor, *, most: int) -> tuple[Waiting, ...]:
    """Threads with something to read for the hub, the longest waiting first."""
    found = unread(Post.objects.visible_to(by), by).values("standing_id")
    rows = found.annotate(count=Count("pk"), last=Max("written_at")).order_by("last")[:most]
    held = Standing.objects.visible_to(by).in_bulk([row["standing_id"] for row in rows])
    senders = dict(Organisation.objects.values_list("pk", "name"))
    return tuple(
        Waiting(one, senders.get(one.organisation_id, ""), row["count"], row["last"])
        for row in rows if (one := held.get(row["standing_id"]))
    )  # fmt: skip


def standing_of(referral: Referral, by: Actor) -> Standing | None:
    """What a referrer follows of this referral; none where nobody at work referred it."""
    found: Standing | None = Standing.objects.visible_to(by).filter(pk=referral.pk).first()
    return found


def names_of(standing: Standing) -> tuple[str, ...]:
    """The names of the victim, to warn of. For the hub alone."""
    victim = Referral.objects.select_related("victim").get(pk=standing.pk).victim
    return victim.given_name, victim.family_name, victim.business_name


def again(standing: Standing, words: str, *, by: Actor, since: datetime) -> Post | None:
    """The same words by the same person moments ago: a form that was sent twice."""
    told = Post.objects.filter(standing=standing, written_by=by.user_id, written_at__gt=since)
    return next((one for one in told if fields.read(one, "words") == words), None)


def content(attachment: Attachment) -> bytes:
    return base64.b64decode(fields.read(attachment, "content"))


def enclosed_content(enclosure: Enclosure) -> bytes:
    return base64.b64decode(fields.read(enclosure, "content"))


def limit(code: str, at: datetime) -> int:
    return int(rulebook.rule("limits", code, london_date(at)).number("number"))


@dataclass(frozen=True)
class Named:
    """A document with what it is called, opened."""

    pk: UUID
    called: str
    kind: str
    size: int


def enclosed(by: Actor, at: datetime) -> tuple[Named, ...]:
    """What the writer has chosen for the referral that they write, the first first. Older ones than drafts are gone."""
    mine = Enclosure.objects.visible_to(by).filter(organisation_id=by.organisation_id or 0, added_at__gt=at - KEPT_FOR)
    return tuple(_named(one) for one in mine.order_by("added_at", "id"))


def documents(standing: Standing, by: Actor) -> tuple[Named, ...]:
    """Every document that came with a referral or an answer, the first first."""
    found = Attachment.objects.visible_to(by).filter(standing=standing).order_by("added_at", "id")
    return tuple(_named(one) for one in found)


def _named(one: Attachment | Enclosure) -> Named:
    return Named(one.pk, fields.read(one, "called"), one.kind, one.size)


def referrers(standing: Standing) -> tuple[UUID, ...]:
    """Who is told of a question: whoever referred, or where they have left, colleagues who refer. For jobs."""
    current = Membership.objects.current().filter(
        organisation_id=standing.organisation_id, role=REFERRER, user__is_active=True
    ).order_by("since", "id")  # fmt: skip
    here = list(current.values_list("user_id", flat=True))
    sender = Referral.objects.filter(pk=standing.pk).values_list("referred_by", flat=True).first()
    return (sender,) if sender in here else tuple(here[:MOST_TOLD])


def officers(standing: Standing, at: datetime) -> tuple[UUID, ...]:
    """Who is told of an answer: whoever has the referral, or the duty officer. For jobs."""
    worker = Referral.objects.filter(pk=standing.pk).values_list("worker", flat=True).first()
    found = worker or duty.on_duty(standing.hub_id, london_date(at)).user_id
    return (found,) if found else ()
