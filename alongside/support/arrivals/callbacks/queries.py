"""Reads of calls that were asked for: which wait, of whom, and when the rulebook lets us call."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.callbacks import rules
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.callbacks.rules import Asked
from alongside.support.arrivals.intake import queries as intake
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.rules import Hours
from alongside.support.people.duty import queries as duty
from alongside.support.people.victims.models import Agreement

TYPED = "typed"


def offered(on: date) -> tuple[str, ...]:
    """The hours in which people are there to call; those of the office where the rulebook names none."""
    known = tuple(row.text("hours") for row in intake.call_times(on).values())
    opens, closes = (rulebook.rule("limits", code, on).number("number") for code in ("office_opens", "office_closes"))
    return known or (f"{opens:02}:00-{closes:02}:00",)


def safe_hours(referral: Referral, wanted: Asked, on: date, *, anew: bool) -> Hours:
    """Of the hours that somebody asked for those that are recorded as safe. Where none is: those that they said are
    safe as they asked first, and none where they ask `anew`, since what is recorded may be what is old.
    """
    safe = referrals.calling_hours(referral, on)
    fits = rules.safe_part(rules.open_hours(wanted, offered(on)), safe)
    return fits or (tuple(sorted(safe)) if safe and not anew else ())


def last_asked(referral: Referral) -> CallBack | None:
    """What they asked for last, made or not."""
    return CallBack.objects.filter(referral=referral).order_by("-asked_at").first()


def timed_by(call: CallBack) -> list[ContactPoint]:
    """Their telephones whose safe hours are the ones that they typed when they asked for a call, and nobody else's."""
    points = messages.points_of(call.victim_id)
    theirs = messages.never_ours(points)
    phones = [one for one in points if one.kind == "phone" and one.safe == "yes" and one.pk not in theirs]
    return [point for point in phones if call.hours and point.safe_times == call.hours and point.verified_how == TYPED]


def working_days(on: date) -> int:
    """Within how many working days a call that was asked for at any time is due."""
    return referrals.working_days("call_back", on)


def waiting() -> "QuerySet[CallBack]":
    """Calls that were asked for and not made yet."""
    return CallBack.objects.filter(ended_at=None)


def missed(hub_id: int) -> "QuerySet[CallBack]":
    """Those of a hub that were missed, offered again and not made since."""
    return waiting().filter(hub_id=hub_id, missed__gt=0)


def past(at: datetime) -> "QuerySet[CallBack]":
    """Those whose hours are over."""
    return waiting().filter(ends_at__lte=at).order_by("ends_at", "pk")


def open_of(referral: UUID) -> CallBack | None:
    """The call that waits, of one referral."""
    return waiting().filter(referral=referral).first()


def of_rows(rows: Iterable[UUID]) -> Mapping[UUID, CallBack]:
    """The calls that wait, by referral: in one question."""
    return {one.referral_id: one for one in waiting().filter(referral__in=list(rows))}


def tried_since(referral: Referral, since: datetime) -> bool:
    """Whether anybody tried by telephone after they asked; an attempt that is struck out counts for nothing."""
    about = since.replace(second=0, microsecond=0)
    return referral.attempts.filter(channel="phone", struck_at=None, attempted_at__gte=about).exists()


def on_duty(call: CallBack, on: date) -> UUID | None:
    """Whom to tell of a call that was missed: whoever has the referral, or else is on duty."""
    worker = Referral.objects.filter(pk=call.referral_id).values_list("worker", flat=True).first()
    return worker or duty.on_duty(call.hub_id, on).user_id


def held_until(victim_id: UUID, at: datetime) -> date | None:
    """Until which day contact with somebody is held; None where it is not."""
    found = messages.held(victim_id, at)
    return found.until if found else None


def last_called(referral: Referral) -> CallBack | None:
    """The latest asking, where it ended with a call."""
    found = last_asked(referral)
    return found if found and found.ended == CallBack.Ended.CALLED else None


def only_hub() -> Organisation | None:
    """The hub, where one serves everybody here: nobody is asked where they live."""
    hubs = list(Organisation.objects.filter(kind=Organisation.Kind.HUB, until=None)[:2])
    return hubs[0] if len(hubs) == 1 else None


def stopped(victim_id: UUID, since: datetime) -> bool:
    """Whether they asked us to stop after they had asked to be called."""
    said = Agreement.objects.filter(victim=victim_id, about=Agreement.About.SUPPORT, recorded_at__gte=since)
    return said.filter(given=False).exists()


def details_of(event: Any) -> dict[str, Any]:
    """When they asked to be called, as the event says; empty where it says nothing of it."""
    return dict(event.details.get("call") or {})
