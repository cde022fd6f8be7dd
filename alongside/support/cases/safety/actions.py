"""Writes of safety plans: a piece added, changed, marked for paper, taken out; the plan gone through; paper given."""

from datetime import date, datetime, timedelta

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others import queries as others
from alongside.support.cases.safety import queries, rules
from alongside.support.cases.safety.models import Entry, Paper

REVIEW = "safety.review"
FURTHEST = timedelta(days=731)


@transaction.atomic
def add(
    case: Case, *, by: Actor, at: datetime, section: str, words: str, who: str, review_on: date | None = None
) -> Entry:  # fmt: skip
    """Adds a piece to the plan. It may not be printed until somebody says so of it."""
    case, on = casework.locked(case), london_date(at)
    _check(section, words, who, review_on, on)
    if again := queries.added_again(case, words, at=at, section=section):
        return again
    entry = Entry(
        case=case, victim_id=case.victim_id, section=section, who=who, review_on=review_on, written_at=at,
        written_by=by.user_id,
    )  # fmt: skip
    _write(entry, words)
    _put(case, by=by, at=at)
    events.record("safety.added", case.pk, by=by, at=at, section=section)
    return entry


def _check(section: str, words: str, who: str, review_on: date | None, on: date) -> None:
    if rulebook.find(queries.SECTIONS, section, on) is None:
        raise RuleBroken("Choose the part of the plan.", "section")
    if who not in Entry.Who.values:
        raise RuleBroken("Choose who does it.", "who")
    rules.check_words(words)
    rules.check_review(review_on, today=on, latest=on + FURTHEST)


def _write(entry: Entry, words: str) -> None:
    fields.write(entry, words=words)
    entry.save(force_insert=True)


def _put(case: Case, *, by: Actor, at: datetime) -> None:
    """The plan stands on the agenda for the first day that any piece asks for."""
    day = queries.review_on(case)
    if day is None:
        agenda.drop(case, by=by, at=at, kind=REVIEW)
    else:
        agenda.put(case, by=by, at=at, kind=REVIEW, about=case.pk, due_at=day)


def _current(entry: Entry, seen: int) -> Entry:
    """The piece as it stands, held; refuses whoever writes over what they have not seen."""
    casework.locked(entry.case)
    fresh: Entry = Entry.objects.select_for_update(of=("self",)).get(piece=entry.piece, superseded_at=None)
    if fresh.gone:
        raise RuleBroken("Somebody has taken this out of the plan meanwhile.")
    if fresh.number != seen:
        raise RuleBroken(rules.STALE)
    return fresh


def _follow(fresh: Entry, *, by: Actor, at: datetime, **changes: object) -> Entry:
    """The next version of a piece; the one before stays as what it said. What may be printed is said anew of each."""
    fresh.superseded_at = at
    fresh.save(update_fields=["superseded_at"])
    kept: dict[str, object] = {"section": fresh.section, "who": fresh.who, "review_on": fresh.review_on}
    return Entry(
        case_id=fresh.case_id, victim_id=fresh.victim_id, piece=fresh.piece, number=fresh.number + 1, written_at=at,
        written_by=by.user_id, **kept | changes,
    )  # fmt: skip


@transaction.atomic
def revise(
    entry: Entry, *, by: Actor, at: datetime, words: str, who: str, review_on: date | None, seen: int
) -> Entry:  # fmt: skip
    """Changes a piece. `seen`: the number of the version that the writer had before them."""
    fresh = _current(entry, seen)
    _check(fresh.section, words, who, None if review_on == fresh.review_on else review_on, london_date(at))
    revised = _follow(fresh, by=by, at=at, who=who, review_on=review_on)
    _write(revised, words)
    _put(fresh.case, by=by, at=at)
    events.record("safety.revised", fresh.case_id, by=by, at=at, section=fresh.section)
    return revised


@transaction.atomic
def take_out(entry: Entry, *, by: Actor, at: datetime, seen: int) -> None:
    """Takes a piece out of the plan. What it said stays among what was said before."""
    fresh = _current(entry, seen)
    _write(_follow(fresh, by=by, at=at, gone=True, review_on=None), "")
    _put(fresh.case, by=by, at=at)
    events.record("safety.taken_out", fresh.case_id, by=by, at=at, section=fresh.section)


@transaction.atomic
def mark(entry: Entry, *, by: Actor, at: datetime, may_print: bool, seen: int) -> None:
    """Says whether a piece may be on paper."""
    fresh = _current(entry, seen)
    if fresh.may_print != may_print:
        fresh.may_print = may_print
        fresh.save(update_fields=["may_print"])
        events.record("safety.marked", fresh.case_id, by=by, at=at, section=fresh.section, may_print=may_print)


@transaction.atomic
def review(case: Case, *, by: Actor, at: datetime, review_on: date) -> None:
    """The plan was gone through and stands as it is, until it is gone through again on a day."""
    case, on = casework.locked(case), london_date(at)
    rules.check_review(review_on, today=on, latest=on + FURTHEST)
    if not Entry.objects.filter(case=case, superseded_at=None, gone=False).update(review_on=review_on):
        raise RuleBroken("There is no plan yet.")
    _put(case, by=by, at=at)
    events.record("safety.reviewed", case.pk, by=by, at=at)


@transaction.atomic
def print_out(
    case: Case, *, by: Actor, at: datetime, home_shared: str, kept_how: str = "", checked: bool = False
) -> Paper:  # fmt: skip
    """Gives what may be printed on paper, and keeps what was given, to whom it is no danger and why."""
    case, pieces = casework.locked(case), queries.printable(case)
    if home_shared not in Paper.Home.values:
        raise RuleBroken("Say whether their home is shared with whoever may harm them.", "home_shared")
    if kept_how and rulebook.find(queries.KEEPING, kept_how, london_date(at)) is None:
        raise RuleBroken("Choose how it is kept safe.", "kept_how")
    named = others.named_in(case.pk, (rules.on_paper(one.words) for one in pieces))
    rules.check_paper(
        pieces=len(pieces), home_shared=home_shared, kept_how=kept_how, checked=checked, others=named
    )  # fmt: skip
    keys = [one.entry.pk for one in pieces]
    if again := queries.paper_again(case, keys, by=by.user_id, at=at):
        return again
    paper: Paper = Paper.objects.create(
        case=case, victim_id=case.victim_id, home_shared=home_shared, kept_how=kept_how, entries=keys, printed_at=at,
        printed_by=by.user_id,
    )  # fmt: skip
    documents.note_print(paper.pk, by=by, at=at, what="safety")
    events.record("safety.printed", case.pk, by=by, at=at, pieces=len(keys), kept_how=kept_how)
    return paper
