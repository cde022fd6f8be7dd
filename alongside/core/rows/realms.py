"""Realms: one database role for each kind of work, taken inside the transaction and never for longer.

`enter` sets the role and the context that row security reads, both local to the transaction; `leave` undoes it.
A provider's request can therefore never see what the provider role was not granted, whatever the code asks for.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from uuid import UUID

from django.db import connection

from alongside.core import memory


class Realm(StrEnum):
    """A database role for each kind of work. Owner and the application's login are not realms."""

    AUTH = "auth"
    PUBLIC = "public"
    REFERRER = "referrer"
    PROVIDER = "provider"
    HUB = "hub"
    COMMISSIONING = "commissioning"
    WORKER = "worker"


READ_AHEAD = "rows.ahead"  # what was read for one realm is not shown in another
# What row security reads. Each is empty outside `enter`, and an empty one sees nothing.
CONTEXT = ("app.orgs", "app.user", "app.closed", "app.own", "app.intake", "app.ticket")


def role_name(realm: str) -> str:
    """The cluster-wide role of this database's realm."""
    return f"{connection.settings_dict['NAME']}_{realm}"


def enter(
    realm: Realm, *, orgs: Sequence[int] = (), user: UUID | None = None, closed: Sequence[UUID] = (),
    own: Sequence[int] = (),
) -> None:  # fmt: skip
    """Takes the realm's role and context until the transaction ends or `leave` is called.

    `orgs`: organisations, and the negative numbers by which the person is named. `closed`: people whose records are
    closed to them. `own`: those of `orgs` that no broken seal lent, so that what only that shows is not written.
    """
    beyond = own if set(own) != set(orgs) else ()
    lists = (orgs, [user] if user else [], closed, beyond)
    values = [role_name(realm), *(",".join(map(str, found)) for found in lists), "", ""]
    names = ("role", *CONTEXT)
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in names)
    memory.forget(READ_AHEAD)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", values)


def leave() -> None:
    """Back to the login's own role, with nothing in the context."""
    memory.forget(READ_AHEAD)
    blank = ", ".join(f"set_config('{name}', '', true)" for name in CONTEXT)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"SELECT {blank}")


def _set(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def intend_for(organisation: int) -> None:
    """Says for which hub a public or referring request is about to leave a referral."""
    _set("app.intake", str(organisation))


def present_ticket(lookup: bytes) -> None:
    """Presents the blind index of a reference and phrase; row security shows that one ticket."""
    _set("app.ticket", lookup.hex())


@contextmanager
def inside(
    realm: Realm, *, orgs: Sequence[int] = (), user: UUID | None = None, closed: Sequence[UUID] = (),
    own: Sequence[int] = (),
) -> Iterator[None]:  # fmt: skip
    """The realm for a stretch of code in an open transaction: commands, jobs, tests."""
    enter(realm, orgs=orgs, user=user, closed=closed, own=own)
    try:
        yield
    except BaseException:
        if not connection.needs_rollback and not _aborted():
            leave()
        raise
    leave()


def _aborted() -> bool:
    """Whether the transaction has failed, so that only a rollback (which undoes the role too) will do."""
    status = connection.connection.info.transaction_status if connection.connection else None
    return status is not None and status.name == "INERROR"
