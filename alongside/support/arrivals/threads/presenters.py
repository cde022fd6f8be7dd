"""Questions and answers in words, beside a referral and on both sides' pages."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents.rules import KINDS, size_words
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.arrivals.threads import queries
from alongside.support.arrivals.threads.queries import Named, Waiting, Written


def thread(standing: Standing, *, by: Actor, on: date) -> dict[str, Any]:
    """The thread as its reader may see it."""
    held = queries.posts(standing, by=by)
    mine = by.realm == Realm.HUB
    return {
        "standing": standing, "posts": [post(one, mine=mine) for one in held], "closed": queries.closed(standing),
        "unread": any(_new(one, mine=mine) for one in held),
        "word": rulebook.titles("status_words", on).get(standing.word, standing.word),
    }  # fmt: skip


def _new(one: Written, *, mine: bool) -> bool:
    return one.post.from_hub != mine and one.post.read_at is None and not one.post.closes


def post(one: Written, *, mine: bool) -> dict[str, Any]:
    held = one.attachment
    return {
        "by": one.by, "at": one.post.written_at, "words": one.words, "closes": one.post.closes,
        "new": _new(one, mine=mine), "read_at": one.post.read_at if one.post.from_hub == mine else None,
        "file": file(Named(held.pk, one.called, held.kind, held.size)) if held else None,
    }  # fmt: skip


def file(one: Named) -> dict[str, Any]:
    return {"pk": one.pk, "called": one.called, "kind": KINDS[one.kind], "size": size_words(one.size)}


def waiting(found: Iterable[Waiting]) -> list[dict[str, Any]]:
    return [
        {"pk": row.standing.pk, "reference": row.standing.reference, "count": row.count, "last": row.last,
         "from": row.sender}
        for row in found
    ]  # fmt: skip


def beside(referral: Referral, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On a referral that somebody at work sent: how much of the thread is new, and the way there."""
    standing = queries.standing_of(referral, by) if by.realm == Realm.HUB and by.may(P.REFERRAL_TRIAGE) else None
    if standing is None:
        return
    counts: dict[UUID, int] = queries.unread_of([standing], by)
    words = {"new": counts.get(standing.pk, 0), "begun": standing.pk in counts, "pk": standing.pk}
    yield Card("aside", "threads/parts/card.html", words)
