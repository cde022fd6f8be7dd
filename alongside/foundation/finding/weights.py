"""What somebody's words add to a service's place in the list, and the reason in their own words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from alongside.core.said import listed, say
from alongside.foundation.directory.models import Service
from alongside.foundation.directory.rules import Fit, Seeker, Titles, fit, has_ages
from alongside.foundation.finding.rules import Heard, Named, Understood, name_points

# Beside what the directory's own rules give. Only their order matters.
NEED, MADE_FOR, MODE, LANGUAGE, ACCESS, OWN_WORDS, LOOSE = 20, 25, 8, 60, 6, 10, 8
SPECIALISM = 20
BROAD = 8  # helps after so many crimes or more
AGE, OTHER_AGE, OTHER_NEED = 15, -25, -10
LATER_CRIME, ALSO_CRIME, FEW_CRIMES = -6, 6, 8
PARTS = (
    ("needs", "needs", NEED), ("made_for", "made_for", MADE_FOR), ("modes", "modes", MODE),
    ("languages", "languages", LANGUAGE), ("access", "access", ACCESS), ("specialisms", "specialisms", SPECIALISM),
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A service as it is weighed: points for its name, and whether its own words hold what goes with the meaning of
    what was written (`also`) or what no meaning was found for (`loose`)."""

    service: Service
    name: int
    also: bool
    loose: bool


def names(understood: Understood, named: Named) -> dict[str, int]:
    """Points of services whose name, or whose organisation's, was written."""
    asked = set(understood.stems)
    called = {pk for word in asked for pk in named.index.get(word, ())}
    found = {pk: name_points(asked, named.services[pk], named.runners.get(pk, ()), named.rare) for pk in sorted(called)}
    return {pk: points for pk, points in found.items() if points}


def weigh(
    one: Candidate, seeker: Seeker, understood: Understood, crimes: tuple[str, ...], titles: Titles, fresh_from: date
) -> Fit | None:
    """The service's place for these words, with why; None when something that was chosen rules it out. What nobody
    checked since `fresh_from` comes later."""
    service, name = one.service, one.name
    matched = [code for code in crimes if code in service.crime_types]
    if seeker.crime_type and not matched and service.crime_types and not name:
        return None
    crime = matched[0] if matched else (crimes[0] if crimes and not service.crime_types else "")
    found = fit(service, replace(seeker, crime_type=crime), titles=titles, fresh_from=fresh_from)
    if found is None:
        return None
    heard = [said for said in understood.heard if _is_met(service, said)]
    score = found.score + name + sum(_points(one, understood, crimes, matched))
    reasons = ((_wrote(heard, understood, bool(name)),) if heard or name else ()) + found.reasons
    return replace(found, score=score, reasons=reasons)


def is_broad(service: Service) -> bool:
    """Whether it helps after most crimes, and not for one need or some people alone."""
    anything = not service.crime_types and (not service.needs or len(service.needs) > 1)
    narrow = service.made_for or service.sexes or has_ages(service)
    return not narrow and (anything or len(service.crime_types) >= BROAD)


def _is_met(service: Service, heard: Heard) -> bool:
    """Whether the service does what these words mean."""
    meant = heard.meaning
    if any(code in service.crime_types for code in meant.crime_types):
        return True
    return any(set(getattr(meant, kind)) & set(getattr(service, column)) for column, kind, _ in PARTS)


def _points(one: Candidate, understood: Understood, crimes: tuple[str, ...], matched: list[str]) -> Iterator[int]:
    service = one.service
    for column, kind, points in PARTS:
        met = set(getattr(service, column)) & set(understood.of(kind))
        yield points * min(2, len(met))
    if (
        understood.of("needs")
        and service.needs
        and not matched
        and not set(service.needs) & set(understood.of("needs"))
    ):
        yield OTHER_NEED
    if matched:
        yield LATER_CRIME * crimes.index(matched[0]) + ALSO_CRIME * min(2, len(matched) - 1)
        yield max(0, FEW_CRIMES - len(service.crime_types))
    yield OWN_WORDS if one.also else 0
    yield LOOSE if one.loose else 0
    if understood.age is not None and has_ages(service):
        inside = (service.age_from or 0) <= understood.age <= (130 if service.age_to is None else service.age_to)
        yield AGE if inside else OTHER_AGE


def _wrote(heard: list[Heard], understood: Understood, name: bool) -> str:
    """ "You wrote “stalkng”, which we read as “stalking”"."""
    said = {one.wrote: one.read_as for one in heard[:3]}
    if not said and name:
        slip = next(iter(understood.slips.values()), "")
        if slip:
            return say("You wrote its name, or part of it, which we read as “{read_as}”", read_as=slip)
        return say("You wrote its name, or part of it")
    return say("You wrote {words}", words=listed([_quoted(*one) for one in said.items()]))


def _quoted(wrote: str, read_as: str) -> str:
    return say("“{wrote}”, which we read as “{read_as}”", wrote=wrote, read_as=read_as) if read_as else f"“{wrote}”"
