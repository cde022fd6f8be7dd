"""Pure rules of the victim's own page: what it may hold, when a way to open it holds, and whom it is not for."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from alongside.core.clocks import london_date
from alongside.core.privacy.whereabouts import printable, tells_where

# The parts that a worker may have shown, in their order on the page. None is shown until somebody ticks it.
PARTS: Mapping[str, str] = {
    "people": "Who is alongside them: the phone of the service, and a first name if you give one",
    "dates": "What comes next: day, time and whether by phone, by video or in person",
    "plan": "Their plan, as they were given it last",
    "moved": "How their own answers moved, outcome by outcome, as a line",
    "way": "Where the case stands, in the words that the rulebook has for victims. They speak of police and court",
    "rights": "Their rights now. They speak of the police and of what happened",
}
SAID, DECOY, COMPLAINT = "journey.said", "journey.decoy", "journey.complaint"  # kinds of what is due
LONGEST = 2000
SHORT = 500
HOLDS_PLACE = "Leave out addresses, telephone numbers and e-mail addresses: somebody else may read this page."
TELLS = "Leave out “{}”: somebody else may read this page. Say it so that it could be about anything."
ONE_NAME = "Enter a first name alone, in letters."
DEAD = "This page cannot be used: the case was closed because the victim died."
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-]){0,30}")


def telling(words: str, tells: Iterable[str]) -> str:
    """The first word that would tell what a page is about; empty where there is none."""
    read = words.casefold()
    return next((word for word in tells if re.search(rf"\b{re.escape(word.casefold())}", read)), "")


def wrong_words(words: str, tells: Iterable[str]) -> str:
    """Why a worker's own words may not stand on the page; empty where they may."""
    if tells_where(words):
        return HOLDS_PLACE
    told = telling(words, tells)
    return TELLS.format(told) if told else ""


def wrong_name(name: str) -> str:
    return "" if not name or _NAME.fullmatch(name) else ONE_NAME


def plain(line: str) -> str:
    """A line as the page shows it: whatever tells where somebody is stays out."""
    return printable(line)


def parts(chosen: Collection[str]) -> list[str]:
    """The parts that were ticked, in the order of the page; what is no part is nothing."""
    return [part for part in PARTS if part in chosen]


@dataclass(frozen=True)
class Way:
    """What bears on whether a way to open a page holds."""

    once: bool
    on: bool
    expires_at: datetime | None
    used_at: datetime | None
    ended_at: datetime | None
    feedback: bool = False


def stands(way: Way, *, at: datetime, fresh: bool) -> bool:
    """Whether it opens a page (`fresh`), or keeps one open that it opened. A link opens once; feedback comes after."""
    if way.ended_at is not None or not (way.on or way.feedback):
        return False
    if not way.once:
        return True
    if not fresh:
        return way.used_at is not None
    return way.used_at is None and way.expires_at is not None and at < way.expires_at


def not_for(*, closed: bool, died: bool, age: int | None, youngest: int, adult: int, checked: bool) -> str:
    """Why somebody may not have a page of their own now, in words; empty where they may."""
    if died:
        return DEAD
    if closed:
        return "This case is closed. A page is for somebody whom you support now."
    if age is not None and age < youngest:
        return f"Their page cannot be turned on: they are under {youngest}. Whoever cares for them may hold the phone."
    if (age is None or age < adult) and not checked:
        return "They are a child, or their age is not known. Say that you have talked it through with your manager."
    return ""


def not_asked(*, closed: bool, died: bool, unsafe: bool, handed_on: bool, age: int | None, youngest: int) -> str:
    """Why somebody may not be asked how it was, in words; empty where they may."""
    if not closed:
        return "Ask how it was when the case is closed."
    if died:
        return DEAD
    if unsafe:
        return "They are not asked: the case was closed because no way to contact them is safe."
    if handed_on:
        return "They are not asked from here: the service that has taken them over asks when it ends."
    if age is not None and age < youngest:
        return f"They are not asked by message: they are under {youngest}. Ask them in person."
    return ""


def coming(dates: Iterable[Mapping[str, str]], at: datetime) -> list[Mapping[str, str]]:
    """The dates that are today or later."""
    today = london_date(at)
    return [one for one in dates if london_date(datetime.fromisoformat(one["at"])) >= today]


def decoy_days(made: date, today: date, every: Iterable[int]) -> list[date]:
    """Days of a decoy: the next of each rhythm counted from when it was made, so that they stay put until they pass."""
    gone = (today - made).days
    return [date.fromordinal(today.toordinal() + ((-gone) % days or days)) for days in every]
