"""What is unlike the work in a week of looks, as pure tests. They accuse nobody: people judge what they find."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from alongside.support.people.victims.rules import name_key, name_part

COMMON = 1 / 500  # a surname that more records bear than this says nothing
LONG_CLOSED = 30
OUTCOMES = {"explain": "The work explains it", "take_further": "It does not: it is taken further"}


@dataclass(frozen=True)
class Visit:
    """Somebody opened a person's records on a day: how often, whether by night, and whether they work on them."""

    user: UUID
    organisation: int
    person: UUID
    day: date
    night: bool = False
    worked: bool = False
    name: str = ""
    surname: str = ""
    closed_on: date | None = None


@dataclass(frozen=True)
class Act:
    """What somebody did so often on a day that is no look: files taken, addresses that were not there, seals tried."""

    user: UUID
    organisation: int
    rule: str
    day: date
    number: int


@dataclass(frozen=True)
class Staff:
    """Somebody who works here, by the names that records are compared with."""

    user: UUID
    organisation: int
    key: str
    surname: str


@dataclass(frozen=True)
class Found:
    """What one rule found about one person."""

    rule: str
    user: UUID
    organisation: int
    people: tuple[UUID, ...]
    number: int
    first: date
    last: date


@dataclass(frozen=True)
class Week:
    """The looks of some days, who works here, how common surnames are, and from what numbers a rule finds."""

    visits: tuple[Visit, ...]
    staff: Mapping[UUID, Staff]
    common: frozenset[str]
    least: Mapping[str, int]
    acts: tuple[Act, ...] = ()


def staff_names(name: str) -> tuple[str, str]:
    """(whole name as records are compared, surname) of somebody who works here, from the name of their account."""
    *given, family = name.split() or [""]
    return name_key(" ".join(given), family), name_part(family)


Test = Callable[[Week], Iterator[Found]]


def _by_person(week: Week, code: str, fits: Callable[[Visit], bool]) -> Iterator[Found]:
    """One finding for each pair of staff and person whose visits fit."""
    if not week.least[code]:
        return
    pairs: dict[tuple[UUID, int, UUID], list[Visit]] = defaultdict(list)
    for visit in week.visits:
        if fits(visit):
            pairs[visit.user, visit.organisation, visit.person].append(visit)
    for (user, organisation, person), seen in pairs.items():
        if len({visit.day for visit in seen}) >= week.least[code]:
            yield _found(code, user, organisation, seen, len(seen), [person])


def _by_staff(
    week: Week, code: str, fits: Callable[[Visit], bool], *, each_day: bool = True
) -> Iterator[Found]:  # fmt: skip
    """One finding for each who opened that many records that fit, in a day or in the whole of the days."""
    if not week.least[code]:
        return
    held: dict[tuple[UUID, int, date | None], list[Visit]] = defaultdict(list)
    for visit in week.visits:
        if fits(visit):
            held[visit.user, visit.organisation, visit.day if each_day else None].append(visit)
    for (user, organisation, _), seen in held.items():
        people = sorted({visit.person for visit in seen})
        if len(people) >= week.least[code]:
            yield _found(code, user, organisation, seen, len(people), people)


def _found(
    code: str, user: UUID, organisation: int, seen: Iterable[Visit], number: int, people: Iterable[UUID]
) -> Found:  # fmt: skip
    days = sorted(visit.day for visit in seen)
    return Found(code, user, organisation, tuple(people), number, days[0], days[-1])


def own_name(week: Week) -> Iterator[Found]:
    return _by_person(week, "own_name", lambda one: bool(one.name) and one.name == _of(week, one).key)


def colleague(week: Week) -> Iterator[Found]:
    names: dict[int, Counter[str]] = defaultdict(Counter)
    for one in week.staff.values():
        names[one.organisation][one.key] += 1

    def fits(visit: Visit) -> bool:
        same = visit.name in names[visit.organisation] and visit.name != _of(week, visit).key
        return bool(visit.name) and same and not visit.worked

    return _by_person(week, "colleague", fits)


def same_surname(week: Week) -> Iterator[Found]:
    def fits(visit: Visit) -> bool:
        own = _of(week, visit)
        same = bool(visit.surname) and visit.surname == own.surname and visit.name != own.key
        return same and visit.surname not in week.common and not visit.worked

    return _by_person(week, "same_surname", fits)


def without_work(week: Week) -> Iterator[Found]:
    return _by_staff(week, "without_work", lambda one: not one.worked)


def comes_back(week: Week) -> Iterator[Found]:
    return _by_person(week, "comes_back", lambda one: not one.worked)


def out_of_hours(week: Week) -> Iterator[Found]:
    return _by_staff(week, "out_of_hours", lambda one: one.night and not one.worked)


def long_closed(week: Week) -> Iterator[Found]:
    def fits(visit: Visit) -> bool:
        return not visit.worked and visit.closed_on is not None and (visit.day - visit.closed_on).days > LONG_CLOSED

    return _by_staff(week, "long_closed", fits, each_day=False)


def acts(week: Week) -> Iterator[Found]:
    """What was counted already: files, addresses and seals."""
    for act in week.acts:
        if week.least[act.rule] and act.number >= week.least[act.rule]:
            yield Found(act.rule, act.user, act.organisation, (), act.number, act.day, act.day)


def _of(week: Week, visit: Visit) -> Staff:
    return week.staff.get(visit.user) or Staff(visit.user, visit.organisation, "", "")


TESTS: tuple[Test, ...] = (own_name, colleague, same_surname, without_work, comes_back, out_of_hours, long_closed, acts)


def detect(week: Week) -> list[Found]:
    """Everything that is unlike the work, in the order of the rules."""
    return [found for test in TESTS for found in test(week)]
