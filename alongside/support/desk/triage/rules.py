"""Pure rules of the workbench: what a saved view may hold; which referrals change hands, and which do not and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from alongside.core.errors import RuleBroken
from alongside.support.arrivals.referrals.rules import WITH_HUB

MOST_SAVED = 12
FILTERS = ("crime", "council", "source", "flag")
SORTS = ("", "received", "-received")
MISSING = "Choose which view it begins from."


def kept(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters that a saved view keeps: those in use, and never the words of a search, which may name somebody."""
    return {name: asked[name] for name in FILTERS if asked.get(name)}


def check_saved(*, view: str, sort: str, known: frozenset[str], already: int) -> None:
    """Refuses a view that does not exist, and more of them than anybody can look over."""
    if view not in known or sort not in SORTS:
        raise RuleBroken(MISSING)
    if already >= MOST_SAVED:
        raise RuleBroken(f"You have {MOST_SAVED} views already. Delete one that you no longer use first.")


BATCH_KEPT = timedelta(days=1)
MOST_ROWS = 100  # two pages of the queue: more is a search that went wrong


@dataclass(frozen=True)
class Stands:
    """Whose a referral is and how it stands."""

    worker: UUID | None
    state: str


def refusal(now: Stands | None, *, seen: UUID | None, to: UUID | None, may_open: bool = True) -> str:
    """Why a referral does not change hands, as a code; empty where it does. `seen`: whose it was on the page;
    `may_open`: whether whoever is to have it may open the record.
    """
    if now is None:
        return "gone"
    if now.state not in WITH_HUB:
        return "left"
    if now.worker == to:
        return "already"
    if now.worker != seen:
        return "meanwhile"
    return "" if may_open else "not_open"


def verb_of(to: UUID | None) -> str:
    return "put_back" if to is None else "allocate"


def check_chosen(chosen: Collection[UUID]) -> None:
    if not chosen:
        raise RuleBroken("Choose at least one referral first.")
    if len(chosen) > MOST_ROWS:
        raise RuleBroken(f"Choose at most {MOST_ROWS} referrals at once.")


def check_undo(*, done_at: datetime, undone: bool, at: datetime, minutes: int) -> None:
    if undone:
        raise RuleBroken("This has been taken back already.")
    if at > done_at + timedelta(minutes=minutes):
        raise RuleBroken(f"It can be taken back for {minutes} minutes, and they are over. Allocate them again instead.")


def undo_verb(was: Stands, now: Stands | None, *, to: UUID | None, touched: bool) -> str | None:
    """The move that puts a referral back as it was; None where somebody has gone on with it meanwhile."""
    if now is None or touched or now.worker != to:
        return None
    if now.state == was.state:
        return verb_of(was.worker)
    return "undo_allocation" if (was.state, now.state) == ("RECEIVED", "IN_TRIAGE") else None
