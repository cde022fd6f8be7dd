"""Reads of duty: who answers today, and in the days to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from alongside.core.clocks import london_date
from alongside.foundation.accounts.models import User
from alongside.foundation.organisations.models import Membership
from alongside.foundation.rulebook import queries as rulebook
from alongside.support.duty import rules
from alongside.support.duty.models import Turn
from alongside.support.duty.rules import Down

ROLES = ("triage_officer", "hub_manager")
AHEAD = 14


@dataclass(frozen=True)
class Officer:
    """Somebody who may be on duty at a hub."""

    user_id: UUID
    name: str
    role: str
    joined: date


@dataclass(frozen=True)
class OnDuty:
    """Who answers on a day, and why: down for the day or the weekday, kept from the last working day, or in turn.

    Empty where nobody can."""

    day: date
    user_id: UUID | None
    name: str
    why: str


def officers(hub_id: int) -> tuple[Officer, ...]:
    """Who works at the hub now and may be on duty, by name."""
    held = Membership.objects.current().filter(organisation_id=hub_id, role__in=ROLES, user__is_active=True)
    rows = held.order_by("user__name", "user_id").values_list("user_id", "user__name", "role", "since")
    return tuple(Officer(key, name, role, london_date(since)) for key, name, role, since in rows)


def _rota(hub_id: int) -> tuple[Down, ...]:
    rows = Turn.objects.filter(hub_id=hub_id).values_list("user_id", "weekday", "day", "since", "until")
    return tuple(Down(*row) for row in rows)


def on_duty(hub_id: int, on: date) -> OnDuty:
    """Who answers on a day for what nobody has taken."""
    return _answers(_rota(hub_id), officers(hub_id), on)


def ahead(hub_id: int, on: date) -> tuple[OnDuty, ...]:
    """Who answers on each of the days to come."""
    rota, people = _rota(hub_id), officers(hub_id)
    return tuple(_answers(rota, people, on + timedelta(days=days)) for days in range(AHEAD))


def _answers(rota: Sequence[Down], people: Sequence[Officer], on: date) -> OnDuty:
    """Who is down for the day, if they still work here; otherwise whoever's turn it is."""
    here = {one.user_id: one.name for one in people}
    down = rules.down_for([one for one in rota if one.user_id in here], on)
    if down:
        why = ("day" if down.day else "weekday") if down.holds(on) else "kept"
        return OnDuty(on, down.user_id, here[down.user_id], why)
    found = rules.in_turn(_takers(people, on), on)
    return OnDuty(on, found.user_id, found.name, "turn") if found else OnDuty(on, None, "", "turn")


def _takers(people: Sequence[Officer], on: date) -> list[Officer]:
    """Those who take turns: officers of some days' standing, or else any officer, or else a manager."""
    days = int(rulebook.rule("limits", "duty_after", on).number("number"))
    for role in ROLES:
        held = [one for one in people if one.role == role]
        if held:
            return [one for one in held if rules.settled(one.joined, on, days=days)] or held
    return []


def week(hub_id: int) -> Mapping[int, UUID]:
    """Who is down for each weekday now."""
    current = Turn.objects.filter(hub_id=hub_id, until=None, weekday__isnull=False)
    return {turn.weekday: turn.user_id for turn in current if turn.weekday is not None}


def single_days(hub_id: int, on: date) -> tuple[Turn, ...]:
    """Days to come for which somebody is down out of the usual."""
    return tuple(Turn.objects.filter(hub_id=hub_id, until=None, day__gte=on).order_by("day"))


def down_on(hub_id: int, day: date) -> UUID | None:
    """Who is down for this very day."""
    return Turn.objects.filter(hub_id=hub_id, until=None, day=day).values_list("user_id", flat=True).first()


def name_of(user: UUID) -> str:
    return User.objects.filter(pk=user).values_list("name", flat=True).first() or "Somebody"
