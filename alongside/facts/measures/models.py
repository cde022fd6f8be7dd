"""What a snapshot holds: its tables, column by column, and the manifest that says what was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


class Dimension(StrEnum):
    """What figures may be broken down by, and nothing else."""

    PROVIDER = "provider"
    SERVICE = "service"
    CRIME_TYPE = "crime_type"
    COUNCIL = "council"
    SOURCE = "source"


DIMENSION_WORDS: dict[str, str] = {
    Dimension.PROVIDER: "Provider",
    Dimension.SERVICE: "Service",
    Dimension.CRIME_TYPE: "Crime type",
    Dimension.COUNCIL: "Council",
    Dimension.SOURCE: "Source",
}


@dataclass(frozen=True)
class Table:
    """One file of a snapshot. `keys` are pseudonyms; `order` is the day by which its rows are sorted."""

    name: str
    keys: tuple[str, ...]
    columns: Mapping[str, str]
    order: str

    @property
    def before(self) -> str:
        """What stands in place of a column in a snapshot that was written without it, in SQL."""
        return ", false AS witness" if "witness" in self.columns else ""


_WHERE: dict[str, str] = {"area": "VARCHAR", **{str(name): "VARCHAR" for name in Dimension}}
_WHO = {"age_band": "VARCHAR", "high_risk": "BOOLEAN"}


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
            **_WHERE, **_WHO, **_PART, "reported": "BOOLEAN", "from_police": "BOOLEAN", "closed_why": "VARCHAR",
            **_days("reported_on", "received_on", "first_attempt_on", "first_contact_on", "offered_on",
                    "accepted_on", "closed_on"),
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
            **_WHERE, **_WHO, **_PART, "closed_why": "VARCHAR",
            **_days("accepted_on", "first_contact_on", "started_on", "closed_on"),
            **_counts("contacts", "attempts"),
        },
        "accepted_on",
    ),
    Table(
        "contacts",
        ("case_key", "person"),
        {**_WHERE, **_PART, "continuing": "BOOLEAN", **_days("first_on"), **_counts("contacts")},
        "first_on",
    ),
    Table(
        "outcomes",
        ("case_key",),
        {**_WHERE, "outcome": "VARCHAR", "result": "VARCHAR", **_days("closed_on")},
        "closed_on",
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
    """What a snapshot says of itself. `labels` are the words of its codes on that day."""

    id: UUID
    code: str
    as_at: datetime
    made_at: datetime
    files: Mapping[str, FileRecord]
    definitions: str
    code_version: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id), "code": self.code, "as_at": self.as_at.isoformat(),
            "made_at": self.made_at.isoformat(), "definitions": self.definitions,
            "code_version": self.code_version,
            "files": {name: vars(file) for name, file in self.files.items()},
            "labels": {name: dict(words) for name, words in self.labels.items()},
        }  # fmt: skip

    def words(self, dimension: str, code: str) -> str:
        """The words of a code in this snapshot."""
        return self.labels.get(dimension, {}).get(code) or (code if code else NOT_YET[dimension])


NOT_YET: dict[str, str] = {
    Dimension.PROVIDER: "No provider yet",
    Dimension.SERVICE: "No service yet",
    Dimension.CRIME_TYPE: "Not known",
    Dimension.COUNCIL: "Not known, or too rare to be placed",
    Dimension.SOURCE: "Not known",
}
