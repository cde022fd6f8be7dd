"""Writes of an office: a tool drafted, its questions put in, reworded, moved, taken out, and published from a day."""

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
from alongside.foundation.office.rulebook.models import Rule
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.rules import Question, Tool
from alongside.support.cases.tools import queries, rules
from alongside.support.cases.tools.models import Draft

CHANGED = "Somebody else of your office changed this draft meanwhile. Look at it again before you go on."
USUAL_SCALE = ((1, "Not at all"), (2, "A little"), (3, "Somewhat"), (4, "Mostly"), (5, "Completely"))


@transaction.atomic
def begin(code: str, *, by: Actor, at: datetime, like: int = 0) -> Draft:
    """Begins to write a tool anew, from its newest version or from an earlier one; or goes on with what was begun."""
    _check_writer(by)
    latest = queries.open_version(code)
    if held := queries.draft(code, by):
        return held
    start = next((row for row in queries.history(code) if row.version == like), latest)
    draft = Draft.objects.create(
        organisation_id=queries.office(by), code=code, title=start.title, body=dict(start.body), source=start.source,
        seen=latest.version, changed_at=at, changed_by=by.user_id,
    )  # fmt: skip
    events.record("tool.begun", draft.pk, by=by, at=at, code=code, like=start.version)
    return draft


@transaction.atomic
def start(*, by: Actor, at: datetime, title: str, whose: str) -> Draft:
    """Begins to write a tool of the office's own, with no question in it yet."""
    _check_writer(by)
    code = queries.free_code()
    whole = Tool(code, 1, title, (), USUAL_SCALE, whose=whose)
    draft = Draft.objects.create(
        organisation_id=queries.office(by), code=code, title=title, body=whole.body(), source="Office decision",
        seen=0, changed_at=at, changed_by=by.user_id,
    )  # fmt: skip
    events.record("tool.started", draft.pk, by=by, at=at, code=code)
    return draft


@transaction.atomic
def put_in(draft: Draft, *, by: Actor, at: datetime, question: Question, stamp: int) -> Draft:
    """Adds a question at the end, under a code that no version of the tool ever had."""
    rules.check_question(question, queries.titles(london_date(at)))
    taken = {*queries.codes_used(draft.code), *(one.code for one in queries.drafted(draft).questions)}
    fresh = replace(question, code=rules.next_code(taken))

    def with_it(whole: Tool) -> Tool:
        if len(whole.questions) >= rules.MOST_QUESTIONS:
            raise RuleBroken(f"A tool asks at most {rules.MOST_QUESTIONS} questions at one sitting.")
        return replace(whole, questions=(*whole.questions, fresh))

    return _rewrite(draft, with_it, "put_in", by=by, at=at, stamp=stamp)


@transaction.atomic
def reword(draft: Draft, *, by: Actor, at: datetime, question: Question, stamp: int) -> Draft:
    """Changes a question: its words or its outcome. Answers before and after are not held together then."""
    rules.check_question(question, queries.titles(london_date(at)))
    return _rewrite(
        draft,
        lambda whole: replace(
            whole, questions=tuple(question if one.code == question.code else one for one in whole.questions)
        ),
        "reworded", by=by, at=at, stamp=stamp,
    )  # fmt: skip


@transaction.atomic
def move(draft: Draft, *, by: Actor, at: datetime, code: str, up: bool, stamp: int) -> Draft:
    return _rewrite(
        draft, lambda whole: replace(whole, questions=rules.moved(whole.questions, code, up=up)), "moved",
        by=by, at=at, stamp=stamp,
    )  # fmt: skip


@transaction.atomic
def take_out(draft: Draft, *, by: Actor, at: datetime, code: str, stamp: int) -> Draft:
    return _rewrite(
        draft, lambda whole: replace(whole, questions=tuple(one for one in whole.questions if one.code != code)),
        "taken_out", by=by, at=at, stamp=stamp,
    )  # fmt: skip


@transaction.atomic
def settle(draft: Draft, *, by: Actor, at: datetime, settings: Callable[[Tool], Tool], stamp: int) -> Draft:
    """Changes what stands around the questions: name, whose it is, ages, scale, step, services, figures."""

    def settled(whole: Tool) -> Tool:
        found = settings(whole)
        rules.check_tool(found)
        return found

    return _rewrite(draft, settled, "settled", by=by, at=at, stamp=stamp)


def _rewrite(
    draft: Draft, change: Callable[[Tool], Tool], verb: str, *, by: Actor, at: datetime, stamp: int
) -> Draft:  # fmt: skip
    """Puts a changed tool in place of the one that the writer saw."""
    held = _held(draft, by, stamp)
    whole = change(queries.drafted(held))
    held.title, held.body = whole.title, whole.body()
    held.stamp, held.changed_at, held.changed_by = held.stamp + 1, at, by.user_id
    held.save(update_fields=["title", "body", "stamp", "changed_at", "changed_by"])
    events.record(f"tool.{verb}", held.pk, by=by, at=at, code=held.code)
    return held


@transaction.atomic
def publish(draft: Draft, *, by: Actor, at: datetime, since: date, source: str, stamp: int) -> Rule:
    """The draft becomes a version, given from a day on. What was asked before stays as it was asked."""
    held = _held(draft, by, stamp)
    whole = queries.drafted(held)
    rules.check_whole(whole)
    words: dict[str, Any] = {"title": whole.title, "body": whole.body(), "source": source, "since": since}
    if held.seen == 0:
        rule = rulebook.add(queries.BOOK, held.code, by=by, at=at, **words)
    elif rules.differences(outcomes.as_tool(queries.open_version(held.code)), whole, {}):
        rule = rulebook.revise(queries.BOOK, held.code, by=by, at=at, seen=held.seen, **words)
    else:
        raise RuleBroken("Nothing was changed yet.")
    events.record("tool.published", held.pk, by=by, at=at, code=held.code, version=rule.version)
    held.delete()
    return rule


@transaction.atomic
def drop(draft: Draft, *, by: Actor, at: datetime) -> None:
    """Throws a draft away; what is given stays as it is. Pressed twice it is gone once."""
    _check_writer(by)
    held = Draft.objects.visible_to(by).select_for_update().filter(pk=draft.pk).first()
    if held:
        events.record("tool.dropped", held.pk, by=by, at=at, code=held.code)
        held.delete()


def _check_writer(by: Actor) -> None:
    if not by.may(P.RULEBOOK_REVISE):
        raise RuleBroken("The office or the hub's manager writes these tools.")


def _held(draft: Draft, by: Actor, stamp: int) -> Draft:
    _check_writer(by)
    held = Draft.objects.visible_to(by).select_for_update().filter(pk=draft.pk).first()
    if held is None:
        raise RuleBroken("This draft is gone: somebody published it or threw it away.")
    if held.stamp != stamp:
        raise RuleBroken(CHANGED)
    return held
