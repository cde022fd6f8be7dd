"""Why two records may be of one person, in words and bars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card
from alongside.core.pages.filters import date_words
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission
from alongside.support.people.matching import queries, rules
from alongside.support.people.matching.models import Pair
from alongside.support.people.matching.rules import Term, Weighed
from alongside.support.people.victims.models import SamePerson, Victim
from alongside.support.people.victims.queries import Match

JUDGED = {
    SamePerson.Judgement.SAME: {"word": "Same person", "colour": "green"},
    SamePerson.Judgement.NOT_SAME: {"word": "Not the same person", "colour": "grey"},
    SamePerson.Judgement.NOT_SURE: {"word": "Not sure", "colour": "yellow"},
}
LIKELY = {"word": "Likely the same person", "colour": "purple"}
PERHAPS = {"word": "Perhaps the same person", "colour": "blue"}
SHARED = {"phone": "telephone number", "address": "address", "email": "e-mail address"}
DANGER = (
    "One may be a danger to the other. Find out who answers before anybody makes contact, and do not say why. No "
    "automatic message goes to what they share."
)
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
    if share > 0.99:
        return "more than 99 in 100"
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


def conflict(terms: Iterable[Term], *, apart: bool, judged: str = "") -> str:
    """What the two records share although they are of two people, as their fields or a person says: whoever answers
    there may not be the victim. Nothing where somebody judged them to be one person.
    """
    if judged:
        apart = judged == SamePerson.Judgement.NOT_SAME
    shared = [SHARED[term.field] for term in terms if term.field in SHARED and term.words.startswith("The same")]
    same_home = [word for word in shared if word != SHARED["address"]] or shared
    if not apart or not same_home:
        return ""
    return f"If these are two people, they share {_a(same_home)}. {DANGER}"


def shared(kinds: Iterable[str]) -> str:
    """What another person's record has too, and what to do about it."""
    return f"Another person’s record has the same {' and '.join(SHARED[kind] for kind in kinds)}. {DANGER}"


def _a(words: Iterable[str]) -> str:
    return " and ".join(f"{'an' if word[0] in 'aeiou' else 'a'} {word}" for word in words)


def card(match: Match, weighed: Weighed | None, enough: float) -> dict[str, Any]:
    """One candidate of the list."""
    return {
        "id": match.victim_id, "name": match.name, "born": date_words(match.birth_date) if match.birth_date else "",
        "reasons": match.reasons, "tag": tag(weighed, enough) if weighed else None,
        "judged": JUDGED[SamePerson.Judgement(match.judgement)] if match.judgement else None,
        "conflict": conflict(weighed.terms, apart=weighed.apart, judged=match.judgement) if weighed else "",
        "odds": odds(weighed.weight) if weighed else "",
    }  # fmt: skip


def beside(referral: Any, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On a referral, for the hub alone: records of other people that share its number, mailbox or address. A number or
    a mailbox that is not theirs alone stands before the ways to call, as on a phone the rest comes far below them."""
    if by.realm != Realm.HUB or not by.may(Permission.REFERRAL_TRIAGE):
        return
    found = list(queries.sharing(referral.victim, london_date(at), by=by))
    rows = [
        {"victim": referral.victim_id, "other": one.other.pk, "name": one.other.full_name, "words": shared(one.kinds)}
        for one in found
    ]
    place = "top" if any(set(one.kinds) != {"address"} for one in found) else "aside"
    if rows:
        yield Card(place, "matching/parts/conflicts.html", {"rows": rows}, tuple(row["other"] for row in rows))


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
