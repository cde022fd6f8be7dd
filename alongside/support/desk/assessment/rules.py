"""Pure rules of a first assessment: what was found, what changed since, and who counts as targeted again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta

from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import plural

LEVELS = {"none": "None", "some": "Some", "lot": "A lot", "urgent": "Urgent"}
NOT_ASKED = "not_asked"
FOUND = ("some", "lot", "urgent")
REPEAT, PERSISTENT = "repeat", "persistent"
TARGETED = "persistently_targeted"


@dataclass(frozen=True)
class Children:
    """Children in the home: whether there are any, how many, how old, who cares for them, and whether one worries."""

    any: str = NOT_ASKED
    count: int | None = None
    ages: str = ""
    carers: str = ""
    concern: str = NOT_ASKED


@dataclass(frozen=True)
class Found:
    """What an assessment found. `levels` and `words` are by need; codes are the rulebook's."""

    levels: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    vulnerability: tuple[str, ...] = ()
    harder: str = ""
    others: tuple[str, ...] = ()
    others_words: str = ""
    children: Children = Children()
    language: str = ""
    interpreter: str = "unknown"
    access: tuple[str, ...] = ()
    access_words: str = ""
    high_risk: bool = False
    entitlements: tuple[str, ...] = ()
    why: str = ""
    summary: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """The needs that were asked about, with how much."""
        return {need: level for need, level in self.levels.items() if level in LEVELS}

    @property
    def needs(self) -> tuple[str, ...]:
        """The needs in which they want help."""
        return tuple(need for need, level in self.levels.items() if level in FOUND)

    @property
    def said(self) -> dict[str, object]:
        """Everything that was written, to be sealed."""
        words = {need: text for need, text in self.words.items() if text}
        return {
            "needs": words, "harder": self.harder, "others": self.others_words, "ages": self.children.ages,
            "carers": self.children.carers, "access": self.access_words,
        }  # fmt: skip


def check(found: Found) -> None:
    """Refuses an assessment of nothing, and Enhanced Rights without a reason."""
    if not found.asked:
        raise RuleBroken("Say for at least one need how much help they want, or that they want none.")
    for need, text in found.words.items():
        if text and found.levels.get(need, NOT_ASKED) not in LEVELS:
            raise RuleBroken("You wrote what they said, so say how much help they want.", f"level_{need}")
    if found.children.any != "yes" and (found.children.count or found.children.ages or found.children.carers):
        raise RuleBroken("You wrote about children, so say that there are children in the home.", "children")
    check_reason(found.entitlements, found.why)


def check_reason(entitlements: Collection[str], why: str) -> None:
    if entitlements and not why.strip():
        raise RuleBroken("Say why Enhanced Rights apply.", "why")


def split_access(text: str, titles: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """What a record says of access needs, as codes of the rulebook and the words that are none of them."""
    codes = {title.casefold(): code for code, title in titles.items()}
    parts = [part.strip() for part in text.split(";") if part.strip()]
    known = tuple(dict.fromkeys(codes[part.casefold()] for part in parts if part.casefold() in codes))
    return known, "; ".join(part for part in parts if part.casefold() not in codes)


def join_access(codes: Iterable[str], words: str, titles: Mapping[str, str]) -> str:
    """Access needs as the record holds them, in words."""
    return "; ".join([*(titles.get(code, code) for code in codes), *([words.strip()] if words.strip() else [])])


# Enhanced Rights, and the facts on which they were decided.


@dataclass(frozen=True)
class Facts:
    """What bears on Enhanced Rights, as it is at one moment. Codes and flags alone."""

    under_18: bool = False
    high_harm: str = ""
    vulnerable: str = "unknown"
    intimidated: str = "unknown"
    repeat: str = "unknown"
    markers: tuple[str, ...] = ()
    vulnerability: tuple[str, ...] = ()
    targeted: str = ""

    @property
    def kept(self) -> dict[str, object]:
        """As it is stored; lists in one order, so that nothing but a change is a change."""
        return {name: sorted(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


FACT_WORDS = {
    "under_18": "Whether they are under 18", "high_harm": "What happened",
    "vulnerable": "Vulnerable, as the source says", "intimidated": "Intimidated, as the source says",
    "repeat": "A repeat victim, as the source says", "markers": "How the crime is marked",
    "vulnerability": "What makes it harder for them", "targeted": "Crimes against the same person before",
}  # fmt: skip


def changed(before: Mapping[str, object], now: Facts) -> tuple[str, ...]:
    """The names of facts that are not what they were. A fact that was not kept then says nothing."""
    held = now.kept
    return tuple(one.name for one in fields(Facts) if one.name in before and before[one.name] != held[one.name])


# Repeat victims.


@dataclass(frozen=True)
class Incident:
    """One crime against the person: when it happened, or came to us where nobody said; and what it was."""

    on: date
    crime: str
    exact: bool
    own: bool = False


def same_crime(one: Incident, other: Incident, *, days: int) -> bool:
    """Whether two referrals tell of one crime, which came by two ways."""
    if one.crime != other.crime:
        return False
    if one.exact and other.exact:
        return one.on == other.on
    return abs(one.on - other.on) <= timedelta(days=days)


def distinct(incidents: Iterable[Incident], *, days: int) -> tuple[Incident, ...]:
    """Each crime once, in order of time; the referral's own is never the one that is left out."""
    told: list[Incident] = []
    for incident in sorted(incidents, key=lambda one: (not one.own, not one.exact, one.on)):
        if not any(same_crime(incident, known, days=days) for known in told):
            told.append(incident)
    return tuple(sorted(told, key=lambda one: one.on))


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last of a month that is shorter."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    ends = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, ends))


@dataclass(frozen=True)
class Targeted:
    """How often the same person was a victim within the window: `word` is empty, repeat or persistent."""

    word: str
    crimes: tuple[Incident, ...] = ()


def targeted(incidents: Sequence[Incident], *, months: int, persistent: int, days: int) -> Targeted:
    """Whether a victim is a repeat or a persistently targeted one: crimes since so many months before this one."""
    own = next((one for one in incidents if one.own), None)
    if own is None:
        return Targeted("")
    since = months_before(own.on, months)
    crimes = tuple(one for one in distinct(incidents, days=days) if one.on >= since)
    word = PERSISTENT if len(crimes) >= persistent else REPEAT if len(crimes) > 1 else ""
    return Targeted(word, crimes)


def targeted_words(found: Targeted, months: int, listed: str) -> str:
    """Why somebody counts as targeted again; `listed`: the crimes with their dates, as their reader may see them."""
    again = "Persistently targeted" if found.word == PERSISTENT else "A victim again"
    return f"{again}: {plural(len(found.crimes), 'crime')} within {plural(months, 'month')} ({listed})"


# What they named in a call.

NEED, LANGUAGE, INTERPRETER, ACCESS = "need", "language", "interpreter", "access"
Named = tuple[str, str]  # what it is, and its code
Texts = dict[str, str | list[str]]


def named(said: Mapping[str, object]) -> tuple[Named, ...]:
    """What the answers of a call name for an assessment, in the order in which a person goes through it."""
    lists = ((NEED, "needs"), (ACCESS, ACCESS))
    several = [(what, code) for what, name in lists for code in _codes(said.get(name))]
    return (*several, *((what, str(said[what])) for what in (LANGUAGE, INTERPRETER) if said.get(what)))


def _codes(given: object) -> list[str]:
    return [str(code) for code in given] if isinstance(given, list | tuple) else [str(given)] if given else []


def holds(texts: Mapping[str, object], one: Named) -> bool:
    """Whether the boxes of an assessment say it already; help of any degree is help."""
    what, code = one
    if what == NEED:
        return texts.get(f"level_{code}") in FOUND
    return code in _codes(texts.get(what)) if what == ACCESS else texts.get(what) == code


def put_in(texts: Mapping[str, str | list[str]], one: Named) -> Texts:
    """The boxes with what was named, and everything else as it was."""
    what, code = one
    if holds(texts, one):
        return dict(texts)
    now: str | list[str] = [*_codes(texts.get(ACCESS)), code] if what == ACCESS else "some" if what == NEED else code
    return {**texts, f"level_{code}" if what == NEED else what: now}


def is_free(texts: Mapping[str, object], one: Named, record: Mapping[str, object]) -> bool:
    """Whether nobody has said anything else in its place: an empty box, or one that only says what the record does."""
    what, code = one
    if what == NEED:
        return texts.get(f"level_{code}") not in LEVELS
    return what == ACCESS or texts.get(what) in (None, "", "unknown", record.get(what))


def as_texts(begun: Mapping[str, object]) -> Texts:
    """What a form starts from, as a draft holds it."""
    held = {name: value for name, value in begun.items() if value not in (None, "", False)}
    return {
        name: [str(one) for one in value] if isinstance(value, list) else str(value) for name, value in held.items()
    }
