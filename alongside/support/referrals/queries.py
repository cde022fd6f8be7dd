"""Reads across referrals for the queue and triage."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import connection

from alongside.core.errors import RuleBroken
from alongside.support.referrals.models import Offer
from alongside.support.referrals.rules import Closure


@lru_cache
def _book(name: str) -> dict[str, dict[str, Any]]:
    path = Path(__file__).resolve().parents[2] / "foundation/rulebook/books" / f"{name}.yaml"
    return {row["code"]: row for row in yaml.safe_load(path.read_text())["rows"]}


def _rule(book: str, code: str, on: date) -> dict[str, Any]:
    return _book(book)[code]


def working_days(clock: str, on: date) -> int:
    """The working days that a clock of the rulebook allows on a day."""
    return int(_rule("clocks", clock, on)["working_days"])


def attempts_wanted(on: date) -> int:
    """On how many different days the hub tries before a victim counts as not reached."""
    return int(_rule("limits", "contact_attempts", on)["number"])


def reached(result: str, on: date) -> bool:
    """Whether what came of an attempt means that the victim was reached."""
    if result not in _book("contact_results"):
        raise RuleBroken("Choose what came of it.", "result")
    return bool(_rule("contact_results", result, on).get("reached", False))


def closure_reason(code: str, on: date) -> Closure:
    if code not in _book("closure_reasons"):
        raise RuleBroken("Choose a reason for closing.", "reason")
    row = _rule("closure_reasons", code, on)
    return Closure(code, row["title"], row["status"], row["closed_by"])


def age_bands(on: date) -> tuple[tuple[str, int, int], ...]:
    return tuple((row["code"], row["first"], row["last"]) for row in _book("age_bands").values())


@dataclass(frozen=True)
class Seen:
    """A page that showed an offered record to somebody at the provider."""

    at: datetime
    user_id: UUID | None
    route: str


def looks_by_provider(offer: Offer) -> tuple[Seen, ...]:
    """Which pages showed the provider what was offered, the latest first."""
    looks = set()
    with connection.cursor() as cursor:
        for kind, subject in offer.reaches:
            cursor.execute(
                "SELECT at, user_id, route FROM rows_looks(%s, %s) WHERE organisation_id = %s AND at >= %s",
                [kind, subject, offer.provider_id, offer.offered_at],
            )
            looks.update(Seen(*row) for row in cursor.fetchall())
    return tuple(sorted(looks, key=lambda look: look.at, reverse=True))
