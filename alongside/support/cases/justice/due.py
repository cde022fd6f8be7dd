"""What is due because of a turn: put on the agenda and taken off it, as part of the write that makes it so."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework.models import Case
from alongside.support.cases.justice import lifecycle, queries, rules
from alongside.support.cases.justice.models import Proceeding, Turn

HEARING, TELL, REASSESS, ANSWER = "justice.hearing", "justice.tell", "justice.reassess", "justice.answer"


def plan(turn: Turn, *, by: Actor, at: datetime) -> None:
    """What is due because of a turn, on the agenda; and what is due no more, taken from it."""
    for kind, due_at in _due(turn).items():
        if due_at is None:
            agenda.drop(turn.case, by=by, at=at, kind=kind, about=turn.pk)
        else:
            details = {"kind": turn.kind, "owes": turn.owes}
            agenda.put(turn.case, by=by, at=at, kind=kind, about=turn.pk, due_at=due_at, details=details)


def _due(turn: Turn) -> dict[str, datetime | date | None]:
    """What is due because of a turn, by kind; None where nothing is."""
    stands = turn.state in (lifecycle.DONE, lifecycle.LISTED)
    recorded = clocks.london_date(turn.recorded_at)
    asks = stands and turn.reassess and turn.reassessed_on is None
    return {
        HEARING: rules.hearing_at(turn.on, turn.at_time) if turn.state == lifecycle.LISTED else None,
        TELL: clocks.london_date(turn.due_at) if stands and turn.due_at and turn.told_on is None else None,
        REASSESS: clocks.working_day_after(recorded, queries.reassess_days(recorded)) if asks else None,
        ANSWER: turn.answer_by if stands and _unanswered(turn) else None,
    }


def _unanswered(turn: Turn) -> bool:
    """Whether the victim has time to answer, and nothing that may follow has been recorded since."""
    if turn.answer_by is None:
        return False
    rows = rulebook.current(queries.TURNS, turn.on)
    after = {row.code for row in rows if turn.kind in row.codes("after")}
    return not any(one.kind in after for one in queries.known(turn.proceeding))


def plan_answers(proceeding: Proceeding, *, by: Actor, at: datetime) -> None:
    """Offers that the victim has time to answer: one that was answered is due no more; one whose answer was struck
    out is due again."""
    for turn in Turn.objects.filter(proceeding_id=proceeding.pk, answer_by__isnull=False).select_related("case"):
        plan(turn, by=by, at=at)


@transaction.atomic
def plan_again(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """A case that was closed by mistake goes on: what was due is due again. Safe to repeat."""
    case = Case.objects.select_for_update().exclude(state=Case.State.CLOSED).filter(pk=case_id).first()
    if case:
        for turn in Turn.objects.filter(case_id=case.pk, state__in=(lifecycle.DONE, lifecycle.LISTED)):
            plan(turn, by=by, at=at)
