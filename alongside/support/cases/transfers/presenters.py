"""Words of transfers, on their own pages and on those of a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card, LooseEnd, Said, Stops, lines
from alongside.core.pages.filters import date_words
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.agenda.rules import Kind
from alongside.support.cases.casework.models import Case
from alongside.support.cases.transfers import lifecycle, queries, rules
from alongside.support.cases.transfers.models import Transfer
from alongside.support.cases.transfers.rules import Content

COLOURS = {lifecycle.OFFERED: "yellow", lifecycle.ACCEPTED: "green", lifecycle.DECLINED: "red",
           lifecycle.TAKEN_BACK: "grey"}  # fmt: skip
TOLD: Mapping[str, Said] = {
    "transfer.handed_over": Said(lambda details, titles: "Handed over to another service", "move", "transfers:sent"),
}
DUE: Mapping[str, Kind] = {
    "transfer.waits": Kind(
        lambda details, titles: "A transfer to another service should be answered", "transfers:sent", group="requests"
    )
}


def works(by: Actor) -> bool:
    return by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)


def tag(transfer: Transfer) -> dict[str, str]:
    return {"word": transfer.get_state_display(), "colour": COLOURS[transfer.state]}


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """A case that is offered to somebody is not closed beneath them."""
    if queries.waiting_for(case.pk):
        words = "It is offered to another service: wait for the answer, or take it back"
        yield LooseEnd(words, "transfers:sent", Stops.EVERYTHING)


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the page of a case: where it is offered to, and what came with it from another service."""
    if not works(by):
        return
    if (sent := queries.standing(case)) and sent.sender_id == case.provider_id:
        link = ("The transfer", reverse("transfers:sent", args=[case.pk]))
        yield lines("Transfer", [said(sent, case)], link=link, warn=_late(sent, at))
    if came := queries.came(case):
        words = {"came": came, "parts": parts(came.content, clocks.london_date(at)),
                 "open": case.state != Case.State.CLOSED}  # fmt: skip
        yield Card("main", "transfers/parts/came.html", words, looks=(came.transfer.pk,), fields="transfer")


def _late(sent: Transfer, at: datetime) -> bool:
    return sent.state == lifecycle.OFFERED and sent.due_at < at


def said(sent: Transfer, case: Case) -> str:
    """Where a transfer stands, for whoever offered it."""
    to = f"{sent.receiver.name}, {sent.service.name}"
    if sent.state == lifecycle.OFFERED:
        return f"Offered to {to}. An answer is due by {date_words(sent.due_at)}."
    return f"{sent.get_state_display()}: {to}, {date_words(sent.answered_at)}."


@dataclass(frozen=True)
class Part:
    """A piece of what goes along: its heading and its lines."""

    title: str
    lines: tuple[str, ...]


HEADINGS = {rules.PLAN: "The plan", rules.NEEDS: "Needs, as scored last", rules.RISK: "Risk",
            rules.JUSTICE: "Journey through justice", rules.NOTES: "Notes"}  # fmt: skip


def parts(content: Content, on: date) -> list[Part]:
    """What goes along, in the order of its headings."""
    titles = queries.words(on)["needs"]
    said = dict(content.lines)
    if content.plan and rules.PLAN not in said:
        said[rules.PLAN] = tuple(f"{titles.get(one.code, one.code)}: {one.goal}" for one in content.plan)
    return [Part(title, said[code]) for code, title in HEADINGS.items() if said.get(code)]


@dataclass(frozen=True)
class Shown:
    """A transfer in words, without identity."""

    transfer: Transfer
    crime: str
    tag: Mapping[str, str]
    clock: clocks.ClockState
    days: int
    rows: tuple[dict[str, Any], ...]


def shown(found: Iterable[Transfer], *, now: datetime) -> list[Shown]:
    words = queries.words(clocks.london_date(now))
    return [_shown(one, words, now) for one in found]


def _shown(one: Transfer, words: Mapping[str, Mapping[str, str]], now: datetime) -> Shown:
    def listed(book: str, codes: Iterable[str]) -> str:
        return ", ".join(words[book].get(code, code) for code in codes)

    access = [*(["An interpreter"] if one.interpreter == "yes" else []), *(
        words["access_needs"].get(code, code) for code in one.access_needs if code != "interpreter")]  # fmt: skip
    modalities = words["list_modalities"]
    waits = [f"{modalities.get(code, code)}, since {date_words(date.fromisoformat(day))}"
             for code, day in one.waits.items()]  # fmt: skip
    along = [HEADINGS[code] for code in HEADINGS if code in one.pieces]
    rows = (
        ("From", one.sender.name), ("To", one.service.name), ("Why", listed(queries.REASONS, [one.why])),
        ("What happened", listed("crime_types", [one.crime_type])),
        ("Council", queries.council_name(one.council) or "Not known"),
        ("Age", words["age_bands"].get(one.age_band, "Not known")),
        ("Language", listed("languages", [one.language]) if one.language else "Not known"),
        ("Interpreter and access needs", ", ".join(access) or "None were noted"),
        ("Needs", listed("needs", one.needs) or "Not assessed"),
        ("What makes it harder", listed("vulnerability_factors", one.vulnerability) or "Nothing was noted"),
        ("Flags", listed("markers", one.markers) or "None"),
        ("They wait for", "; ".join(waits) or "Nothing"),
        ("What comes with it", ", ".join(["Their worker’s summary", *along])),
        ("Answer by", date_words(one.due_at)),
    )  # fmt: skip
    state = clocks.state(one.due_at, now)
    span = (one.due_at, now) if state == clocks.ClockState.LATE else (now, one.due_at)
    return Shown(
        transfer=one, crime=listed("crime_types", [one.crime_type]), tag=tag(one), clock=state,
        days=clocks.working_days_between(*span), rows=tuple({"key": key, "value": value} for key, value in rows),
    )  # fmt: skip
