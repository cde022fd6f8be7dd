"""When a record's time is over: pure sums over dates and the rulebook's retention."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

ADULT = 18
SUPPORT, CHILD = "support", "support_child"


@dataclass(frozen=True)
class Keep:
    """How long a class is kept: a number of days, weeks, months or years. `ref`: the rule's version."""

    number: int
    unit: str
    ref: str

    def after(self, day: date) -> date:
        """The first day on which what ended on `day` may be erased. ValueError for a rule that says nothing usable."""
        if self.number < 1:
            raise ValueError(f"{self.ref} keeps nothing: a record is kept for one {self.unit} at least.")
        match self.unit:
            case "days" | "weeks":
                return day + timedelta(days=self.number * (7 if self.unit == "weeks" else 1))
            case "months" | "years":
                return months_after(day, self.number * (12 if self.unit == "years" else 1))
        raise ValueError(f"{self.ref} counts in {self.unit!r}: days, weeks, months or years.")


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Life:
    """A record of which nothing is open. `last`: the latest contact or close; `closed_as`: classes of its referrals."""

    victim: UUID
    hub: int
    last: date
    received: date
    supported: bool
    closed_as: frozenset[str]
    born: date | None = None
    age: int | None = None

    @property
    def adult_on(self) -> date | None:
        """The 18th birthday of somebody who came as a child; by their age where the birthday is not known."""
        birthday = months_after(self.born, ADULT * 12) if self.born else None
        if birthday is None and self.age is not None and self.age < ADULT:
            birthday = months_after(self.received, (ADULT - self.age) * 12)
        return birthday if birthday and birthday > self.received else None


@dataclass(frozen=True)
class End:
    """When a record may be erased, and by which rule."""

    life: Life
    code: str
    ref: str
    on: date


def end_of(life: Life, keeps: Mapping[str, Keep]) -> End:
    """The latest of the ends that its classes give: a record is never erased while one of them keeps it."""
    return max((_end(life, code, keeps[code]) for code in sorted(_classes(life))), key=lambda end: end.on)


def _classes(life: Life) -> frozenset[str]:
    if life.supported or not life.closed_as or SUPPORT in life.closed_as:
        return frozenset({CHILD if life.adult_on else SUPPORT})
    return life.closed_as


def _end(life: Life, code: str, keep: Keep) -> End:
    start = max(life.last, life.adult_on) if code == CHILD and life.adult_on else life.last
    return End(life, code, keep.ref, keep.after(start))
