"""Gaps in the words of a page: the matrix as a heat table with words, lists that say the same, rows of a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from alongside.core.cells import Value
from alongside.core.pages.filters import plural
from alongside.core.said import listed
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.queries import Choices
from alongside.foundation.local.directory.rules import wait_words
from alongside.foundation.local.gaps import rules
from alongside.foundation.local.gaps.queries import Sheet
from alongside.foundation.local.gaps.rules import Cell, Overlap, Shift

HEAD = ("Crime", "Council", "Services that name it", "Open", "With a waiting list", "An award pays for",
        "Places", "Places free", "Shortest wait in days", "Services for any crime")  # fmt: skip


@dataclass(frozen=True)
class Square:
    """A cell as it is shown: a number, what it means in words, and where its services are listed."""

    number: int
    level: str
    words: str
    more: str
    href: str


@dataclass(frozen=True)
class Row:
    title: str
    squares: list[Square]


def rows(sheet: Sheet) -> list[Row]:
    return [
        Row(title, [_square(sheet.cells[crime, council], crime, council) for council, _ in sheet.councils])
        for crime, title in sheet.crimes
    ]


def _square(cell: Cell, crime: str, council: str) -> Square:
    href = f"{reverse('directory:services')}?{urlencode({'crime': crime, 'council': council})}"
    words = {"none": "None", "waiting": "Waiting list only"}.get(cell.level, f"{cell.open} open")
    return Square(len(cell.named), cell.level, words, "; ".join(_more(cell)), href)


def _more(cell: Cell) -> list[str]:
    """What to know beside the number."""
    told = []
    if cell.waiting and cell.open:
        told.append(f"{cell.waiting} with a waiting list")
    if cell.free is not None:
        told.append(f"{plural(cell.free, 'place')} free")
    if cell.wait_days:
        told.append(f"wait from {wait_words(cell.wait_days)}")
    if cell.general:
        told.append(f"{cell.general} for any crime")
    return told


@dataclass(frozen=True)
class Gap:
    """A crime after which nobody helps, or only a waiting list, and where."""

    crime: str
    words: str
    where: str
    general: int


def gaps(sheet: Sheet) -> list[Gap]:
    """In words, the widest first: the same as the empty squares say."""
    found = []
    for crime, title in sheet.crimes:
        for level, words in (("none", "No service names it"), ("waiting", "Only a waiting list")):
            where = [code for code, _ in sheet.councils if sheet.cells[crime, code].level == level]
            if where:
                general = min(sheet.cells[crime, code].general for code in where)
                found.append((len(where), Gap(title, words, _where(where, sheet.councils), general)))
    return [gap for _, gap in sorted(found, key=lambda pair: (-pair[0], pair[1].crime))]


def _where(codes: Iterable[str], councils: Choices) -> str:
    wanted = set(codes)
    if len(wanted) == len(councils) > 1:
        return "The whole area"
    return listed([name for code, name in councils if code in wanted])


@dataclass(frozen=True)
class Alike:
    """Two services that do much the same."""

    left: str
    left_pk: str
    left_by: str
    right: str
    right_pk: str
    right_by: str
    share: str
    about: str


def alike(overlap: Overlap, sheet: Sheet) -> Alike:
    titles = dict(sheet.crimes)
    crimes = listed([titles[code] for code in overlap.crimes[:3]])
    more = f" and {len(overlap.crimes) - 3} more" if len(overlap.crimes) > 3 else ""
    return Alike(
        overlap.left.name, str(overlap.left.pk), overlap.left.run_by, overlap.right.name, str(overlap.right.pk),
        overlap.right.run_by, f"{overlap.share:.0%}", f"{crimes}{more}. {_where(overlap.councils, sheet.councils)}.",
    )  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What is served otherwise than when the quarter began."""

    crime: str
    where: str
    numbers: str
    words: str


def changes(found: Iterable[Shift], sheet: Sheet) -> list[Change]:
    crimes, councils = dict(sheet.crimes), dict(sheet.councils)
    return [
        Change(crimes[one.crime], councils[one.council], f"{one.before} → {one.now}", _shift_words(one))
        for one in found
    ]


def _shift_words(shift: Shift) -> str:
    told = [
        f"New: {listed(list(shift.came))}" if shift.came else "",
        f"Gone: {listed(list(shift.went))}" if shift.went else "",
    ]
    return ". ".join(filter(None, told))


WHY = {
    rules.NO_WAY: "No phone number, e-mail address or website, and no referrals: nobody can get there at all",
    rules.NOWHERE: "None of the places that it names is a council of this area any more",
    rules.CLOSED: "Closed, and nobody is named who helps its people now",
    rules.MOVED_ON: "Closed, and the service that should help its people now is closed as well",
    rules.LONG_WAIT: "A wait of about {wait}, longer than your office calls help",
    rules.NO_OPEN_WAY: "No phone number, e-mail address or website: people cannot get in touch by themselves, though "
    "you can refer them",
}


@dataclass(frozen=True)
class Missed:
    """A service that nobody can reach."""

    pk: str
    name: str
    run_by: str
    why: list[str]


def missed(service: Service, faults: Iterable[str]) -> Missed:
    wait = wait_words(service.wait_days).removeprefix("about ") if service.wait_days is not None else ""
    return Missed(str(service.pk), service.name, service.run_by, [WHY[code].format(wait=wait) for code in faults])


def table(sheet: Sheet) -> Iterable[list[Value]]:
    """The matrix as rows of a file, every cell, empty ones too."""
    for crime, title in sheet.crimes:
        for council, name in sheet.councils:
            cell = sheet.cells[crime, council]
            yield [title, name, len(cell.named), cell.open, cell.waiting, cell.commissioned, cell.places, cell.free,
                   cell.wait_days, cell.general]  # fmt: skip
