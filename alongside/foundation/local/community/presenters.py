"""Community groups in words: rows of lists, one group, talks, who reaches whom, consortia, a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from alongside.core.cells import Value, csv_file
from alongside.core.pages.filters import date_words, plural
from alongside.core.said import listed
from alongside.foundation.local.community import lifecycle, rules
from alongside.foundation.local.community.forms import STAGES, Said
from alongside.foundation.local.community.models import INACTIVE, Consortium, Group, Member, Need
from alongside.foundation.local.community.queries import BOOK_OF, Sheet, Talk, Together, about
from alongside.foundation.local.directory.queries import Choices
from alongside.foundation.office.organisations.rules import postcode_shown

Words = Mapping[str, Mapping[str, str]]
COLOURS = {
    lifecycle.MAPPED: "grey", lifecycle.IN_TOUCH: "blue", lifecycle.BIDDING: "purple", lifecycle.WORKING: "green",
    INACTIVE: "grey",
}  # fmt: skip
NEED_WORDS = {
    lifecycle.OPEN: ("Open", "orange"), lifecycle.HELPED: ("Being helped", "blue"), lifecycle.MET: ("Met", "green"),
}  # fmt: skip
NEED_MOVES = {"help": "We help them", "meet": "It is met", "ask_again": "It is needed again"}
LABELS = {name: str(field.label) for name, field in Said.base_fields.items()}
HAS_WORDS = {code: str(label) for code, label in Group.Has.choices}
# What shows how big a group is and what it lacks: for those who may help with it.
CAPACITY = ("legal_form", "turnover", "paid", "volunteers", "safeguarding", "insurance", "checks")
NAMED = 3
HEAD = ("Group", "How far", "What it does", "Kinds", "Reaches", "Where", "Crimes it hears about", "Languages",
        "Legal form", "Money in a year", "Paid people", "Volunteers", "Safeguarding policy", "Insured", "DBS checks",
        "Phone of the group", "Email of the group", "Website", "Needs", "Consortia", "Last contact", "Next contact",
        "Became")  # fmt: skip


def shown(name: str, value: Any, words: Words) -> str:
    """A detail of a group in words."""
    titles = words.get(BOOK_OF.get(name, ""), {})
    if isinstance(value, tuple | list):
        return "; ".join(titles.get(code, code) for code in value)
    if name in ("safeguarding", "insurance", "checks"):
        return HAS_WORDS.get(value, value)
    return postcode_shown(value) if name == "postcode" and value else titles.get(value, value)


@dataclass(frozen=True)
class Line:
    """A group in the list."""

    pk: UUID
    name: str
    what: str
    reaches: str
    where: str
    stage: str
    colour: str
    needs: str
    next_on: date | None
    due: bool


def line(group: Group, needs: Sequence[Need], words: Words, on: date) -> Line:
    unmet = [one for one in needs if one.state in lifecycle.UNMET]
    return Line(
        pk=group.pk, name=group.name, what=group.what, reaches=_short(group.reaches, words["made_for"]),
        where=_short(group.councils, words["councils"]), stage=STAGES[group.stage], colour=COLOURS[group.stage],
        needs=_short([one.code for one in unmet], words["group_needs"]), next_on=group.next_contact_on,
        due=group.next_contact_on is not None and group.next_contact_on <= on,
    )  # fmt: skip


def _short(codes: Sequence[str], titles: Mapping[str, str]) -> str:
    """The first few, and how many more."""
    named = [titles.get(code, code) for code in codes]
    more = len(named) - NAMED
    return "; ".join([*named[:NAMED], *([f"{more} more"] if more > 0 else [])])


UNSAID = ("", (), rules.NOT_KNOWN)


@dataclass(frozen=True)
class Details:
    """What is known of a group, row by row, and what is not, in words."""

    rows: list[dict[str, Any]]
    unknown: str


def details(group: Group, words: Words, *, capacity: bool) -> Details:
    """What shows how big it is and what it lacks only for those who may help with it."""
    left_out = ("name", *(() if capacity else (*CAPACITY, "hears")))
    said = [(name, value) for name, value in vars(about(group)).items() if name not in left_out]
    rows = [
        {"key": LABELS[name], "value": shown(name, value, words), "written": name == "what"}
        for name, value in said if value not in UNSAID
    ]  # fmt: skip
    return Details(rows, "; ".join(LABELS[name] for name, value in said if value in UNSAID) if capacity else "")


@dataclass(frozen=True)
class NeedLine:
    """Something that a group needs, and what may be said of it now."""

    pk: UUID
    title: str
    word: str
    colour: str
    since: date
    moves: tuple[tuple[str, str], ...]


def need_line(need: Need, titles: Mapping[str, str]) -> NeedLine:
    word, colour = NEED_WORDS[need.state]
    moves = tuple((move.name, NEED_MOVES[move.name]) for move in lifecycle.need.moves_from(need.state))
    return NeedLine(need.pk, titles.get(need.code, need.code), word, colour, need.changed_on, moves)


@dataclass(frozen=True)
class TalkLine:
    """A talk with a group."""

    pk: UUID
    title: str
    on: date
    by: str
    note: str


def talk_line(talk: Talk, words: Words) -> TalkLine:
    contact = talk.contact
    way = words["group_contact_ways"].get(contact.way, contact.way)
    purpose = words["group_contact_purposes"].get(contact.purpose, contact.purpose)
    tried = "" if contact.answered else ". Nobody answered"
    return TalkLine(contact.pk, f"{way}: {purpose[:1].lower()}{purpose[1:]}{tried}", contact.on, talk.by, talk.note)


def next_words(group: Group, on: date) -> str:
    """When somebody is to be in touch again."""
    last = f"Last contact: {date_words(group.last_contact_on)}." if group.last_contact_on else "No contact yet."
    if group.next_contact_on is None:
        return f"{last} No day is set for the next."
    late = " It is due." if group.next_contact_on <= on else ""
    return f"{last} Next: {date_words(group.next_contact_on)}.{late}"


def file(
    groups: Iterable[Group], needs: Mapping[UUID, Sequence[Need]], places: Mapping[UUID, Sequence[Member]], words: Words
) -> bytes:  # fmt: skip
    """The list as a file. Nobody's name, number or address is in it: only what a group says of itself."""
    return csv_file(HEAD, [_row(one, needs[one.pk], places[one.pk], words) for one in groups])


def _row(group: Group, needs: Sequence[Need], places: Sequence[Member], words: Words) -> list[Value]:
    said = about(group)
    names = ("what", "activities", "reaches", "councils", "hears", "languages", *CAPACITY, "phone", "email", "web")
    titles = words["group_needs"]
    unmet = [titles.get(one.code, one.code) for one in needs if one.state in lifecycle.UNMET]
    return [
        group.name, STAGES[group.stage], *(shown(name, getattr(said, name), words) for name in names), "; ".join(unmet),
        "; ".join(one.consortium.name for one in places), group.last_contact_on, group.next_contact_on,
        group.organisation.name if group.organisation else "",
    ]  # fmt: skip


# Who reaches whom, where.


@dataclass(frozen=True)
class Square:
    """A cell: how many groups, what it means in words, and where they are listed."""

    number: int
    level: str
    words: str
    more: str
    href: str


@dataclass(frozen=True)
class Row:
    title: str
    href: str
    squares: list[Square]


LEVELS = {"none": "none", "services": "waiting", "groups": "one", "both": "several"}


def rows(sheet: Sheet) -> list[Row]:
    """People down; each leads to the gaps in services for them."""
    return [
        Row(title, f"{reverse('gaps:gaps')}?{urlencode({'group': f'made_for_{code}'})}",
            [_square(sheet.squares[code, council], code, council) for council, _ in sheet.councils])
        for code, title in sheet.people
    ]  # fmt: skip


def _square(square: rules.Square, people: str, council: str) -> Square:
    count = len(square.groups)
    words = plural(count, "group") if count else "No group"
    services = f"{plural(square.services, 'service')} made for them" if square.services else "no service made for them"
    href = f"{reverse('community:groups')}?{urlencode({'reaches': people, 'council': council})}" if count else ""
    return Square(count, LEVELS[square.level], words.removeprefix(f"{count} "), services, href)


def unreached(sheet: Sheet) -> list[tuple[str, str]]:
    """In words: whom no group reaches, and where; the same as the empty squares say, the widest first."""
    found = []
    for code, title in sheet.people:
        where = [name for council, name in sheet.councils if not sheet.squares[code, council].groups]
        if where:
            found.append((len(where), title, "The whole area" if len(where) == len(sheet.councils) else listed(where)))
    return [(title, words) for _, title, words in sorted(found, key=lambda one: (-one[0], one[1]))]


@dataclass(frozen=True)
class MemberLine:
    """A member of a consortium."""

    pk: UUID
    name: str
    href: str
    role: str
    since: date
    until: date | None


def member_line(member: Member, roles: Mapping[str, str]) -> MemberLine:
    href = reverse("community:show", args=[member.group_id]) if member.group_id else ""
    return MemberLine(member.pk, member.called, href, roles.get(member.role, member.role), member.since, member.until)


@dataclass(frozen=True)
class Covered:
    """A consortium's coverage in words: a row for each kind of people that some member reaches."""

    rows: list[tuple[str, list[str]]]
    councils: list[str]
    unreached: str
    uncovered: str


def covered(found: Together) -> Covered:
    people, councils, coverage = dict(found.people), dict(found.councils), found.coverage
    reached: Choices = [(code, title) for code, title in found.people if code not in coverage.unreached]
    lines = [
        (title, [listed(sorted(set(coverage.squares[code, council].groups))) for council, _ in found.councils])
        for code, title in reached
    ]  # fmt: skip
    return Covered(
        lines, list(councils.values()), "; ".join(people[code] for code in coverage.unreached),
        listed([councils[code] for code in coverage.uncovered]),
    )  # fmt: skip


def member_names(consortium: Consortium) -> str:
    """Who is in it now, in words; the list reads them together with it."""
    return listed(sorted(one.called for one in consortium.members.all() if one.until is None))
