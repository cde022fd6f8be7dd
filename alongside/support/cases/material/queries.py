"""Reads of requests for records: those of a case, and the register of an organisation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.rules import MOMENTS
from alongside.support.cases.material import lifecycle, rules
from alongside.support.cases.material.models import Request

BOOKS = ("material_bodies", "material_kinds", "material_checks", "material_reasons", "material_views")
Words = Mapping[str, Mapping[str, str]]


def words() -> Words:
    """The words of every book of requests; a code that is in force no more keeps its last word."""
    return {book: {row.code: row.title for row in rulebook.every_version(book)} for book in BOOKS}


def checks(on: date) -> tuple[RuleRow, ...]:
    return rulebook.current("material_checks", on)


def days(clock: str, on: date) -> int:
    return rulebook.rule("clocks", clock, on).number("working_days")


def is_counselling(kinds: list[str], on: date) -> bool:
    """Whether any of the kinds of records that are asked for is of counselling."""
    return any((row := rulebook.find("material_kinds", code, on)) and row.flag("counselling") for code in kinds)


def by_order(body: str, on: date) -> bool:
    row = rulebook.find("material_bodies", body, on)
    return row is not None and row.flag("order")


def lacks(request: Request, on: date) -> tuple[RuleRow, ...]:
    """What a request must say and does not, by the rules of a day."""
    return rules.missing(checks(on), request.found, counselling=request.counselling)


def request_again(case: Case, *, by: Actor, at: datetime, **same: Any) -> Request | None:
    """The same request, recorded by the same person moments ago: its form was sent twice."""
    recent = Request.objects.filter(case_id=case.pk, recorded_by=by.user_id, recorded_at__gt=at - MOMENTS, **same)
    return recent.first()


@dataclass(frozen=True)
class Asked:
    """A request as it is read."""

    request: Request
    their_ref: str
    scope: str
    enquiry: str
    why: str
    provided: str
    lacks: tuple[RuleRow, ...]


def asked(request: Request, today: date) -> Asked:
    read = {name: fields.read(request, name) for name in ("their_ref", "scope", "enquiry", "why", "provided")}
    return Asked(request, lacks=lacks(request, today), **read)


def of_case(case: Case, today: date) -> tuple[Asked, ...]:
    """The requests about a case, the latest first."""
    crypt.load_keys([case.victim_id])
    found = Request.objects.filter(case_id=case.pk).order_by("-came_on", "-recorded_at")
    return tuple(asked(one, today) for one in found)


def as_it_stands(request: Request, today: date) -> Asked:
    """What it says at this moment, whatever the reader had before them."""
    return asked(Request.objects.select_related("case").get(pk=request.pk), today)


def waiting(case: Case) -> tuple[Request, ...]:
    return tuple(_waiting(case))


@ahead.question
def _waiting(case: Case) -> "QuerySet[Request]":
    return Request.objects.filter(case_id=case.pk, state__in=lifecycle.WAITING).order_by("due_on")


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_waiting(case),)


def register(rows: "QuerySet[Request]", *, state: str, body: str, today: date) -> "QuerySet[Request]":
    """The register as it was asked for: what waits, what is late, what was decided, or all; by who asks."""
    if state in ("", "late"):
        rows = rows.filter(state__in=lifecycle.WAITING)
    if state == "late":
        rows = rows.filter(due_on__lt=today)
    if state == "decided":
        rows = rows.exclude(state__in=lifecycle.WAITING)
    return (rows.filter(body=body) if body else rows).select_related("case__victim")
