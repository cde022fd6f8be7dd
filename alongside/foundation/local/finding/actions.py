"""Writes of finding: what found nothing is counted and perhaps kept; an office learns from it, or sets it aside."""

from datetime import date, datetime, timedelta

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import crypt
from alongside.foundation.local.finding import lifecycle, queries, rules
from alongside.foundation.local.finding.models import Asking, Missed
from alongside.foundation.office.rulebook import actions as rulebook_actions
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.models import Rule

LEARNT_FROM = "Searches that found nothing"


@transaction.atomic
def miss(words: str, *, on: date) -> None:
    """Counts words that found nothing; keeps them once enough searches had them, or where each is a known word.

    By nobody and without an event, which would hold the moment: the day is all that is known of it.
    """
    if not rules.may_keep(words, queries.people()) or Asking.objects.filter(on=on).count() >= _limit(
        "searches_noted", on
    ):
        return
    said = rules.normal(words)
    digest = crypt.blind("search", said)
    Asking.objects.create(digest=digest, on=on)
    vocabulary = queries.known(on).vocabulary
    enough = Asking.objects.filter(digest=digest).count() >= _limit("search_kept_from", on)
    if enough or set(rules.words_of(said)) <= vocabulary.said | rules.COMMON:
        kept = Missed(words=said, digest=digest, first_on=on, state=lifecycle.missed.initial)
        Missed.objects.bulk_create([kept], ignore_conflicts=True)


def _limit(code: str, on: date) -> int:
    return rulebook.rule("limits", code, on).number("number")


@transaction.atomic
def learn(missed: Missed, *, by: Actor, at: datetime, meaning: str) -> Rule:
    """From today these words mean what a row of the rulebook says."""
    on = london_date(at)
    held = _moved(missed, "learn", at)
    row = rulebook.find(queries.BOOK, meaning, on)
    if row is None:
        raise RuleBroken("Choose what these words mean", "meaning")
    learnt = rulebook_actions.add(
        queries.BOOK, f"learnt_{held.pk.hex[:16]}", by=by, at=at, title=row.title,
        body={**row.body, "words": held.words}, source=LEARNT_FROM, since=on,
    )  # fmt: skip
    events.record("search.learnt", held.pk, by=by, at=at, meaning=meaning)
    return learnt


@transaction.atomic
def set_aside(missed: Missed, *, by: Actor, at: datetime) -> None:
    """Nothing is to be learnt from these words; they do not come back."""
    held = _moved(missed, "set_aside", at)
    events.record("search.set_aside", held.pk, by=by, at=at)


def _moved(missed: Missed, move: str, at: datetime) -> Missed:
    held = Missed.objects.select_for_update().get(pk=missed.pk)
    held.state = lifecycle.missed.target(held.state, move)
    held.settled_on = london_date(at)
    held.save(update_fields=["state", "settled_on"])
    return held


@transaction.atomic
def forget_past(*, by: Actor, at: datetime) -> int:
    """Forgets what was counted and kept past its time. Returns how many rows."""
    on = london_date(at)
    counted = on - timedelta(days=_limit("search_counted", on))
    kept = on - timedelta(days=rulebook.rule("retention", "search_words", on).number("keep"))
    gone = Asking.objects.filter(on__lt=counted).delete()[0] + Missed.objects.filter(first_on__lt=kept).delete()[0]
    if gone:
        events.record("search.forgotten", uuid7(), by=by, at=at, rows=gone)
    return gone
