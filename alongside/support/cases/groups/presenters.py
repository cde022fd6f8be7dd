"""Group work in words: groups, places, sessions, registers, and what a case is told of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.beside import LooseEnd, Said, Tab, Titles
from alongside.core.pages.filters import date_words, hours_words, plural
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.appointments.rules import bank_holidays
from alongside.support.cases.casework.models import Case
from alongside.support.cases.groups import lifecycle, queries, rules
from alongside.support.cases.groups.models import Group, Meeting, Member
from alongside.support.cases.groups.queries import Register

Words = Mapping[str, Mapping[str, str]]
Names = Mapping[UUID, str]
COLOURS = {"RUNNING": "green", "ENDED": "grey", "PLANNED": "blue", "HELD": "green", "CANCELLED": "grey",
           "WAITING": "yellow", "IN": "green", "LEFT": "grey"}  # fmt: skip
FORMER = "a former colleague"


def tag(one: Group | Meeting | Member) -> dict[str, str]:
    return {"word": one.get_state_display(), "colour": COLOURS[one.state]}


def leaders(group: Group, names: Names) -> str:
    return ", ".join(names.get(one, FORMER) for one in group.leaders) or "Nobody: choose who leads it"


def room(group: Group) -> str:
    return f"{group.taken} of {group.places}"


@dataclass(frozen=True)
class MeetingRow:
    """A session of a list."""

    one: Meeting
    when: str
    hours: str
    tag: dict[str, str]
    holiday: bool
    due: bool


def meetings(found: Iterable[Meeting], *, at: datetime) -> list[MeetingRow]:
    return [
        MeetingRow(
            one, date_words(one.starts_at), hours(one), tag(one),
            due=one.state == lifecycle.PLANNED and one.starts_at <= at,
            holiday=bool(bank_holidays([clocks.london_date(one.starts_at)])),
        )
        for one in found
    ]  # fmt: skip


def hours(one: Meeting) -> str:
    return hours_words(*(moment.astimezone(clocks.LONDON).time() for moment in (one.starts_at, one.ends_at)))


def facts(group: Group, *, words: Words, names: Names) -> list[dict[str, str]]:
    ends = f" to {date_words(group.ends_on)}" if group.ends_on else ""
    return [
        {"key": "Kind", "value": words["group_kinds"].get(group.kind, group.kind)},
        {"key": "Service", "value": group.service.name},
        {"key": "Days", "value": f"{date_words(group.starts_on)}{ends}"},
        {"key": "Places taken", "value": room(group)},
        {"key": "Led by", "value": leaders(group, names)},
        {"key": "Kind of place", "value": words["appointment_places"].get(group.place, group.place)},
    ]


def places(found: Iterable[Member], words: Words) -> list[dict[str, Any]]:
    """The groups of a case."""
    return [
        {"one": one, "tag": tag(one), "why": words["group_leaving"].get(one.left_why, one.left_why),
         "since": date_words(one.joined_at or one.asked_at), "open": one.state != lifecycle.LEFT}
        for one in found
    ]  # fmt: skip


def paper(found: Register, words: Words) -> list[dict[str, str]]:
    """A register for paper: initials alone, in the order of the page."""
    return [
        {"who": rules.initials(line.member.case.victim.full_name),
         "mark": words["register_marks"].get(line.marked.mark, line.marked.mark) if line.marked else ""}
        for line in found.lines
    ]  # fmt: skip


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    return (Tab("Groups", "groups", "groups:of_case"),) if by.may(P.CASE_WORK) else ()


def _kind(details: Mapping[str, Any], titles: Titles) -> str:
    return titles("group_kinds").get(details["kind"], details["kind"])


def _why(details: Mapping[str, Any], titles: Titles) -> str:
    words = titles("group_leaving").get(details["why"], details["why"])
    return words[:1].lower() + words[1:]


def _said(words: Any) -> Said:
    return Said(words, kind="session", view="groups:of_case")


TOLD: Mapping[str, Said] = {
    "group.joined": _said(lambda details, titles: f"Has a place in a group: {_kind(details, titles)}"),
    "group.interest_noted": _said(lambda details, titles: f"Waits for a group: {_kind(details, titles)}"),
    "group.left": _said(lambda details, titles: f"Left a group: {_why(details, titles)}"),
    "group.mark_corrected": _said(lambda details, titles: "The register of a group was put right"),
}


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """Places in groups end with the case."""
    if found := [one for one in queries.places_of(case) if one.state != lifecycle.LEFT]:
        words = f"{plural(len(found), 'place')} in a group {'ends' if len(found) == 1 else 'end'} with the case"
        yield LooseEnd(words, "groups:of_case")
