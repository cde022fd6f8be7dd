"""What a snapshot holds: its tables, column by column, and the manifest that says what was written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


class Dimension(StrEnum):
    """What figures may be broken down by, and nothing else. Every measure by the first five; by the others where it
    says so."""

    PROVIDER = "provider"
    SERVICE = "service"
    CRIME_TYPE = "crime_type"
    COUNCIL = "council"
    SOURCE = "source"
    AGE_BAND = "age_band"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    CLOSED_WHY = "closed_why"
    DECLINED_WHY = "declined_why"
    WHY_NOT_REPORTED = "why_not_reported"
    NEED = "need"
    KIND = "kind"
    RISK_KIND = "risk_kind"
    LEVEL = "level"
    MODALITY = "modality"
    HELP_KIND = "help_kind"


DIMENSION_WORDS: dict[str, str] = {
    Dimension.PROVIDER: "Provider",
    Dimension.SERVICE: "Service",
    Dimension.CRIME_TYPE: "Crime type",
    Dimension.COUNCIL: "Council",
    Dimension.SOURCE: "Source",
    Dimension.AGE_BAND: "Age",
    Dimension.SEX: "Sex",
    Dimension.ETHNICITY: "Ethnic group",
    Dimension.CLOSED_WHY: "Reason for closing",
    Dimension.DECLINED_WHY: "Reason for declining",
    Dimension.WHY_NOT_REPORTED: "Reason for not reporting",
    Dimension.NEED: "Need",
    Dimension.KIND: "Kind of session",
    Dimension.RISK_KIND: "Kind of risk",
    Dimension.LEVEL: "Level of risk",
    Dimension.MODALITY: "What is waited for",
    Dimension.HELP_KIND: "Kind of help",
}
EVERYWHERE = (Dimension.PROVIDER, Dimension.SERVICE, Dimension.CRIME_TYPE, Dimension.COUNCIL, Dimension.SOURCE)


@dataclass(frozen=True)
class Table:
    """One file of a snapshot. `keys` are pseudonyms; `order` is the day by which its rows are sorted."""

    name: str
    keys: tuple[str, ...]
    columns: Mapping[str, str]
    order: str

    @property
    def follows(self) -> bool:
        """Whether its rows are about people, so that those of whoever nothing happened to are as they were."""
        return "case_key" in self.keys or "person" in self.keys

    def before(self, there: Collection[str]) -> str:
        """What stands in place of the columns that a snapshot was written without, in SQL."""
        return "".join(
            ", false AS witness" if name == "witness" else f", CAST(NULL AS {kind}) AS {name}"
            for name, kind in self.columns.items()
            if name not in there
        )


def _codes(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "VARCHAR")


_WHERE: dict[str, str] = _codes("area", *EVERYWHERE)
_EQUALITY = _codes("sex", "ethnicity")
_WHO = {**_codes("age_band"), "high_risk": "BOOLEAN"}


# Not a victim. What was written before it was asked held victims alone.
_PART = {"witness": "BOOLEAN"}


def _days(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "DATE")


def _counts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "INTEGER")


TABLES = (
    Table(
        "referrals",
        ("referral", "person"),
        {
            # Reported to the police: empty where nobody knows, which is another thing than no.
            **_WHERE, **_WHO, **_EQUALITY, **_PART, "reported": "BOOLEAN", "from_police": "BOOLEAN",
            **_codes("closed_why", "closed_as", "why_not_reported"), "repeated": "BOOLEAN",
            **_days("reported_on", "received_on", "first_attempt_on", "first_contact_on", "assessed_on", "offered_on",
                    "accepted_on", "first_session_on", "closed_on"),
            **_counts("working_days_to_receipt", "working_days_to_attempt", "working_days_unattempted",
                      "days_to_first_contact"),
        },
        "received_on",
    ),
    Table(
        "offers",
        ("offer", "referral", "person"),
        {
            **_WHERE, **_WHO, "state": "VARCHAR", "declined_why": "VARCHAR",
            **_days("offered_on", "answered_on"),
        },
        "offered_on",
    ),
    Table(
        "cases",
        ("case_key", "referral", "person"),
        {
            **_WHERE, **_WHO, **_EQUALITY, **_PART, "closed_why": "VARCHAR", "planned": "BOOLEAN",
            **_days("accepted_on", "first_contact_on", "started_on", "closed_on"),
            **_counts("contacts", "attempts"),
        },
        "accepted_on",
    ),
    Table(
        "contacts",
        ("case_key", "person"),
        {**_WHERE, **_codes("age_band"), **_EQUALITY, **_PART, "continuing": "BOOLEAN", **_days("first_on"),
         **_counts("contacts")},
        "first_on",
    ),
    Table(
        "outcomes",
        ("case_key",),
        {**_WHERE, "outcome": "VARCHAR", "result": "VARCHAR", **_days("closed_on")},
        "closed_on",
    ),
    Table(
        "sessions",
        ("session", "case_key", "person"),
        {**_WHERE, **_codes("kind", "went"), "counted": "BOOLEAN", **_days("held_on"), **_counts("minutes")},
        "held_on",
    ),
    Table(
        "needs",
        ("need_key", "case_key", "person"),
        {**_WHERE, **_codes("need", "became"), **_days("found_on", "settled_on", "closed_on")},
        "found_on",
    ),
    Table(
        "risks",
        ("sitting", "case_key", "person"),
        {**_WHERE, **_codes("risk_kind", "level", "was"), "first": "BOOLEAN", "latest": "BOOLEAN",
         **_counts("risen"), **_days("done_on", "closed_on")},
        "done_on",
    ),
    Table(
        "helps",
        ("request", "case_key", "person"),
        {**_WHERE, **_codes("help_kind", "became"), **_days("asked_on", "paid_on"), **_counts("pence")},
        "asked_on",
    ),
    Table(
        "waits",
        ("entry", "case_key", "person"),
        {**_WHERE, **_codes("modality"), **_days("joined_on", "started_on", "ended_on")},
        "joined_on",
    ),
    # Of reports through reporting centres, and of the centres themselves, the source is the centre.
    Table(
        "reports",
        ("report",),
        {**_WHERE, **_days("received_on", "answered_on"), **_counts("working_days_to_answer")},
        "received_on",
    ),
    Table("centres", ("centre",), {**_WHERE, "quiet": "BOOLEAN", **_days("since_on", "until_on")}, "since_on"),
)  # fmt: skip


@dataclass(frozen=True)
class FileRecord:
    """One file as it was written."""

    rows: int
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """What a snapshot says of itself. `labels` are the words of its codes on that day.

    `made_from` is the whole snapshot of which it took over what had not changed, empty for a whole one; `whole_why`
    says why a whole one was made.
    """

    id: UUID
    code: str
    as_at: datetime
    made_at: datetime
    files: Mapping[str, FileRecord]
    definitions: str
    code_version: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    made_from: str = ""
    whole_why: str = ""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            id=UUID(raw["id"]),
            code=raw["code"],
            as_at=datetime.fromisoformat(raw["as_at"]),
            made_at=datetime.fromisoformat(raw["made_at"]),
            files={name: FileRecord(**record) for name, record in raw["files"].items()},
            definitions=raw["definitions"],
            code_version=raw["code_version"],
            labels=raw["labels"],
            made_from=raw.get("made_from", ""),
            whole_why=raw.get("whole_why", ""),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id), "code": self.code, "as_at": self.as_at.isoformat(),
            "made_at": self.made_at.isoformat(), "definitions": self.definitions,
            "code_version": self.code_version, "made_from": self.made_from, "whole_why": self.whole_why,
            "files": {name: vars(file) for name, file in self.files.items()},
            "labels": {name: dict(words) for name, words in self.labels.items()},
        }  # fmt: skip

    def words(self, dimension: str, code: str) -> str:
        """The words of a code in this snapshot."""
        return self.labels.get(dimension, {}).get(code) or (code if code else NOT_YET.get(dimension, "Not known"))


NOT_YET: dict[str, str] = {
    Dimension.PROVIDER: "No provider yet",
    Dimension.SERVICE: "No service yet",
    Dimension.COUNCIL: "Not known, or too rare to be placed",
    Dimension.CLOSED_WHY: "Not closed",
    Dimension.WHY_NOT_REPORTED: "Not asked",
    Dimension.DECLINED_WHY: "Not declined",
}
