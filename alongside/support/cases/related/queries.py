"""Reads of people around a case: who stands, opened; what it said before; who turns 18."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.rules import MOMENTS
from alongside.support.cases.related.models import Professional, Relative

RELATIONS, RESPONSIBILITY, ROLES, CHANGES = (
    "household_relations", "parental_responsibility", "professional_roles", "people_changes",
)  # fmt: skip
SEALED: Mapping[type[Any], tuple[str, ...]] = {
    Relative: ("name", "school", "needs", "social_worker"),
    Professional: ("name", "organisation", "phone", "email"),
}
CODES: Mapping[type[Any], tuple[str, ...]] = {
    Relative: ("relation", "lives", "birth_date", "age_said", "responsibility"),
    Professional: ("role", "may_be_told"),
}
Row = TypeVar("Row", Relative, Professional)


@dataclass(frozen=True)
class Known:
    """A version of somebody, opened."""

    row: Any
    said: Mapping[str, str]
    own_case: Case | None = None


def said_of(row: Row) -> dict[str, str]:
    crypt.load_keys([row.victim_id])
    return {column: fields.read(row, column) for column in SEALED[type(row)]}


def standing(kind: type[Row], case: Case, by: Actor) -> tuple[Known, ...]:
    """Those who stand, in the order in which they were first written; with their own case where it is open too."""
    found = list(kind.objects.filter(case=case, superseded_at=None, gone=False).order_by("piece"))
    keys = [key for one in found if (key := getattr(one, "own_case", None))]
    cases = Case.objects.visible_to(by).in_bulk(keys) if keys else {}
    return tuple(Known(one, said_of(one), cases.get(getattr(one, "own_case", None))) for one in found)


def now(row: Row) -> Row | None:
    """The version that stands, whichever its reader had; None where they were taken off the case."""
    kind = type(row)
    return kind.objects.filter(piece=row.piece, superseded_at=None, gone=False).first()


def history(kind: type[Row], case: Case) -> tuple[tuple[Known, ...], ...]:
    """Everybody who ever stood, each with their versions, the newest first."""
    pieces: dict[UUID, list[Known]] = {}
    for one in kind.objects.filter(case=case).order_by("-written_at", "-number"):
        pieces.setdefault(one.piece, []).append(Known(one, said_of(one)))
    return tuple(map(tuple, pieces.values()))


def added_again(made: Row, said: Mapping[str, str], *, by: Actor, at: datetime) -> Row | None:
    """Just this person, added moments ago by the same worker: the form was sent twice."""
    recent = type(made).objects.filter(
        case=made.case, number=1, superseded_at=None, written_by=by.user_id, written_at__gt=at - MOMENTS,
        **{name: getattr(made, name) for name in CODES[type(made)]},
    )  # fmt: skip
    return next((one for one in recent if said_of(one) == said), None)


def own_case(reference: str, case: Case, by: Actor) -> Case | None:
    """Another case of the same provider by its reference, where it is open to the actor."""
    tidy = tidy_reference(reference)
    found = Case.objects.visible_to(by).filter(reference=tidy, provider_id=case.provider_id).exclude(pk=case.pk)
    return found.order_by("-accepted_at").first() if tidy else None


def may_see(key: UUID | None, by: Actor) -> Case | None:
    return Case.objects.visible_to(by).filter(pk=key).first() if key else None


def relation(code: str, on: date) -> Any:
    return rulebook.find(RELATIONS, code, on)


def soon(on: date) -> int:
    """How many days before a child turns 18 it is raised."""
    return rulebook.rule("limits", "grown_up_soon", on).number("number")


def names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in={one for one in people if one}).values_list("pk", "name"))
