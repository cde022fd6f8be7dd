"""The words of restricted records: who may do what on a page, how long a seal is still broken."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.keeping.restricted import rules
from alongside.support.keeping.restricted.models import Breaking, Restriction
from alongside.support.keeping.restricted.queries import Broken, Who

NOBODY = UUID(int=0)
COLOURS = {"WAITING": "yellow", "NEEDS_ACTION": "red", "JUSTIFIED": "green", "NOT_JUSTIFIED": "red"}
WHY_NAMED = {
    "chosen": "Chosen", "by_rule": "By the rulebook", "works_on_it": "Works on it", "on_duty": "On duty that day",
    "took_it": "Took it in", "nobody_else": "Nobody else could be named", "seal": "Broke the seal",
}  # fmt: skip
# What stands in the read log, in words.
PAGES = {
    "victims:show": "The person’s record", "referrals:show": "The referral", "casework:show": "The case",
    "restricted:opened": "The way to it", "victims:reveal": "A way of contact", "restricted:who": "Who may open it",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A broken seal with its state as a tag, and how long it is still broken."""

    broken: Broken
    state: str
    colour: str
    left: str


def broken(rows: Iterable[Broken], at: datetime) -> tuple[Shown, ...]:
    """Broken seals as a page shows them."""
    return tuple(
        Shown(row, Breaking.State(row.breaking.state).label, COLOURS[row.breaking.state],
              rules.minutes_words(row.breaking.until, at) if row.breaking.until > at else "")
        for row in rows
    )  # fmt: skip


def may(shown: Who, by: Actor, *, handed_on: bool) -> Mapping[str, bool]:
    """Which buttons the page of a record shows; none to whoever has handed the person on to another service."""
    state = shown.restriction.state if shown.restriction else Restriction.State.LIFTED
    asked = state == Restriction.State.LIFT_ASKED
    mine = shown.restriction is not None and shown.restriction.lift_asked_by == by.user_id
    found = {
        "restrict": shown.restriction is None and by.may(P.RECORD_RESTRICT),
        "name": shown.restriction is not None and by.may(P.RECORD_NAME),
        "ask": state == Restriction.State.RESTRICTED and by.may(P.RECORD_LIFT),
        "confirm": asked and by.may(P.RECORD_LIFT) and not mine,
        "keep": asked and by.may(P.RECORD_NAME),
    }
    return {verb: holds and not handed_on for verb, holds in found.items()}


def person_in(typed: str) -> UUID:
    """The person whom a button names; nobody where it was tampered with."""
    try:
        return UUID(typed)
    except ValueError:
        return NOBODY


def asked_of(by: Actor, colleagues: Callable[[int], Mapping[UUID, str]], at: datetime) -> dict[str, Any]:
    """What a declaration chooses from: a manager may declare it for somebody else."""
    others = colleagues(by.organisation_id or 0) if by.may(P.CONFLICT_REVIEW) else {}
    people = [(str(key), name) for key, name in others.items() if key != by.user_id]
    return {"relations": rulebook.choices("relations", london_date(at)), "people": people}
