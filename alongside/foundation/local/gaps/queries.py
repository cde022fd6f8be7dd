"""Reads of gaps: the services of a police area as they are and as they were, the groups one may ask about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from alongside.core.access.actor import Actor
from alongside.core.periods import Quarter
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.models import Service, Services, Version
from alongside.foundation.local.directory.queries import Choices, councils_for
from alongside.foundation.local.directory.rules import SEX_WORDS, Seeker
from alongside.foundation.local.gaps.rules import REASONS, Group, Matrix, Reach, matrix
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook

CHILD = Group("child", "Children and young people (under 18)", Seeker(age=0, age_to=17))


@dataclass(frozen=True)
class Asked:
    """What somebody asks about: for whom, and whether services alone count that an award pays for."""

    group: Group
    paid: bool = False


@dataclass(frozen=True)
class Sheet:
    """The matrix of an area: crimes down, councils across."""

    crimes: Choices
    councils: Choices
    cells: Matrix
    services: int
    counted_at: datetime


def groups(on: date) -> list[Group]:
    """Everybody, each sex, children, each age band, those for whom services are made, each need."""
    found = [Group(), *(Group(code, words.capitalize(), Seeker(sex=code)) for code, words in SEX_WORDS.items()), CHILD]
    for row in rulebook.current("age_bands", on):
        found.append(Group(row.code, f"Aged {row.title.lower()}", _aged(row.number("first"), row.number("last"))))
    for row in rulebook.current("made_for", on):
        found.append(Group(f"made_for_{row.code}", f"Made for: {row.title}", made_for=row.code))
    for row in rulebook.current("needs", on):
        found.append(Group(f"need_{row.code}", f"Need: {row.title}", Seeker(needs=(row.code,))))
    return found


def _aged(first: int, last: int) -> Seeker:
    return Seeker(age=first, age_to=last)


def group(code: str, on: date) -> Group:
    """The group of a code; everybody where there is none."""
    return next((one for one in groups(on) if one.code == code), Group())


def crimes(on: date) -> Choices:
    """Crimes that harm somebody: what the rulebook holds back from feeds leaves nobody to help."""
    return [(row.code, row.title) for row in rulebook.current("crime_types", on) if not row.flag("excluded_from_feed")]


def _area(actor: Actor) -> Services:
    """Services of organisations that work in the actor's police area."""
    areas = Organisation.objects.filter(pk__in=actor.orgs).values("force")
    return Service.objects.filter(provider__force__in=areas).select_related("provider")


def now(actor: Actor, asked: Asked, *, at: datetime, on: date) -> Sheet:
    """The area as it is."""
    services = [one for one in _area(actor).open() if one.award or not asked.paid]
    return _sheet(services, actor, asked, at=at, on=on)


def out_of_reach(actor: Actor, on: date) -> tuple[list[tuple[Service, list[str]]], int]:
    """Services of the area that nobody can reach, with why, the worst first; and of how many."""
    wait = rulebook.rule("limits", "longest_wait", on).number("number")
    reach = Reach(on, {code for code, _ in councils_for(actor)}, wait)
    services = list(_area(actor).running().select_related("moves_to").order_by("name", "pk"))
    found = [(one, faults) for one in services if (faults := reach.faults(one))]
    return sorted(found, key=lambda pair: (REASONS.index(pair[1][0]), pair[0].name)), len(services)


def then(actor: Actor, asked: Asked, *, quarter: Quarter, at: datetime, on: date) -> Sheet:
    """The area as it was when a quarter began: each service in its words of that day, where a version is kept.

    One of which no version is as old counts by its words of today, unless its first version says that it came later.
    """
    start = quarter.bounds[0]
    services = [one for one in _as_it_was(_area(actor), start) if one.award or not asked.paid]
    return _sheet(services, actor, asked, at=at, on=on)


def _as_it_was(services: Services, moment: datetime) -> Iterable[Service]:
    versions: dict[object, list[Version]] = {}
    for version in Version.objects.filter(service__in=services).order_by("number"):
        versions.setdefault(version.service_id, []).append(version)
    for service in services:
        kept = versions.get(service.pk, [])
        worded = [one for one in kept if one.since < moment]
        if kept and not worded and kept[0].number == 1:
            continue
        if worded:
            for name, value in directory.details_from(worded[-1].details).columns().items():
                setattr(service, name, value)
        if _was_open(service, moment.date()):
            yield service


def _was_open(service: Service, day: date) -> bool:
    """By the days on which it opened and closed; how it took people that day is not known, but by them."""
    if service.provider and service.provider.until and service.provider.until <= day:
        return False
    if service.opens_on and service.opens_on > day:
        return False
    if service.state == Service.State.CLOSED and (service.closed_on is None or service.closed_on <= day):
        return False
    if service.state == Service.State.CLOSED:
        service.state = Service.State.OPEN
    return True


def _sheet(services: list[Service], actor: Actor, asked: Asked, *, at: datetime, on: date) -> Sheet:
    down, across = crimes(on), councils_for(actor)
    cells = matrix(services, [code for code, _ in down], [code for code, _ in across], asked.group)
    return Sheet(down, across, cells, len(services), at)
