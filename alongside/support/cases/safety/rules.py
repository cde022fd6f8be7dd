"""Pure rules of safety plans: what may be on paper, what on it may be a name, and when it is gone through again."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from alongside.core.errors import RuleBroken
from alongside.core.privacy.whereabouts import printable
from alongside.support.cases.others.rules import NAMES_OTHER

NO = "no"
LONGEST = 4000
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SENTENCE = re.compile(r"[.!?:\n]\s*")
# Words that are written with a capital and are nobody's name.
_COMMON = frozenset(
    "I I'm I’m I'll I’ll I've I’ve I'd I’d Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February "
    "March April May June July August September October November December Mondays Tuesdays Wednesdays Thursdays "
    "Fridays Saturdays Sundays Christmas Easter Mum Dad GP NHS ID TV PIN OK".split()
)
STALE = (
    "Somebody else changed this while you were writing. What it says now is shown below; nothing of yours has been "
    "lost. Put the two together and save again."
)


def check_words(words: str) -> None:
    if not words.strip():
        raise RuleBroken("Write what to do, in their own words.", "words")
    if len(words) > LONGEST:
        raise RuleBroken(f"Keep it to {LONGEST} letters: a plan is read in a hurry.", "words")


def check_review(again_on: date | None, *, today: date, latest: date) -> None:
    """Refuses a day that is past or a year that was typed wrong."""
    if again_on is not None and not today <= again_on <= latest:
        raise RuleBroken("Choose a day from today on, within two years.", "review_on")


def names_in(text: str) -> tuple[str, ...]:
    """Words that may be somebody's name: written with a capital where no sentence begins. They are shown to whoever
    prints, since no list knows every name."""
    found = []
    for sentence in _SENTENCE.split(text):
        for word in _WORD.findall(sentence)[1:]:
            if word[0].isupper() and word not in _COMMON:
                found.append(word)
    return tuple(dict.fromkeys(found))


def on_paper(words: str) -> str:
    """A piece as it is printed: addresses, telephone numbers and e-mail addresses are left out, and seen to be."""
    return printable(words).strip()


def check_paper(
    *, pieces: int, home_shared: str, kept_how: str, checked: bool, others: Sequence[str] = ()
) -> None:  # fmt: skip
    """Nothing is given on paper into a home that is shared with whoever may harm them, or may be, unless it is kept
    safe in a known way; nothing that nobody read through for names, and nothing that names the other party (`others`:
    the words that do)."""
    if not pieces:
        raise RuleBroken("Nothing may be printed yet. Mark each piece that may be on paper first.")
    if others:
        raise RuleBroken(NAMES_OTHER.format(", ".join(others)))
    if home_shared != NO and not kept_how:
        raise RuleBroken(
            "Whoever may harm them lives there, or may: nothing is given on paper unless you say how it is kept safe.",
            "kept_how",
        )
    if not checked:
        raise RuleBroken("Read it through, and tick that it names nobody who may harm them.", "checked")


def earliest(days: Iterable[date | None]) -> date | None:
    """The day on which the plan is gone through again: the first that any piece asks for."""
    return min((day for day in days if day is not None), default=None)
