"""Pure rules of matching: what is compared, in which steps, and what each step weighs under a trained model.

One definition serves two engines: Splink reads the conditions as SQL, the scorer of pages reads the same steps as
Python. Weights are base-2 logarithms: 1 doubles the odds that two records are of one person, -1 halves them.
The method is Fellegi and Sunter's; the adjustment for common names is Splink's (splink.github.io, "Term frequency
adjustments"). Whatever they say, only a person links records.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log2
from typing import Any

from rapidfuzz.distance import JaroWinkler, Levenshtein

YEAR = 4


@dataclass(frozen=True)
class Face:
    """One record as it is compared: names as `name_part` writes them, dates as ISO text, the rest blind.

    None is not known.
    """

    given: str | None = None
    family: str | None = None
    born: str | None = None
    sex: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    postcode: str | None = None


Holds = Callable[[Face, Face], bool]


@dataclass(frozen=True)
class Level:
    """One step of a comparison. `rare`: the rarer the value, the more it says. `u`: how often two strangers come
    to it, where chance shows too few of them to count. `silent`: it says nothing of its own.
    """

    code: str
    words: str
    sql: str
    holds: Holds
    rare: bool = False
    u: float | None = None
    silent: bool = False


@dataclass(frozen=True)
class Comparison:
    """One field, compared step by step: the first step that holds counts."""

    field: str
    title: str
    levels: tuple[Level, ...]
    needs: str = ""

    @property
    def column(self) -> str:
        """The column that must be known on both sides for the field to say anything."""
        return self.needs or self.field


def _same(name: str, words: str, *, rare: bool = False) -> Level:
    return Level(
        f"same_{name}", words, f"{name}_l = {name}_r",
        lambda left, right: getattr(left, name) is not None and getattr(left, name) == getattr(right, name), rare=rare,
    )  # fmt: skip


def _turned(left: Face, right: Face) -> bool:
    known = None not in (left.given, left.family, right.given, right.family)
    return known and left.given == right.family and left.family == right.given


def _swapped(*, silent: bool) -> Level:
    """Given and family name the other way round, which counts once: with the given name."""
    sql = "given_l = family_r AND family_l = given_r"
    return Level("swapped", "Given and family name the other way round", sql, _turned, u=1e-7, silent=silent)


def _begins(name: str, words: str) -> Level:
    def holds(left: Face, right: Face) -> bool:
        one, other = getattr(left, name), getattr(right, name)
        return bool(one.startswith(other) or other.startswith(one))

    sql = f"starts_with({name}_l, {name}_r) OR starts_with({name}_r, {name}_l)"
    return Level("begins", words, sql, holds)


def _alike(name: str, least: float, words: str) -> Level:
    """Jaro and Winkler's likeness. DuckDB compares bytes, so the scorer does."""

    def holds(left: Face, right: Face) -> bool:
        one, other = getattr(left, name).encode(), getattr(right, name).encode()
        return bool(JaroWinkler.similarity(one, other) >= least)

    return Level(f"alike_{least:.2f}", words, f"jaro_winkler_similarity({name}_l, {name}_r) >= {least}", holds)


def _one_digit(left: Face, right: Face) -> bool:
    return Levenshtein.distance(left.born or "", right.born or "") <= 1


def _day_for_month(left: Face, right: Face) -> bool:
    one, other = left.born or "", right.born or ""
    return one[:YEAR] == other[:YEAR] and one[5:7] == other[-2:] and one[-2:] == other[5:7]


def _year(left: Face, right: Face) -> bool:
    return (left.born or "")[:YEAR] == (right.born or "")[:YEAR]


def _else(words: str) -> Level:
    return Level("different", words, "ELSE", lambda left, right: True)


COMPARISONS = (
    Comparison("given", "Given name", (
        _same("given", "The same given name", rare=True),
        _swapped(silent=False),
        _begins("given", "One given name is the beginning of the other"),
        _alike("given", 0.9, "Given names almost the same"),
        _alike("given", 0.8, "Given names somewhat alike"),
        _else("Different given names"),
    )),
    Comparison("family", "Family name", (
        _same("family", "The same family name", rare=True),
        _swapped(silent=True),
        _begins("family", "One family name is the beginning of the other"),
        _alike("family", 0.92, "Family names almost the same"),
        _alike("family", 0.84, "Family names somewhat alike"),
        _else("Different family names"),
    )),
    Comparison("born", "Date of birth", (
        _same("born", "The same date of birth"),
        Level("one_digit", "Dates of birth differ by one digit", "levenshtein(born_l, born_r) <= 1", _one_digit),
        Level("turned", "Day and month of birth the other way round",
              "left(born_l, 4) = left(born_r, 4) AND substr(born_l, 6, 2) = right(born_r, 2) "
              "AND right(born_l, 2) = substr(born_r, 6, 2)", _day_for_month),
        Level("year", "Born in the same year", "left(born_l, 4) = left(born_r, 4)", _year),
        _else("Different dates of birth"),
    )),
    Comparison("phone", "Telephone", (_same("phone", "The same telephone number"), _else("Different numbers"))),
    Comparison("email", "E-mail", (_same("email", "The same e-mail address"), _else("Different e-mail addresses"))),
    Comparison("address", "Address", (
        _same("address", "The same address"), _same("postcode", "The same postcode"), _else("Different postcodes"),
    ), needs="postcode"),
    Comparison("sex", "Sex", (_same("sex", "The same sex"), _else("Different sexes"))),
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
            return Term(one.field, one.title, "Not known on both records", 0.0)
        place = next(place for place, level in enumerate(one.levels) if level.holds(left, right))
        level, weight = one.levels[place], self.weights[one.field][place]
        if level.rare:
            share = max(shares.get((one.field, getattr(left, one.field)), self.floor), self.floor)
            weight += log2(self.strangers[one.field][place] / share)
        return Term(one.field, one.title, level.words, weight)


def _spoken(held: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [level for level in held["comparison_levels"] if not level.get("is_null_level")]


def _weight(level: Mapping[str, Any]) -> float:
    return log2(level["m_probability"] / level["u_probability"])


def nearest(found: Sequence[tuple[Any, Weighed]], least: float) -> list[tuple[Any, Weighed]]:
    """Those that weigh at least so much, the likeliest first; those that a field of one's own speaks against, last."""
    kept = [pair for pair in found if pair[1].weight >= least]
    return sorted(kept, key=lambda pair: (pair[1].apart, -pair[1].weight))


def steps(weighed: Weighed) -> list[tuple[Term, float, float]]:
    """The waterfall: each term with the weight before it and after it, from the start on."""
    said = [term for term in weighed.terms if term.weight]
    sums = [weighed.start]
    for term in said:
        sums.append(sums[-1] + term.weight)
    return [(term, before, after) for term, (before, after) in zip(said, pairwise(sums), strict=True)]


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
