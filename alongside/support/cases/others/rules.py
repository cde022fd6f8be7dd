"""Pure rules of the other party: how names are compared, which words of a text may be one, what a form may hold."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from alongside.core.errors import RuleBroken
from alongside.foundation.office.messages.rules import fault
from alongside.support.people.victims.rules import name_part

NAME, SOUND, SAID, PHONE, EMAIL = "name", "sound", "said", "phone", "email"
SHORTEST, LONGEST_PHRASE, WORDS_OF_A_NAME = 3, 4, 2
MOST = 20
STALE = (
    "Somebody else changed this while you were writing. What it says now is shown below; nothing of yours has been "
    "lost. Put the two together and save again."
)
NOT_YOURS = "This is for whoever works on the case or covers it, and for their manager."
TWO_GO = "Two go together, or nobody goes."
NAMES_OTHER = "This names the other party: {}. Say who it is in another way, such as “him”, “her” or “they”."
# Names that are words too: only with a capital do they name somebody.
ORDINARY = frozenset(
    "angel april art august bill bond brown buck carol chance chase chip christian church cliff cook crystal "
    "daisy dale dawn day dean dick drew earl eve faith frank gene grace grant green guy hall heath heather hill holly "
    "home hope house hunter iris ivy jack jewel joy june king lance laurel lily little long love mark mason miles "
    "misty nick norm park patience pearl penny pierce precious rain ray reed rich river rob rocky rod rose ruby "
    "sandy short skip sky small star stone street sue summer sunny tanner trace trip violet wade ward white willow "
    "winter wood woods young black".split()
)
# Those with which a sentence begins whoever it is about: with a capital, and not at its beginning.
BEGINNING = frozenset("will may mark can do don".split())
# Words within a name that alone name nobody: the Beast.
LITTLE = frozenset("the and for but not you his her him she they them who all out old big mad von van der".split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OWNS = re.compile(r"['’]s$", re.IGNORECASE)
_BEGINS = re.compile(r"(?:^|[.!?:\n])\s*[\"“‘(]*$")


def lines(text: str) -> tuple[str, ...]:
    """What was written one a line, without empty ones."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def whole_names(names: Iterable[str]) -> frozenset[str]:
    """Names as a conflict check compares them, in any order of their words, with what stands between first and last
    and without. One word alone is too little to say that two people are one."""
    found: set[str] = set()
    for name in names:
        words = name_part(name).split()
        if len(words) >= WORDS_OF_A_NAME:
            found |= {" ".join(sorted(words)), " ".join(sorted((words[0], words[-1])))}
    return frozenset(found)


# How a name is written down by ear, over and over: what comes first goes first.
_SOUNDS = tuple((re.compile(was), now) for was, now in (
    (r"^mc", "mac"), (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^x", "s"), (r"^wh", "w"),
    (r"sch|sz", "s"), (r"ngh", "ng"), (r"mp(?=[st])", "m"), (r"ph", "f"), (r"dg(?=[eiy])|dj", "j"),
    (r"(?<!^)gh|(?<=[aeiou])h", ""), (r"g(?=[eiy])", "j"), (r"t?ch|cz|kh|ck|q", "k"), (r"c(?=[eiy])", "s"),
    (r"c", "k"), (r"x", "ks"), (r"z", "s"), (r"v", "f"), (r"d", "t"), (r"(?<=[^aeiou])h", ""), (r"(.)\1+", r"\1"),
))  # fmt: skip
_VOWEL = re.compile(r"^[aeiouy]")
_SILENT = re.compile(r"[aeiouwyh]")
_LEAST_SOUND = 4  # letters of both names together, below which too many people are called alike


def sound(word: str) -> str:
    """How a name sounds, roughly: its first letter, and the consonants after it in the order of the alphabet, so that
    vowels, doubled and silent letters, and two that changed places, do not tell two spellings apart."""
    plain = name_part(word).replace(" ", "")
    for was, now in _SOUNDS:
        plain = was.sub(now, plain)
    first = "a" if _VOWEL.match(plain) else plain[:1]
    return first + "".join(sorted(_SILENT.sub("", plain[1:])))


def sounding_names(names: Iterable[str]) -> frozenset[str]:
    """First and last names, in any order, by how they sound: that two of them are one says that somebody may be the
    same person, and no more. Very short names are too many people's."""
    found: set[str] = set()
    for name in names:
        words = name_part(name).split()
        pair = sorted((sound(words[0]), sound(words[-1]))) if len(words) >= WORDS_OF_A_NAME else []
        if sum(map(len, pair)) >= _LEAST_SOUND:
            found.add(" ".join(pair))
    return frozenset(found)


def said_names(names: Iterable[str]) -> frozenset[str]:
    """What of these names may stand in a text: each whole, and each of its words that is not too short to tell."""
    found: set[str] = set()
    for name in names:
        words = name_part(name).split()
        found |= {word for word in words if len(word) >= SHORTEST and word not in LITTLE}
        if words:
            found.add(" ".join(words[:LONGEST_PHRASE]))
    return frozenset(found)


def phrases(text: str) -> dict[str, str]:
    """The words of a text, alone and up to four together, as names are compared, each with how it is written. A word
    that is no name unless it is written as one is left out where it is not."""
    tokens = [(_OWNS.sub("", found[0]), found.start()) for found in _WORD.finditer(text)]
    plain = [name_part(word) for word, _ in tokens]
    found: dict[str, str] = {}
    for at in range(len(tokens)):
        for end in range(at + 1, min(at + LONGEST_PHRASE, len(tokens)) + 1):
            if end > at + 1 or _may_name(text, *tokens[at], plain[at]):
                found.setdefault(" ".join(plain[at:end]), " ".join(word for word, _ in tokens[at:end]))
    return found


def _may_name(text: str, word: str, start: int, plain: str) -> bool:
    if plain in BEGINNING:
        return word[0].isupper() and not _BEGINS.search(text[:start])
    return plain not in ORDINARY or word[0].isupper()


def check_party(*, name: str, description: str, aliases: str, phones: str, emails: str) -> None:
    """Refuses a record of nobody, and numbers and mailboxes that reach nobody."""
    if not name.strip() and not description.strip():
        raise RuleBroken("Give a name, or describe them where nobody knows it.", "name")
    for field, text, kind in (("phones", phones, PHONE), ("emails", emails, EMAIL), ("aliases", aliases, "")):
        if len(lines(text)) > MOST:
            raise RuleBroken(f"Keep it to {MOST} lines.", field)
        for line in lines(text) if kind else ():
            if why := fault(kind, line):
                raise RuleBroken(f"{why}. One a line.", field)


def check_known(field: str, given: Collection[str], known: Mapping[str, str]) -> None:
    if not set(given) <= known.keys():
        raise RuleBroken("Choose from the list.", field)


def check_until(until: date | None, *, today: date, latest: date) -> None:
    """Refuses a last day that is past or a year that was typed wrong."""
    if until is not None and not today <= until <= latest:
        raise RuleBroken("Choose a last day from today on, within ten years; or leave it empty.", "until")


def visit_words(codes: Iterable[str], titles: Mapping[str, str]) -> str:
    """What whoever visits must know, in a line; empty where nothing is known."""
    said = [titles.get(code, code) for code in dict.fromkeys(codes)]
    return f"{TWO_GO} {'. '.join(said)}." if said else ""


def same_birth(left: bytes, right: bytes) -> bool:
    """Whether two dates of birth, of which blind indexes are known, do not speak against one person."""
    return not left or not right or left == right
