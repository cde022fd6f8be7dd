"""A synthetic county for matching: several records of one person, and households that share what they share.

Names are put together from syllables, so that nobody bears them; telephones, e-mails and addresses are tokens.
Rates are of a record unless they say otherwise. Two of them, `exact` and `five`, are what simpler rules would find.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, count

BEGINNINGS = "b br c cl d dr f g gr h j k l m n p r s st t th tr v w".split()
MIDDLES = "a e i o u ai ea ee ou oa".split()
ENDS = "n l r s t m d ck nd rt ll x th ng rn".split()
FAMILY = "ley ton ford son well worth by er man ham field wick ridge stead s".split()
GIVEN = {"male": "o an in us el ard ew on is".split(), "female": "a ie ine elle ora eth yn ia een".split()}
COUNTRY = 7  # the names of the country are the same whatever the county's seed
SHORTEST, LONGEST = 4, 13
YEAR = 365


@dataclass(frozen=True)
class Rates:
    """How often what happens; of a record, or of a household (`household`, `shares_phone`), or of a member."""

    household: float = 0.55
    shares_phone: float = 0.36
    named_after: float = 0.04
    twin: float = 0.015
    other_name: float = 0.15
    again: float = 0.35
    moved: float = 0.18
    new_phone: float = 0.2
    new_email: float = 0.1
    married: float = 0.05
    short: float = 0.035
    typo_given: float = 0.025
    typo_family: float = 0.03
    turned: float = 0.015
    middle: float = 0.02
    double: float = 0.008
    no_born: float = 0.02
    day_for_month: float = 0.01
    digit: float = 0.02
    first_of_year: float = 0.005
    no_phone: float = 0.2
    no_email: float = 0.4
    no_address: float = 0.1
    no_sex: float = 0.03


@dataclass(frozen=True)
class Told:
    """One record, and the number of the person it truly is of."""

    record: int
    person: int
    given: str | None
    family: str | None
    born: str | None
    sex: str | None
    phone: str | None
    email: str | None
    address: str | None
    postcode: str | None

    @property
    def row(self) -> tuple[str | None, ...]:
        """As Splink takes it."""
        return (str(self.record), self.given, self.family, self.born, self.sex, self.phone, self.email, self.address,
                self.postcode)  # fmt: skip


def _names(rng: random.Random, many: int, endings: list[str]) -> list[str]:
    starts = [*BEGINNINGS, ""]
    found: set[str] = set()
    while len(found) < many:
        syllables = rng.choice([1, 1, 2])
        said = "".join(
            rng.choice(starts) + rng.choice(MIDDLES)
            + (rng.choice(ENDS) if place == syllables - 1 or rng.random() < 0.4 else "")
            for place in range(syllables)
        )  # fmt: skip
        name = said + rng.choice(endings)
        if SHORTEST <= len(name) <= LONGEST:
            found.add(name)
    return sorted(found, key=lambda _: rng.random())


class Common:
    """Names of which few are common and most are rare (Zipf's law, flattened at the top)."""

    def __init__(self, rng: random.Random, names: list[str], slope: float, shift: int) -> None:
        self.rng, self.names = rng, names
        self.sums = list(accumulate((place + shift) ** -slope for place in range(len(names))))

    def __call__(self) -> str:
        return self.names[bisect(self.sums, self.rng.random() * self.sums[-1])]


@dataclass(frozen=True)
class Person:
    number: int
    given: str
    family: str
    born: date
    sex: str
    phone: str
    email: str
    home: tuple[int, int]


class County:
    """Makes records until there are as many as asked."""

    def __init__(self, records: int, seed: int, rates: Rates) -> None:
        self.records, self.rates, self.rng = records, rates, random.Random(seed)
        country = random.Random(COUNTRY)
        self.family = Common(self.rng, _names(country, 15_000, [*FAMILY, ""]), 0.85, 15)
        self.given = {sex: Common(self.rng, _names(country, 750, endings), 0.95, 8) for sex, endings in GIVEN.items()}
        self.postcodes = max(200, records // 16)
        self.people, self.numbers, self.boxes, self.made = count(), count(), count(), count()

    def happens(self, rate: float) -> bool:
        return self.rng.random() < rate

    def home(self) -> tuple[int, int]:
        return self.rng.randrange(self.postcodes), self.rng.randrange(1, 40)

    def household(self) -> Iterator[Person]:
        """One to four people; relatives share a name and an address, and some of them a telephone."""
        size = self.rng.choice([2, 2, 3, 4]) if self.happens(self.rates.household) else 1
        home, family, line = self.home(), self.family(), next(self.numbers)
        shares, first = self.happens(self.rates.shares_phone), None
        for _ in range(size):
            sex = self.rng.choice(["male", "female"])
            one = Person(
                next(self.people), self.given[sex](), self.family() if self.happens(self.rates.other_name) else family,
                date(1940, 1, 1) + timedelta(days=self.rng.randrange(72 * YEAR)), sex,
                f"p{line if shares and self.happens(0.6) else next(self.numbers)}", f"e{next(self.boxes)}", home,
            )  # fmt: skip
            yield self._relative(one, first) if first else one
            first = first or one

    def _relative(self, one: Person, first: Person) -> Person:
        if self.happens(self.rates.named_after):
            born = first.born + timedelta(days=self.rng.randrange(18, 40) * YEAR)
            return replace(one, given=first.given, sex=first.sex, born=born)
        return replace(one, born=first.born) if self.happens(self.rates.twin) else one

    def records_of(self, one: Person) -> Iterator[Told]:
        """A person's records over the years."""
        yield self._told(one)
        while self.happens(self.rates.again):
            one = self._later(one)
            yield self._told(one)

    def _later(self, one: Person) -> Person:
        rates = self.rates
        return replace(
            one, home=self.home() if self.happens(rates.moved) else one.home,
            phone=f"p{next(self.numbers)}" if self.happens(rates.new_phone) else one.phone,
            email=f"e{next(self.boxes)}" if self.happens(rates.new_email) else one.email,
            family=self.family() if self.happens(rates.married) else one.family,
        )  # fmt: skip

    def _told(self, one: Person) -> Told:
        given, family = self._names_told(one)
        rates, known = self.rates, not self.happens(self.rates.no_address)
        return Told(
            next(self.made), one.number, given, family, self._born_told(one.born),
            None if self.happens(rates.no_sex) else one.sex, None if self.happens(rates.no_phone) else one.phone,
            None if self.happens(rates.no_email) else one.email, f"a{one.home[0]}-{one.home[1]}" if known else None,
            f"c{one.home[0]}" if known else None,
        )  # fmt: skip

    def _names_told(self, one: Person) -> tuple[str, str]:
        rates, given, family = self.rates, one.given, one.family
        if self.happens(rates.short):
            given = given[:3]
        elif self.happens(rates.typo_given):
            given = self._typo(given)
        if self.happens(rates.typo_family):
            family = self._typo(family)
        if self.happens(rates.double):
            family = f"{family} {self.family()}"
        if self.happens(rates.middle):
            given = f"{given} {self.given[one.sex]()}"
        return (family, given) if self.happens(rates.turned) else (given, family)

    def _typo(self, name: str) -> str:
        place, kind = self.rng.randrange(1, len(name)), self.rng.random()
        if kind < 0.3:
            return name[:place] + name[place + 1 :]
        if kind < 0.55:
            return name[:place] + self.rng.choice("aeiounrlst") + name[place + 1 :]
        if kind < 0.8:
            return name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :]
        return name[:place] + name[place - 1] + name[place:]

    def _born_told(self, born: date) -> str | None:
        rates = self.rates
        if self.happens(rates.no_born):
            return None
        if self.happens(rates.day_for_month) and born.day <= 12:
            return born.replace(day=born.month, month=born.day).isoformat()
        if self.happens(rates.digit):
            return born.replace(year=born.year - self.rng.choice([1, 2, 10]), day=min(born.day, 28)).isoformat()
        return born.replace(month=1, day=1).isoformat() if self.happens(rates.first_of_year) else born.isoformat()


def county(records: int, seed: int = 1, rates: Rates | None = None) -> list[Told]:
    """At least so many records, in no order."""
    made: list[Told] = []
    land = County(records, seed, rates or Rates())
    while len(made) < records:
        for person in land.household():
            made += land.records_of(person)
    land.rng.shuffle(made)
    return made
