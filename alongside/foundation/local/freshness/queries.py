"""Reads of freshness: what is to be checked and by whom, reminders owed, flags that wait, how fresh all of it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.freshness import lifecycle, rules
from alongside.foundation.local.freshness.models import Flag, Keeper, Reminder
from alongside.foundation.local.freshness.rules import Step
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import ROLES
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.foundation.office.organisations.queries import hub_for_force
from alongside.foundation.office.rulebook import queries as rulebook

NOBODY = UUID(int=0)
REMINDERS, FAULTS = "service_reminders", "service_faults"
MANAGERS = tuple(key for key, role in ROLES.items() if P.SERVICE_MANAGE in role.permissions)


@dataclass(frozen=True)
class Clock:
    """The rulebook's days as they are on a day."""

    on: date
    lasts: int
    ahead: int

    def standing(self, service: Service) -> str:
        return rules.standing(service.checked_on, on=self.on, lasts=self.lasts, ahead=self.ahead)

    def due_on(self, service: Service) -> date | None:
        return rules.due_on(service.checked_on, self.lasts) if service.checked_on else None


def clock(on: date) -> Clock:
    ahead = rulebook.rule("limits", "service_check_ahead", on).number("number")
    return Clock(on, directory.asked_again_after(on), ahead)


def checked() -> QuerySet[Service]:
    """Services that somebody here answers for and that take people: what is closed is not asked about, nor what
    another directory lists."""
    found = Service.objects.running().exclude(state=Service.State.CLOSED).exclude(provider=None)
    return found.select_related("provider").order_by("name", "pk")


def own(actor: Actor) -> QuerySet[Service]:
    """Those that the actor's own organisation runs, or one of its people looks after."""
    if actor.realm not in (Realm.HUB, Realm.PROVIDER):
        return checked().none()
    kept = Keeper.objects.filter(organisation__in=actor.orgs).values("service")
    return checked().filter(Q(provider__in=actor.orgs) | Q(pk__in=kept))


@dataclass(frozen=True)
class ToCheck:
    """A service to check now: how it stands, who looks after it (empty: the managers), flags that wait."""

    service: Service
    standing: str
    keeper: str
    mine: bool
    flags: int


def to_check(actor: Actor, on: date, *, every: bool = False) -> list[ToCheck]:
    """What the actor's organisation checks now, one's own first, then the oldest; `every`: and all that is current."""
    now = clock(on)
    asked = [one for one in own(actor) if every or now.standing(one) in rules.TO_CHECK]
    keepers = {found.service_id: found for found in Keeper.objects.filter(service__in=asked)}
    names, flags = _names(keepers.values()), flags_of(asked)
    lines = [
        ToCheck(one, now.standing(one), names.get(kept.user_id, "") if kept else "",
                bool(kept and kept.user_id == actor.user_id), flags.get(one.pk, 0))
        for one in asked for kept in (keepers.get(one.pk),)
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.mine, line.service.checked_on or date.min, line.service.name))


def count_to_check(actor: Actor, on: date) -> int:
    """How many wait to be checked by the actor: all of their organisation's but those that somebody else looks
    after."""
    now = clock(on)
    others = set(Keeper.objects.exclude(user_id=actor.user_id or NOBODY).values_list("service", flat=True))
    return sum(now.standing(one) in rules.TO_CHECK and one.pk not in others for one in own(actor))


def _names(keepers: Iterable[Keeper]) -> Mapping[UUID, str]:
    """Names of those whom the caller may see: of their own organisation."""
    return dict(User.objects.filter(pk__in=[one.user_id for one in keepers]).values_list("pk", "name"))


def keeper_of(service: Service) -> tuple[Keeper | None, str]:
    """Who looks after a service, and their name where the caller may see it."""
    found = Keeper.objects.filter(service=service).select_related("organisation").first()
    return found, _names([found]).get(found.user_id, "") if found else ""


def people(actor: Actor) -> list[tuple[str, str]]:
    """Those of the actor's organisation who may look after a service."""
    found = Membership.objects.visible_to(actor).current().select_related("user").order_by("user__name")
    return list({str(one.user_id): (str(one.user_id), one.user.name) for one in found}.values())


def works_here(user: UUID, actor: Actor) -> bool:
    return Membership.objects.visible_to(actor).current().filter(user=user).exists()


# Reminders, in the worker's realm.


def steps(on: date) -> list[Step]:
    rows = rulebook.current(REMINDERS, on)
    return [rules.step(row.code, row.number("days"), row.text("when")) for row in rows]


@dataclass(frozen=True)
class Owed:
    """A reminder that has come and was not told to this person yet."""

    service: UUID
    due_on: date
    step: str


def owed(on: date) -> Mapping[UUID, list[Owed]]:
    """Reminders that have come, by whom they are told to."""
    now, known, found = clock(on), steps(on), defaultdict(list)
    told = set(Reminder.objects.values_list("service", "user_id", "due_on", "step"))
    for service in checked():
        due = now.due_on(service) or service.updated_at.date()
        come = rules.step_now(due, known, on)
        for user in answers_for(service) if come else ():
            if come and (service.pk, user, due, come.code) not in told:
                found[user].append(Owed(service.pk, due, come.code))
    return found


def answers_for(service: Service) -> list[UUID]:
    """Who is told: whoever looks after it; of a leaver's, the managers of who runs it; where there is none, the
    hub's."""
    kept = Keeper.objects.filter(service=service).values("user_id", "organisation")
    for one in kept:
        if Membership.objects.current().filter(user=one["user_id"], organisation=one["organisation"]).exists():
            return [one["user_id"]]
    assert service.provider is not None
    hub = hub_for_force(service.provider.force_id)
    return _managers(service.provider) or (_managers(hub) if hub else [])


def _managers(body: Organisation) -> list[UUID]:
    held = Membership.objects.current().filter(organisation=body, role__in=MANAGERS)
    return sorted(set(held.values_list("user_id", flat=True)))


# Flags.


def faults(on: date) -> list[tuple[str, str]]:
    return list(rulebook.choices(FAULTS, on))


def flags_allowed(on: date) -> int | None:
    """How many flags one connection may send in an hour; None where the office withdrew the limit."""
    row = rulebook.find("limits", "flags_sent", on)
    return row.number("number") if row else None


def flags(actor: Actor, state: str) -> QuerySet[Flag]:
    found = Flag.objects.visible_to(actor).select_related("service__provider")
    return found.filter(state=state) if state else found


def flags_waiting(actor: Actor) -> int:
    return Flag.objects.visible_to(actor).filter(state=lifecycle.WAITING).count()


def flags_of(services: Iterable[Service]) -> Mapping[UUID, int]:
    """How many flags wait for each of some services."""
    waiting = Flag.objects.filter(service__in=list(services), state=lifecycle.WAITING)
    return dict(waiting.values_list("service").annotate(many=Count("pk")))


def words_of(flag: Flag) -> str:
    return fields.read(flag, "words")


# How fresh the directory is.


def area(actor: Actor) -> QuerySet[Service]:
    """What somebody may see counted: a provider its own, everybody else those of their police area."""
    if actor.realm == Realm.PROVIDER:
        return own(actor)
    areas = Organisation.objects.filter(pk__in=actor.orgs).values("force")
    return checked().filter(provider__force__in=areas)


@dataclass(frozen=True)
class Line:
    """A service as it stands by its check date."""

    service: Service
    standing: str
    due_on: date | None


@dataclass(frozen=True)
class Counted:
    """How many of a provider's services stand how."""

    name: str
    pk: int
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def lines(actor: Actor, on: date) -> list[Line]:
    """Every service, the one that was checked longest ago first."""
    now = clock(on)
    found = [Line(one, now.standing(one), now.due_on(one)) for one in area(actor)]
    return sorted(found, key=lambda line: (line.service.checked_on or date.min, line.service.name))


def counted(found: Iterable[Line]) -> list[Counted]:
    """By who runs them, those with most to check first."""
    by_body: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: dict.fromkeys(rules.STANDINGS, 0))
    for line in found:
        body = line.service.provider
        assert body is not None
        by_body[body.name, body.pk][line.standing] += 1
    all_ = [Counted(name, pk, counts) for (name, pk), counts in by_body.items()]
    return sorted(all_, key=lambda one: (-(one.total - one.counts[rules.CURRENT]), one.name))


def narrowed(found: Iterable[Line], *, standing: str = "", whose: str = "") -> list[Line]:
    """Those of one standing, or of one provider."""
    return [
        line for line in found
        if standing in ("", line.standing) and whose in ("", str(line.service.provider_id))
    ]  # fmt: skip
