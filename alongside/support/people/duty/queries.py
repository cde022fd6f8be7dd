"""Reads of duty: who answers today, and in the days to come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.people.duty import rules
from alongside.support.people.duty.models import Absence, Turn
from alongside.support.people.duty.rules import Away, Down

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


def away_between(hub_id: int, on: date) -> tuple[Away, ...]:
    """Absences that are not over on a day."""
    rows = Absence.objects.filter(hub_id=hub_id, until__gte=on)
    return tuple(Away(*row) for row in rows.values_list("user_id", "cover_id", "since", "until", "back_on"))


def away(hub_id: int, on: date) -> Mapping[UUID, Away]:
    """Who is away on a day, and who covers them."""
    return {one.user_id: one for one in away_between(hub_id, on) if one.holds(on)}


def covered_by(by: Actor, on: date) -> tuple[UUID, ...]:
    """Whose work this person looks after on a day: of those whom they cover; for who sets the rota, of all away."""
    known = away(by.organisation_id or 0, on)
    return tuple(key for key, one in known.items() if by.may(P.DUTY_SET) or one.cover_id == by.user_id)


def absences(hub_id: int, on: date) -> tuple[Absence, ...]:
    """Absences that are not over, the next first."""
    ahead = Absence.objects.filter(hub_id=hub_id, until__gte=on).order_by("since", "id")
    return tuple(one for one in ahead if one.back_on is None or one.back_on > max(on, one.since))


def on_duty(hub_id: int, on: date) -> OnDuty:
    """Who answers on a day for what nobody has taken."""
    return _answers(_rota(hub_id), officers(hub_id), away_between(hub_id, on), on)


def ahead(hub_id: int, on: date) -> tuple[OnDuty, ...]:
    """Who answers on each of the days to come."""
    rota, people, gone = _rota(hub_id), officers(hub_id), away_between(hub_id, on)
    return tuple(_answers(rota, people, gone, on + timedelta(days=days)) for days in range(AHEAD))


def _answers(rota: Sequence[Down], people: Sequence[Officer], gone: Sequence[Away], on: date) -> OnDuty:
    """Who is down for the day, if they still work here, or else their cover; otherwise whoever's turn it is."""
    names, today = {one.user_id: one.name for one in people}, {one.user_id: one for one in gone if one.holds(on)}
    down = rules.down_for([one for one in rota if one.user_id in names], on)
    absent = today.get(down.user_id) if down else None
    if down and absent is None:
        why = ("day" if down.day else "weekday") if down.holds(on) else "kept"
        return OnDuty(on, down.user_id, names[down.user_id], why)
    if absent and absent.cover_id in names and absent.cover_id not in today:
        return OnDuty(on, absent.cover_id, names[absent.cover_id], "cover")
    found = rules.in_turn(_takers([one for one in people if one.user_id not in today], on), on)
    return OnDuty(on, found.user_id, found.name, "turn") if found else OnDuty(on, None, "", "turn")


def _takers(people: Sequence[Officer], on: date) -> list[Officer]:
    """Those who take turns: officers of some days' standing, or else any officer, or else a manager."""
    days = int(rulebook.rule("limits", "duty_after", on).number("number"))
    for role in ROLES:
        held = [one for one in people if one.role == role]
        if held:
            return [one for one in held if rules.settled(one.joined, on, days=days)] or held
    return []


def answering(hub_id: int, worker: UUID | None, on: date) -> str:
    """Who is a person's point of contact: whoever took them, with who answers while they are away; or who is on duty.

    Empty where nobody can."""
    found = answering_all(hub_id, [worker] if worker else [], on)
    return found.get(worker) or on_duty(hub_id, on).name


def answering_all(hub_id: int, workers: Iterable[UUID | None], on: date) -> Mapping[UUID | None, str]:
    """The same of several who took somebody: their names, with who answers for those who are away."""
    asked = {key for key in workers if key}
    gone = {key: one for key, one in away(hub_id, on).items() if key in asked}
    wanted = asked | {one.cover_id for one in gone.values() if one.cover_id}
    names = dict(User.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {key: rules.with_cover(names[key], gone.get(key), names) for key in asked if key in names}


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
