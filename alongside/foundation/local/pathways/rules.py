"""Pure rules of pathways: how their lines are written and read, and what must be said of a duty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alongside.core.errors import RuleBroken

BOOK = "pathways"
BAR = "|"
UNCHECKED = "(check)"
LONGEST_LINE = 600
LISTS = ("first", "tools", "call", "duties")


@dataclass(frozen=True)
class Line:
    """One line of a pathway: what it says, and what is beside it (of a duty: where it comes from)."""

    words: str
    beside: str = ""
    unchecked: bool = False


def lines(text: str) -> tuple[Line, ...]:
    """The lines of a text, each with what follows its bar; empty lines are left out."""
    return tuple(_line(one) for one in text.splitlines() if one.strip())


def _line(text: str) -> Line:
    words, _, beside = (part.strip() for part in text.partition(BAR))
    unchecked = beside.endswith(UNCHECKED)
    return Line(words, beside.removesuffix(UNCHECKED).strip(), unchecked)


def check(body: Mapping[str, Any]) -> None:
    """Refuses words that cannot be shown: a duty without its source is hearsay. Raises RuleBroken."""
    if not body["crime_types"]:
        raise RuleBroken("Choose at least one crime that this page is about", "crime_types")
    for name in LISTS:
        for line in lines(body[name]):
            if not line.words or len(line.words) > LONGEST_LINE:
                raise RuleBroken(f"Say something in each line, in {LONGEST_LINE} letters or fewer", name)
    if any(not line.beside for line in lines(body["duties"])):
        raise RuleBroken("Say where each duty comes from, after a | on its line: the Act and its section", "duties")


@dataclass(frozen=True)
class SafeText:
    """Words about a service that a professional may hand on. `plain` names nobody; `named` says which service."""

    plain: str
    named: str


def safe_text(*, name: str, phone: str, hours: str, cost: str, what_happens: str) -> SafeText:
    """What may be handed to somebody, in neutral words. A name can tell whoever finds it what happened, so that there
    is one without; what happens when they get in touch goes only with the name. Empty where there is no phone."""
    if not phone:
        return SafeText("", "")
    when = f" ({hours.strip().rstrip('.')})" if hours.strip() else ""
    free = " It is free." if cost.strip().casefold() == "free" else ""
    plain = f"Somebody to talk to, if you would like to: {phone}{when}.{free} You can ring off at any time."
    next_ = f" When you get in touch: {what_happens.strip()}" if what_happens.strip() else ""
    return SafeText(plain, f"{name}: {phone}{when}.{free}{next_}")
