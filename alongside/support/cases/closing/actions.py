"""Writes of closing: a case ended with what was said and left; contact stopped for good, and let go on."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.rules import FOR_GOOD
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.closing import queries, rules
from alongside.support.cases.closing.models import Ending

DIED = "died"  # of the reasons for which contact is held


@dataclass(frozen=True)
class Told:
    """What a worker says beside the reason."""

    unmeasured_why: str = ""
    said: str = ""
    signposts: Collection[str] = field(default=())
    knows_how: str = ""
    own_words: str = ""
    despite: str = ""


@transaction.atomic
def close(case: Case, *, by: Actor, at: datetime, reason: str, told: Told) -> Ending:
    """Ends support for a reason, where nothing stands in the way that a manager has not answered for."""
    case, today = casework.locked(case), london_date(at)
    row = next((one for one in queries.reasons(today) if one.code == reason), None)
    if row is None:
        raise RuleBroken("Choose why support ends.", "reason")
    found = queries.standing(case, by=by, at=at)
    silent, answerable = row.flag("silent"), queries.answerable(row, found, today)
    rules.check(
        rules.in_the_way(found.loose, planned=row.flag("planned"), silent=silent), answerable,
        manager=by.may(Permission.CASE_REOPEN), despite=told.despite,
    )  # fmt: skip
    _check_told(row, told, found)
    unmeasured = told.unmeasured_why or (DIED if silent else "")
    casework.close(case, by=by, at=at, reason=reason, unmeasured_why=unmeasured)
    if silent:
        _silence(case, by=by, at=at)
    if answerable:
        events.record("closing.answered_for", case.pk, by=by, at=at, matters=len(answerable))
    return _keep(case, told, by=by, at=at, reason=reason, left=len(found.loose),
                 unscored="" if found.scored else unmeasured)  # fmt: skip


def _check_told(row: RuleRow, told: Told, found: queries.Standing) -> None:
    if row.text("says") and not told.said.strip():
        raise RuleBroken(row.text("says"), "said")
    if not row.flag("silent") and told.knows_how not in Ending.Knows.values:
        raise RuleBroken("Say whether they know how to come back.", "knows_how")
    if not found.scored and not told.unmeasured_why and not row.flag("silent"):
        raise RuleBroken("Score the needs a last time, or say why not.", "unmeasured_why")


def _silence(case: Case, *, by: Actor, at: datetime) -> None:
    """Nothing leaves and nobody calls any more, whichever organisation asked for it; nothing is sent now."""
    messages.hold(
        case.victim_id, by=by, at=at, organisation_id=case.provider_id, reason=DIED, until=FOR_GOOD, cause=case.pk
    )  # fmt: skip


def _keep(
    case: Case, told: Told, *, by: Actor, at: datetime, reason: str, left: int, unscored: str
) -> Ending:  # fmt: skip
    known = rulebook.titles(queries.SIGNPOSTS, london_date(at))
    made = Ending(
        case=case, victim_id=case.victim_id, reason=reason, signposts=[one for one in told.signposts if one in known],
        knows_how=told.knows_how, unscored_why=unscored, left_open=left, ended_at=at, ended_by=by.user_id,
    )  # fmt: skip
    fields.write(made, said=told.said, own_words=told.own_words, despite=told.despite)
    made.save(force_insert=True)
    return made


@transaction.atomic
def carry_on(case: Case, *, by: Actor, at: datetime) -> int:
    """Begins the plan with needs of the case before that were not met then; never with answers about risk. How many."""
    case = casework.locked(case)
    found = queries.to_carry(case, by)
    if not found:
        raise RuleBroken("Every need that was left is in the plan already.")
    for one in found:
        casework.find_need(case, by=by, at=at, code=one.need.code, goal=one.goal)
    return len(found)


@transaction.atomic
def let_go_on(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """After a case was reopened that had ended with a death: contact may go on. Safe to repeat."""
    messages.end_hold(case_id, by=by, at=at)
