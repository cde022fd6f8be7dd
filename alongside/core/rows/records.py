"""The base of every record that organisations are let into, and the calls that let them in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm


class Records(models.QuerySet[Any]):
    """First lock: rows that the actor's organisation is let into."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(visible_orgs__overlap=list(actor.orgs))


class Record(models.Model):
    """A record with people in it. `visible_orgs` is written by triggers alone (`rows.functions`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visible_orgs: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField(), default=list, editable=False)

    looks_are_logged = True
    objects = Records.as_manager()

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["visible_orgs"], name="%(app_label)s_%(class)s_orgs")]


class OfParent(models.QuerySet[Any]):
    """First lock of a child: seen with its parent. `Meta.parent` names the path to it."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        path: str = self.model.parent_path
        return self.filter(**{f"{path}__visible_orgs__overlap": list(actor.orgs)})


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
