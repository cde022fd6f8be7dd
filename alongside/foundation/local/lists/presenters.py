"""Lists, readings and differences in the words of their pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from alongside.core.pages.filters import date_words, datetime_words
from alongside.core.said import listed
from alongside.foundation.local.directory import presenters as directory
from alongside.foundation.local.directory.actions import RELAYED, without_place
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.lists import lifecycle, rules
from alongside.foundation.local.lists.models import Difference, List, Reading
from alongside.foundation.local.lists.queries import Standing
from alongside.foundation.office.documents.rules import Column

Kind = Difference.Kind
LABELS = {
    "name": "Name", "provider_name": "Run by", "summary": "What it does", "phone": "Phone", "email": "Email",
    "web": "Website", "hours": "When it is open", "cost": "What it costs", "location": "Address",
    "location_public": "Its address is shown", "age_from": "From age", "age_to": "To age", "languages": "Languages",
    "access_notes": "Getting there, and access", "state": "State", "checked_on": "Checked",
}  # fmt: skip
KINDS = {Kind.NEW: ("New", "green"), Kind.CHANGED: ("Changed", "blue"), Kind.GONE: ("Gone", "orange")}
STATES = {
    lifecycle.OPEN: ("To decide", "blue"), lifecycle.ACCEPTED: ("Accepted", "green"),
    lifecycle.REJECTED: ("Rejected", "grey"), lifecycle.LAPSED: ("Over", "grey"),
}  # fmt: skip
READ = {
    lifecycle.WAITING: ("Being read", "blue"), lifecycle.READ: ("Read", "green"),
    lifecycle.REFUSED: ("Not read", "red"), lifecycle.STOPPED: ("Stopped", "grey"),
}  # fmt: skip
ALIKE = {"name": "name", "phone": "phone number", "email": "email", "web": "website", "postcode": "postcode"}
MENDS = {
    "empty": "Empty text, kept as nothing", "html": "Mark-up taken off", "control": "Characters that no page can show",
    "missing": "Left out by the list", "bad": "Not what it should be, and not kept",
    "too_old": "A date before 2000, ignored",
    "too_long": "Cut to its length here", "no_scheme": "A website without https://, kept as words",
    "wrong_type": "Of another kind than it should be, and not kept", "duplicate": "There twice, told apart",
    "not_a_service": "An entry that is no service",
}  # fmt: skip
NO_PLACE = "Has no place here"
REPORT = (
    Column("what", "What"), Column("field", "Field in the list"), Column("count", "How often"),
    Column("examples", "Some ids in the list"),
)  # fmt: skip
NOTHING = "Nothing"


@dataclass(frozen=True)
class Line:
    """A list on the page of lists."""

    pk: str
    name: str
    publisher: str
    how: str
    last: str
    word: str
    colour: str
    waiting: str


def line(one: Standing, rhythms: Mapping[str, str]) -> Line:
    word, colour = ("Paused", "grey") if one.list.paused_at else _stands(one.last)
    return Line(
        pk=str(one.list.pk), name=one.list.name, publisher=one.list.publisher, how=how(one.list, rhythms),
        last=datetime_words(one.last.asked_at) if one.last else "Never", word=word, colour=colour,
        waiting=waiting(one.waiting),
    )  # fmt: skip


def _stands(last: Reading | None) -> tuple[str, str]:
    return READ[last.state] if last else ("Not read yet", "grey")


def how(of: List, rhythms: Mapping[str, str]) -> str:
    """Where a list comes from, and how often."""
    if not of.address:
        return "You upload it"
    return f"From {urlsplit(of.address).hostname}: {_small(rhythms.get(of.rhythm, of.rhythm))}"


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def waiting(counts: Mapping[str, int]) -> str:
    """ "12 new, 3 changed": what nobody decided."""
    told = [f"{counts[kind]:,} {word.lower()}" for kind, (word, _) in KINDS.items() if counts.get(kind)]
    return ", ".join(told) or NOTHING


def stats(one: Standing) -> list[dict[str, Any]]:
    """What waits of each kind, each with its way to those."""
    address = reverse("lists:differences", args=[one.list.pk])
    return [
        {"value": one.waiting[kind], "label": word.lower(), "href": f"{address}?kind={kind}"}
        for kind, (word, _) in KINDS.items() if one.waiting.get(kind)
    ]  # fmt: skip


@dataclass(frozen=True)
class Past:
    """A reading on the page of its list."""

    pk: str
    asked_at: Any
    by: str
    word: str
    colour: str
    found: str


def past(one: Reading) -> Past:
    word, colour = READ[one.state]
    found = {"NEW": one.added, "CHANGED": one.changed, "GONE": one.gone}
    said = f"{one.services:,} services: {_small(waiting(found))} to decide" if one.state == lifecycle.READ else one.why
    by = one.file or ("Asked for" if one.asked_by else "By itself")
    return Past(str(one.pk), one.asked_at, by, word, colour, said)


def progress(one: Reading) -> tuple[int, str]:
    """Of a hundred, and in words."""
    if not one.pages:
        return 0, "Waiting for its turn" if one.file else "Waiting for its first page"
    of = f" of {one.pages_said:,}" if one.pages_said else ""
    return (100 * one.pages // one.pages_said if one.pages_said else 50,
            f"Page {one.pages:,}{of}: {one.services:,} services")  # fmt: skip


def sums(one: Reading) -> list[dict[str, Any]]:
    """What came of a reading, as a row of counts that add up with what was rejected before."""
    told = (("read", one.services), ("new", one.added), ("changed", one.changed), ("gone", one.gone),
            ("the same", one.unchanged), ("rejected before", one.known))  # fmt: skip
    return [{"value": value, "label": words} for words, value in told]


def mends(one: Reading) -> list[dict[str, Any]]:
    """What was odd, and what has no place here, in words: most often first."""
    odd = [{"what": MENDS.get(mend["kind"], mend["kind"]), "field": mend["field"], "count": mend["count"],
            "examples": ", ".join(mend["examples"])} for mend in one.mends]  # fmt: skip
    odd += [{"what": NO_PLACE, "field": path, "count": count, "examples": ""} for path, count in one.unused.items()]
    return sorted(odd, key=lambda row: (-row["count"], row["what"], row["field"]))


def report(one: Reading) -> Iterator[dict[str, Any]]:
    """The report of a reading as rows of a file."""
    yield from ({"what": f"Services {stat['label']}", "field": "", "count": stat["value"], "examples": ""}
                for stat in sums(one))  # fmt: skip
    yield from mends(one)


@dataclass(frozen=True)
class Row:
    """A difference in the list of them."""

    pk: str
    name: str
    run_by: str
    word: str
    colour: str
    about: str
    heard: str
    again: bool
    likely: str
    decided: tuple[str, str]


def row(one: Difference) -> Row:
    word, colour = KINDS[Kind(one.kind)]
    about = {Kind.NEW: "", Kind.GONE: "Not in the list any more"}.get(
        Kind(one.kind), ", ".join(words for name, words in LABELS.items() if name in one.changes)
    )
    return Row(
        pk=str(one.pk), name=one.name, run_by=one.run_by, word=word, colour=colour, about=about,
        heard=", ".join(one.heard[:4]), again=one.refused_before, likely=one.likely.name if one.likely else "",
        decided=STATES[one.state],
    )  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field: as it is here, and as the list has it."""

    name: str
    label: str
    before: str
    after: str


def fields(one: Difference, words: Mapping[str, str]) -> list[Field]:
    """What is different, field by field; of something new, everything that the list says of it. Once it was accepted,
    what was there before beside what was taken over."""
    told, before = one.changes, {name: getattr(one.service, name, None) for name in LABELS}
    if one.kind == Kind.NEW:
        told = {name: value for name, value in one.told.items() if value not in rules.BLANK}
    elif one.state == lifecycle.ACCEPTED and one.undo:
        before = one.undo.get("before", {})
        told = {name: one.told[name] for name in before if name in one.told}
    return [
        Field(name, LABELS[name], _shown(name, before.get(name), words), _shown(name, told[name], words))
        for name in LABELS if name in told
    ]  # fmt: skip


def odd(one: Difference) -> list[str]:
    """What was odd about an entry, in words."""
    said = [(MENDS.get(found["kind"], found["kind"]), found["field"], found["value"][:80]) for found in one.oddities]
    return [f"{field}: {_small(words)}{f' ({value})' if value else ''}" for words, field, value in said]


def beside(one: Difference, other: Service, words: Mapping[str, str]) -> list[Field]:
    """A service that may be the same, side by side with what the list says."""
    told = {**one.told, "location": "" if other.location_protected else one.told.get("location", "")}
    pairs = {name: (getattr(other, name), told.get(name)) for name in LABELS if name != "location_public"}
    pairs["provider_name"] = (other.run_by, told.get("provider_name"))
    return [
        Field(name, LABELS[name], _shown(name, here, words), _shown(name, there, words))
        for name, (here, there) in pairs.items() if here not in rules.BLANK or there not in rules.BLANK
    ]  # fmt: skip


def _shown(name: str, value: Any, words: Mapping[str, str]) -> str:
    """A value as a page says it."""
    if name == "location_public":
        return "Yes" if value else "No"
    if value in rules.BLANK:
        return NOTHING
    if name == "state":
        return directory.WORDS[value]
    if name == "checked_on":
        return date_words(rules.as_columns({name: value})[name]) if isinstance(value, str) else date_words(value)
    return "; ".join(words.get(code, code) for code in value) if isinstance(value, list) else str(value)


def preview(one: Difference) -> Service:
    """The service as it would be once the whole difference is accepted; not saved."""
    if one.service is None:
        return Service(source=one.list.code, listed_by=one.list.publisher or one.list.name, licence=one.list.licence,
                       councils=one.list.councils, **rules.as_columns(one.told))  # fmt: skip
    found = Service(**{field.attname: getattr(one.service, field.attname) for field in Service._meta.concrete_fields})
    changes = without_place(one.changes) if found.location_protected else one.changes
    for name, value in rules.as_columns(changes).items():
        if name in RELAYED:
            setattr(found, name, value)
    if one.kind == Kind.GONE:
        found.state = Service.State.CLOSED
    return found


def alike(one: Difference) -> str:
    """By what a service looks like another: "name and phone number"."""
    return listed([ALIKE[code] for code in one.alike])


def left(why: Mapping[str, int]) -> str:
    """What of many was left for somebody to decide one by one."""
    told = [f"{count:,} {words}" for words, count in why.items()]
    return f" Left for you to decide one by one: {'; '.join(told)}." if told else ""
