"""Writes of an office: a template drafted, its sections, questions and checks put in, and published from a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.commissioning.templates import queries, rules
from alongside.commissioning.templates.models import Draft
from alongside.commissioning.templates.rules import Check, Question, Section, Template
from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook.models import Rule

CHANGED = "Somebody else of your office changed this draft meanwhile. Look at it again before you go on."
STATEMENT = "I have looked at this return. To the best of my knowledge it is right, and nothing in it can tell who " \
            "somebody is."  # fmt: skip


@transaction.atomic
def begin(code: str, *, by: Actor, at: datetime, like: int = 0) -> Draft:
    """Begins to write a template anew, from its newest version or an earlier one; or goes on with what was begun."""
    _check_writer(by)
    latest = queries.open_version(code)
    if held := queries.draft(code, by):
        return held
    start = next((row for row in queries.history(code) if row.version == like), latest)
    draft = Draft.objects.create(
        office_id=queries.office(by), code=code, title=start.title, body=dict(start.body), seen=latest.version,
        changed_at=at, changed_by=by.user_id,
    )  # fmt: skip
    events.record("template.begun", draft.pk, by=by, at=at, code=code, like=start.version)
    return draft


@transaction.atomic
def start(*, by: Actor, at: datetime, title: str) -> Draft:
    """Begins to write a template with nothing in it yet."""
    _check_writer(by)
    whole = Template(queries.free_code(), 1, title, statement=STATEMENT)
    draft = Draft.objects.create(
        office_id=queries.office(by), code=whole.code, title=title, body=whole.body(), seen=0, changed_at=at,
        changed_by=by.user_id,
    )  # fmt: skip
    events.record("template.started", draft.pk, by=by, at=at, code=whole.code)
    return draft


@transaction.atomic
def settle(draft: Draft, *, by: Actor, at: datetime, stamp: int, **said: Any) -> Draft:
    """Changes what stands around the questions: name, what it is for, days, when to explain, statement."""

    def settled(whole: Template) -> Template:
        found = replace(whole, **said)
        rules.check_template(found)
        return found

    return _rewrite(draft, settled, "settled", by=by, at=at, stamp=stamp)


@transaction.atomic
def head(draft: Draft, *, by: Actor, at: datetime, section: Section, stamp: int) -> Draft:
    """Puts in a section, or changes the words of one that is there."""

    def with_it(whole: Template) -> Template:
        rules.check_section(section)
        if whole.section(section.code):
            changed = (section if one.code == section.code else one for one in whole.sections)
            return replace(whole, sections=tuple(changed))
        if len(whole.sections) >= rules.MOST_SECTIONS:
            raise RuleBroken(f"A template has at most {rules.MOST_SECTIONS} sections.")
        fresh = replace(section, code=rules.next_code([one.code for one in whole.sections], "s"))
        return replace(whole, sections=(*whole.sections, fresh))

    return _rewrite(draft, with_it, "headed", by=by, at=at, stamp=stamp)


@transaction.atomic
def put_in(draft: Draft, *, by: Actor, at: datetime, question: Question, stamp: int) -> Draft:
    """Adds a question at the end of its section, under a code that no version of the template ever had."""

    def with_it(whole: Template) -> Template:
        if len(whole.questions) >= rules.MOST_QUESTIONS:
            raise RuleBroken(f"A template asks at most {rules.MOST_QUESTIONS} questions.")
        taken = {*queries.codes_used(draft.code), *(one.code for one in whole.questions)}
        fresh = replace(question, code=rules.next_code(taken))
        rules.check_question(fresh, measures=queries.breakdowns(), template=whole)
        return replace(whole, questions=(*whole.questions, fresh))

    return _rewrite(draft, with_it, "put_in", by=by, at=at, stamp=stamp)


@transaction.atomic
def reword(draft: Draft, *, by: Actor, at: datetime, question: Question, stamp: int) -> Draft:
    """Changes a question. Another kind of answer is another question: take it out and put in a new one."""

    def with_it(whole: Template) -> Template:
        rules.check_question(question, measures=queries.breakdowns(), template=whole)
        changed = (question if one.code == question.code else one for one in whole.questions)
        return replace(whole, questions=tuple(changed))

    return _rewrite(draft, with_it, "reworded", by=by, at=at, stamp=stamp)


@transaction.atomic
def move(draft: Draft, *, by: Actor, at: datetime, code: str, up: bool, stamp: int) -> Draft:
    """Moves a section among sections, or a question within its section."""

    def moved(whole: Template) -> Template:
        if section := whole.section(code):
            return replace(whole, sections=rules.moved(whole.sections, section, up=up, within=lambda one: True))
        one = whole.question(code)
        assert one is not None  # the page asks for what stands in the draft
        return replace(
            whole,
            questions=rules.moved(whole.questions, one, up=up, within=lambda each: each.section == one.section),
        )

    return _rewrite(draft, moved, "moved", by=by, at=at, stamp=stamp)


@transaction.atomic
def take_out(draft: Draft, *, by: Actor, at: datetime, code: str, stamp: int) -> Draft:
    """Takes out a question with the checks that reckon with it, or a section that has none in it."""

    def without(whole: Template) -> Template:
        if whole.section(code) is None:
            return rules.without_question(whole, code)
        if whole.within(code):
            raise RuleBroken("Take out or move the questions of this section first.")
        return replace(whole, sections=tuple(one for one in whole.sections if one.code != code))

    return _rewrite(draft, without, "taken_out", by=by, at=at, stamp=stamp)


@transaction.atomic
def put_check(draft: Draft, *, by: Actor, at: datetime, check: Check, stamp: int) -> Draft:
    def with_it(whole: Template) -> Template:
        rules.check_check(check, whole)
        if check.formula in {one.formula for one in whole.checks}:
            raise RuleBroken("This is checked already.", "formula")
        if len(whole.checks) >= rules.MOST_CHECKS:
            raise RuleBroken(f"A template has at most {rules.MOST_CHECKS} checks.")
        return replace(whole, checks=(*whole.checks, check))

    return _rewrite(draft, with_it, "check_put_in", by=by, at=at, stamp=stamp)


@transaction.atomic
def take_check(draft: Draft, *, by: Actor, at: datetime, formula: str, stamp: int) -> Draft:
    return _rewrite(
        draft, lambda whole: replace(whole, checks=tuple(one for one in whole.checks if one.formula != formula)),
        "check_taken_out", by=by, at=at, stamp=stamp,
    )  # fmt: skip


def _rewrite(
    draft: Draft, change: Callable[[Template], Template], verb: str, *, by: Actor, at: datetime, stamp: int
) -> Draft:  # fmt: skip
    """Puts a changed template in place of the one that the writer saw."""
    held = _held(draft, by, stamp)
    whole = change(queries.drafted(held))
    held.title, held.body = whole.title, whole.body()
    held.stamp, held.changed_at, held.changed_by = held.stamp + 1, at, by.user_id
    held.save(update_fields=["title", "body", "stamp", "changed_at", "changed_by"])
    events.record(f"template.{verb}", held.pk, by=by, at=at, code=held.code)
    return held


@transaction.atomic
def publish(draft: Draft, *, by: Actor, at: datetime, since: date, source: str, stamp: int) -> Rule:
    """The draft becomes a version from a day on. A quarter is asked by the version that was in force when it began."""
    held = _held(draft, by, stamp)
    whole = queries.drafted(held)
    rules.check_whole(whole)
    words: dict[str, Any] = {"title": whole.title, "body": whole.body(), "source": source, "since": since}
    if held.seen == 0:
        rule = rulebook.add(queries.BOOK, held.code, by=by, at=at, **words)
    elif queries.changed(held):
        rule = rulebook.revise(queries.BOOK, held.code, by=by, at=at, seen=held.seen, **words)
    else:
        raise RuleBroken("Nothing was changed yet.")
    events.record("template.published", held.pk, by=by, at=at, code=held.code, version=rule.version)
    held.delete()
    return rule


@transaction.atomic
def drop(draft: Draft, *, by: Actor, at: datetime) -> None:
    """Throws a draft away; what is asked stays as it is. Pressed twice it is gone once."""
    _check_writer(by)
    held = Draft.objects.visible_to(by).select_for_update().filter(pk=draft.pk).first()
    if held:
        events.record("template.dropped", held.pk, by=by, at=at, code=held.code)
        held.delete()


def _check_writer(by: Actor) -> None:
    if not by.may(P.RETURN_SET_UP):
        raise RuleBroken("The commissioning office writes these templates.")


def _held(draft: Draft, by: Actor, stamp: int) -> Draft:
    _check_writer(by)
    held = Draft.objects.visible_to(by).select_for_update().filter(pk=draft.pk).first()
    if held is None:
        raise RuleBroken("This draft is gone: somebody published it or threw it away.")
    if held.stamp != stamp:
        raise RuleBroken(CHANGED)
    return held
