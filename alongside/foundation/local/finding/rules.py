"""Pure rules of reading what somebody wrote: words, slips in typing, meanings; what may be kept of it."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST_SEARCH = 200
MOST_WORDS = 30
# Words of a phrase stand in order, with so many others between two of them at most.
GAP = 2
# A word so short is never read as another; one so long may have two slips.
SHORTEST_SLIP, TWO_SLIPS = 4, 8
DANGER, CRISIS = "danger", "crisis"
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~–—‘’“”„…،؟۔।·•£€]+")
_APOSTROPHES = re.compile(r"['’‘`´]")
_MARKS = re.compile(r"[\u0300-\u036f]")
# "15 year old", "15yo", "aged 15", "I'm 15"; never "15 years ago" or "I am 5 months pregnant".
_AGE = re.compile(
    r"\b(\d{1,2})\s*-?\s*(?:(?:years?|yrs?)[\s-]*olds?|y/?o)\b"
    r"|\b(?:aged?|i['’]?\s?a?m|s?he['’]?\s?i?s)\s+(\d{1,2})\b(?!\s*-?\s*(?:weeks?|months?|days?|hours?|years?(?!\s+old)|miles?|stone|[ap]m|%))",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b")
# Everyday words, which are no slip of another word and name no service.
COMMON = frozenset(
    """a about after again all also always am an and any anyone anything are as ask at away back be because been before
    being between both but by came can cant come could day did didnt do does doesnt doing done dont down each else even
    ever every everyone everything far feel feeling feels few find first for found from front gave get gets getting give
    go goes going gone good got guy had has hasnt have having he her here hers him his how i if ill im in into is isnt
    it its ive just keep keeps kept know knows last late later least left less let lets like little live lives living
    local long look looking made make makes making many may me mean might mine more most much must my near need needed
    needs never new next no nobody none not nothing now of off often on once one only or other others our out over own
    people person place please problem put quite really right said same say saying says see seen she should since so
    some somebody someone something sometimes somewhere soon still such sure take taken takes taking tell than that the
    their them then there these they thing things think this those through time times to today together told tomorrow
    tonight too took towards try trying two under until up us use used using very want wanted wants was wasnt way we
    week weeks went were what when where which while who whole whom whose why will with without wont would year years
    yes yesterday yet you your yours street road town city area house home door car bill bills call calls called calling
    care line live lane park side hand hands head face eyes week month months morning afternoon evening happened happen
    happening service services support help helped helping friend friends mate brother sister mother father mum dad
    husband wife partner son daughter uncle aunt cousin nan gran neighbour neighbours boyfriend girlfriend woman man
    women men girl boy big small bad hard best better worse worst three four five six seven eight nine ten hundred
    thousand pounds water paper room rooms shop food drive driving walk walking running run sleep sleeping eat eating
    bank card account letter letters word words lost love loved hate start started stop stopped stopping worried worry
    upset sad happy""".split()
)
# Words that say nothing of what is looked for.
EMPTY = COMMON - {"hate", "women", "men", "home", "neighbours", "neighbour"}
STREETS = frozenset("street road lane avenue drive crescent terrace court flat gardens grove square mews".split())
CALLED = frozenset("mr mrs ms miss dr sir called named name".split())
LONGEST_KEPT = 6


def words_of(text: str) -> tuple[str, ...]:
    """What was written as words: small letters, no marks over Latin letters, no apostrophes."""
    return tuple(_split(text[:LONGEST_SEARCH]))[:MOST_WORDS]


def as_written(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The same words with their own letters, marks and apostrophes; as they are read where that cannot be told."""
    kept = unicodedata.normalize("NFC", _APOSTROPHES.sub("\ue000", text[:LONGEST_SEARCH]))
    found = tuple(word.strip("\ue000").replace("\ue000", "’") for word in _WORD.findall(kept) if word.strip("\ue000"))[
        :MOST_WORDS
    ]
    return found if len(found) == len(words) else words


def _split(text: str) -> list[str]:
    plain = _APOSTROPHES.sub("", text.casefold())
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", plain)))
    return _WORD.findall(plain.replace("ł", "l").replace("ß", "ss"))


def stem(word: str) -> str:
    """A word without its ending: stalks, stalked and stalking are one."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    for ending, shortest in (("ings", 7), ("ing", 6), ("ed", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= shortest and not word.endswith("ss"):
            word = word.removesuffix(ending)
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeious":
        return word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def stems(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(stem(word) for word in words)


@dataclass(frozen=True)
class Meaning:
    """What a row of the rulebook says that some words mean."""

    code: str
    title: str
    phrases: tuple[str, ...]
    first: tuple[str, ...] = ()
    crime_types: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    made_for: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phrase:
    stems: tuple[str, ...]
    words: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Every way of saying something, and every word that may have been meant by a slip."""

    meanings: tuple[Meaning, ...]
    names: frozenset[str] = frozenset()

    @cached_property
    def starts(self) -> Mapping[str, tuple[Phrase, ...]]:
        """Phrases by their first word, in one order whatever the order of the rows."""
        told: dict[tuple[str, ...], tuple[str, list[Meaning]]] = {}
        for meaning in sorted(self.meanings, key=lambda one: one.code):
            for said in meaning.phrases:
                if asked := stems(words_of(said)):
                    told.setdefault(asked, (said, []))[1].append(meaning)
        found: dict[str, list[Phrase]] = {}
        for asked, (said, meanings) in sorted(told.items()):
            found.setdefault(asked[0], []).append(Phrase(asked, said, tuple(meanings)))
        return {first: tuple(phrases) for first, phrases in found.items()}

    @cached_property
    def said(self) -> frozenset[str]:
        return frozenset(word for one in self.meanings for said in one.phrases for word in words_of(said))

    @cached_property
    def known(self) -> frozenset[str]:
        """What is never read as another word."""
        return self.said | self.names | COMMON

    @cached_property
    def known_stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self.known)

    @cached_property
    def meant(self) -> tuple[str, ...]:
        """What a slip may be read as."""
        return tuple(sorted(word for word in self.said | self.names if len(word) >= SHORTEST_SLIP))


@dataclass(frozen=True)
class Heard:
    """A meaning that was heard, and in which words."""

    meaning: Meaning
    wrote: str


@dataclass(frozen=True)
class Understood:
    """What was understood of somebody's words. `loose`: words without a meaning of their own."""

    heard: tuple[Heard, ...] = ()
    first: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    age: int | None = None
    wrote: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @property
    def slips(self) -> Mapping[str, str]:
        """What was read as another word."""
        return {old: new for old, new in zip(self.wrote, self.words, strict=True) if old != new}

    def runs(self, heard: Iterable[Heard]) -> list[tuple[str, str]]:
        """What was heard as it was written, and as what it was read where it was read as something else: words that
        stand together once, whatever they mean."""
        said = {word for one in heard for word in one.wrote.split()}
        found: list[list[int]] = []
        for place in (place for place, word in enumerate(self.wrote) if word in said):
            gap = self.wrote[found[-1][-1] + 1 : place] if found else ()
            if found and len(gap) <= GAP and all(word in EMPTY for word in gap):
                found[-1].append(place)
            else:
                found.append([place])
        spans = [slice(one[0], one[-1] + 1) for one in found]
        return [
            (" ".join(self.shown[span]), "" if self.words[span] == self.wrote[span] else " ".join(self.words[span]))
            for span in spans
        ]  # fmt: skip

    def of(self, name: str) -> tuple[str, ...]:
        """The codes of one kind that were heard, in the order of the words."""
        return tuple(dict.fromkeys(code for one in self.heard for code in getattr(one.meaning, name)))

    @property
    def crimes(self) -> tuple[str, ...]:
        """The likeliest first: what a row names first counts whole, what it names later less."""
        votes: dict[str, float] = {}
        for one in self.heard:
            for place, code in enumerate(one.meaning.crime_types):
                votes[code] = votes.get(code, 0) + 1 / (1 + place)
        return tuple(sorted(votes, key=lambda code: (-votes[code], list(votes).index(code))))[:4]


def understand(text: str, vocabulary: Vocabulary) -> Understood:
    """What somebody's words mean; the same words always mean the same."""
    wrote = words_of(text)
    read = tuple(_read(word, vocabulary) for word in wrote)
    asked = stems(read)
    found = [match for match in _matches(asked, vocabulary)]
    heard, used = _chosen(found, wrote)
    # Danger is heard in what was written and in what it was read as, whatever longer words stand around it.
    urgent = [*found, *_matches(stems(wrote), vocabulary)]
    first = {code for _, phrase in urgent for meaning in phrase.meanings for code in meaning.first}
    loose = tuple(
        read[place]
        for place in range(len(read))
        if place not in used and read[place] not in EMPTY and len(read[place]) > 2
    )
    order = tuple(code for code in (DANGER, CRISIS) if code in first)
    return Understood(heard, order, read, asked, loose, _age(text), wrote, as_written(text, wrote))


def _age(text: str) -> int | None:
    found = _AGE.search(text)
    return int(found[1] or found[2]) if found else None


def mentioned(text: str, vocabulary: Vocabulary) -> tuple[Phrase, ...]:
    """Phrases that stand word for word in a longer text, such as what a service says of itself; no slip is read."""
    asked = stems(_split(text))
    found = [
        phrase
        for start, first in enumerate(asked)
        for phrase in vocabulary.starts.get(first, ())
        if asked[start : start + len(phrase.stems)] == phrase.stems
    ]
    return tuple(dict.fromkeys(found))


def _read(word: str, vocabulary: Vocabulary) -> str:
    """The word itself, or the one that it is a slip of: the nearest, then by the alphabet."""
    if len(word) < SHORTEST_SLIP or word in vocabulary.known or any(mark.isdigit() for mark in word):
        return word
    if stem(word) in vocabulary.known_stems:
        return word
    most = 2 if len(word) >= TWO_SLIPS else 1
    near = process.extract(word, vocabulary.meant, scorer=OSA.distance, score_cutoff=most, limit=None)
    ranked = sorted((distance, other) for other, distance, _ in near if _begins_alike(word, other))
    return ranked[0][1] if ranked else word


def _begins_alike(word: str, other: str) -> bool:
    """Hardly anybody mistypes a first letter but by changing places with the second: “talking” is not “stalking”."""
    return word[0] == other[0] or word[:2] == other[1::-1]


Match = tuple[tuple[int, ...], Phrase]


def _matches(asked: tuple[str, ...], vocabulary: Vocabulary) -> Iterator[Match]:
    for start, first in enumerate(asked):
        for phrase in vocabulary.starts.get(first, ()):
            if places := _places(asked, start, phrase.stems):
                yield places, phrase


def _places(asked: tuple[str, ...], start: int, wanted: tuple[str, ...]) -> tuple[int, ...]:
    """Where the words of a phrase stand, in order and near each other; empty when they do not."""
    places = [start]
    for word in wanted[1:]:
        window = range(places[-1] + 1, min(places[-1] + 2 + GAP, len(asked)))
        at = next((place for place in window if asked[place] == word), None)
        if at is None:
            return ()
        places.append(at)
    return tuple(places)


def _chosen(found: list[Match], wrote: tuple[str, ...]) -> tuple[tuple[Heard, ...], set[int]]:
    """The longest phrases first; one whose words are all in a longer one is part of it."""
    used: set[int] = set()
    chosen: list[Match] = []
    for places, phrase in sorted(found, key=lambda one: (-len(one[0]), one[0][-1] - one[0][0], one[0], one[1].stems)):
        if not any(set(places) <= set(other) for other, _ in chosen):
            used |= set(places)
            chosen.append((places, phrase))
    heard = []
    for places, phrase in sorted(chosen, key=lambda one: one[0]):
        written = " ".join(wrote[place] for place in places)
        heard += [Heard(meaning, written) for meaning in phrase.meanings]
    return tuple(heard), used


@dataclass(frozen=True)
class Named:
    """Names of services and of who runs them, as words; `rare`: words of few names that mean nothing else."""

    services: Mapping[str, tuple[str, ...]]
    runners: Mapping[str, tuple[str, ...]]
    rare: frozenset[str]

    @cached_property
    def index(self) -> Mapping[str, frozenset[str]]:
        """The services in whose names a word is, so that a search looks at those alone."""
        found: dict[str, set[str]] = {}
        for names in (self.services, self.runners):
            for pk, own in names.items():
                for word in own:
                    found.setdefault(word, set()).add(pk)
        return {word: frozenset(pks) for word, pks in found.items()}


NAMED, RUN, PART = 90, 45, 12


def name_points(asked: Collection[str], own: tuple[str, ...], runner: tuple[str, ...], rare: Collection[str]) -> int:
    """How far a name was written. Words that every second service has in its name count for little."""
    shared = [word for word in own if word in asked]
    proper = [word for word in shared if word in rare]
    if proper or (len(shared) > 1 and len(shared) * 5 >= len(own) * 3):
        return NAMED + 10 * len(shared)
    if any(word in rare for word in runner if word in asked):
        return RUN
    return min(2, len(shared)) * PART if shared else 0


def normal(text: str) -> str:
    """A search as it is counted and kept."""
    return " ".join(words_of(text))


def may_keep(text: str, people: Collection[str]) -> bool:
    """Whether a search looks like nobody: no figure, address, e-mail or name, and no longer story."""
    words = words_of(text)
    if not words or len(words) > LONGEST_KEPT or any(mark.isdigit() or mark in "@/\\" for mark in text):
        return False
    if any(word in STREETS or word in CALLED or word in people for word in words):
        return False
    inside = re.findall(r"(?<=\s)[A-Z][a-z]+", text.strip())
    return not inside
