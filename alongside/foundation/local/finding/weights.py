"""What somebody's words add to a service's place in the list, and the reason in their own words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from alongside.core.said import listed, say
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import OLDEST, Fit, Seeker, Titles, fit, has_ages
from alongside.foundation.local.finding.rules import Heard, Named, Understood, name_points

# Beside what the directory's own rules give. Only their order matters.
NEED, MADE_FOR, MODE, LANGUAGE, ACCESS, OWN_WORDS, LOOSE = 20, 25, 8, 60, 6, 10, 8
SPECIALISM = 20
BROAD = 8  # helps after so many crimes or more
OTHER_AGE, OTHER_NEED = -25, -10
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


@dataclass(frozen=True)
class Search:
    """What every candidate is weighed by alike: who asks, what their words mean, the crimes that may be meant with the
    likeliest first. What nobody checked since `fresh_from` comes later."""

    seeker: Seeker
    understood: Understood
    crimes: tuple[str, ...]
    titles: Titles
    fresh_from: date

    @cached_property
    def meant(self) -> Mapping[str, frozenset[str]]:
        """The codes of each kind that the words mean."""
        return {kind: frozenset(self.understood.of(kind)) for _, kind, _ in PARTS}

    @cached_property
    def age(self) -> int | None:
        """The age that was written, where none was chosen: it rules nothing out."""
        return self.understood.age if self.seeker.age is None else None

    @cached_property
    def seekers(self) -> Mapping[tuple[str, bool], Seeker]:
        """The seeker, for each crime that may be meant and for none; of the age that was written, or of none."""
        plain = {crime: replace(self.seeker, crime_type=crime) for crime in ("", *self.crimes)}
        aged = {(crime, True): replace(one, age=self.age) for crime, one in plain.items()}
        return {(crime, False): one for crime, one in plain.items()} | aged


def weigh(one: Candidate, search: Search) -> Fit | None:
    """The service's place for these words, with why; None when something that was chosen rules it out."""
    service, crimes = one.service, search.crimes
    matched = [code for code in crimes if code in service.crime_types]
    if search.seeker.crime_type and not matched and service.crime_types and not one.name:
        return None
    crime = matched[0] if matched else (crimes[0] if crimes and not service.crime_types else "")
    aged = search.age is not None and has_ages(service) and not is_of_other_age(service, search.age)
    found = fit(service, search.seekers[crime, aged], titles=search.titles, fresh_from=search.fresh_from)
    if found is None:
        return None
    score = found.score + one.name + sum(_points(one, search, matched))
    return Fit(service, score, (*_heard_in(one, search.understood), *found.reasons), found.notes)


def _heard_in(one: Candidate, understood: Understood) -> Iterator[str]:
    heard = [said for said in understood.heard if _is_met(one.service, said)]
    if heard or one.name:
        yield _wrote(heard, understood, bool(one.name))


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
    return any(code in getattr(service, column) for column, kind, _ in PARTS for code in getattr(meant, kind))


def _points(one: Candidate, search: Search, matched: list[str]) -> Iterator[int]:
    service, needs = one.service, search.meant["needs"]
    for column, kind, points in PARTS:
        if meant := search.meant[kind]:
            yield points * min(2, len(meant.intersection(getattr(service, column))))
    if needs and service.needs and not matched and needs.isdisjoint(service.needs):
        yield OTHER_NEED
    if matched:
        yield LATER_CRIME * search.crimes.index(matched[0]) + ALSO_CRIME * min(2, len(matched) - 1)
        yield max(0, FEW_CRIMES - len(service.crime_types))
    yield OWN_WORDS if one.also else 0
    yield LOOSE if one.loose else 0
    yield OTHER_AGE if is_of_other_age(service, search.age) else 0


def is_of_other_age(service: Service, age: int | None) -> bool:
    """Whether an age is known and the service is for other ages."""
    return age is not None and not (service.age_from or 0) <= age <= (
        OLDEST if service.age_to is None else service.age_to
    )


def _wrote(heard: list[Heard], understood: Understood, name: bool) -> str:
    """ "You wrote “quad bike was stolen”", "You wrote “stalkng”, which we read as “stalking”"."""
    if not heard and name:
        slip = next(iter(understood.slips.values()), "")
        if slip:
            return say("You wrote its name, or part of it, which we read as “{read_as}”", read_as=slip)
        return say("You wrote its name, or part of it")
    return say("You wrote {words}", words=listed([_quoted(*one) for one in understood.runs(heard)][:3]))


def _quoted(wrote: str, read_as: str) -> str:
    if not read_as:
        return f"“{wrote}”"
    return say("“{wrote}”, which we read as “{read_as}”", wrote=wrote, read_as=read_as)
