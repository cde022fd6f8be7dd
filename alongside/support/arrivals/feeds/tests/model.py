"""A reference model of a feed in plain Python, and the files that it is tried with. It shares no rule with the product.

Each row is made to be of a kind, so that what must become of it is known without reading it.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from alongside.support.arrivals.feeds.rows import COLUMNS

# What a kind of row differs in from a good one, and what must become of it when its reference is new.
GOOD = {
    "reported_at": "2026-11-18T09:30", "occurred_from": "2026-11-17", "offence_code": "8N", "victim_kind": "person",
    "given_name": "Testina", "date_of_birth": "1988-02-03", "sex": "female", "ethnicity_code": "W1",
    "town": "Birmingham", "postcode": "B16 9HT", "phone": "07700 900123", "phone_safe": "yes", "consent": "yes",
    "domestic_abuse": "no",
}  # fmt: skip
HELD: dict[str, dict[str, str]] = {
    "no_consent": {"consent": "no"},
    "no_safe_contact": {"phone_safe": "no"},
    "child_protection": {"offence_code": "20B", "date_of_birth": "2015-05-06"},
    "crime_type_outside_service": {"offence_code": "92E"},
}
POISON: dict[str, dict[str, str]] = {
    "phone:bad_phone": {"phone": "ask at the desk"},
    "date_of_birth:bad_date": {"date_of_birth": "31/02/1980"},
    "offence_code:unknown_offence": {"offence_code": "999Z"},
    "reported_at:missing": {"reported_at": ""},
    "consent:bad_choice": {"consent": "perhaps"},
    "source_ref:bad_reference": {},
}
# The same said in another way: equal content, other letters.
OTHERWISE = {"occurred_from": "17/11/2026", "phone": "+44 7700 900123", "postcode": "b169ht", "consent": "YES"}


@dataclass(frozen=True)
class Row:
    """One row of a file: who, which version of them, of what kind, and whether it is written in another way."""

    ref: str
    version: int
    kind: str = "good"
    otherwise: bool = False

    @property
    def cells(self) -> dict[str, str]:
        cells = {**GOOD, "source_ref": self.ref, "family_name": f"Sample{self.version}"}
        if self.otherwise:
            cells |= OTHERWISE
        return cells | {**HELD, **POISON}.get(self.kind, {})


def files(*, many: int, rows: int, seed: int, poison: float = 0.01) -> list[list[Row]]:
    """Files that overlap: new rows, rows sent again, other content, poison that comes again in another file too; each
    shuffled, some files sent twice.
    """
    chance, made = Random(seed), 0
    sent: list[list[Row]] = []
    known: list[Row] = []
    for number in range(many):
        if number % 10 == 9:
            sent.append(chance.sample(sent[chance.randrange(number)], k=rows))  # an earlier file, in another order
            continue
        file: list[Row] = []
        while len(file) < rows:
            if chance.random() < poison:
                file.append(_poison(chance, made := made + 1))
                known.append(file[-1])
            elif known and chance.random() < 0.3:
                file.append(_again(chance, chance.choice(known)))
            else:
                kind = chance.choice(list(HELD)) if chance.random() < 0.03 else "good"
                file.append(Row(f"M/{(made := made + 1):07}", 1, kind))
                known.append(file[-1])
        chance.shuffle(file)
        sent.append(file)
    return sent


def _again(chance: Random, row: Row) -> Row:
    """The same row, the same in other letters, or another version of it."""
    if chance.random() < 0.1 and row.kind not in POISON:
        return Row(row.ref, 1 + chance.randrange(3), row.kind)
    return Row(row.ref, row.version, row.kind, otherwise=row.kind == "good" and chance.random() < 0.5)


def _poison(chance: Random, number: int) -> Row:
    kind = chance.choice(list(POISON))
    return Row("!" if kind == "source_ref:bad_reference" else f"P/{number:07}", 1, kind)


def text(file: Sequence[Row]) -> str:
    """A file as it is sent."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.cells for row in file)
    return out.getvalue()


Kept = tuple[int, int, str, str, str]
Place = tuple[int, int]
Again = tuple[int, int, int, int]


@dataclass
class Model:
    """What must be on record after files came in an order: referrals by reference, kept rows, receipts."""

    taken: dict[str, str] = field(default_factory=dict)  # the family name that a referral's victim bears
    kept: list[Kept] = field(default_factory=list)  # (file, line, reference, outcome, reason)
    again: list[Again] = field(default_factory=list)  # (file, line, and those of the kept row that it is the same as)
    receipts: list[dict[str, object]] = field(default_factory=list)
    known: dict[str, set[int]] = field(default_factory=dict)
    places: dict[object, Place] = field(default_factory=dict)  # where each kept row stands

    def load(self, number: int, file: Sequence[Row]) -> None:
        """The next file, which is the `number`th of those that were made."""
        ends = Counter[str]()
        for line, row in enumerate(file, start=2):
            outcome, reason = self._becomes(row)
            # What is rejected is the same by its cells, what is held by its reference and what it means.
            known = tuple(sorted(row.cells.items())) if outcome == "rejected" else (row.ref, row.version)
            place = self.places.get(known)
            if place and outcome in ("rejected", "duplicate"):
                self.again.append((number, line, *place))
                outcome, reason = "duplicate", ""
            elif outcome in ("held", "rejected"):
                self.places[known] = number, line
                self.kept.append((number, line, row.ref, outcome, reason))
            ends[f"{outcome}|{reason}"] += 1
        self.receipts.append({
            "sent": len(file), "accepted": ends["accepted|"], "duplicate": ends["duplicate|"],
            "held": _of(ends, "held"), "rejected": _of(ends, "rejected"),
        })  # fmt: skip

    def _becomes(self, row: Row) -> tuple[str, str]:
        if row.kind in POISON:
            return "rejected", row.kind
        versions = self.known.setdefault(row.ref, set())
        if row.version in versions:
            return "duplicate", ""
        is_new = not versions
        versions.add(row.version)
        if not is_new:
            return "held", "changed"
        if row.kind in HELD:
            return "held", row.kind
        self.taken[row.ref] = row.cells["family_name"]
        return "accepted", ""


def _of(ends: Counter[str], outcome: str) -> dict[str, int]:
    return {name.partition("|")[2]: count for name, count in sorted(ends.items()) if name.startswith(f"{outcome}|")}


def after(order: Iterable[int], sent: Sequence[Sequence[Row]]) -> Model:
    """The model after the files came in this order."""
    model = Model()
    for number in order:
        model.load(number, sent[number])
    return model


def differences(model: Model, order: Sequence[int], found: "Found") -> Iterator[str]:
    """Where the database says otherwise than the model, row for row."""
    if found.taken != model.taken:
        odd = sorted({*found.taken.items()} ^ {*model.taken.items()})[:5]
        yield f"{len(found.taken)} referrals, {len(model.taken)} expected; first that differ: {odd}"
    if sorted(found.kept) != sorted(model.kept):
        odd_rows = sorted({*found.kept} ^ {*model.kept})[:5]
        yield f"{len(found.kept)} kept rows, {len(model.kept)} expected; first that differ: {odd_rows}"
    if sorted(found.again) != sorted(model.again):
        odd_again = sorted({*found.again} ^ {*model.again})[:5]
        yield f"{len(found.again)} rows sent again, {len(model.again)} expected; first that differ: {odd_again}"
    for number, (ours, theirs) in enumerate(zip(found.receipts, model.receipts, strict=True)):
        if ours != theirs:
            yield f"receipt of file {order[number]}: {ours}, expected {theirs}"


@dataclass(frozen=True)
class Found:
    """What is in the database, in the model's shape."""

    taken: dict[str, str]
    kept: list[Kept]
    again: list[Again]
    receipts: list[dict[str, object]]
