"""Words and colours for the pages of feeds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from alongside.core.pages.filters import datetime_words
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SentAgain
from alongside.support.arrivals.feeds.queries import Opened, Words
from alongside.support.arrivals.feeds.rules import COLUMN_OF, WAYS, Difference
from alongside.support.arrivals.feeds.rules import Receipt as Sums

FLAGS = {
    "area_unknown": "No postcode of the United Kingdom, so the council is not known",
    "consent_unknown": "The officer did not say whether the victim agrees to be contacted",
    "formula_cell": "A cell starts like a spreadsheet formula; it is kept as it was sent",
    "unlisted_value": "A sex or ethnicity code that the rulebook does not list",
    "unreadable_character": "A character that could not be read",
}
CHARSETS = {"utf-8": "UTF-8", "utf-8-bom": "UTF-8 with a byte order mark", "windows-1252": "Windows-1252"}
COLOURS = {"released": "green", "applied": "green", "returned": "blue", "closed": "grey"}
NAMED = {
    "source_ref": "Reference of the victim in the crime", "reported_at": "When it was reported",
    "occurred_from": "When it happened", "victim_kind": "Kind of victim", "given_name": "Given name",
    "interpreter": "Needs an interpreter", "phone": "Telephone number", "phone_safe": "Safe to telephone",
    "email": "E-mail address", "email_safe": "Safe to e-mail", "consent": "Agrees to be contacted",
    "officer_email": "Officer’s e-mail address", "officer_name": "Officer’s name", "repeat": "Repeat victim",
    "hate_strands": "Strands of hostility", "title": "Title", "row": "The line",
}  # fmt: skip
MEND = "Mend it here if you know what is right, or return it to be mended where it came from."


Theirs = Mapping[str, str]
NOT_THEIRS: Theirs = {}


@dataclass(frozen=True)
class Line:
    """A count in a receipt: code, words, how many."""

    code: str
    words: str
    count: int


@dataclass(frozen=True)
class Receipt:
    """A receipt in words."""

    sums: tuple[Line, ...]
    held: tuple[Line, ...]
    rejected: tuple[Line, ...]
    warnings: tuple[Line, ...]
    charset: str


@dataclass(frozen=True)
class Kept:
    """A kept row in a list."""

    pk: object
    line: int
    reference: str
    reason: str
    outcome: str
    state: str
    colour: str
    source: str
    came: object


@dataclass(frozen=True)
class Row:
    """A kept row, opened."""

    kept: KeptRow
    head: Kept
    to_do: str
    officer_hears: str
    cells: tuple[dict[str, str], ...]
    differences: tuple[Difference, ...]
    settled_words: str
    may_release: bool
    may_take_details: bool
    open: bool


def reason(code: str, words: Words, theirs: Theirs = NOT_THEIRS) -> str:
    """Why a row was held or rejected; a rejected row's code is `column:why`. `theirs`: with its column's own name."""
    column, _, why = code.partition(":")
    if not why:
        return words.held.get(code, code)
    said = words.rejected.get(why, "{field} cannot be read.").replace("{field}", column_words(column))
    return f"{said} {own}" if (own := own_column(column, theirs)) else said


def column_words(column: str) -> str:
    """What a column is called here."""
    return NAMED.get(column, column.replace("_", " ").capitalize())


def theirs_of(delivery: Delivery) -> Theirs:
    """The source's own columns by ours, as they were set up when a file came."""
    return delivery.version.columns if delivery.version else NOT_THEIRS


def own_column(column: str, theirs: Theirs) -> str:
    """What the source calls a column, in words; empty where it is not theirs."""
    return f"Their column: {theirs[column]}." if column in theirs else ""


def receipt(delivery: Delivery | Sums, words: Words) -> Receipt:
    theirs = theirs_of(delivery) if isinstance(delivery, Delivery) else NOT_THEIRS
    held, rejected = sum(delivery.held.values()), sum(delivery.rejected.values())
    sums = (("accepted", "Accepted", delivery.accepted), ("duplicate", "With us already", delivery.duplicate),
            ("held", "Held for a person to decide", held), ("rejected", "Rejected", rejected))  # fmt: skip
    return Receipt(
        sums=tuple(Line(*one) for one in sums),
        held=tuple(Line(code, reason(code, words), count) for code, count in delivery.held.items()),
        rejected=tuple(Line(code, reason(code, words, theirs), count) for code, count in delivery.rejected.items()),
        warnings=tuple(Line(code, FLAGS.get(code, code), count) for code, count in delivery.warnings.items()),
        charset=CHARSETS.get(delivery.charset, delivery.charset),
    )


def held(counts: Mapping[str, int], words: Words) -> list[dict[str, object]]:
    """The counts above the deliveries, each a link to its rows."""
    return [{"code": code, "label": reason(code, words), "value": count} for code, count in counts.items()]


def line(row: KeptRow, words: Words, theirs: Theirs = NOT_THEIRS) -> Kept:
    settled = row.get_settled_how_display() if row.settled_at else ""
    to_do = "To deal with" if row.outcome == KeptRow.Outcome.HELD else "Rejected"
    colour = COLOURS.get(row.settled_how, "yellow" if row.outcome == KeptRow.Outcome.HELD else "red")
    return Kept(
        pk=row.pk, line=row.line, reference=row.source_ref or "No reference", reason=reason(row.reason, words, theirs),
        outcome=row.get_outcome_display(), state=settled or to_do, colour=colour, source=row.delivery.source.name,
        came=row.delivery.received_at,
    )  # fmt: skip


def again(one: SentAgain, words: Words, theirs: Theirs = NOT_THEIRS) -> Kept:
    """A row that had been kept before, by its line in the file that it came again with."""
    return replace(line(one.kept, words, theirs), line=one.line)


def ways_gone(ways: Mapping[str, int]) -> list[Line]:
    """What became of rows that came again; those that wait still wait once."""
    titles = {**dict(KeptRow.Settled.choices), "": "Still waiting, once"}
    return [Line(how, titles[how], count) for how, count in ways.items()]


def times_again(found: Iterable[SentAgain]) -> list[dict[str, object]]:
    """When a kept row came again: the delivery, and words for it."""
    return [
        {"delivery": one.delivery_id, "words": f"{datetime_words(one.delivery.received_at)}, line {one.line:,}"}
        for one in found
    ]  # fmt: skip


def differences(opened: Opened, words: Words) -> tuple[Difference, ...]:
    """What is different, codes in the rulebook's words."""
    return tuple(
        replace(one, ours=titles.get(one.ours, one.ours), theirs=titles.get(one.theirs, one.theirs))
        for one in opened.differences
        for titles in [words.titles.get(one.what, {})]
    )


def choices(opened: Opened, words: Words) -> list[tuple[str, str]]:
    """What somebody may choose to take, by column, with what is on record now."""
    return [
        (known[one.what], f"{one.what}: {one.theirs or 'nothing'} instead of {one.ours or 'nothing'}")
        for known in [{**COLUMN_OF, **WAYS}] for one in differences(opened, words)
        if one.what in known and (one.theirs or one.what in COLUMN_OF)
    ]  # fmt: skip


def row(opened: Opened, words: Words) -> Row:
    kept = opened.kept
    is_open = kept.outcome == KeptRow.Outcome.HELD and kept.settled_at is None
    with_us = opened.referral is not None
    return Row(
        kept=kept, head=line(kept, words, theirs_of(kept.delivery)), to_do=words.to_do.get(kept.reason, MEND),
        officer_hears=words.officer.get(kept.reason, ""),
        cells=tuple({"key": column_words(column), "value": cell} for column, cell in opened.cells.items()),
        differences=differences(opened, words), settled_words=opened.settled_words,
        may_release=is_open and not with_us, may_take_details=is_open and with_us, open=is_open,
    )  # fmt: skip
