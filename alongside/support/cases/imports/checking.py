"""What a row says as it was understood, and what is wrong with it, field by field. No database, no clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from alongside.foundation.office.messages import rules as messages
from alongside.support.cases.imports.rules import (
    DAY_FIRST,
    NO,
    OLDEST_CASE,
    SHORT_YEARS,
    SPREADSHEET_FAULTS,
    UNKNOWN,
    WANTED,
    Kind,
    Plan,
    answer_of,
    code_of,
    day_of,
    pieces,
    real_day,
    tidy,
)


@dataclass(frozen=True)
class Said:
    """A row as it was understood, field by field: text, days, codes and answers; and what is wrong, by field."""

    values: Mapping[str, str]
    days: Mapping[str, date]
    needs: tuple[str, ...]
    faults: Mapping[str, str]

    def text(self, key: str) -> str:
        return self.values.get(key, "")

    def day(self, key: str) -> date | None:
        return self.days.get(key)


FAULTS: Mapping[str, tuple[str, str]] = {
    "nobody": ("There is no name and no reference of yours.", "Type one of them, or leave the row out."),
    "too_long": ("This is longer than can be kept.", "Shorten it."),
    "broken": ("Your spreadsheet showed a fault here in place of a value.", "Type what it should say."),
    "unknown_word": ("We do not know this word.", "Choose what it means."),
    "needed": ("This is needed and is empty.", "Fill it in, or leave the row out."),
    "no_date": ("This is no day that we can read.", "Type it as 31/12/2025."),
    "future": ("This day has not come yet.", "Type the right day, or empty it."),
    "too_old": ("This is too long ago to be right.", "Type the right day."),
    "before_accepted": ("This is before the day on which you accepted them.",
                        "Put this day right, or make “Accepted on” the earlier day."),
    "no_phone": ("This cannot be a telephone number.", "Type the whole number, or empty it."),
    "no_email": ("This cannot be an e-mail address.", "Type the whole address, or empty it."),
    "which_list": ("They wait, and the service has several waiting lists.", "Choose the list."),
    "other_list": ("This list is not of the same service.", "Choose a list of their service."),
    "list_closed": ("This list takes nobody new now.", "Open it under Waiting lists, or choose another."),
    "again": ("Another row of this file has the same reference.", "Leave one of them out, or put the reference right."),
    "refused": ("It was refused when it was brought in.", "Look at the row, mend it, and bring it in again."),
}  # fmt: skip


def fault_words(code: str, cell: str) -> str:
    """What is wrong with a cell and what to do; a word that we do not know is named."""
    what, do = FAULTS[code]
    if code == "unknown_word" and cell:
        what = f"We do not know “{cell[:60]}”."
    return f"{what} {do}"


@dataclass(frozen=True)
class Waits:
    """A waiting list, as far as a row must know it: of which service, and whether it takes somebody new."""

    service: str
    open: bool


@dataclass(frozen=True)
class Known:
    """Our own words, by field, and the waiting lists of the organisation."""

    titles: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, Waits] = field(default_factory=dict)

    def lists_of(self, service: str) -> list[str]:
        return [code for code, one in self.lists.items() if one.service == service and one.open]


def check(cells: Mapping[str, str], mended: Mapping[str, str], plan: Plan, known: Known, today: date) -> Said:
    """What a row says, and what is wrong with it. `mended`: codes that somebody chose for this row alone."""
    values, days, faults = dict[str, str](), dict[str, date](), dict[str, str]()
    needs: tuple[str, ...] = ()
    for key, one in WANTED.items():
        text = cells.get(key, "")
        if text in SPREADSHEET_FAULTS:
            faults[key] = "broken"
        elif one.kind == Kind.DAY and text:
            day = _said_day(key, text, plan, today)
            faults |= {key: fault} if (fault := day_fault(key, day, today)) else {}
            days |= {key: day} if day else {}
        elif one.kind == Kind.CODES:
            needs = _several(key, text, mended, plan, known, faults)
        elif one.kind in (Kind.CODE, Kind.ANSWER):
            values[key] = _one(key, text, mended, plan, known, faults)
        elif text:
            faults |= {key: "too_long"} if len(text) > one.longest else {}
            values[key] = text
    said = Said(_named(values), days, needs, faults)
    faults |= {key: code for key, code in _together(said, known).items() if key not in faults}
    return said


def _said_day(key: str, text: str, plan: Plan, today: date) -> date | None:
    day = day_of(text, plan.ways.get(key, DAY_FIRST))
    if day and day > today and key == "birth_date" and plan.ways.get(key) == SHORT_YEARS:
        return real_day(day.year - 100, day.month, day.day)  # nobody was born in a year that has not come
    return day


def day_fault(key: str, day: date | None, today: date) -> str:
    if day is None:
        return "no_date"
    if day > today and key != "next_on":
        return "future"
    return "too_old" if day < OLDEST_CASE and key != "birth_date" else ""


def _one(key: str, text: str, mended: Mapping[str, str], plan: Plan, known: Known, faults: dict[str, str]) -> str:
    """Our code or answer for one word; what nobody has said the meaning of is a fault."""
    if key in mended:
        return mended[key]
    if not text:
        return plan.fixed.get(key, "")
    answers = WANTED[key].kind == Kind.ANSWER
    code = plan.words.get(key, {}).get(tidy(text))
    if code is None:
        code = answer_of(text) if answers else code_of(text, known.titles.get(key, {}))
    if not answers and code and code not in known.titles.get(key, {}):
        code = ""
    if not code and tidy(text) not in plan.words.get(key, {}):
        faults[key] = "unknown_word"
    return code or ""


def _several(
    key: str, text: str, mended: Mapping[str, str], plan: Plan, known: Known, faults: dict[str, str]
) -> tuple[str, ...]:  # fmt: skip
    if key in mended:
        return tuple(mended[key].split())
    found = [_one(key, piece, {}, plan, known, faults) for piece in pieces(text)]
    return tuple(dict.fromkeys(code for code in found if code))


def _named(values: Mapping[str, str]) -> dict[str, str]:
    """A whole name as first and family name: “Smith, Jane”, or else the last word is the family name."""
    whole, said = values.get("full_name", ""), dict(values)
    if whole and not said.get("given_name"):
        family, comma, given = whole.partition(",")
        if not comma:
            given, _, family = whole.rpartition(" ")
        said["given_name"], said["family_name"] = given.strip()[:100], family.strip()[:100]
        if not said["given_name"]:
            said["given_name"], said["family_name"] = said["family_name"], ""
    return said


def _together(said: Said, known: Known) -> dict[str, str]:
    """What is wrong with the row as a whole."""
    faults = {key: "needed" for key in ("service", "crime_type") if not said.text(key)}
    if not said.day("accepted_on"):
        faults["accepted_on"] = "needed"
    if not (said.text("given_name") or said.text("family_name") or said.text("own_reference")):
        faults["given_name"] = "nobody"
    for kind, key in (("phone", "phone"), ("email", "email")):
        if said.text(key) and messages.fault(kind, said.text(key)):
            faults[key] = f"no_{kind}"
    accepted = said.day("accepted_on")
    for key in ("started_on", "waiting_since", "last_contact_on"):
        if accepted and (day := said.day(key)) and day < accepted:
            faults[key] = "before_accepted"
    return faults | _list_fault(said, known)


def _list_fault(said: Said, known: Known) -> dict[str, str]:
    chosen, service = said.text("waiting_list"), said.text("service")
    if not joins(said):
        return {}
    if chosen and known.lists[chosen].service != service:
        return {"waiting_list": "other_list"}
    if chosen and not known.lists[chosen].open:
        return {"waiting_list": "list_closed"}
    return {"waiting_list": "which_list"} if not chosen and len(known.lists_of(service)) > 1 else {}


def joins(said: Said) -> bool:
    """Whether they wait still: since a day, and support has not started since."""
    since, started = said.day("waiting_since"), said.day("started_on")
    return since is not None and (started is None or started < since)


def list_for(said: Said, known: Known) -> str:
    """The waiting list that they go on: the one chosen, or the only one of their service; empty where there is none."""
    if not joins(said):
        return ""
    return said.text("waiting_list") or next(iter(known.lists_of(said.text("service"))), "")


def safety(said: Said, key: str) -> str:
    """Whether a way of contact is safe, as the sheet had it. What nobody said is unknown, which for hidden crimes is
    treated as no; a crime that is told as “other” may hide one, so there unknown is kept as no."""
    answer = said.text(key) or UNKNOWN
    return NO if answer == UNKNOWN and said.text("crime_type") == "other" else answer


@dataclass(frozen=True)
class Content:
    """A row opened: its cells by what they hold, and the codes that somebody chose for it."""

    cells: Mapping[str, str]
    mended: Mapping[str, str]


def packed(cells: Mapping[str, str], mended: Mapping[str, str]) -> str:
    return json.dumps({"cells": dict(cells), "mended": dict(mended)})


def told_by(said: Said) -> dict[str, str]:
    """A row as it is compared with the next file: every field as text."""
    days = {key: day.isoformat() for key, day in said.days.items()}
    words = {key: text for key, text in said.values.items() if text}
    return words | days | ({"needs": " ".join(said.needs)} if said.needs else {})
