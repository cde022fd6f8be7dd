"""Why two records may be of one person, in words and bars."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from alongside.core.pages.filters import date_words
from alongside.support.matching import rules
from alongside.support.matching.models import Pair
from alongside.support.matching.rules import Term, Weighed
from alongside.support.victims.models import SamePerson, Victim
from alongside.support.victims.queries import Match

JUDGED = {
    SamePerson.Judgement.SAME: {"word": "Same person", "colour": "green"},
    SamePerson.Judgement.NOT_SAME: {"word": "Not the same person", "colour": "grey"},
    SamePerson.Judgement.NOT_SURE: {"word": "Not sure", "colour": "yellow"},
}
LIKELY = {"word": "Likely the same person", "colour": "purple"}
PERHAPS = {"word": "Perhaps the same person", "colour": "blue"}
SHARED = {"phone": "telephone number", "address": "address", "email": "e-mail address"}
WIDTH = 200  # of the bars, in units of the picture


@dataclass(frozen=True)
class Bar:
    """One field's word as a bar: from where to where on a picture that is `WIDTH` wide, and which way it speaks."""

    title: str
    words: str
    points: str
    left: float
    width: float
    speaks: str


def points(weight: float) -> str:
    """A weight with its sign, as a person reads it; a field that says nothing has none."""
    return f"{weight:+.1f}".replace("-", "\N{MINUS SIGN}") if weight else ""


def tag(weighed: Weighed, enough: float) -> dict[str, str]:
    if weighed.apart:
        return {"word": "Perhaps a relative", "colour": "grey"}
    return LIKELY if weighed.weight >= enough else PERHAPS


def odds(weight: float) -> str:
    """How sure the model is, in words."""
    share = 1 / (1 + 2 ** -max(min(weight, 60.0), -60.0))
    if share > 0.999:
        return "more than 999 in 1,000"
    return "less than 1 in 100" if share < 0.01 else f"about {round(share * 100)} in 100"


def bars(weighed: Weighed) -> list[Bar]:
    """A waterfall: the start, every field in order with where it leads, and the whole."""
    steps = rules.steps(weighed)
    ends = [weighed.start, 0.0, weighed.weight, *(after for _, _, after in steps)]
    least, most = min(ends), max(ends)
    scale = WIDTH / ((most - least) or 1.0)

    def bar(title: str, words: str, weight: float, before: float, after: float) -> Bar:
        low, high = sorted((before, after))
        speaks = "for" if weight > 0 else "against"
        return Bar(title, words, points(weight), round((low - least) * scale, 1),
                   round(max((high - low) * scale, 1.0), 1), speaks)  # fmt: skip

    start = bar("Before anything is compared", "Two records by chance", weighed.start, 0.0, weighed.start)
    silent = [Bar(term.title, term.words, "", 0.0, 0.0, "silent") for term in weighed.terms if not term.weight]
    told = [bar(term.title, term.words, term.weight, before, after) for term, before, after in steps]
    whole = bar("Together", f"One person in {odds(weighed.weight)} such pairs", weighed.weight, 0.0, weighed.weight)
    return [start, *told, *silent, whole]


def conflict(terms: Iterable[Term], *, apart: bool) -> str:
    """What the two records share although they are of two people: whoever answers there may not be the victim."""
    shared = [SHARED[term.field] for term in terms if term.field in SHARED and term.words.startswith("The same")]
    same_home = [word for word in shared if word != SHARED["address"]] or shared
    if not apart or not same_home:
        return ""
    return (
        f"If these are two people, they share a {' and '.join(same_home)}. One may be a danger to the other. Find out "
        "who answers before anybody makes contact, and do not say why."
    )


def card(match: Match, weighed: Weighed | None, enough: float) -> dict[str, Any]:
    """One candidate of the list."""
    return {
        "id": match.victim_id, "name": match.name, "born": date_words(match.birth_date) if match.birth_date else "",
        "reasons": match.reasons, "tag": tag(weighed, enough) if weighed else None,
        "judged": JUDGED[SamePerson.Judgement(match.judgement)] if match.judgement else None,
        "conflict": conflict(weighed.terms, apart=weighed.apart) if weighed else "",
        "odds": odds(weighed.weight) if weighed else "",
    }  # fmt: skip


def side(victim: Victim) -> dict[str, str]:
    """One of the two records, as far as comparing them needs."""
    return {
        "name": victim.full_name, "born": date_words(victim.birth_date) if victim.birth_date else "Not known",
        "made": date_words(victim.created_at),
    }  # fmt: skip


def line(pair: Pair) -> dict[str, Any]:
    """A pair of the list: both records in a line each."""
    return {
        "left": pair.left_id, "right": pair.right_id, "names": (side(pair.left), side(pair.right)),
        "odds": odds(pair.weight), "found": date_words(pair.found_at),
    }  # fmt: skip
