"""Clocks in words: the card beside a referral, and what pausing them asks."""

from datetime import date, datetime
from typing import Any

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card
from alongside.core.pages.filters import plural
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.clocks import queries, rules
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.rules import WITH_HUB

HELD = " Nobody contacts them meanwhile, and no message leaves."


def beside(referral: Referral, *, by: Actor, at: datetime) -> list[Card]:
    """Every clock of a referral with when it is due, and the pause that is in force; the hub's alone."""
    if not by.may(P.REFERRAL_QUEUE):
        return []
    on = clocks.london_date(at)
    of_clocks, titles = queries.titles(on), rulebook.titles("pause_reasons", on)
    pause = queries.current(referral, on)
    who = referrals.names([pause.paused_by]).get(pause.paused_by, "a colleague") if pause else ""
    shown = [_line(line, of_clocks.get(line.code, line.code), at) for line in queries.lines(referral, at=at)]
    may = by.may(P.REFERRAL_TRIAGE) and referral.state in WITH_HUB
    words = {
        "clocks": shown, "pause": pause, "why": titles.get(pause.reason, pause.reason) if pause else "", "who": who,
        "may": may, "referral": referral,
    }  # fmt: skip
    top = [Card("top", "clocks/parts/hold.html", words)] if pause and rules.NEXT in pause.clocks else []
    return [*top, Card("aside", "clocks/parts/card.html", words)]


def _line(line: rules.Line, what: str, at: datetime) -> dict[str, str]:
    word, colour = rules.said(line, at)
    return {"what": what, "word": word, "colour": colour, "by_when": rules.by_when(line)}


def reasons(on: date) -> dict[str, Any]:
    """Why clocks may stand still, with which and for how long at most."""
    rows = [row for row in rulebook.current("pause_reasons", on) if row.flag("chosen")]
    titles = queries.titles(on)
    hints = {
        row.code: f"{', '.join(titles.get(code, code) for code in row.codes('clocks'))}. "
                  f"At most {plural(int(row.number('longest')), 'day')}."
                  f"{HELD if row.flag('stops_contact') else ''}"
        for row in rows
    }  # fmt: skip
    return {"choices": [(row.code, row.title) for row in rows], "hints": hints}
