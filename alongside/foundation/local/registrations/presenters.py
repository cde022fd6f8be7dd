"""Registrations in words: a row of the list, what was sent, what is different from the group that it may be."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from alongside.core.said import listed
from alongside.foundation.local.community.presenters import LABELS, Words, shown
from alongside.foundation.local.community.rules import About
from alongside.foundation.local.registrations import lifecycle
from alongside.foundation.local.registrations.forms import STATES
from alongside.foundation.local.registrations.models import Registration
from alongside.foundation.local.registrations.rules import Detail, Sent

COLOURS = {
    lifecycle.WAITING: "blue", lifecycle.ACCEPTED: "green", lifecycle.MERGED: "turquoise", lifecycle.DECLINED: "grey",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A registration in the list. Of a decided one the group is left, or why it was declined."""

    pk: UUID
    name: str
    word: str
    colour: str
    sent_at: datetime
    about: str


def line(one: Registration, names: Mapping[object, str], reasons: Mapping[str, str]) -> Line:
    name = names.get(one.pk) or (one.group.name if one.group else "Erased")
    return Line(one.pk, name, STATES[one.state], COLOURS[one.state], one.sent_at, reasons.get(one.reason, one.reason))


def details(sent: Sent, words: Words) -> list[dict[str, Any]]:
    """What the group said of itself. What it left empty is left out."""
    rows = [(one.name, getattr(sent.public, one.name)) for one in fields(About)]
    told = [
        {"key": LABELS[name], "value": shown(name, value, words), "written": name == "what"}
        for name, value in rows if value not in ("", (), "not_known")
    ]  # fmt: skip
    needs = listed([words["group_needs"].get(code, code) for code in sent.needs])
    return [*told, {"key": "Would help them", "value": needs, "written": False}]


def person(sent: Sent) -> list[dict[str, str]]:
    """Whoever sent it. An address that may be a home is with them."""
    asked = sent.person
    rows = (("Name", asked.name), ("What they do there", asked.role), ("Phone", asked.phone), ("Email", asked.email),
            ("How best to reach them", asked.how), ("Address, perhaps a home", asked.address))  # fmt: skip
    return [{"key": key, "value": value} for key, value in rows if value]


@dataclass(frozen=True)
class Side:
    """One detail side by side."""

    name: str
    label: str
    ours: str
    theirs: str


def side(one: Detail, words: Words) -> Side:
    return Side(one.name, LABELS[one.name], shown(one.name, one.ours, words) or "Nothing",
                shown(one.name, one.theirs, words))  # fmt: skip
