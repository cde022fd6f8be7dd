"""Reads for feeds: the rulebook as a feed needs it, what is on record, and a kept row beside it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import QuerySet

from alongside.core import queue
from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.messages.queries import points_of
from alongside.foundation.office.organisations.models import Organisation, Postcode
from alongside.foundation.office.organisations.rules import postcode_key
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow, offence_key, service_crime_type
from alongside.support.arrivals.feeds.models import Delivery, Feed, KeptRow, SourceVersion, Upload
from alongside.support.arrivals.feeds.reading import spooled, told
from alongside.support.arrivals.feeds.rows import Answer, FeedRow, VictimKind, validate
from alongside.support.arrivals.feeds.rules import WAYS, Codes, Crime, Difference, Rulebook
from alongside.support.arrivals.referrals import rules as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.people.victims.models import Victim

LAWFUL_PURPOSE = "receive_referral"
TASK = "feeds.take_in"  # the job that loads an upload
CODED = {"Crime type": "crime_types", "Sex": "sexes", "Ethnic group": "ethnic_groups", "Language": "languages"}
ADULT = Rulebook.adult_age
LANGUAGE = int(Victim._meta.get_field("language").max_length or 0)
MARKED_BY = ("victim_kind", "interpreter", "vulnerable", "intimidated", "repeat", "domestic_abuse")


class Crimes(Mapping[str, Crime]):
    """What the rulebook says of an offence code, however it is spelt."""

    def __init__(self, on: date, excluded: Collection[str] = ()) -> None:
        self.offences, self.excluded = rulebook.offences(on), excluded
        self.types = {row.code: row for row in rulebook.current("crime_types", on)}
        self.known: dict[str, Crime] = {}

    def __getitem__(self, code: str) -> Crime:
        if code not in self.known:
            crime = self.type_of(code)
            self.known[code] = Crime(
                hidden=crime.flag("hidden"),
                child_protection="child" in crime.codes("markers"),
                outside_service=crime.flag("excluded_from_feed") or crime.code in self.excluded,
            )
        return self.known[code]

    def type_of(self, code: str) -> RuleRow:
        return self.types[self.offences[offence_key(code)].crime_type]

    def __iter__(self) -> Iterator[str]:
        return iter(self.offences)

    def __len__(self) -> int:
        return len(self.offences)


class Office:
    """The rulebook of a day: what decides on a row, and the office's codes for what the police say."""

    def __init__(self, on: date, excluded: Collection[str] = ()) -> None:
        self.on = on
        self.crimes = Crimes(on, excluded)
        self.sexes = {word: row.code for row in rulebook.current("sexes", on) for word in row.text("feed").split(";")}
        self.ethnic_groups = {
            row.code.upper(): row.text("ethnic_group") for row in rulebook.current("ethnicity_codes", on)
        }
        languages = rulebook.current("languages", on)
        self.languages = {name: row.code for row in languages for name in (row.code, row.title.casefold())}
        self.marks = [
            (row.code, *row.text("feed").partition("=")[::2])
            for row in rulebook.current("markers", on) if "=" in row.text("feed")
        ]  # fmt: skip
        self._crime_type = lru_cache(maxsize=4096)(self._name_crime_type)
        self._markers = lru_cache(maxsize=4096)(self._name_markers)

    @property
    def rulebook(self) -> Rulebook:
        return Rulebook(self.crimes, frozenset(self.sexes), frozenset(self.ethnic_groups))

    def basis(self) -> tuple[str, str]:
        """(purpose, basis) on which a feed is received."""
        return LAWFUL_PURPOSE, rulebook.rule("lawful_bases", LAWFUL_PURPOSE, self.on).text("article_6")[:60]

    def due(self, at: datetime) -> tuple[datetime, datetime]:
        """When first attempt and first offer are due for what is received now."""
        days = [rulebook.rule("clocks", code, self.on).number("working_days")
                for code in ("first_contact_attempt", "first_offer")]  # fmt: skip
        return referrals.due_times(at, attempt_days=days[0], offer_days=days[1])

    def kept_until(self, at: datetime) -> datetime:
        return at + timedelta(days=rulebook.rule("limits", "feed_rows_kept", self.on).number("number"))

    def codes(self, row: FeedRow, age: int | None) -> Codes:
        """The office's codes for what a row says; a language that is not listed stays in words."""
        business = row.victim_kind is VictimKind.BUSINESS
        crime_type = self._crime_type(
            row.offence_code, business, row.domestic_abuse is Answer.YES, bool(row.hate_strands)
        )
        said = (row.victim_kind, row.interpreter, row.vulnerable, row.intimidated, row.repeat, row.domestic_abuse)
        return Codes(
            crime_type=crime_type,
            markers=self._markers(crime_type, said, row.hate_strands, age is not None and age < ADULT),
            sex=self.sexes.get(row.sex, ""),
            ethnicity=self.ethnic_groups.get(row.ethnicity_code, ""),
            language=self.languages.get(row.language.casefold(), row.language)[:LANGUAGE],
        )

    def _name_crime_type(self, code: str, business: bool, domestic_abuse: bool, hate: bool) -> str:
        base = self.crimes.type_of(code)
        return service_crime_type(base, business=business, domestic_abuse=domestic_abuse, hate=hate)

    def _name_markers(
        self, crime_type: str, said: tuple[str, ...], strands: tuple[str, ...], child: bool
    ) -> tuple[str, ...]:
        """What the crime type always carries and what the columns set. `said`: the cells of `MARKED_BY`."""
        cells = dict(zip(MARKED_BY, said, strict=True))
        found = [
            code for code, column, value in self.marks
            if cells.get(column) == value or (column == "hate_strands" and value in strands)
        ]  # fmt: skip
        always = self.crimes.types[crime_type].codes("markers")
        return tuple(dict.fromkeys((*always, *found, *(["child"] if child else []))))


_ON_RECORD = """
SELECT source_ref, content_hash, false FROM referrals_referral
 WHERE source = 'police_feed' AND source_organisation = %(source)s AND source_ref = ANY (%(refs)s)
UNION ALL
SELECT kept.source_ref, kept.content_hash, true FROM feeds_keptrow kept
  JOIN feeds_delivery delivery ON delivery.id = kept.delivery_id
 WHERE delivery.source_id = %(source)s AND kept.outcome = 'held' AND kept.source_ref = ANY (%(refs)s)
"""


def on_record(source: int, refs: Iterable[str]) -> tuple[dict[str, tuple[bytes, ...]], set[bytes]]:
    """By reference of a source the digests of its referral and of its held rows; and which are of held rows."""
    found: dict[str, tuple[bytes, ...]] = {}
    held: set[bytes] = set()
    with connection.cursor() as cursor:
        cursor.execute(_ON_RECORD, {"source": source, "refs": list(refs)})
        for ref, digest, is_held in cursor.fetchall():
            found[ref] = (*found.get(ref, ()), bytes(digest))
            held |= {bytes(digest)} if is_held else set()
    return found, held


def taken_references(references: Collection[str]) -> set[str]:
    """Which of these references some referral bears already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM referrals_referral WHERE reference = ANY (%s)", [list(references)])
        return {reference for (reference,) in cursor.fetchall()}


def councils_of(postcodes: Iterable[str]) -> dict[str, str]:
    """Council by postcode as it was written, where it is known."""
    keys = {postcode_key(postcode): postcode for postcode in postcodes if postcode}
    found = Postcode.objects.filter(pk__in=keys).values_list("code", "council")
    return {keys[code]: council for code, council in found}


def sources_for(actor: Actor) -> "QuerySet[Organisation]":
    """The forces whose feed the actor's hub receives."""
    hub = Organisation.objects.filter(pk__in=actor.orgs)
    return Organisation.objects.filter(kind=Organisation.Kind.FORCE, force_id__in=hub.values("force_id"), until=None)


def feeds_for(actor: Actor) -> list[Feed]:
    """The feeds of these forces."""
    return SourceVersion.objects.visible_to(actor).feeds(sources_for(actor).order_by("name"))


def wanted_deliveries(rows: "QuerySet[Delivery]", asked: Mapping[str, Any]) -> "QuerySet[Delivery]":
    """The deliveries that the filters ask for, each with how many of its held rows are open."""
    is_open = models.Q(kept__outcome="held", kept__settled_at=None)
    rows = rows.select_related("source", "version").annotate(still_held=models.Count("kept", filter=is_open))
    if asked.get("source"):
        rows = rows.filter(source=asked["source"])
    if asked.get("file"):
        rows = rows.filter(file__icontains=asked["file"].strip())
    return rows.filter(still_held__gt=0) if asked.get("held") else rows


def open_rows(rows: "QuerySet[KeptRow]") -> "QuerySet[KeptRow]":
    """Held rows that nobody has dealt with."""
    return rows.filter(outcome=KeptRow.Outcome.HELD, settled_at=None).select_related("delivery__source")


def kept_of(delivery: Delivery) -> "QuerySet[KeptRow]":
    return delivery.kept.select_related("delivery__source")


def wanted_rows(rows: "QuerySet[KeptRow]", asked: Mapping[str, Any]) -> "QuerySet[KeptRow]":
    if asked.get("reason"):
        rows = rows.filter(reason=asked["reason"])
    if asked.get("q"):
        rows = rows.filter(source_ref__icontains=asked["q"].strip())
    if asked.get("state") == "rejected":
        return rows.filter(outcome=KeptRow.Outcome.REJECTED)
    if asked.get("state"):
        rows = rows.filter(settled_at__isnull=asked["state"] == "open", outcome=KeptRow.Outcome.HELD)
    return rows


def rejected_of(delivery: Delivery) -> "QuerySet[KeptRow]":
    return kept_of(delivery).filter(outcome=KeptRow.Outcome.REJECTED).order_by("line", "id")


def open_by_reason(actor: Actor) -> dict[str, int]:
    """How many held rows are open at the actor's hub, by reason."""
    rows = open_rows(KeptRow.objects.visible_to(actor)).order_by("reason")
    return dict(rows.values_list("reason").annotate(models.Count("id")))


@dataclass(frozen=True)
class Running:
    """An upload that is not loaded yet, or refused and not noted; `failed`: nobody is trying any more."""

    upload: Upload
    failed: bool


def running(actor: Actor) -> list[Running]:
    """Uploads of the actor's hub that are not loaded yet, or were refused and nobody has noted it."""
    waiting = Upload.objects.visible_to(actor).exclude(state=Upload.State.LOADED).filter(noted_at=None)
    uploads = list(waiting.select_related("source").order_by("-uploaded_at")[:50])
    found = queue.about(TASK, [upload.pk for upload in uploads])
    return [Running(upload, has_failed(upload, found.get(upload.pk))) for upload in uploads]


def job_of(upload: Upload) -> queue.Found | None:
    """The job that loads an upload, where one is in the queue."""
    return queue.about(TASK, [upload.pk]).get(upload.pk)


def has_failed(upload: Upload, job: queue.Found | None) -> bool:
    """Whether an upload waits for a job that was parked, or is gone."""
    return upload.state == Upload.State.WAITING and (job is None or job.standing == queue.Standing.PARKED)


def line_of(upload: Upload) -> int:
    """How far the worker is with an upload."""
    return min(told(spooled(settings.SPOOL, upload.pk)), upload.lines)


@dataclass(frozen=True)
class Words:
    """The rulebook's words for what became of rows, as they are today."""

    held: Mapping[str, str]
    to_do: Mapping[str, str]
    officer: Mapping[str, str]
    rejected: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]


def words(on: date) -> Words:
    held, rejected = rulebook.current("hold_reasons", on), rulebook.current("reject_reasons", on)
    return Words(
        held={row.code: row.title for row in held}, to_do={row.code: row.text("what_to_do") for row in held},
        officer={row.code: row.text("officer_hears") for row in held},
        rejected={row.code: row.text("message") for row in rejected},
        titles={what: rulebook.titles(book, on) for what, book in CODED.items()},
    )  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """A kept row, opened: what it says, what it says otherwise than our record, and how it was settled."""

    kept: KeptRow
    cells: Mapping[str, str]
    differences: tuple[Difference, ...]
    referral: Referral | None
    settled_words: str

    @property
    def compared_with(self) -> list[UUID]:
        return [self.referral.pk, self.referral.victim_id] if self.referral else []


def opened(kept: KeptRow, on: date) -> Opened:
    is_change = kept.reason == "changed"
    referral = referral_of(kept) if is_change or kept.referral_id else None
    return Opened(
        kept, cells(kept), differences(kept, on) if is_change and not kept.settled_at else (), referral,
        fields.read(kept, "settled_words"),
    )  # fmt: skip


def cells(kept: KeptRow) -> dict[str, str]:
    """What was sent, by column; a line that was no row is whole under "row"."""
    return dict(json.loads(fields.read(kept, "content")))


def referral_of(kept: KeptRow, ref: str = "") -> Referral | None:
    """The referral that bears a kept row's reference, or the one that it was given when it was mended."""
    theirs = {"source_organisation": kept.delivery.source_id, "source_ref": ref or kept.source_ref}
    return Referral.objects.filter(source=Referral.Source.POLICE_FEED, **theirs).select_related("victim").first()


def chosen(opened: Opened, columns: Iterable[str]) -> dict[str, Any]:
    """What a chooser starts from: the record's version, and every column that nobody has put right by hand."""
    if opened.referral is None:
        return {}
    victim = opened.referral.victim
    by_hand = {name for one in victim.corrections.all() for name in one.changed}
    return {"seen": victim.version, "take": [name for name in columns if name not in {*by_hand, *WAYS.values()}]}


def earlier(kept: KeptRow) -> KeptRow | None:
    """The row held before under the same reference."""
    theirs = KeptRow.objects.filter(delivery__source_id=kept.delivery.source_id, source_ref=kept.source_ref)
    return theirs.filter(outcome="held", pk__lt=kept.pk).order_by("-pk").first()


def differences(kept: KeptRow, on: date) -> tuple[Difference, ...]:
    """What a row that came again says otherwise, against the referral or else the row held before."""
    row = validate(cells(kept))
    referral, before = referral_of(kept), earlier(kept)
    if not isinstance(row, FeedRow) or not (referral or before):
        return ()
    office = Office(on)
    theirs = _said(row, office)
    first = validate(cells(before)) if before and not referral else None
    ours = _recorded(referral, theirs) if referral else _said(first, office) if isinstance(first, FeedRow) else {}
    return tuple(
        Difference(what, ours.get(what, ""), said) for what, said in theirs.items() if said != ours.get(what, "")
    )


def _said(row: FeedRow, office: Office) -> dict[str, str]:
    codes = office.codes(row, None)
    return {
        **_answers(row),
        "Title": row.title, "Given name": row.given_name, "Family name": row.family_name,
        "Business": row.business_name, "Born": str(row.date_of_birth or ""), "Sex": codes.sex,
        "Ethnic group": codes.ethnicity, "Language": codes.language, "Crime type": codes.crime_type,
        "Offence": row.offence_code, "Happened": str(row.occurred_from or ""),
        "Reported": row.reported_at.strftime("%Y-%m-%d %H:%M"), "Telephone": row.phone, "E-mail": row.email,
        "Address": address_of(row), "Safe to telephone": row.phone_safe if row.phone else "",
        "Safe to e-mail": row.email_safe if row.email else "", "Officer": officer_of(row), "Notes": words_of(row),
        "Hostility": ", ".join(row.hate_strands),
    }  # fmt: skip


def _answers(row: FeedRow | Referral) -> dict[str, str]:
    return {"Agrees to be contacted": str(row.consent), "Vulnerable": str(row.vulnerable),
            "Intimidated": str(row.intimidated), "Repeat victim": str(row.repeat)}  # fmt: skip


def _recorded(referral: Referral, theirs: Mapping[str, str]) -> dict[str, str]:
    """What is with us, in the same words; a way of contact that we hold among others counts as the same."""
    victim = referral.victim
    crypt.load_keys([victim.pk])
    held = [(point, fields.read(point, "value")) for point in points_of(victim.pk)]
    values = {what: [value for point, value in held if point.kind == kind] for what, kind in WAYS.items()}
    safe = {value: point.safe for point, value in held}
    return {
        **_answers(referral),
        "Title": victim.title, "Given name": victim.given_name, "Family name": victim.family_name,
        "Business": victim.business_name, "Born": str(victim.birth_date or ""), "Sex": victim.sex,
        "Ethnic group": victim.ethnicity, "Language": victim.language, "Crime type": referral.crime_type,
        "Offence": referral.offence_code, "Happened": str(referral.occurred_from or ""),
        "Reported": referral.reported_at.strftime("%Y-%m-%d %H:%M") if referral.reported_at else "",
        **{what: theirs[what] if theirs[what] in found else ", ".join(found) for what, found in values.items()},
        "Safe to telephone": safe.get(theirs["Telephone"], ""), "Safe to e-mail": safe.get(theirs["E-mail"], ""),
        "Officer": fields.read(referral, "officer"), "Notes": fields.read(referral, "notes"),
        "Hostility": ", ".join(referral.hate_strands),
    }  # fmt: skip


def words_of(row: FeedRow) -> str:
    """The officer's notes, and the offence as the officer described it."""
    described = f"Offence as described: {row.offence_description}" if row.offence_description else ""
    return "\n\n".join(part for part in (row.notes, described) if part)


def address_of(row: FeedRow) -> str:
    return ", ".join(part for part in (row.address_line_1, row.address_line_2, row.town, row.postcode) if part)


def officer_of(row: FeedRow) -> str:
    return ", ".join(part for part in (row.officer_name, row.officer_email) if part)


def receipt(delivery: Delivery) -> dict[str, Any]:
    """The receipt of a delivery, as it is handed out."""
    said = ("file", "sha256", "charset", "sent", "accepted", "duplicate", "held", "rejected", "warnings")
    read_as = {"source": delivery.source.code, "version": delivery.version.number if delivery.version else None}
    return {name: getattr(delivery, name) for name in said} | read_as
