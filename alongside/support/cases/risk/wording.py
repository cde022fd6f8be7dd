"""Writes of an office: a set drafted, its questions put in, reworded, moved and taken out, and published from a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook import queries as rulebook_queries
from alongside.foundation.office.rulebook.models import Rule
from alongside.support.cases.risk import queries, rules
from alongside.support.cases.risk.models import Draft
from alongside.support.cases.risk.rules import Item, RiskSet

CHANGED = "Somebody else of your office changed this draft meanwhile. Look at it again before you go on."


@transaction.atomic
def begin(code: str, *, by: Actor, at: datetime, like: int = 0) -> Draft:
    """Begins to write a set anew, from its newest version or from an earlier one; or goes on with what was begun."""
    _check_writer(by)
    latest = queries.open_version(code)
    if held := queries.draft(code, by):
        return held
    start = next((row for row in queries.history(code) if row.version == like), latest)
    draft = Draft.objects.create(
        organisation_id=queries.office(by), code=code, title=start.title, body=dict(start.body), source=start.source,
        seen=latest.version, changed_at=at, changed_by=by.user_id,
    )  # fmt: skip
    events.record("risk_set.begun", draft.pk, by=by, at=at, code=code, like=start.version)
    return draft


@transaction.atomic
def start(*, by: Actor, at: datetime, kind: str, title: str) -> Draft:
    """Begins to write a set of the office's own, with no question in it yet."""
    _check_writer(by)
    if rulebook_queries.find(queries.KINDS, kind, london_date(at)) is None:
        raise RuleBroken("Choose what it is about.", "kind")
    code = queries.free_code(kind)
    whole = RiskSet(code, 1, title, kind, items=(), medium_from=1, high_from=1)
    draft = Draft.objects.create(
        organisation_id=queries.office(by), code=code, title=title, body=whole.body(), source="Office decision",
        seen=0, changed_at=at, changed_by=by.user_id,
    )  # fmt: skip
    events.record("risk_set.started", draft.pk, by=by, at=at, code=code)
    return draft


@transaction.atomic
def put_in(draft: Draft, *, by: Actor, at: datetime, item: Item, stamp: int) -> Draft:
    """Adds a question at the end, under a code that no version of the set ever had."""
    rules.check_item(item)
    taken = {*queries.codes_used(draft.code), *(one.code for one in queries.drafted(draft).items)}
    fresh = replace(item, code=rules.next_code(taken))

    def with_it(whole: RiskSet) -> RiskSet:
        if len(whole.items) >= rules.MOST_ITEMS:
            raise RuleBroken(f"A set has at most {rules.MOST_ITEMS} questions. Nobody answers more at one sitting.")
        return replace(whole, items=(*whole.items, fresh))

    return _rewrite(draft, with_it, "put_in", by=by, at=at, stamp=stamp)


@transaction.atomic
def reword(draft: Draft, *, by: Actor, at: datetime, item: Item, stamp: int) -> Draft:
    """Changes a question: its words, its weight, whether it is critical. It stays the same question."""
    rules.check_item(item)
    return _rewrite(
        draft,
        lambda whole: replace(
            whole, items=tuple(item if one.code == item.code else one for one in whole.items)
        ),
        "reworded", by=by, at=at, stamp=stamp,
    )  # fmt: skip


@transaction.atomic
def move(draft: Draft, *, by: Actor, at: datetime, code: str, up: bool, stamp: int) -> Draft:
    return _rewrite(
        draft, lambda whole: replace(whole, items=rules.moved(whole.items, code, up=up)), "moved",
        by=by, at=at, stamp=stamp,
    )  # fmt: skip


@transaction.atomic
def take_out(draft: Draft, *, by: Actor, at: datetime, code: str, stamp: int) -> Draft:
    return _rewrite(
        draft, lambda whole: replace(whole, items=tuple(one for one in whole.items if one.code != code)),
        "taken_out", by=by, at=at, stamp=stamp,
    )  # fmt: skip


@transaction.atomic
def settle(draft: Draft, *, by: Actor, at: datetime, settings: Callable[[RiskSet], RiskSet], stamp: int) -> Draft:
    """Changes what stands around the questions: title, ages, thresholds, areas."""
    return _rewrite(draft, settings, "settled", by=by, at=at, stamp=stamp, whole_checked=True)


def _rewrite(
    draft: Draft, change: Callable[[RiskSet], RiskSet], verb: str, *, by: Actor, at: datetime, stamp: int,
    whole_checked: bool = False,
) -> Draft:  # fmt: skip
    """Puts a changed set in place of the one that the writer saw."""
    held = _held(draft, by, stamp)
    whole = change(queries.drafted(held))
    if whole_checked:
        rules.check_set(whole)
    held.title, held.body = whole.title, whole.body()
    held.stamp, held.changed_at, held.changed_by = held.stamp + 1, at, by.user_id
    held.save(update_fields=["title", "body", "stamp", "changed_at", "changed_by"])
    events.record(f"risk_set.{verb}", held.pk, by=by, at=at, code=held.code)
    return held


@transaction.atomic
def publish(draft: Draft, *, by: Actor, at: datetime, since: date, source: str, stamp: int) -> Rule:
    """The draft becomes a version, asked from a day on. What was asked before stays as it was asked."""
    held = _held(draft, by, stamp)
    whole = queries.drafted(held)
    rules.check_set(whole)
    words: dict[str, Any] = {"title": whole.title, "body": whole.body(), "source": source, "since": since}
    if held.seen == 0:
        rule = rulebook.add(queries.BOOK, held.code, by=by, at=at, **words)
    elif rules.differences(queries.as_set(queries.open_version(held.code)), whole):
        rule = rulebook.revise(queries.BOOK, held.code, by=by, at=at, seen=held.seen, **words)
    else:
        raise RuleBroken("Nothing was changed yet.")
    events.record("risk_set.published", held.pk, by=by, at=at, code=held.code, version=rule.version)
    held.delete()
    return rule


@transaction.atomic
def drop(draft: Draft, *, by: Actor, at: datetime) -> None:
    """Throws a draft away; what is asked stays as it is. Pressed twice it is gone once."""
    _check_writer(by)
    held = Draft.objects.visible_to(by).select_for_update().filter(pk=draft.pk).first()
    if held:
        events.record("risk_set.dropped", held.pk, by=by, at=at, code=held.code)
        held.delete()


def _check_writer(by: Actor) -> None:
    if not by.may(P.RULEBOOK_REVISE):
        raise RuleBroken("The office or the hub's manager writes these questions.")


def _held(draft: Draft, by: Actor, stamp: int) -> Draft:
    _check_writer(by)
    held = Draft.objects.visible_to(by).select_for_update().filter(pk=draft.pk).first()
    if held is None:
        raise RuleBroken("This draft is gone: somebody published it or threw it away.")
    if held.stamp != stamp:
        raise RuleBroken(CHANGED)
    return held
