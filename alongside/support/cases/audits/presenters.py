"""Audits in words: how a sample was drawn, what was found and how it moves; and on My day and Team."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card, lines
from alongside.core.pages.filters import date_words, plural
from alongside.support.cases.audits import queries, rules
from alongside.support.cases.audits.models import Audit, Item
from alongside.support.cases.audits.queries import Answer, Theme

LEAVER = "A former colleague"
WHICH = {"open": "open on the day of the draw", "closed": "closed", "both": "open or closed"}
TAGS = {Item.State.DRAWN: "grey", Item.State.BEGUN: "yellow", Item.State.TOLD: "green"}
JUDGED = {"good": ("Good", "green"), "enough": ("Enough", "blue"), "needs_work": ("Needs work", "orange"),
          "not_applicable": ("Not applicable", "grey"), "": ("Not answered", "grey")}  # fmt: skip
REASON = "audit of case files"


def drawn(audit: Audit, names: Mapping[Any, str]) -> list[dict[str, str]]:
    """How the sample was drawn, for a summary list: all that is needed to draw it again."""
    each = "of each worker’s cases" if audit.of_each else "of all cases"
    cases = f"{plural(len(audit.pool), 'case')}, {WHICH[audit.which]}"
    return [
        {"key": "Drawn", "value": f"{date_words(audit.drawn_at)}, {names.get(audit.drawn_by, LEAVER)}"},
        {"key": "Period", "value": f"{date_words(audit.since)} to {date_words(audit.until)}"},
        {"key": "In the hat", "value": cases},
        {"key": "Left out", "value": f"{plural(audit.left_out, 'case')} of whoever drew it"},
        {"key": "How many", "value": f"{audit.number} {each}"},
        {"key": "High risk", "value": "Two tickets each" if audit.weighted else "One ticket, like all others"},
        {"key": "Seed", "value": audit.seed},
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A case of an audit in a list."""

    item: Item
    name: str
    worker: str
    tag: Mapping[str, str]
    replied: str


def listed(found: Iterable[Item], names: Mapping[Any, str]) -> list[Line]:
    return [
        Line(one, one.case.victim.full_name, names.get(one.worker, LEAVER),
             {"word": str(one.get_state_display()), "colour": TAGS[Item.State(one.state)]},
             f"Answered on {date_words(one.replied_at)}" if one.replied_at else "")
        for one in found
    ]  # fmt: skip


def by_theme(answers: Iterable[Answer]) -> list[tuple[str, list[Answer]]]:
    """Answers under their themes, in the order of the book."""
    found: dict[str, list[Answer]] = {}
    for one in answers:
        found.setdefault(one.row.text("theme"), []).append(one)
    return list(found.items())


def _row(title: str, counts: Mapping[str, int], **more: Any) -> dict[str, Any]:
    fine, of = rules.share(counts)
    said = {judged: counts.get(judged, 0) for judged in rules.JUDGED}
    return {"title": title, **said, "fine": fine, "n": of, "share": f"{fine} of {of}" if of else "None", **more}


def table(themes: Iterable[Theme]) -> list[dict[str, Any]]:
    """Every theme with its figures, then its questions."""
    found = []
    for theme in themes:
        found.append(_row(theme.title, theme.counts, whole=True))
        found += [_row(row.title, counts, whole=False) for row, counts in theme.questions]
    return found


def rows_of_file(themes: Iterable[Theme]) -> list[dict[str, Any]]:
    return [
        {**{key: made[key] for key in (*rules.JUDGED, "fine", "n")}, "theme": theme.title, "question": row.title}
        for theme in themes for row, counts in theme.questions if (made := _row("", counts))
    ]  # fmt: skip


@dataclass(frozen=True)
class Trend:
    """How themes move between audits: a column for each audit, a line for each theme."""

    heads: list[dict[str, str]]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


def trend(found: Iterable[tuple[Audit, Iterable[Theme]]]) -> Trend:
    """Good or enough with n. A theme that an audit did not ask about has a dash."""
    columns = [(date_words(audit.drawn_at), {one.title: rules.share(one.counts) for one in themes})
               for audit, themes in found]  # fmt: skip
    titles = dict.fromkeys(title for _, shares in columns for title in shares)
    return Trend(
        [{"key": str(number), "label": day} for number, (day, _) in enumerate(columns)],
        tuple((title, tuple(_cell(shares.get(title)) for _, shares in columns)) for title in titles),
    )  # fmt: skip


def _cell(share: tuple[int, int] | None) -> str:
    if share is None or not share[1]:
        return "–"
    return f"{share[0] * 100 // share[1]}% ({share[0]} of {share[1]})"


def beside_day(worker: UUID, *, by: Actor, at: datetime) -> Iterable[Card]:
    """What was found of one's own cases and is not answered yet."""
    waits = queries.told_to(by).filter(replied_at=None).count() if worker == by.user_id else 0
    if waits:
        said = f"{plural(waits, 'case')} of yours {'was' if waits == 1 else 'were'} read in an audit."
        yield lines("Read what was found", [said], link=("Read it, and say what you think", reverse("audits:mine")))


def beside_team(organisation: int, *, by: Actor, at: datetime) -> Iterable[Card]:
    goes_on = Audit.objects.visible_to(by).filter(state=Audit.State.OPEN).count()
    said = f"{plural(goes_on, 'audit')} not finished." if goes_on else "No audit is being answered."
    yield lines("Audits by sample", [said], link=("Audits", reverse("audits:audits")))
