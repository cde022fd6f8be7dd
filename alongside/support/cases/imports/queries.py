"""Reads about what is brought along: files opened, our own words, who is here already, how a case has fared since."""

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.models import Event
from alongside.core.pages.paging import Page, page_of
from alongside.core.privacy import crypt, fields
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.documents.reading import Book, Sheet, read
from alongside.foundation.office.messages import rules as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports import lifecycle
from alongside.support.cases.imports.checking import Content, Known, Said, Waits, check, told_by
from alongside.support.cases.imports.models import Batch, Origin, Row, Understood
from alongside.support.cases.imports.rules import (
    WANTED,
    Kind,
    Plan,
    answer_of,
    code_of,
    doubtful_ways,
    guess,
    pieces,
    tidy,
)
from alongside.support.cases.waiting import queries as waiting
from alongside.support.cases.waiting.models import WaitingList
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.rules import name_key

PATIENCE = timedelta(minutes=10)
ORIGIN = "imports_origin"
IN_ORDER = ("number", "id")
TO_DO = (Row.State.MEND, Row.State.TWIN, Row.State.CHANGED)
SAMPLES, MOST_WORDS = 3, 200  # values shown of a column; words of a field that are asked about
NOT_SAID, MEANS_NOTHING = "?", "-"
SPOKEN = (Kind.CODE, Kind.CODES, Kind.ANSWER)


def limit(code: str, on: date) -> int:
    return rulebook.rule("limits", code, on).number("number")


def kept_days(on: date) -> int:
    """How long a file is kept: the rulebook counts it in days."""
    return rulebook.rule("retention", "brought_file", on).number("keep")


def batches(rows: QuerySet[Any]) -> list[Batch]:
    """The files of an organisation, the latest first."""
    return list(rows.order_by("-uploaded_at", "-id"))


def name_of(batch: Batch) -> str:
    return fields.read(batch, "name")


def opened(batch: Batch) -> Book:
    """The file, read again from where it lies sealed."""
    return read(b64decode(fields.read(batch, "file")))


def sheet_of(batch: Batch) -> Sheet:
    sheets = opened(batch).sheets
    return sheets[min(batch.sheet, len(sheets) - 1)]


def plan_of(record: Batch | Understood) -> Plan:
    """How a file is, or was the last time, understood."""
    text = fields.read(record, "plan")
    said = json.loads(text) if text else {}
    return Plan(tuple(said.get("columns", ())), said.get("fixed", {}), said.get("words", {}), said.get("ways", {}))


def as_text(plan: Plan) -> str:
    return json.dumps(asdict(plan))


def understood(provider_id: int) -> dict[str, Any]:
    """What the organisation said of its headings and words before: `headings`, `words`, `ways` and `fixed`."""
    found = Understood.objects.filter(provider_id=provider_id).first()
    return json.loads(fields.read(found, "plan")) if found else {}


def known(provider_id: int, on: date) -> Known:
    """Our own words for what the provider may say: its services, its workers, its lists, and the rulebook's codes."""
    services = Service.objects.open().filter(provider_id=provider_id).order_by("name", "id")
    lists = WaitingList.objects.filter(provider_id=provider_id).select_related("service").order_by("service__name")
    return Known(
        titles={
            "service": {str(one.pk): one.name for one in services},
            "worker": {str(key): name for key, name in casework.workers(provider_id).items()},
            "crime_type": dict(rulebook.titles("crime_types", on)), "needs": dict(rulebook.titles("needs", on)),
            "waiting_list": {str(one.pk): waiting.title(one, on) for one in lists},
        },
        lists={str(one.pk): Waits(str(one.service_id), one.state == "OPEN") for one in lists},
    )  # fmt: skip


def content_of(row: Row) -> Content:
    said = json.loads(fields.read(row, "content"))
    return Content(said["cells"], said["mended"])


def said_of(row: Row, plan: Plan, words: Known, today: date) -> Said:
    content = content_of(row)
    return check(content.cells, content.mended, plan, words, today)


def lookup_of(provider_id: int, said: Said) -> bytes:
    """By what a row is known again: the provider's own reference, or else who it is and since when."""
    reference = said.text("own_reference")
    whole = "|".join((said.text("given_name"), said.text("family_name"), str(said.day("birth_date") or ""),
                      said.text("service"), str(said.day("accepted_on") or "")))  # fmt: skip
    return crypt.blind(ORIGIN, f"{provider_id}|{'ref' if reference else 'row'}|{tidy(reference or whole)}")


def origins(lookups: Iterable[bytes], by: Actor) -> dict[bytes, Origin]:
    """What was brought along before, by how it is known again; of records that the reader may open."""
    found = Origin.objects.visible_to(by).filter(provider_id=by.organisation_id or 0, lookup__in=list(lookups))
    return {bytes(one.lookup): one for one in found}


def differences(origin: Origin, said: Said) -> tuple[str, ...]:
    """The fields in which a row says something else than when its case was brought in."""
    before, now = json.loads(fields.read(origin, "told")), told_by(said)
    return tuple(key for key in {**before, **now} if before.get(key, "") != now.get(key, ""))


@dataclass(frozen=True)
class Twins:
    """Who of the organisation a row may be: by name with birth date, and by telephone or e-mail."""

    people: Mapping[str, tuple[tuple[UUID, date | None], ...]]
    points: Mapping[bytes, UUID]

    def of(self, said: Said) -> UUID | None:
        """Somebody with the same name whose birth date does not differ, or with the same telephone or e-mail."""
        born, key = said.day("birth_date"), name_key(said.text("given_name"), said.text("family_name"))
        named = self.people.get(key, ()) if said.text("family_name") else ()
        alike = [victim for victim, theirs in named if not born or not theirs or born == theirs]
        reached = [self.points[point] for point in points_of(said) if point in self.points]
        return next(iter((*alike, *reached)), None)


def points_of(said: Said) -> list[bytes]:
    """The blind indexes of a row's telephone and e-mail."""
    told = ((kind, messages.normalise(kind, said.text(kind))) for kind in ("phone", "email") if said.text(kind))
    return [crypt.blind(kind, plain) for kind, plain in told if plain]


def twins(found: Iterable[Said], by: Actor) -> Twins:
    """Asks once for all rows, and of nobody but those whom the organisation holds already and the reader may open."""
    rows = list(found)
    keys = {name_key(one.text("given_name"), one.text("family_name")) for one in rows if one.text("family_name")}
    seen = Victim.objects.visible_to(by)
    people: dict[str, list[tuple[UUID, date | None]]] = {}
    for victim, key, born in seen.filter(name_key__in=keys).values_list("pk", "name_key", "birth_date"):
        people.setdefault(key, []).append((victim, born))
    looked = {point for one in rows for point in points_of(one)}
    held = ContactPoint.objects.visible_to(by).filter(lookup__in=looked, retired_at=None)
    points = {bytes(lookup): person for lookup, person in held.values_list("lookup", "person_id")}
    return Twins({key: tuple(ones) for key, ones in people.items()}, points)


def counts(batch: Batch) -> dict[str, int]:
    """Rows by state."""
    return dict(Row.objects.filter(batch=batch).values_list("state").annotate(Count("pk")).order_by())


def _narrowed(batch: Batch, asked: Mapping[str, str], by: Actor) -> QuerySet[Any]:
    """The rows of a file, narrowed to a state, to what is wrong in a field, and to words of a name or reference."""
    found = Row.objects.visible_to(by).filter(batch=batch)
    found = found.filter(state=asked["state"]) if asked["state"] else found
    found = found.filter(faults__has_key=asked["fault"]) if asked["fault"] else found
    return found.filter(pk__in=_named_like(found, asked["q"])) if asked["q"] else found


def _named_like(found: QuerySet[Any], words: str) -> list[UUID]:
    """What rows say is sealed, so that each is opened."""
    wanted, names = tidy(words), ("own_reference", "given_name", "family_name", "full_name")
    cells = ((row.pk, content_of(row).cells) for row in found)
    return [key for key, said in cells if wanted in tidy(" ".join(said.get(name, "") for name in names))]


@dataclass(frozen=True)
class Shown:
    """A page of a file's rows, each with what it says; how many stand where, and how many will be restricted."""

    page: Page
    rows: tuple[tuple[Row, Said, Content], ...]
    known: Known
    counts: Mapping[str, int]
    total: int
    restricted: int


def page(batch: Batch, asked: Mapping[str, str], *, by: Actor, after: str, before: str, on: date) -> Shown:
    found, plan, words = _narrowed(batch, asked, by), plan_of(batch), known(batch.provider_id, on)
    part = page_of(found, order=IN_ORDER, after=after, before=before)
    rows = tuple((row, said_of(row, plan, words, on), content_of(row)) for row in part.rows)
    will_be = Row.objects.filter(batch=batch, state=Row.State.READY, guarded=True).count()
    return Shown(part, rows, words, counts(batch), found.count(), will_be)


def to_do(batch: Batch) -> list[Row]:
    """The rows that somebody must look at before they are brought in."""
    return list(Row.objects.filter(batch=batch, state__in=TO_DO).order_by("number"))


@dataclass(frozen=True)
class ColumnsAsked:
    """What is asked of a file's columns: headings, some of what stands below, what was guessed."""

    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    first: Mapping[str, Any]
    known: Known
    before: Mapping[str, Any]


def columns_asked(batch: Batch, on: date) -> ColumnsAsked:
    headings, below = _table(batch)
    words, before, plan = known(batch.provider_id, on), understood(batch.provider_id), plan_of(batch)
    samples = [[cells[at] for cells in below if at < len(cells) and cells[at]] for at in range(len(headings))]
    columns = plan.columns or guess(headings, samples, words.titles, before.get("headings", {}))
    fixed = plan.fixed if plan.columns else _only({**before.get("fixed", {})}, words, set(columns))
    first = {f"column-{at}": key for at, key in enumerate(columns)} | {
        f"fixed-{key}": code for key, code in fixed.items()
    }
    shown = tuple(tuple(dict.fromkeys(said))[:SAMPLES] for said in samples)
    return ColumnsAsked(headings, shown, {**first, "seen": batch.version}, words, before)


def _only(fixed: dict[str, str], words: Known, held: set[str]) -> dict[str, str]:
    """What holds for every row as the last time, where it still is; and the only service, where there is one."""
    kept = {key: code for key, code in fixed.items() if code in words.titles[key]}
    if len(words.titles["service"]) == 1 and "service" not in held:
        kept.setdefault("service", next(iter(words.titles["service"])))
    return kept


def _table(batch: Batch) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The headings, and the rows below them."""
    rows = sheet_of(batch).rows
    below = [cells for number, cells in rows if number > batch.heading_row]
    named = next((cells for number, cells in rows if number == batch.heading_row), ())
    width = max((len(cells) for cells in (*below, named)), default=0)
    return (*named, *[""] * (width - len(named))), below


def plan_from(asked: ColumnsAsked, columns: tuple[str, ...], fixed: Mapping[str, str]) -> Plan:
    """What somebody said of the columns, with the words as they were understood before."""
    words = {key: said for key, said in asked.before.get("words", {}).items() if key in columns}
    return Plan(columns, dict(fixed), words, {})


@dataclass(frozen=True)
class WordsAsked:
    """What is asked of a file's words: those of each field, days that may be read in several ways, what is known."""

    plan: Plan
    words: Mapping[str, tuple[str, ...]]
    ways: Mapping[str, Mapping[str, int]]
    first: Mapping[str, Any]
    known: Known
    open: bool


def words_asked(batch: Batch, on: date) -> WordsAsked:
    plan, words, (_, below) = plan_of(batch), known(batch.provider_id, on), _table(batch)
    cells = [plan.cells(row) for row in below]
    before = understood(batch.provider_id).get("ways", {})
    said = {key: _distinct(key, cells, words) for key in plan.held if WANTED[key].kind in SPOKEN}
    said = {key: found for key, found in sorted(said.items()) if found}
    days = (key for key in sorted(plan.held) if WANTED[key].kind == Kind.DAY)
    ways = {key: found for key in days if (found := doubtful_ways(one[key] for one in cells if key in one))}
    first: dict[str, Any] = {f"way-{key}": plan.ways.get(key, before.get(key, "")) for key in ways}
    for key, told in said.items():
        first |= {f"word-{key}-{at}": _meant(key, word, plan, words) for at, word in enumerate(told)}
    not_said = any(value == NOT_SAID for name, value in first.items() if name.startswith("word-"))
    doubt = any(key not in plan.ways for key in ways)
    return WordsAsked(plan, said, ways, {**first, "seen": batch.version}, words, not_said or doubt)


def _distinct(key: str, cells: Iterable[Mapping[str, str]], words: Known) -> tuple[str, ...]:
    """The words of a field, each once as it is first spelled; of answers those that are not plainly yes or no."""
    told = (one[key] for one in cells if key in one)
    found: dict[str, str] = {}
    for part in (part for text in told for part in (pieces(text) if WANTED[key].kind == Kind.CODES else [text])):
        if WANTED[key].kind != Kind.ANSWER or answer_of(part) is None:
            found.setdefault(tidy(part), part)
    return tuple(word for plain, word in sorted(found.items()) if plain)[:MOST_WORDS]


def _meant(key: str, word: str, plan: Plan, words: Known) -> str:
    """What a word means by what was said of it before, or since it is one of ours."""
    said = plan.words.get(key, {}).get(tidy(word))
    if said is not None:
        return said or MEANS_NOTHING
    return (answer_of(word) if WANTED[key].kind == Kind.ANSWER else code_of(word, words.titles[key])) or NOT_SAID


def plan_worded(asked: WordsAsked, words: Mapping[str, Mapping[str, str]], ways: Mapping[str, str]) -> Plan:
    """The plan with what somebody said of its words and days."""
    return Plan(asked.plan.columns, asked.plan.fixed, {**asked.plan.words, **words}, dict(ways))


@dataclass(frozen=True)
class RowShown:
    """A row with what it says, what is asked of it, whom it looks like, and what it says otherwise than before."""

    said: Said
    content: Content
    known: Known
    keys: tuple[str, ...]
    first: Mapping[str, Any]
    twin: tuple[Victim, Case | None] | None
    before: Mapping[str, str]
    changed: tuple[str, ...]

    @property
    def looked_at(self) -> list[UUID]:
        return [self.twin[0].pk] if self.twin else []


def row_shown(row: Row, by: Actor, on: date) -> RowShown:
    plan, words, content = plan_of(row.batch), known(row.batch.provider_id, on), content_of(row)
    said = check(content.cells, content.mended, plan, words, on)
    held = {*plan.held, *row.faults, "given_name", "family_name", "service", "accepted_on"} - {"full_name"}
    keys = tuple(key for key in WANTED if key in held)
    origin = origins([bytes(row.lookup)], by).get(bytes(row.lookup))
    first = {key: _typed(key, said, content) for key in keys}
    return RowShown(
        said, content, words, keys, {**first, "seen": row.version}, person_of(row.twin, by) if row.twin else None,
        json.loads(fields.read(origin, "told")) if origin else {}, differences(origin, said) if origin else (),
    )  # fmt: skip


def _typed(key: str, said: Said, content: Content) -> Any:
    """A cell as its box shows it: a day as people write it, what could not be understood as it was sent."""
    if WANTED[key].kind == Kind.CODES:
        return list(said.needs)
    day = said.day(key)
    return f"{day:%d/%m/%Y}" if day else said.text(key) or content.cells.get(key, "")


def has_failed(batch: Batch, at: datetime) -> bool:
    """Whether nobody has got on with a file for so long that nobody will. A provider's role may not see the queue."""
    works = batch.state in (lifecycle.RUNNING, lifecycle.UNDOING)
    return works and batch.moved_at is not None and at - batch.moved_at > PATIENCE


def person_of(victim: UUID, by: Actor) -> tuple[Victim, Case | None] | None:
    """Somebody whom the organisation holds, with their latest case, as far as the reader may open them."""
    found = Victim.objects.visible_to(by).filter(pk=victim).first()
    if found is None:
        return None
    cases = Case.objects.visible_to(by).filter(victim_id=victim).select_related("service")
    return found, cases.order_by("-accepted_at").first()


def in_caseload(batch: Batch, by: Actor) -> QuerySet[Any]:
    """The cases that came of a file."""
    mine = Origin.objects.filter(batch_id=batch.pk).values("case_id")
    return Case.objects.visible_to(by).filter(pk__in=mine).select_related("service", "victim").order_by("reference")


def worked_on(origins_: Iterable[Origin]) -> set[UUID]:
    """Of cases that were brought along, those on which somebody has done something since: they are not taken back."""
    found = {one.case_id: one for one in origins_}
    referrals = dict(Case.objects.filter(pk__in=found).values_list("referral_id", "pk"))
    people = {one.victim_id: key for key, one in found.items()}
    points = ContactPoint.objects.filter(person_id__in=people).values_list("pk", "person_id")
    subjects = {key: key for key in found} | people | referrals | {point: people[whose] for point, whose in points}
    after = Event.objects.filter(subject__in=list(subjects), user_id__isnull=False).exclude(name="case.brought_along")
    moments = ((subjects[subject], at) for subject, at in after.values_list("subject", "at"))
    return {key for key, at in moments if at > found[key].brought_at}


def origins_of(batch: Batch) -> list[Origin]:
    return list(Origin.objects.filter(batch_id=batch.pk).order_by("pk"))


def undo_until(batch: Batch, on: date) -> date | None:
    """The last day on which a file's people can be taken back."""
    return london_date(batch.brought_at) + timedelta(days=limit("import_undo", on)) if batch.brought_at else None
