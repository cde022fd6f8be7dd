"""The base of every record that organisations are let into, and the calls that let them in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm


def _closed(model: type[models.Model], path: str, actor: Actor) -> dict[str, object]:
    """What a lookup excludes of a record whose `Rows.scope` names its person: those that are closed to the actor."""
    person: str = model.Rows.scope.person  # type: ignore[attr-defined]
    return {f"{path}{person}__in": actor.closed} if actor.closed else {}


def _at(model: type[models.Model], path: str) -> type[models.Model]:
    """The model at the end of a lookup path."""
    for step in path.split("__"):
        found = model._meta.get_field(step).related_model
        assert isinstance(found, type)
        model = found
    return model


class Records(models.QuerySet[Any]):
    """First lock: rows that the actor's organisation is let into."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(visible_orgs__overlap=list(actor.orgs)).exclude(**_closed(self.model, "", actor))


class Record(models.Model):
    """A record with people in it. `visible_orgs` is written by triggers alone (`rows.functions`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visible_orgs: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField(), default=list, editable=False)

    looks_are_logged = True

    objects = Records.as_manager()

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["visible_orgs"], name="%(app_label)s_%(class)s_orgs")]

    @property
    def restricted(self) -> bool:
        """Whether only the people who are named see it."""
        return any(number < 0 for number in self.visible_orgs)


class OfParent(models.QuerySet[Any]):
    """First lock of a child: seen with its parent. `Meta.parent` names the path to it."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        path: str = self.model.parent_path
        seen = self.filter(**{f"{path}__visible_orgs__overlap": list(actor.orgs)})
        return seen.exclude(**_closed(_at(self.model, path), f"{path}__", actor))


class Child(models.Model):
    """A row seen with its parent; `parent_path` is the lookup path to the parent record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent_path: str

    objects = OfParent.as_manager()

    class Meta:
        abstract = True


def _call(sql: str, *values: str | int | UUID | datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", values)


def share(kind: str, subject: UUID, organisation: int, *, why: str, until: datetime | None = None) -> None:
    """Lets an organisation into a record. Raises ProgrammingError where the caller is not in it."""
    _call("rows_share(%s, %s, %s, %s, %s)", kind, subject, organisation, why, until)


def offer(kind: str, subject: UUID, organisation: int, *, why: str) -> None:
    """Prepares a grant that the organisation may take up."""
    _call("rows_offer(%s, %s, %s, %s)", kind, subject, organisation, why)


def take_up(kind: str, subject: UUID) -> None:
    """Takes up what was offered to the caller's organisation."""
    _call("rows_take_up(%s, %s)", kind, subject)


def give_back(kind: str, subject: UUID) -> None:
    """Ends the caller's organisation's grant, pending or current."""
    _call("rows_give_back(%s, %s)", kind, subject)


def withdraw(kind: str, subject: UUID, organisation: int) -> None:
    """Ends another organisation's grant, pending or current."""
    _call("rows_withdraw(%s, %s, %s)", kind, subject, organisation)


def take_back(kind: str, subject: UUID, organisation: int) -> None:
    """Ends what a provider prepared for another that has not answered."""
    _call("rows_take_back(%s, %s, %s)", kind, subject, organisation)


def step_back(kind: str, subject: UUID, organisation: int, *, until: datetime) -> None:
    """An organisation that has handed a record on sees it as it was until a moment, and nothing new. For the worker."""
    _call("rows_step_back(%s, %s, %s, %s)", kind, subject, organisation, until)


def stepped_back(kind: str, subject: UUID) -> bool:
    """Whether the caller's organisation has handed a record on: it reads it as it was, and changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows_stepped_back(%s, %s)", [kind, subject])
        return bool(cursor.fetchone()[0])


def end_former(person: UUID) -> None:
    """Nobody who has handed a person's records on sees them any more: who they are or where they live has changed."""
    _call("rows_end_former(%s)", person)


def name(person: UUID, user: UUID, organisation: int, *, why: str) -> None:
    """Names somebody of an organisation on a person's records. Raises ProgrammingError where the caller is not in."""
    _call("rows_name(%s, %s, %s, %s)", person, user, organisation, why)


def unname(person: UUID, user: UUID, organisation: int) -> None:
    """Takes somebody from the names. Raises IntegrityError where nobody would be left."""
    _call("rows_unname(%s, %s, %s)", person, user, organisation)


def seal(person: UUID) -> None:
    """From now on only those who are named may open a person's records, and what is added to them."""
    _call("rows_seal(%s)", person)


def unseal(person: UUID) -> None:
    """Opens a person's records again to the organisations that are let into them."""
    _call("rows_unseal(%s)", person)


@dataclass(frozen=True)
class NamedOne:
    """Somebody who may open a sealed record; `until` where the seal is broken for them."""

    user_id: UUID
    organisation_id: int
    since: datetime
    until: datetime | None
    why: str


def named(person: UUID) -> tuple[NamedOne, ...]:
    """Who may open a person's records, the first first. Raises ProgrammingError where the caller may not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, organisation, since, until, why FROM rows_named(%s)", [person])
        return tuple(NamedOne(*row) for row in cursor.fetchall())


def close_to(person: UUID, user: UUID) -> None:
    """Closes a person's records to the caller or a colleague of theirs."""
    _call("rows_close(%s, %s)", person, user)


def reopen_to(person: UUID, user: UUID) -> None:
    """Ends that for a colleague; nobody does it for themselves."""
    _call("rows_reopen(%s, %s)", person, user)


def open_to(people: Collection[UUID], user: UUID, organisation: int) -> set[UUID]:
    """Of these people those whose records a colleague of the caller may open for good, and the caller too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rows_open_to(%s::uuid[], %s, %s)", [list(people), user, organisation])
        return {key for (key,) in cursor.fetchall()}


def expire() -> int:
    """Closes records to organisations whose grant has run out. Returns how many records were looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows_expire()")
        return int(cursor.fetchone()[0])


def forget_logs(before: datetime, *, kept: Collection[UUID]) -> int:
    """Deletes what was done, seen and refused before a moment, but of these records; the worker alone may. How many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows_forget_logs(%s, %s::uuid[])", [before, list(kept)])
        return int(cursor.fetchone()[0])
