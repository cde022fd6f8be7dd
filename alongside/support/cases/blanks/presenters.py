"""Gaps in words: on their own pages, on My day and on Team."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, Said, Titles, lines
from alongside.core.pages.filters import date_words, plural
from alongside.support.cases.blanks import queries, rules
from alongside.support.cases.blanks.queries import Share, Standing
from alongside.support.cases.casework.models import Case
from alongside.support.people.victims.models import Victim

# Where what is work of ours is done: an address that takes the key of the case.
DONE_AT = {"scores": ("Score the needs now", "plans:score"),
           "outcome": ("Make the first assessment now", "casework:assess"),
           "review": ("Assess again now", "casework:assess")}  # fmt: skip
INSTEAD = {"none": "They need nothing", "not_known": "Asked, not known", "not_said": "Did not want to say",
           "later": "Skip for now"}  # fmt: skip


def _set_aside(details: Mapping[str, Any], titles: Titles) -> str:
    what = titles(queries.BOOK).get(details.get("code", ""), "Something that was missing")
    came = {"not_known": "asked, not known", "not_said": "they did not want to say", "none": "asked, nothing needed"}
    return f"{what}: {came.get(details.get('came', ''), 'left for later')}"


TOLD: Mapping[str, Said] = {"case.blank_set_aside": Said(_set_aside, "records")}


@dataclass(frozen=True)
class Line:
    """A case with what it does not say."""

    case: Any
    name: str
    missing: tuple[tuple[str, str], ...]


def listed(found: Iterable[Standing], titles: Mapping[str, str]) -> list[Line]:
    """The cases that have gaps, each with what is missing and its code."""
    return [
        Line(one.case, _name(one.case), tuple((code, titles.get(code, code)) for code in one.blank))
        for one in found if one.blank
    ]  # fmt: skip


def _name(case: Any) -> str:
    return Victim.name_of(case.victim__kind, case.victim__business_name, case.victim__title,
                          case.victim__given_name, case.victim__family_name)  # fmt: skip


def progress(left: int, of: int) -> dict[str, Any]:
    """How far a sitting has come: 7 of 23."""
    of = max(of, left)
    done = of - left
    return {"percent": done * 100 // of if of else 100, "words": f"{done} of {of} done", "of": of}


def instead(code: str) -> list[tuple[str, str]]:
    return [(way, INSTEAD[way]) for way in rules.ways(code)]


def shares(found: Iterable[Share], names: Mapping[Any, str]) -> list[dict[str, Any]]:
    """Shares as a table, the least complete first."""
    order = sorted(found, key=lambda one: (101 if one.percent is None else one.percent, names.get(one.key, "")))
    return [
        {"who": names.get(one.key, "Nobody yet" if one.key is None else "A former colleague"), "key": one.key,
         "cases": one.cases, "done": one.done, "of": one.of, "blank": one.blank,
         "percent": "" if one.percent is None else one.percent}
        for one in order
    ]  # fmt: skip


def rows_of_file(found: Iterable[Mapping[str, Any]], at: datetime) -> list[dict[str, Any]]:
    kept = ("who", "cases", "done", "of", "blank", "percent")
    return [{**{name: row[name] for name in kept}, "as_at": date_words(at)} for row in found]


def beside_day(worker: UUID, *, by: Actor, at: datetime) -> Iterable[Card]:
    """How much is missing on somebody's cases, on their day."""
    on = london_date(at)
    rows = queries.mine(Case.objects.visible_to(by), worker, by.organisation_id or 0, on)
    found = queries.standings(rows, on)
    gaps, cases = len(queries.blanks(found)), sum(bool(one.blank) for one in found)
    if gaps:
        link = ("Mend them one after another", reverse("blanks:mine")) if worker == by.user_id else None
        said = f"{plural(gaps, 'gap')} on {plural(cases, 'case')}: what returns ask for and the record does not say."
        yield lines("Missing on these cases", [said], link=link)


def beside_team(organisation: int, *, by: Actor, at: datetime) -> Iterable[Card]:
    """How complete the records of the team are."""
    on = london_date(at)
    found = queries.standings(queries.current(Case.objects.visible_to(by), organisation), on)
    total = queries.total(found)
    if total.percent is not None:
        count = f"{total.done:,} of {total.of:,}"
        said = f"{total.percent}% of what returns ask for is answered ({count}), as at {date_words(at)}."
        yield lines("Complete records", [said], link=("See what is missing and where", reverse("blanks:team")))
