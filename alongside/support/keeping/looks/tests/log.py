"""A synthetic week of looks for tests: what forty people at work open, and, planted in it, what is unlike the work."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from alongside.support.keeping.looks.rules import COMMON, Act, Staff, Visit, Week

MONDAY = date(2026, 9, 7)
GIVEN = ("amina", "ben", "carys", "dev", "ewa", "femi", "grace", "hugh", "ines", "jo", "kofi", "lena", "mo", "nia")
COMMON_SURNAMES = ("smith", "jones", "khan", "patel", "williams", "taylor", "brown", "davies")
LEAST = {"own_name": 1, "colleague": 1, "same_surname": 1, "without_work": 15, "comes_back": 4, "out_of_hours": 3,
         "long_closed": 3, "took_away": 10, "guessed": 20, "tried_seals": 3}  # fmt: skip
PLANTED = 8  # of each kind


@dataclass
class Log:
    """The week, and who was planted in it under which rule."""

    random: Random
    visits: list[Visit] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    planted: set[tuple[str, UUID]] = field(default_factory=set)
    staff: dict[UUID, Staff] = field(default_factory=dict)

    def key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    @property
    def week(self) -> Week:
        return Week(tuple(self.visits), self.staff, frozenset(COMMON_SURNAMES), LEAST, tuple(self.acts))


def made(seed: int) -> Log:
    """Forty people, their week, and eight of each kind of unusual look."""
    log = Log(Random(seed))
    for number in range(40):
        _hire(log, number)
    for one in list(log.staff.values()):
        log.visits.extend(_work(log, one))
        if log.random.random() < 0.3:
            log.acts.append(Act(one.user, one.organisation, "took_away", MONDAY, log.random.randint(1, 6)))
        log.acts.append(Act(one.user, one.organisation, "guessed", MONDAY, log.random.randint(0, 6)))
    people = list(log.staff.values())
    for rule in LEAST:
        for one in log.random.sample(people, PLANTED):
            _plant(log, rule, one)
    return log


def _hire(log: Log, number: int) -> None:
    user = log.key()
    common = log.random.random() < 0.25
    surname = log.random.choice(COMMON_SURNAMES) if common else f"sampleton{number}"
    log.staff[user] = Staff(user, number % 3, f"{surname} {log.random.choice(GIVEN)}", surname)


def _person(log: Log) -> tuple[str, str]:
    """Anybody's name; one in a hundred bears the surname of somebody who works here, by chance."""
    common = log.random.random() < 0.4
    surname = log.random.choice(COMMON_SURNAMES) if common else f"otherton{log.random.randrange(900)}"
    if log.random.random() < COMMON:
        surname = log.random.choice(list(log.staff.values())).surname
    return f"{surname} {log.random.choice(GIVEN)}", surname


def _work(log: Log, one: Staff) -> Iterator[Visit]:
    """Five days: one's own people again and again, and some that one only reads: for cover, to compare, by mistake."""
    own = [(log.key(), *_person(log)) for _ in range(25)]
    for day in range(5):
        on = MONDAY + timedelta(days=day)
        late = log.random.random() < 0.05
        for person, name, surname in log.random.sample(own, 8):
            yield Visit(one.user, one.organisation, person, on, late, True, name, surname)
        for _ in range(log.random.randint(0, 4)):
            name, surname = _person(log)
            closed = MONDAY - timedelta(days=90) if log.random.random() < 0.1 else None
            yield Visit(one.user, one.organisation, log.key(), on, False, False, name, surname, closed)


def _plant(log: Log, rule: str, one: Staff) -> None:
    log.planted.add((rule, one.user))
    on = MONDAY + timedelta(days=log.random.randrange(5))
    name, surname = f"strangerton {log.random.choice(GIVEN)}", "strangerton"
    plain = Visit(one.user, one.organisation, log.key(), on, name=name, surname=surname)
    others = [two for two in log.staff.values() if two.organisation == one.organisation and two.key != one.key]
    mate = log.random.choice(others)
    rare = one.surname not in COMMON_SURNAMES
    closed = on - timedelta(days=200)
    made = {
        "own_name": [replace(plain, name=one.key, surname=one.surname)],
        "colleague": [replace(plain, name=mate.key, surname=mate.surname)],
        "same_surname": [replace(plain, name=f"{one.surname} zed", surname=one.surname)] if rare else [],
        "without_work": [replace(plain, person=log.key()) for _ in range(20)],
        "comes_back": [replace(plain, day=MONDAY + timedelta(days=day)) for day in range(5)],
        "out_of_hours": [replace(plain, person=log.key(), night=True) for _ in range(4)],
        "long_closed": [replace(plain, person=log.key(), closed_on=closed) for _ in range(4)],
    }  # fmt: skip
    log.visits.extend(made.get(rule, ()))
    if rule in ("took_away", "guessed", "tried_seals"):
        log.acts.append(Act(one.user, one.organisation, rule, on, 25))
    if rule == "same_surname" and not rare:
        log.planted.discard((rule, one.user))
