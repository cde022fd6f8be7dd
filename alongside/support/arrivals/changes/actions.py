"""Every write of changes: passed on to the provider that holds the case, decided by it, done by the worker."""

import json
from collections.abc import Mapping
from dataclasses import astuple, replace
from datetime import datetime

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.support.arrivals.changes import queries, rules
from alongside.support.arrivals.changes.models import Change
from alongside.support.arrivals.feeds import actions as feeds
from alongside.support.arrivals.feeds import queries as feeds_queries
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.feeds.rules import Difference

State = Change.State
OURS = "ours_is_right"  # of the rulebook's reasons for closing a row
NO_WORDS = "Decided by the service that holds the case."


@transaction.atomic
def pass_on(kept: KeptRow, *, by: Actor, at: datetime) -> Change | None:
    """Shows a row that came again to the provider that holds the case; None where the hub still does, or where nothing
    differs that the provider may know. Safe to run again.
    """
    referral = feeds_queries.referral_of(kept)
    provider = queries.holder(referral) if referral else None
    if referral is None or provider is None or queries.of_row(kept):
        return None
    different = rules.shared(feeds_queries.differences(kept, clocks.london_date(at)))
    if not different:
        return None
    change = Change(
        id=uuid7(), victim_id=referral.victim_id, referral_id=referral.pk, hub_id=kept.hub_id, kept_id=kept.pk,
        source=kept.delivery.source, provider_id=provider, seen=referral.victim.version,
        came_at=kept.delivery.received_at,
    )  # fmt: skip
    fields.write(change, differences=_texts(different))
    change.save(force_insert=True)
    whose = replace(by, organisation_id=kept.hub_id)
    events.record("change.passed_on", change.pk, by=whose, at=at, refusal=rules.is_refusal(different))
    return change


def _texts(different: tuple[Difference, ...]) -> str:
    return json.dumps([astuple(one) for one in different], ensure_ascii=False)


@transaction.atomic
def decide(change: Change, *, by: Actor, at: datetime, decisions: Mapping[str, str], words: str = "") -> Change:
    """Says of each difference whether it is taken, ours is kept, or it is only noted. The worker then does it."""
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.state != State.OPEN:
        raise RuleBroken("Somebody has decided this already.")
    for one in queries.differences(change):
        if decisions.get(one.what) not in rules.options(one):
            raise RuleBroken(f"Say what becomes of “{one.what}”.")
    change.state, change.decided_at, change.decided_by = State.DECIDED, at, by.user_id
    fields.write(change, decisions=json.dumps(dict(decisions)), words=words)
    change.save(update_fields=["state", "decided_at", "decided_by", "decisions", "words"])
    taken = rules.taken(decisions)
    events.record("change.decided", change.pk, by=by, at=at, taken=len(taken), of=len(decisions))
    return change


@transaction.atomic
def end(kept: KeptRow, *, by: Actor, at: datetime) -> None:
    """The hub dealt with the row itself: nobody is asked any more."""
    for change in Change.objects.select_for_update(of=("self",)).filter(kept_id=kept.pk, state=State.OPEN):
        change.state = State.DONE
        change.save(update_fields=["state"])
        events.record("change.ended", change.pk, by=by, at=at)


@transaction.atomic
def carry_out(change: Change, *, by: Actor, at: datetime) -> Change:
    """Does what was decided: takes what was chosen, or closes the row. Where the record was corrected meanwhile, it is
    asked again, against what the record says now. Safe to run again.
    """
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    kept = KeptRow.objects.select_related("delivery__source").filter(pk=change.kept_id, settled_at=None).first()
    if change.state != State.DECIDED:
        return change
    whose = replace(by, user_id=change.decided_by, organisation_id=change.provider_id)
    if kept and queries.victim_of(change).version != change.seen:
        return _ask_again(change, kept, by=whose, at=at)
    if kept:
        _do(change, kept, by=whose, at=at)
    change.state = State.DONE
    change.save(update_fields=["state"])
    events.record("change.done", change.pk, by=whose, at=at)
    return change


def _do(change: Change, kept: KeptRow, *, by: Actor, at: datetime) -> None:
    taken = rules.taken(queries.decisions(change))
    words = fields.read(change, "words") or NO_WORDS
    if taken or rules.says_unsafe(queries.differences(change)):
        feeds.take_new_details(kept, by=by, at=at, words=words, take=taken, seen=change.seen)
    else:
        row = feeds.locked(kept)
        feeds.settle(row, KeptRow.Settled.CLOSED, by=by, at=at, words=words, why=OURS)


def _ask_again(change: Change, kept: KeptRow, *, by: Actor, at: datetime) -> Change:
    """The record says something else by now: the differences are worked out anew, and the decision asked for again."""
    different = rules.shared(feeds_queries.differences(kept, clocks.london_date(at)))
    change.state, change.decided_at, change.decided_by = State.OPEN, None, None
    change.seen, change.decisions, change.words = queries.victim_of(change).version, b"", b""
    fields.write(change, differences=_texts(different))
    change.save(update_fields=["state", "decided_at", "decided_by", "seen", "decisions", "words", "differences"])
    events.record("change.asked_again", change.pk, by=by, at=at)
    return change
