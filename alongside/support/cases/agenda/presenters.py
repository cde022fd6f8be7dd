"""What comes next on a case, beside what happened."""

from collections.abc import Iterable
from datetime import datetime

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card
from alongside.core.pages.filters import date_words, datetime_words
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.agenda import queries
from alongside.support.cases.agenda.queries import Line
from alongside.support.cases.agenda.rules import Pressing
from alongside.support.cases.casework.models import Case

SHOWN = 6
TAGS = {
    Pressing.LATE: {"word": "Late", "colour": "red"}, Pressing.TODAY: {"word": "Today", "colour": "yellow"},
    Pressing.WEEK: {"word": "This week", "colour": "blue"}, Pressing.LATER: {"word": "Later", "colour": "grey"},
}  # fmt: skip


def when(line: Line) -> str:
    """The day that it is due, with its hour if it has one."""
    return date_words(line.due_at) if line.all_day else datetime_words(line.due_at)


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """The next things that are due, with a way to each."""
    inside = by.realm == Realm.PROVIDER and by.may(P.CASE_WORK) and case.state != Case.State.CLOSED
    found = queries.of_case(case.pk, now=at) if inside else ()
    if found:
        words = {"agenda": [(line, when(line), TAGS[line.pressing]) for line in found[:SHOWN]],
                 "more": max(len(found) - SHOWN, 0)}  # fmt: skip
        yield Card("next", "agenda/parts/next.html", words)
