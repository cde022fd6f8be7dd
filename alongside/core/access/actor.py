"""The actor: who acts, for which organisation, in which realm, with which permissions. Every action's `by`."""

from dataclasses import dataclass, field
from uuid import UUID

from alongside.core.rows.realms import Realm


@dataclass(frozen=True)
class Actor:
    """Whoever is at work: a person acting for one organisation, the public, or the system.

    `number` (negative) is by which the person is named on restricted records, `unsealed` those of the seals that they
    have broken and that are still broken, `closed` the people whose records are closed to them.
    """

    realm: Realm
    user_id: UUID | None = None
    organisation_id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    name: str = ""
    organisation: str = ""
    second_factor: bool = False
    others: tuple[tuple[int, str], ...] = ()
    number: int = 0
    unsealed: tuple[int, ...] = ()
    closed: tuple[UUID, ...] = ()

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    @property
    def orgs(self) -> tuple[int, ...]:
        """The organisation, and the numbers that let into restricted records."""
        if self.organisation_id is None:
            return ()
        return (self.organisation_id, *((self.number,) if self.number else ()), *self.unsealed)

    @property
    def own(self) -> tuple[int, ...]:
        """The same without what a broken seal shows for a while."""
        return self.orgs[: len(self.orgs) - len(self.unsealed)]

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None


PUBLIC_ACTOR = Actor(realm=Realm.PUBLIC, name="a member of the public")
SYSTEM_ACTOR = Actor(realm=Realm.WORKER, name="Alongside")
