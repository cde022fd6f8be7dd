"""Writes of questions that are answered on a phone: sent by a worker, answered without an account, kept by a job."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.said import say
from alongside.foundation.office.messages.models import Outgoing
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake.actions import Opened
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.outcomes import actions as outcomes
from alongside.support.cases.outcomes import queries as assessments
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.rules import FOLLOW_UP, Tool, measured, strangers
from alongside.support.cases.tools import queries
from alongside.support.cases.tools.models import Sending
from alongside.support.cases.tools.queries import ENGLISH, Door
from alongside.support.people.victims import actions as victims

OPENS = "page/few/{}/"
NOTHING = say("Choose an answer to at least one, or close this page.")


@transaction.atomic
def send(case: Case, tool: Tool, *, by: Actor, at: datetime, stage: str, language: str = ENGLISH) -> Outgoing:
    """Asks that a link which opens these questions once goes to the victim's verified safe way, or is refused with why.
    The one before opens nothing any more."""
    case = casework.locked_either_way(case) if stage == FOLLOW_UP else casework.locked(case)
    if why := queries.not_sent(case, london_date(at)):
        raise RuleBroken(why)
    if language not in dict(queries.languages()):
        raise RuleBroken("Choose a language that is offered.", "language")
    token, prefix = secrets.token_urlsafe(24), "" if language == ENGLISH else f"{language}/"
    link = f"{settings.SITE_URL}/{prefix}{OPENS.format(token)}"
    item = victims.send(case.victim, by=by, at=at, template="few_questions", link=link)
    if item.asked_at == at and item.state == Outgoing.State.WAITING:
        Sending.objects.filter(case=case, ended_at=None, answered_at=None).update(ended_at=at)
        Sending.objects.create(
            case=case, victim_id=case.victim_id, tool=tool.code, version=tool.version, stage=stage, language=language,
            lookup=queries.token_lookup(token), sent_at=at, sent_by=by.user_id,
            expires_at=queries.link_until(item.not_before or at, london_date(at)),
        )  # fmt: skip
        events.record("tool.sent", case.pk, by=by, at=at, tool=tool.ref, stage=stage)
    return item


@transaction.atomic
def stop(case: Case, *, by: Actor, at: datetime) -> None:
    """What was sent and is not answered opens nothing any more."""
    if Sending.objects.filter(case=case, ended_at=None, answered_at=None).update(ended_at=at):
        events.record("tool.stopped", case.pk, by=by, at=at)


# Without an account, in the public's realm.


@transaction.atomic
def open_link(token: str, *, caller: bytes, at: datetime) -> Opened | None:
    """Opens the questions by a link, once; None for one that opens nothing, whyever. Raises RuleBroken for too many."""
    intake.one_at_a_time(caller)
    if not intake.may_try(caller):
        raise RuleBroken(intake.TOO_MANY)
    lookup = queries.token_lookup(token)
    door = queries.door(lookup, at=at, fresh=True)
    if door is None or not Sending.objects.filter(pk=door.sending.pk, opened_at=None).update(opened_at=at):
        intake.note_failure(caller)
        return None
    return intake.come_with(lookup, at=at)


def door_of(opened: Opened, *, at: datetime) -> Door | None:
    """The questions that a visit has open, while its link holds."""
    return queries.door(bytes.fromhex(opened.ticket), at=at, fresh=False) if opened.ticket else None


@transaction.atomic
def answer(door: Door, opened: Opened, *, at: datetime, answers: Mapping[str, int | None]) -> None:
    """Keeps what somebody answered, once; then the visit is over."""
    if strangers(door.tool.questions, door.tool.points, answers) or not measured(answers):
        raise RuleBroken(NOTHING)
    waiting = Sending.objects.filter(pk=door.sending.pk, answered_at=None)
    if waiting.update(answers=dict(answers), answered_at=at):
        events.record("tool.answered", door.sending.case_id, by=PUBLIC_ACTOR, at=at, sending=str(door.sending.pk))
    intake.leave(opened.secret)


# For the worker that runs jobs.


@transaction.atomic
def keep(sending: Sending, *, by: Actor, at: datetime) -> Assessment | None:
    """Makes an assessment of what was answered. Safe to repeat. What was the first when it was sent is a review if
    somebody made the first meanwhile."""
    held: Sending = Sending.objects.select_for_update(of=("self",)).select_related("case").get(pk=sending.pk)
    if held.answered_at is None or held.kept_at is not None:
        return None
    case = held.case
    before = any(
        one.question_set == held.tool and one.assessed_at <= held.answered_at
        for one in assessments.sittings_of(case.pk)
    )
    later = held.stage if held.stage != Assessment.Stage.FIRST else Assessment.Stage.REVIEW
    kept = outcomes.assess(
        case.pk, by=replace(by, organisation_id=case.provider_id), at=at, provider_id=case.provider_id,
        victim_id=case.victim_id, stage=later if before else Assessment.Stage.FIRST, question_set=held.tool,
        version=held.version, answers=held.answers, in_own_words=True, way=Assessment.Way.PHONE,
        answered_at=held.answered_at,
    )  # fmt: skip
    held.kept_at, held.answers = at, {}
    held.save(update_fields=["kept_at", "answers"])
    return kept
