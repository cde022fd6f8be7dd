"""Reads for sources: what is set up, what a sample holds, and what would become of its rows. Keeps nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.organisations.queries import people_of
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.feeds import reading
from alongside.support.arrivals.feeds.models import Delivery, Feed, SourceVersion, Versions
from alongside.support.arrivals.feeds.queries import Office, councils_of, feeds_for, on_record
from alongside.support.arrivals.feeds.rows import CODE_LISTS, Answer, Recast, VictimKind
from alongside.support.arrivals.feeds.rules import Decision, Receipt, Tally, decide_all
from alongside.support.arrivals.sources.models import Draft
from alongside.support.people.victims.models import Victim

MOST_CODES = 100  # of one list; more than that is a wrong column
LONGEST_CODE = 60
STARTS_FROM = ("name", "contact", "charset", "series", "due_days", "due_by", "least_rows")


@dataclass(frozen=True)
class Listed:
    """A feed that the hub receives, and how it is read."""

    feed: Feed
    version: SourceVersion | None
    saved_by: str


def listed(actor: Actor, versions: Versions) -> list[Listed]:
    names = names_of(actor)
    in_force = {(one.source_id, one.feed): one for one in versions.newest()}
    return [
        Listed(feed, one, names.get(one.saved_by, "") if one else "")
        for feed in feeds_for(actor)
        for one in [in_force.get((feed.source.pk, feed.code))]
    ]


def names_of(actor: Actor) -> dict[UUID | None, str]:
    """Who works here, by id."""
    return {one.user_id: one.user.name for one in people_of(actor)}


def versions_of(version: SourceVersion) -> "QuerySet[SourceVersion]":
    """All versions of the same feed, the newest first."""
    theirs = SourceVersion.objects.filter(hub_id=version.hub_id, source=version.source_id, feed=version.feed)
    return theirs.order_by("-number")


def in_force(actor: Actor, source: Organisation, feed: str) -> SourceVersion | None:
    assert actor.organisation_id is not None
    return SourceVersion.objects.in_force(source, actor.organisation_id, feed)


def start(actor: Actor, asked: str) -> dict[str, object]:
    """What setting up begins from: the version in force of the feed that was chosen, or what the only feed is."""
    feeds = {one.key: one for one in feeds_for(actor)}
    feed = feeds.get(asked) or (next(iter(feeds.values())) if len(feeds) == 1 else None)
    version = in_force(actor, feed.source, feed.code) if feed else None
    said = {name: getattr(version, name) for name in STARTS_FROM} if version else {}
    return {**said, "source": feed.key if feed else asked}


def named(actor: Actor, source: Organisation) -> dict[str, str]:
    """By code what a force's feeds are called now, those that were set up."""
    in_force = SourceVersion.objects.visible_to(actor).filter(source=source).newest()
    return {one.feed: one.name for one in in_force}


def has_come(hub_id: int, source: Organisation, feed: str) -> bool:
    """Whether anything was loaded of a feed."""
    return Delivery.objects.filter(hub_id=hub_id, source=source, feed=feed).exists()


def sample_of(draft: Draft) -> Path:
    return reading.spooled(settings.SPOOL, draft.pk)


def header(path: Path, charset: str) -> list[str]:
    """The columns' names of a sample. Raises FeedRefused for a file that cannot be a feed."""
    found = reading.survey_as(path, settings.SAMPLE_MAX_BYTES, charset)
    return [cell.strip() for cell in reading.first_row(path, found)]


def read(draft: Draft, recast: Recast) -> reading.Reading:
    return reading.read(sample_of(draft), max_bytes=settings.SAMPLE_MAX_BYTES, recast=recast)


@dataclass(frozen=True)
class Question:
    """A code of theirs: how often the sample has it, and what it was said to mean."""

    kind: str
    said: str
    rows: int
    ours: str


def questions(draft: Draft, office: Office) -> list[Question]:
    """The codes of the sample that we do not know, and those that were given a meaning before."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in CODE_LISTS}
    for line in read(draft, Recast(draft.columns, {}, draft.charset)):
        for kind, columns in CODE_LISTS.items():
            counts[kind].update(said.casefold() for column in columns if (said := line.raw.get(column)))
    return [one for kind, found in counts.items() for one in _asked(kind, found, draft.codes.get(kind, {}), office)]


def _asked(kind: str, found: Counter[str], before: Mapping[str, str], office: Office) -> list[Question]:
    strange = (said for said in found if len(said) <= LONGEST_CODE and not known(kind, said, office))
    asked = sorted({*strange, *before})[:MOST_CODES]
    return [Question(kind, said, found[said], before.get(said, "")) for said in asked]


def known(kind: str, said: str, office: Office) -> bool:
    """Whether a code is one of ours."""
    ours = {
        "answers": tuple(Answer), "victim_kind": tuple(VictimKind), "sex": office.sexes,
        "ethnicity_code": tuple(code.casefold() for code in office.ethnic_groups),
    }  # fmt: skip
    return office.crimes.get(said.upper()) is not None if kind == "offence_code" else said.casefold() in ours[kind]


def choices(office: Office) -> dict[str, list[tuple[str, str]]]:
    """What each list of codes may mean; an offence is typed."""
    words = {code: word for word, code in reversed(office.sexes.items())}
    sexes = rulebook.titles("sexes", office.on)
    return {
        "answers": [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        "victim_kind": [(str(kind), kind.label) for kind in Victim.Kind],
        "sex": [(word, sexes.get(code, code)) for code, word in words.items() if word],
        "ethnicity_code": [
            (code, f"{code}: {title}") for code, title in rulebook.choices("ethnicity_codes", office.on)
        ],
    }


def crime_types(on: date) -> list[tuple[str, str]]:
    return list(rulebook.choices("crime_types", on))


@dataclass(frozen=True)
class Tried:
    """What would become of each row of a sample, and of all of them."""

    receipt: Receipt
    rows: list[tuple[int, Decision]]
    without_area: int


def tried(draft: Draft, at: datetime) -> Tried:
    """Runs the sample through reading and deciding, against what is on record, and keeps nothing of it."""
    found = read(draft, draft.recast)
    lines = list(found)
    office = Office(clocks.london_date(at), draft.excluded)
    refs = {line.row.source_ref for line in lines if line.row}
    known_already: dict[str, Collection[bytes]] = {**on_record(draft.source_id, refs)[0]}
    tally, rows = Tally(found), []
    for line, decision in decide_all(lines, known_already, office.rulebook, now=at):
        tally.add(decision)
        rows.append((line.number, decision))
    return Tried(tally.receipt(), rows, _without_area(line.row.postcode for line in lines if line.row))


def _without_area(postcodes: Iterable[str]) -> int:
    """How many rows have a postcode of no council that we know: a sign of a column that is another's."""
    given = [postcode for postcode in postcodes if postcode]
    councils = councils_of(set(given))
    return sum(postcode not in councils for postcode in given)
