"""Every write of replies: one is made and the officer told, opened once by its secret, read again, and answered."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from alongside.core import clocks, events
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.core.rows import realms
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.queries import is_professional
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.replies import queries, rules
from alongside.support.arrivals.replies.models import Answer, Reply

TEMPLATE = "answer"
NOTICED_AFTER = 30  # days after a reply could last be opened for which it is kept
NOT_OPEN = "This page cannot be opened any more. Ask the victim service to send it again."
WRONG = "That is not the reference that this page is about. Check it in your own system."


def _lookup(secret: str) -> bytes:
    return crypt.blind("reply", secret)


def _check(key: UUID, reference: str) -> bytes:
    """The blind index of a reference for one reply: equal references of two replies cannot be told to be equal."""
    said = rules.plain(reference)
    return crypt.blind("reply-reference", f"{key}|{said}") if said else b""


@transaction.atomic
def return_row(kept: KeptRow, *, by: Actor, at: datetime, reason: str, reference: str, mailbox: str) -> Reply:
    """Makes the page on which the officer reads why a row came back, and tells them of it if they may be written to.

    `reference`: as the officer knows it, empty if the row has none.
    """
    on = clocks.london_date(at)
    reply = Reply(hub_id=kept.hub_id, source=kept.delivery.source, kept_id=kept.pk, reason=reason,
                  asks=queries.asks(reason, on))  # fmt: skip
    return _make(reply, by=by, at=at, reference=reference, mailbox=mailbox)


@transaction.atomic
def tell(referral: Referral, *, by: Actor, at: datetime) -> Reply:
    """Makes the page on which the officer reads how a referral stands, as far as the victim agrees that they may."""
    if referral.source != Referral.Source.POLICE_FEED or referral.source_organisation is None:
        raise RuleBroken("Only what came by a police feed is answered this way. Others see it on their own pages.")
    mailbox = queries.mailbox_of(referral)
    if not is_professional(mailbox, clocks.london_date(at)):
        raise RuleBroken("There is no mailbox of the police with this referral, so there is nobody to write to.")
    word = rules.word(queries.standing_of(referral), shares=queries.shares_with(referral))
    reply = Reply(hub_id=referral.hub_id, source_id=referral.source_organisation, referral_id=referral.pk, word=word)
    return _make(reply, by=by, at=at, reference=referral.source_ref, mailbox=mailbox)


@transaction.atomic
def tell_by_itself(referral: Referral, *, by: Actor, at: datetime) -> Reply | None:
    """Tells the officer where the rulebook lists what it has become and the victim agrees, and there is a mailbox of
    the police to write to. Safe to run again: of one word they hear once.
    """
    on = clocks.london_date(at)
    held = Referral.objects.select_for_update().get(pk=referral.pk)
    if not queries.tells_itself(held, on) or not is_professional(queries.mailbox_of(held), on):
        return None
    return tell(held, by=by, at=at)


def _make(reply: Reply, *, by: Actor, at: datetime, reference: str, mailbox: str) -> Reply:
    """Saves a reply under a fresh secret, which goes out with the notice and is kept nowhere else."""
    on, secret = clocks.london_date(at), secrets.token_urlsafe(24)
    writes = is_professional(mailbox, on)
    reply.id, reply.lookup, reply.made_at, reply.made_by = uuid7(), _lookup(secret), at, by.user_id
    reply.check_ref, reply.opens_until = _check(reply.id, reference), at + queries.opens_for(on)
    reply.told = Reply.Told.ASKED if writes else Reply.Told.NO_MAILBOX
    reply.save(force_insert=True)
    if writes:
        link = f"{settings.SITE_URL}{reverse('replies:arrive', args=[secret])}"
        messages.point(mailbox, by=by, at=at, organisation_id=reply.hub_id, template=TEMPLATE, link=link)
    events.record("reply.made", reply.pk, by=by, at=at, word=reply.word, reason=reply.reason, told=reply.told)
    return reply


@transaction.atomic
def call_back(reply: Reply, *, by: Actor, at: datetime) -> None:
    """Shuts a page, whether it was opened or not."""
    reply = Reply.objects.select_for_update().get(pk=reply.pk)
    reply.opens_until = min(reply.opens_until, at)
    reply.read_until = min(reply.read_until, at) if reply.read_until else None
    reply.save(update_fields=["opens_until", "read_until"])
    events.record("reply.called_back", reply.pk, by=by, at=at)


# What an officer does, without an account: in the public's realm, which sees the one reply that it presents.


def _presented(secret: str) -> Reply | None:
    realms.present_ticket(_lookup(secret))
    return Reply.objects.select_for_update(of=("self",)).filter(lookup=_lookup(secret)).first()


@transaction.atomic
def open_(secret: str, *, reference: str, at: datetime) -> str:
    """Opens a reply for one browser, whose own secret is returned. A wrong reference is counted; RuleBroken otherwise.

    An empty return: the reference was wrong.
    """
    reply = _presented(secret)
    if reply is None or not rules.may_open(
        opened=reply.opened_at is not None, tries=reply.tries, opens_until=reply.opens_until, at=at
    ):
        raise RuleBroken(NOT_OPEN)
    if reply.check_ref and bytes(reply.check_ref) != _check(reply.pk, reference):
        reply.tries += 1
        reply.save(update_fields=["tries"])
        events.record("reply.not_opened", reply.pk, by=PUBLIC_ACTOR, at=at, tries=reply.tries)
        return ""
    browser = secrets.token_urlsafe(24)
    reply.browser, reply.opened_at = crypt.blind("reply-browser", browser), at
    reply.read_until = at + queries.stays_for(clocks.london_date(at))
    reply.save(update_fields=["browser", "opened_at", "read_until"])
    events.record("reply.opened", reply.pk, by=PUBLIC_ACTOR, at=at)
    return browser


def opened(secret: str, browser: str, *, at: datetime) -> Reply | None:
    """The reply that this browser opened, while it may still read it."""
    realms.present_ticket(_lookup(secret))
    reply = queries.presented()
    if reply is None or not reply.browser or bytes(reply.browser) != crypt.blind("reply-browser", browser):
        return None
    return reply if rules.may_read(read_until=reply.read_until, at=at) else None


@transaction.atomic
def answer(reply: Reply, *, at: datetime, said: Mapping[str, str]) -> None:
    """Keeps what an officer answered, sealed, once. Whoever deals with the row reads it; nothing is taken over."""
    if reply.asks == Reply.Asks.NOTHING or reply.answered_at is not None:
        raise RuleBroken("This was answered already, or asks for no answer.")
    filled = {name: words for name, words in said.items() if words.strip()}
    if not filled:
        raise RuleBroken("Write your answer first.")
    made = Answer(id=uuid7(), reply=reply, hub_id=reply.hub_id, answered_at=at)
    fields.write(made, said=json.dumps(filled))
    made.save(force_insert=True)
    reply.answered_at = at
    reply.save(update_fields=["answered_at"])
    events.record("reply.answered", reply.pk, by=PUBLIC_ACTOR, at=at)


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Deletes replies that could last be opened a while ago, with their answers and keys. Returns how many."""
    old = Reply.objects.filter(opens_until__lte=at - NOTICED_AFTER * clocks.ONE_DAY)
    answers = list(Answer.objects.filter(reply__in=old).values_list("pk", flat=True))
    gone = old.count()
    old.delete()
    PersonKey.objects.filter(person_id__in=answers).delete()
    return gone
