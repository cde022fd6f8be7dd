"""Pathways in the words of a page: who takes such a case now, services side by side, leads, versions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alongside.core.pages.filters import date_words
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import POST_STATES, Post
from alongside.foundation.local.directory.presenters import COLOURS, WORDS, Way, capacity_words, card
from alongside.foundation.local.directory.rules import Fit
from alongside.foundation.local.pathways.models import Draft, Lead
from alongside.foundation.local.pathways.rules import BOOK, LISTS, Line, SafeText, lines, safe_text
from alongside.foundation.office.rulebook.rules import RuleRow, freeze

# Of a service's ways, those that a professional needs beside its name.
REACHED = ("Phone", "Email", "Open")
SAID = {
    "first": "What to do first",
    "tools": "Tools",
    "call": "Who to call",
    "duties": "Legal duties",
}


@dataclass(frozen=True)
class Taker:
    """A service that takes somebody now: why, what to know, its room as it said, its posts, and words to hand on."""

    pk: str
    name: str
    run_by: str
    state: str
    colour: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    room: str
    posts: tuple[str, ...]
    ways: tuple[Way, ...]
    text: SafeText


def taker(fit: Fit) -> Taker:
    service = fit.service
    return Taker(
        pk=str(service.pk), name=service.name, run_by=service.run_by, state=WORDS[service.state],
        colour=COLOURS[service.state], reasons=fit.reasons, notes=fit.notes, room=capacity_words(service),
        posts=posts(service), ways=tuple(way for way in card(service, {}).ways if way.label in REACHED),
        text=text_of(service),
    )  # fmt: skip


def takers(fits: Iterable[Fit]) -> dict[str, Taker]:
    """By the key of the service, for a page that has the rest already."""
    return {str(fit.service.pk): taker(fit) for fit in fits}


def text_of(service: Service) -> SafeText:
    return safe_text(
        name=service.name, phone=service.phone, hours=service.hours, cost=service.cost,
        what_happens=service.what_happens,
    )  # fmt: skip


def posts(service: Service) -> tuple[str, ...]:
    """Its posts; of one that is not filled, that it is not."""
    return tuple(
        post.title if post.filled else f"{post.title} ({POST_STATES.get(post.state, post.state).lower()})"
        for post in Post.read(service.posts)
    )


@dataclass(frozen=True)
class Sheet:
    """A pathway as it is shown: its four lists of lines."""

    code: str
    title: str
    first: tuple[Line, ...]
    tools: tuple[Line, ...]
    call: tuple[Line, ...]
    duties: tuple[Line, ...]
    source: str
    since: str

    @property
    def unchecked(self) -> bool:
        return any(line.unchecked for line in self.duties)


def sheet(row: RuleRow) -> Sheet:
    found = {name: lines(row.text(name)) for name in LISTS}
    return Sheet(code=row.code, title=row.title, source=row.source, since=date_words(row.since), **found)


def drafted(draft: Draft) -> RuleRow:
    """A draft as the version that it would become."""
    return RuleRow(
        BOOK, draft.code, draft.seen + 1, draft.title, freeze(draft.body), draft.source, draft.since, None, 0, "office"
    )


@dataclass(frozen=True)
class Card:
    """A pathway in the list of them."""

    code: str
    title: str
    about: str


def index(rows: Iterable[RuleRow], crimes: Mapping[str, str]) -> list[Card]:
    cards = [
        Card(row.code, row.title, "; ".join(crimes.get(code, code) for code in row.codes("crime_types")))
        for row in rows
    ]
    return sorted(cards, key=lambda one: one.title.strip("'").casefold())


@dataclass(frozen=True)
class Version:
    """A version with what it changed: (label, before, after)."""

    number: int
    when: str
    source: str
    changed: tuple[tuple[str, str, str], ...]
    newest: bool


def history(rows: Sequence[RuleRow]) -> list[Version]:
    """Newest first, each with how it differs from the one before."""
    older: list[RuleRow | None] = [*rows[1:], None]
    return [
        Version(
            row.version, _when(row), row.source, tuple(_changes(before, row)) if before else (), newest=row is rows[0]
        )
        for row, before in zip(rows, older, strict=True)
    ]


def _when(row: RuleRow) -> str:
    if row.until is None:
        return f"From {date_words(row.since)}"
    if row.until == row.since:
        return f"Was to begin on {date_words(row.since)}, and was never shown for a day"
    return f"From {date_words(row.since)} until the day before {date_words(row.until)}"


def _changes(before: RuleRow, after: RuleRow) -> Iterable[tuple[str, str, str]]:
    if before.title != after.title:
        yield ("Title", before.title, after.title)
    for name, label in SAID.items():
        if before.text(name) != after.text(name):
            old, new = before.text(name).splitlines(), after.text(name).splitlines()
            gone, added = [line for line in old if line not in new], [line for line in new if line not in old]
            yield (label, "\n".join(gone), "\n".join(added) or "In another order, or with nothing added")


@dataclass(frozen=True)
class Row:
    """One question, and what each service that is compared says to it."""

    label: str
    cells: tuple[tuple[Way, ...], ...]

    @property
    def same(self) -> bool:
        """Whether all of several say the same, so that once is enough."""
        return len(self.cells) > 1 and all(cell == self.cells[0] for cell in self.cells)


# What is asked of services side by side, in this order; the directory's words for each.
ASKED = (
    "Crimes", "Helps with", "Ages", "For", "Made for", "Conditions", "Where", "Languages", "Help is given",
    "Arranged for", "Police", "Cost", "Phone", "Email", "Website", "Open",
)  # fmt: skip


def compared(services: Sequence[Service], words: Mapping[str, str]) -> list[Row]:
    """Questions and answers; a question that none of them answers is left out."""
    cards = [card(service, words) for service in services]
    told = [{way.label: way for way in (*one.whom, *one.ways)} for one in cards]
    rows = [
        Row("What it is", tuple((Way("", " ".join(one.paragraphs)),) for one in cards)),
        Row("Room and wait", tuple((Way("", capacity_words(one)),) for one in services)),
        *(Row(label, tuple((have[label],) if label in have else () for have in told)) for label in ASKED),
        Row("Workers", tuple(tuple(Way("", title) for title in posts(one)) for one in services)),
        Row("When you get in touch", tuple((Way("", one.what_happens),) for one in cards)),
    ]
    return [row for row in rows if any(way.text for cell in row.cells for way in cell)]


@dataclass(frozen=True)
class LeadLine:
    """A lead in the list: `stale` when nobody said for long that they still do this."""

    pk: str
    name: str
    role: str
    works_for: str
    phone: str
    email: str
    crimes: str
    checked_on: date
    stale: bool


def lead_line(lead: Lead, crimes: Mapping[str, str], *, on: date, lasts: int) -> LeadLine:
    return LeadLine(
        pk=str(lead.pk), name=lead.name, role=lead.role, works_for=lead.works_for, phone=lead.phone, email=lead.email,
        crimes="; ".join(crimes.get(code, code) for code in lead.crime_types) or "Any crime",
        checked_on=lead.checked_on, stale=(on - lead.checked_on).days > lasts,
    )  # fmt: skip
