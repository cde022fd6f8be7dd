"""Requests for records in words: the page of a case, the answer that is drafted, the register, and others' pages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card, LooseEnd, Said, Tab, Titles, lines
from alongside.core.pages.filters import date_words, plural
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.agenda.rules import Kind, Lane
from alongside.support.cases.casework.models import Case
from alongside.support.cases.material import lifecycle, queries
from alongside.support.cases.material.models import Request
from alongside.support.cases.material.queries import Asked, Words

Tag = dict[str, str]
Names = Mapping[Any, str]
FORMER = "a former colleague"
COLOURS = {
    lifecycle.OPEN: "blue", lifecycle.ASKED_BACK: "yellow", lifecycle.TO_APPROVE: "purple", lifecycle.PROVIDED: "green",
    lifecycle.PART: "green", lifecycle.REFUSED: "grey", lifecycle.WITHDRAWN: "grey",
}  # fmt: skip
PRESUMED = (
    "Records of counselling are presumed not to be necessary and proportionate. They can be considered only where they "
    "have a substantial probative value and where a senior officer approved asking for them."
)
LEADS = "We cannot consider it yet, because it does not say:"
CLOSES = (
    "Please send this in writing. Until then nothing is provided. This is not a refusal. What we hold was said in "
    "confidence by somebody who was harmed, and we give out no more than the law asks of us."
)


def state_tag(request: Request) -> Tag:
    return {"word": request.get_state_display(), "colour": COLOURS[request.state]}


def draft(asked: Asked) -> str:
    """An answer to copy that asks for what is missing. It holds no name: their own reference says who is meant."""
    one = asked.request
    ref = f", reference {asked.their_ref}" if asked.their_ref else ""
    said = "\n".join(f"- {row.text('missing')}" for row in asked.lacks)
    counselling = f"\n\n{PRESUMED}" if one.counselling else ""
    return f"Your request of {date_words(one.asked_on)}{ref}\n\n{LEADS}\n{said}{counselling}\n\n{CLOSES}"


@dataclass(frozen=True)
class Shown:
    """A request on the page of its case."""

    asked: Asked
    title: str
    tag: Tag
    due: str
    late: bool
    rows: tuple[dict[str, Any], ...]
    lacks: tuple[str, ...]
    may: frozenset[str]


def shown(asked: Asked, *, words: Words, names: Names, by: Actor, now: datetime) -> Shown:
    one, today = asked.request, clocks.london_date(now)
    waits = one.state in lifecycle.WAITING
    return Shown(
        asked=asked, title=f"{words['material_bodies'].get(one.body, one.body)}, {one.office}", tag=state_tag(one),
        due=date_words(one.due_on) if waits else "", late=waits and one.due_on < today,
        rows=tuple({"key": key, "value": value, "written": True} for key, value in _rows(asked, words, names) if value),
        lacks=tuple(row.text("missing") for row in asked.lacks) if waits else (), may=frozenset(_may(asked, by)),
    )  # fmt: skip


def _rows(asked: Asked, words: Words, names: Names) -> Iterable[tuple[str, str]]:
    one = asked.request
    yield "Came", f"{date_words(one.came_on)}, written {date_words(one.asked_on)}"
    yield "Their reference", asked.their_ref
    yield "Records asked for", ", ".join(words["material_kinds"].get(code, code) for code in one.kinds)
    yield "What exactly", asked.scope
    yield "Why they want them", asked.enquiry
    yield "Notice to the victim", f"Written, {date_words(one.notice_on)}" if one.notice_on else "None known"
    view = words["material_views"].get(one.view, one.view)
    yield "What the victim says", f"{view}, {date_words(one.spoken_on)}" if one.view else "Not asked yet"
    if one.decided_at:
        yield "Decided", f"{date_words(one.decided_at)}, by {names.get(one.decided_by, FORMER)}"
    yield "Reasons", ", ".join(words["material_reasons"].get(code, code) for code in one.reasons)
    yield "In words", asked.why
    yield "Provided", asked.provided
    yield "Checked by", names.get(one.checked_by, FORMER) if one.checked_by else ""
    if one.approved_at:
        yield "Approved", f"{date_words(one.approved_at)}, by {names.get(one.approved_by, FORMER)}"


def _may(asked: Asked, by: Actor) -> Iterable[str]:
    """The verbs whose buttons show."""
    one, moves = asked.request, {move.name for move in lifecycle.request.moves_from(asked.request.state)}
    if one.state in lifecycle.WAITING:
        yield from ("hear", "take_back")
    if "complete" in moves:
        yield from ("complete", "ask_back") if asked.lacks else ("complete",)
    if by.may(P.CASE_ASSIGN):
        yield from _managers(one, by, moves)


def _managers(one: Request, by: Actor, moves: Collection[str]) -> Iterable[str]:
    if "refuse" in moves:
        yield "decide"
    if "approve" in moves:
        yield "send_back"
        if by.user_id != one.decided_by:
            yield "approve"


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    inside = by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)
    return (Tab("Requests for records", "sharing", "material:show"),) if inside else ()


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the first page of a case: requests that wait."""
    found = queries.waiting(case) if by.realm == Realm.PROVIDER and by.may(P.CASE_WORK) else ()
    if found:
        late = any(one.due_on < clocks.london_date(at) for one in found)
        said = [f"{plural(len(found), 'request')} {'waits' if len(found) == 1 else 'wait'}. "
                f"The first is due {date_words(found[0].due_on)}."]  # fmt: skip
        link = ("Requests for records", reverse("material:show", args=[case.pk]))
        yield lines("Somebody asks for records", said, link=link, warn=late)


@dataclass(frozen=True)
class Line:
    """A line of the register."""

    request: Any
    name: str
    who: str
    kinds: str
    tag: Tag
    due: str
    late: bool


def register(found: Iterable[Request], *, words: Words, now: datetime) -> list[Line]:
    today = clocks.london_date(now)
    return [
        Line(
            request=one, name=one.case.victim.full_name, who=words["material_bodies"].get(one.body, one.body),
            kinds=", ".join(words["material_kinds"].get(code, code) for code in one.kinds), tag=state_tag(one),
            due=date_words(one.due_on) if one.state in lifecycle.WAITING else "",
            late=one.state in lifecycle.WAITING and one.due_on < today,
        )
        for one in found
    ]  # fmt: skip


def _body(details: Mapping[str, Any], titles: Titles) -> str:
    code = details.get("body", "")
    return titles("material_bodies").get(code, code)


def _said(words: str) -> Said:
    return Said(lambda details, titles: f"{words}: {_body(details, titles)}", "sharing", "material:show")


STATES: Mapping[str, str] = dict(Request.State.choices)
TOLD: Mapping[str, Said] = {
    "material.asked": _said("Somebody asks for records"),
    "material.asked_back": _said("Request for records: asked for what is missing"),
    "material.completed": _said("Request for records: looked at again"),
    "material.heard": Said(
        lambda details, titles: (
            f"Request for records: {titles('material_views').get(details['view'], details['view'])}"
        ), "sharing", "material:show",
    ),
    "material.decided": Said(
        lambda details, titles: f"Request for records, {_body(details, titles)}: {STATES[details['state']].lower()}",
        "sharing", "material:show",
    ),
    "material.approved": _said("Request for records: approved by a second manager"),
    "material.sent_back": _said("Request for records: not approved, to be decided anew"),
    "material.taken_back": _said("Request for records: taken back by them"),
}  # fmt: skip


def _due(words: str, lane: Lane) -> Kind:
    return Kind(lambda details, titles: f"{words}: {_body(details, titles)}", "material:show", "requests", lane=lane,
                lasts=True)  # fmt: skip


DUE: Mapping[str, Kind] = {
    "material.decide": _due("Decide on a request for records", Lane.MANAGER),
    "material.wait": _due("A request for records waits for what they were asked", Lane.WORKER),
    "material.approve": _due("Approve that counselling records leave, or send it back", Lane.MANAGER),
}


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """Requests for records have to be answered whether a case goes on or not."""
    if found := queries.waiting(case):
        words = f"{plural(len(found), 'request')} for records {'waits' if len(found) == 1 else 'wait'} for an answer"
        yield LooseEnd(f"{words}, by {date_words(found[0].due_on)}", "material:show")
