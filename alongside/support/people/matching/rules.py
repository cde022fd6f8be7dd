"""Pure rules of matching: what is compared, in which steps, and what each step weighs under a trained model.

One definition serves two engines: Splink reads the conditions as SQL, the scorer of pages reads the same steps as
Python. Weights are base-2 logarithms: 1 doubles the odds that two records are of one person, -1 halves them.
The method is Fellegi and Sunter's; the adjustment for common names is Splink's (splink.github.io, "Term frequency
adjustments"). Whatever they say, only a person links records.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import log2
from operator import attrgetter
from typing import Any, NamedTuple

from rapidfuzz.distance import JaroWinkler, Levenshtein

YEAR = 4


class Face(NamedTuple):
    """One record as it is compared: names as `name_part` writes them, dates as ISO text, the rest blind.

    None is not known. Blind values are bytes of the database or their text, so long as both sides are alike.
    """

    given: str | None = None
    family: str | None = None
    born: str | None = None
    sex: str | None = None
    phone: str | bytes | None = None
    email: str | bytes | None = None
    address: str | bytes | None = None
    postcode: str | bytes | None = None


Step = Callable[[Face, Face], int]


@dataclass(frozen=True)
class Level:
    """One step of a comparison. `rare`: the rarer the value, the more it says. `u`: how often two strangers come
    to it, where chance shows too few of them to count. `silent`: it says nothing of its own.
    """

    words: str
    sql: str
    rare: bool = False
    u: float | None = None
    silent: bool = False


@dataclass(frozen=True)
class Comparison:
    """One field, compared step by step: the first step that holds counts. `step` says which that is, as `sql` does."""

    field: str
    title: str
    step: Step
    levels: tuple[Level, ...]
    needs: str = ""

    @property
    def column(self) -> str:
        """The column that must be known on both sides for the field to say anything."""
        return self.needs or self.field


def _turned(left: Face, right: Face) -> bool:
    return left.given == right.family and left.family == right.given and None not in (left.given, left.family)


def likeness(one: str, other: str) -> float:
    """Jaro and Winkler's likeness of two names, 0 to 1. DuckDB compares bytes, so this does."""
    if one.isascii() and other.isascii():
        return float(JaroWinkler.similarity(one, other))
    return float(JaroWinkler.similarity(one.encode(), other.encode()))


def _name_step(name: str, nearly: float, somewhat: float) -> Step:
    read = attrgetter(name)

    def step(left: Face, right: Face) -> int:
        one, other = read(left), read(right)
        if one == other:
            return 0
        if _turned(left, right):
            return 1
        if one.startswith(other) or other.startswith(one):
            return 2
        alike = likeness(one, other)
        return 3 if alike >= nearly else 4 if alike >= somewhat else 5

    return step


def _born_step(left: Face, right: Face) -> int:
    one, other = left.born or "", right.born or ""
    if one == other:
        return 0
    if Levenshtein.distance(one, other, score_cutoff=1) <= 1:
        return 1
    if one[:YEAR] != other[:YEAR]:
        return 4
    return 2 if one[5:7] == other[-2:] and one[-2:] == other[5:7] else 3


def _home_step(left: Face, right: Face) -> int:
    if left.address is not None and left.address == right.address:
        return 0
    return 1 if left.postcode == right.postcode else 2


def _same_step(name: str) -> Step:
    read = attrgetter(name)
    return lambda left, right: 0 if read(left) == read(right) else 1


def _same(name: str, words: str, *, rare: bool = False) -> Level:
    return Level(words, f"{name}_l = {name}_r", rare=rare)


def _name_levels(name: str, kind: str, nearly: float, somewhat: float, *, silent: bool) -> tuple[Level, ...]:
    """The steps of one name. The two the other way round count once: with the given name."""
    begins = f"starts_with({name}_l, {name}_r) OR starts_with({name}_r, {name}_l)"
    return (
        _same(name, f"The same {kind}", rare=True),
        Level("Given and family name the other way round", "given_l = family_r AND family_l = given_r", u=1e-7,
              silent=silent),
        Level(f"One {kind} is the beginning of the other", begins),
        Level(f"{kind.capitalize()}s almost the same", f"jaro_winkler_similarity({name}_l, {name}_r) >= {nearly}"),
        Level(f"{kind.capitalize()}s somewhat alike", f"jaro_winkler_similarity({name}_l, {name}_r) >= {somewhat}"),
        Level(f"Different {kind}s", "ELSE"),
    )  # fmt: skip


COMPARISONS = (
    Comparison("given", "Given name", _name_step("given", 0.9, 0.8),
               _name_levels("given", "given name", 0.9, 0.8, silent=False)),
    Comparison("family", "Family name", _name_step("family", 0.92, 0.84),
               _name_levels("family", "family name", 0.92, 0.84, silent=True)),
    Comparison("born", "Date of birth", _born_step, (
        _same("born", "The same date of birth"),
        Level("Dates of birth differ by one digit", "levenshtein(born_l, born_r) <= 1"),
        Level("Day and month of birth the other way round",
              "left(born_l, 4) = left(born_r, 4) AND substr(born_l, 6, 2) = right(born_r, 2) "
              "AND right(born_l, 2) = substr(born_r, 6, 2)"),
        Level("Born in the same year", "left(born_l, 4) = left(born_r, 4)"),
        Level("Different dates of birth", "ELSE"),
    )),
    Comparison("phone", "Telephone", _same_step("phone"), (
        _same("phone", "The same telephone number"), Level("Different numbers", "ELSE"),
    )),
    Comparison("email", "E-mail", _same_step("email"), (
        _same("email", "The same e-mail address"), Level("Different e-mail addresses", "ELSE"),
    )),
    Comparison("address", "Address", _home_step, (
        _same("address", "The same address"), _same("postcode", "The same postcode"),
        Level("Different postcodes", "ELSE"),
    ), needs="postcode"),
    Comparison("sex", "Sex", _same_step("sex"), (_same("sex", "The same sex"), Level("Different sexes", "ELSE"))),
)  # fmt: skip

# A household shares a name, an address and a telephone. What its members do not share is one of these.
OWN = ("given", "born")


@dataclass(frozen=True)
class Term:
    """What one field says: its weight (above 0: one person), and in words why. Weight 0: not known, or says nothing."""

    field: str
    title: str
    words: str
    weight: float


@dataclass(frozen=True)
class Weighed:
    """Two records weighed. `weight` is the sum of the terms and of `start`, the odds before anything was compared."""

    start: float
    terms: tuple[Term, ...]

    @property
    def weight(self) -> float:
        return self.start + sum(term.weight for term in self.terms)

    @property
    def apart(self) -> bool:
        """Whether the given name or the birth date speaks against one person: relatives share all the rest."""
        return any(term.field in OWN and term.weight < 0 for term in self.terms)


_READ = tuple((one, attrgetter(one.column)) for one in COMPARISONS)
Shares = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Model:
    """A trained model, ready to weigh: each step's weight, the start, and how common names are."""

    start: float
    weights: Mapping[str, tuple[float, ...]]
    strangers: Mapping[str, tuple[float, ...]] = field(repr=False)
    floor: float = 1e-6

    @classmethod
    def read(cls, trained: Mapping[str, Any], floor: float) -> "Model":
        """From what Splink saves. Raises ValueError where it was trained for other steps than these."""
        found = {held["output_column_name"]: _spoken(held) for held in trained["comparisons"]}
        for comparison in COMPARISONS:
            mine, theirs = [level.sql for level in comparison.levels], found.get(comparison.field, [])
            if mine != [level["sql_condition"] for level in theirs]:
                raise ValueError(f"This model was trained for another way of comparing {comparison.field}.")
        odds = trained["probability_two_random_records_match"]
        return cls(
            start=log2(odds / (1 - odds)),
            weights={name: tuple(_weight(level) for level in levels) for name, levels in found.items()},
            strangers={name: tuple(level["u_probability"] for level in levels) for name, levels in found.items()},
            floor=floor,
        )  # fmt: skip

    def weigh(self, left: Face, right: Face, shares: Shares) -> Weighed:
        """Every field's word on whether two records are of one person. `shares`: of (field, name) that are common."""
        return Weighed(self.start, tuple(self._term(one, left, right, shares) for one in COMPARISONS))

    def _term(self, one: Comparison, left: Face, right: Face, shares: Shares) -> Term:
        if getattr(left, one.column) is None or getattr(right, one.column) is None:
            return Term(one.field, one.title, "Not known on one record, or on both", 0.0)
        place = one.step(left, right)
        return Term(one.field, one.title, one.levels[place].words, self._weight(one, place, left, shares))

    def _weight(self, one: Comparison, place: int, left: Face, shares: Shares) -> float:
        weight = self.weights[one.field][place]
        if one.levels[place].rare:
            share = max(shares.get((one.field, getattr(left, one.field)), self.floor), self.floor)
            weight += log2(self.strangers[one.field][place] / share)
        return weight

    def total(self, left: Face, right: Face, shares: Shares) -> tuple[float, bool]:
        """The weight, and whether a field of one's own speaks against it: all that most records of a block need."""
        total, apart = self.start, False
        for one, read in _READ:
            if read(left) is not None and read(right) is not None:
                weight = self._weight(one, one.step(left, right), left, shares)
                total += weight
                apart = apart or (weight < 0 and one.field in OWN)
        return total, apart


def _spoken(held: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [level for level in held["comparison_levels"] if not level.get("is_null_level")]


def _weight(level: Mapping[str, Any]) -> float:
    return log2(level["m_probability"] / level["u_probability"])


def steps(weighed: Weighed) -> list[tuple[Term, float, float]]:
    """The waterfall: each term with the weight before it and after it, from the start on."""
    said = [term for term in weighed.terms if term.weight]
    sums = [weighed.start]
    for term in said:
        sums.append(sums[-1] + term.weight)
    return [(term, before, after) for term, (before, after) in zip(said, pairwise(sums), strict=True)]


SAID = 3


def reasons(weighed: Weighed) -> tuple[str, ...]:
    """Why two records may be of one person, in the words of what says so most; and what speaks against it."""
    speaking = sorted((term for term in weighed.terms if term.weight > 0), key=lambda term: -term.weight)
    against = [term for term in weighed.terms if term.field in OWN and term.weight < 0]
    return (*(term.words for term in speaking[:SAID]), *(f"but {_small(term.words)}" for term in against))


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


# As `organisations.rules` writes a postcode, anywhere in a text and with spaces.
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?)\s*([0-9][A-Z]{2})\b")
_NUMBER = re.compile(r"\b[0-9]+[A-Z]?\b")
_WORD = re.compile(r"[A-Z]+")


def home_in(address: str) -> tuple[str, str]:
    """(house, postcode) of an address however it was written; empty where there is none. *Flat 3, 12 High Street* and
    *3/12 High St* are one house; a house without a number goes by its first word.
    """
    text = address.upper()
    places = _POSTCODE.findall(text)
    street = _POSTCODE.sub(" ", text)
    numbers, words = _NUMBER.findall(street), _WORD.findall(street)
    house = " ".join(sorted(numbers)) or (words[0] if words else "")
    return house, "".join(places[-1]) if places else ""
