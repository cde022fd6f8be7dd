"""Scopes: how a table's rows are tied to organisations. A model declares one in its inner `class Rows`."""

from dataclasses import dataclass
from typing import Protocol

ORGS = "string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[]"
INTAKE = "string_to_array(nullif(current_setting('app.intake', true), ''), ',')::int[]"
CLOSED = "coalesce(string_to_array(nullif(current_setting('app.closed', true), ''), ',')::uuid[], '{}')"
USER = "nullif(current_setting('app.user', true), '')::uuid"
# What of `app.orgs` is the caller's own for good: the same, but for what a broken seal lends for a while to read.
LENT = "coalesce(current_setting('app.own', true), '') <> ''"
OWN = (
    "string_to_array(coalesce(nullif(current_setting('app.own', true), ''), "
    "nullif(current_setting('app.orgs', true), '')), ',')::int[]"
)
TICKET = "decode(nullif(current_setting('app.ticket', true), ''), 'hex')"

# Kinds of records that one provider hands on to another: whoever did reads them for a while, and writes them no more.
HANDED_ON = ("referral", "victim")


class SeenByOrgs:
    """Rows that carry `visible_orgs`: the one shape of policy that is quick for the smallest charity too.

    A restricted row carries the negative numbers of the people who are named on it in place of their organisations.
    `person` is the column of whom the row is about: to whoever declared a conflict of interest it is closed.
    """

    person: str

    def expression(self, table: str) -> str:
        closed = f" AND {self.person} <> ALL ({CLOSED})" if self.person else ""
        return f"visible_orgs && {ORGS}{closed}"


@dataclass(frozen=True)
class Own(SeenByOrgs):
    """Rows that organisations are let into one by one; `holder` is the column of the first of them."""

    kind: str
    holder: str
    person: str
    key: str = "id"


@dataclass(frozen=True)
class Follows(SeenByOrgs):
    """Rows seen by whoever is let into the record named by `kind` and `key`; `holder` sees them at least."""

    kind: str
    key: str
    holder: str
    person: str


@dataclass(frozen=True)
class Parent:
    """Rows seen with their parent, found by primary key. `changed`: the column of the moment at which a row was changed
    last, where rows are: of a record that was handed on it is new to whoever did."""

    column: str
    table: str
    changed: str = ""

    def expression(self, table: str) -> str:
        return f"EXISTS (SELECT FROM {self.table} parent WHERE parent.id = {table}.{self.column})"


@dataclass(frozen=True)
class SealedParent:
    """Rows whose parent is restricted and open to the caller, as one of those who are named."""

    column: str
    table: str

    def expression(self, table: str) -> str:
        own = f"parent.id = {table}.{self.column} AND parent.visible_orgs[1] < 0"
        return f"EXISTS (SELECT FROM {self.table} parent WHERE {own})"


@dataclass(frozen=True)
class ReaderOf:
    """Rows whose parent, found by primary key, is open to the caller and names them among its readers."""

    column: str
    table: str
    readers: str

    def expression(self, table: str) -> str:
        named = f"parent.id = {table}.{self.column} AND {USER} = ANY (parent.{self.readers})"
        return f"EXISTS (SELECT FROM {self.table} parent WHERE {named})"


@dataclass(frozen=True)
class KeeperOf:
    """Rows whose parent, found by primary key, is open to the caller, who holds it, stands in for its holder today, or
    manages the organisation that has it: `managed` is a function of the database, asked once a statement."""

    column: str
    table: str
    holder: str
    stand_in: str
    until: str
    organisation: str
    managed: str

    def expression(self, table: str) -> str:
        today = "(now() AT TIME ZONE 'Europe/London')::date"
        holds = f"parent.{self.holder} = {USER}"
        stands_in = f"(parent.{self.stand_in} = {USER} AND parent.{self.until} >= {today})"
        manages = f"parent.{self.organisation} = ANY ((SELECT {self.managed}({USER}))::int[])"
        own = f"parent.id = {table}.{self.column} AND ({holds} OR {stands_in} OR {manages})"
        return f"EXISTS (SELECT FROM {self.table} parent WHERE {own})"


@dataclass(frozen=True)
class Listed(SeenByOrgs):
    """Rows that name in `visible_orgs` the organisations that see them, written by the sign-in role's actions."""

    person: str = ""


@dataclass(frozen=True)
class OwnOrg:
    """Rows that belong to one organisation, for its own people; `person`: but whoever that is closed to."""

    column: str = "organisation_id"
    person: str = ""

    def expression(self, table: str) -> str:
        closed = f" AND {self.person} <> ALL ({CLOSED})" if self.person else ""
        return f"{self.column} = ANY ({ORGS}){closed}"


@dataclass(frozen=True)
class Among:
    """Rows of organisations that a function of the database gives for whoever asks; it is asked once a statement.
    `kind`: of what it gives; of `uuid` they are the rows' own keys."""

    column: str
    function: str
    kind: str = "int"

    def expression(self, table: str) -> str:
        return f"{self.column} = ANY ((SELECT {self.function}({USER}))::{self.kind}[])"


@dataclass(frozen=True)
class AmongParent:
    """Rows whose parent, found by primary key, is open to the caller and is of such an organisation (`Among`)."""

    column: str
    table: str
    organisation: str
    function: str

    def expression(self, table: str) -> str:
        own = Among(f"parent.{self.organisation}", self.function).expression(table)
        return f"EXISTS (SELECT FROM {self.table} parent WHERE parent.id = {table}.{self.column} AND {own})"


@dataclass(frozen=True)
class Intake:
    """Rows that a public or referring request may leave for a hub, and not read. `about` names the column of the
    victim, who must have been left by the same request: nothing is hung on a record that was there before.
    """

    column: str
    about: str = ""

    def expression(self, table: str) -> str:
        mine = f"{self.column} = ANY ({INTAKE})"
        return f"{mine} AND rows_fresh('victim', {self.about})" if self.about else mine


@dataclass(frozen=True)
class Mine:
    """Rows of the person who is signed in."""

    column: str = "user_id"

    def expression(self, table: str) -> str:
        return f"{self.column} = {USER}"


@dataclass(frozen=True)
class Reads:
    """Rows that name the person who is signed in among their readers."""

    column: str = "readers"

    def expression(self, table: str) -> str:
        return f"{USER} = ANY ({table}.{self.column})"


@dataclass(frozen=True)
class Unsigned:
    """Rows of a request that nobody is signed in for."""

    user: str = "user_id"
    organisation: str = "organisation_id"

    def expression(self, table: str) -> str:
        return f"{self.user} IS NULL AND {self.organisation} IS NULL"


@dataclass(frozen=True)
class Ticket:
    """The one row whose blind index the request presents."""

    column: str = "lookup"

    def expression(self, table: str) -> str:
        return f"{self.column} = {TICKET}"


@dataclass(frozen=True)
class Either:
    """Rows that any of several scopes shows. Not for large lists: an OR hides indexes from the planner."""

    scopes: tuple["Scope", ...]

    def expression(self, table: str) -> str:
        return " OR ".join(f"({scope.expression(table)})" for scope in self.scopes)


@dataclass(frozen=True)
class Both:
    """Rows that every one of several scopes shows."""

    scopes: tuple["Scope", ...]

    def expression(self, table: str) -> str:
        return " AND ".join(f"({scope.expression(table)})" for scope in self.scopes)


@dataclass(frozen=True)
class When:
    """Rows of which something holds, and of those what the scope shows."""

    holds: str
    scope: "Scope"

    def expression(self, table: str) -> str:
        return f"{self.holds} AND ({self.scope.expression(table)})"


@dataclass(frozen=True)
class Unless:
    """Rows that do not raise a flag, and of those that do what the scope shows. The flag spares the rest its cost."""

    flag: str
    scope: "Scope"

    def expression(self, table: str) -> str:
        return f"NOT {self.flag} OR ({self.scope.expression(table)})"


class Ties(Protocol):
    """Whatever says in SQL which rows of a table are meant."""

    def expression(self, table: str) -> str: ...


@dataclass(frozen=True)
class Published:
    """Rows that everybody who is granted the table may read, with the reason; `writes` ties those to be written."""

    reason: str
    writes: Ties

    def expression(self, table: str) -> str:
        return self.writes.expression(table)


@dataclass(frozen=True)
class Open:
    """No row security, with the reason: the table holds nobody's personal data, or one realm alone reads it."""

    reason: str

    def expression(self, table: str) -> str:
        raise TypeError(f"{table} has no row security")


Scope = (
    Own
    | Follows
    | Parent
    | SealedParent
    | ReaderOf
    | KeeperOf
    | Listed
    | OwnOrg
    | Among
    | AmongParent
    | Intake
    | Mine
    | Reads
    | Unsigned
    | Ticket
    | Either
    | Both
    | When
    | Unless
    | Published
    | Open
)
