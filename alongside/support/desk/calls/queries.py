"""Reads for a call: the script of the day, what can be chosen, and what was recorded last."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake import queries as intake
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Attempt, Referral
from alongside.support.arrivals.referrals.rules import call_words
from alongside.support.desk.assessment import queries as assessment
from alongside.support.desk.assessment import rules as assessment_rules
from alongside.support.desk.assessment.rules import Texts
from alongside.support.desk.calls import rules
from alongside.support.desk.calls.models import Last
from alongside.support.desk.calls.rules import Script, Step

Choices = list[tuple[str, str]]
AHEAD = 10


def script(on: date) -> Script:
    """The steps of the day in their order, and the way out."""
    rows = rulebook.current("call_script", on)
    found = [Step(row.code, row.title, row.text("say"), row.text("look"), row.text("asks")) for row in rows]
    out = next(step for step in found if step.code == "way_out")
    return Script(tuple(step for step in found if step.asks != rules.OUT), out)


def choices(referral: Referral, at: datetime) -> dict[str, Choices]:
    """What each question of the call can be answered with."""
    on = clocks.london_date(at)
    known = referrals.contact(referral, at=at)
    fits = {fit.service.provider_id: fit.service for fit in referrals.services(referral) if fit.service.provider_id}
    return {
        "needs": list(rulebook.choices("needs", on)), "access": list(rulebook.choices("access_needs", on)),
        "language": [("", "As the record says"), *rulebook.choices("languages", on)],
        "share_with": [("", "Nobody yet"), *((str(key), f"{one.name}, {one.run_by}") for key, one in fits.items())],
        "way": [("", "Choose"), *((str(channel.point_id), channel.words) for channel in known.channels)],
        "next_day": [("", "No other call"), *days(on)],
        "next_hours": [("", "Choose"), *((row.text("hours"), row.title) for row in intake.call_times(on).values())],
    }  # fmt: skip


def days(on: date) -> Choices:
    """The working days to come on which another call can be set."""
    ahead = dict.fromkeys(clocks.working_day_after(on, number) for number in range(AHEAD))
    return [(day.isoformat(), f"{'Today, ' if day == on else ''}{day:%A} {day.day} {day:%B}") for day in ahead]


def results(on: date) -> Choices:
    """What can come of a telephone call."""
    rows = rulebook.current("contact_results", on)
    return [(row.code, row.title) for row in rows if "phone" in (row.text("channels").split() or ["phone"])]


def way(referral: Referral, key: str) -> ContactPoint | None:
    """One of this person's ways of contact in use."""
    return next((point for point in messages.points_of(referral.victim_id) if str(point.pk) == key), None)


def numbers(referral: Referral, *, at: datetime) -> tuple[tuple[ContactPoint, str, str], ...]:
    """The telephones that may be rung, opened. Others are shown by the referral's own page, to ask about them."""
    known = referrals.contact(referral, at=at)
    may = {channel.point_id for channel in known.channels if channel.kind == "phone" and channel.may_call}
    return tuple(
        (point, *messages.reveal(point)) for point in messages.points_of(referral.victim_id) if point.pk in may
    )


def why_not(referral: Referral, *, at: datetime) -> str:
    """Why nobody should ring them now, in words; empty where they may be rung."""
    if referrals.stopped(referral):
        return "They asked us to stop. Do not ring them."
    if held := messages.held(referral.victim_id, at):
        return held.words
    if not any(one.kind == "phone" and one.may_call for one in referrals.contact(referral, at=at).channels):
        return "No telephone is known that is safe to ring. Find out first how they can safely be reached."
    return ""


@dataclass(frozen=True)
class Recorded:
    """What one recorded last, while it can be taken back."""

    attempt: Attempt
    words: str
    next_call: str


def last(by: Actor, *, at: datetime) -> Recorded | None:
    """The outcome that this person recorded in the last minutes and has not taken back."""
    kept = Last.objects.visible_to(by).filter(recorded_at__gt=at - rules.UNDO).first()
    made = Attempt.objects.filter(pk__in=[kept.attempt_id] if kept else [], struck_at=None)
    found = made.select_related("referral").first()
    if found is None:
        return None
    on, due = clocks.london_date(at), referrals.set_window(found.referral)
    titles = rulebook.titles("contact_results", on)
    return Recorded(found, titles.get(found.result, found.result), call_words(due, at) if due else "")


def own(attempt: UUID, by: Actor, *, at: datetime) -> bool:
    """Whether this is what the person recorded last, and may still take back."""
    found = last(by, at=at)
    return found is not None and found.attempt.pk == attempt


def assessment_begun(referral: Referral, on: date) -> Texts:
    """What the next assessment starts from, as a draft of it holds that."""
    return assessment_rules.as_texts(assessment.start(referral, on))
