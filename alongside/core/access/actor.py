"""The actor: who acts, for which organisation, in which realm, with which permissions. Every action's `by`."""

from dataclasses import dataclass, field
from uuid import UUID

from alongside.core.rows.realms import Realm


@dataclass(frozen=True)
class Actor:
    """Whoever is at work: a person acting for one organisation, the public, or the system."""

    realm: Realm
    user_id: UUID | None = None
    organisation_id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    name: str = ""
    organisation: str = ""
    second_factor: bool = False
    others: tuple[tuple[int, str], ...] = ()

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    @property
    def orgs(self) -> tuple[int, ...]:
        return () if self.organisation_id is None else (self.organisation_id,)

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None


PUBLIC_ACTOR = Actor(realm=Realm.PUBLIC, name="a member of the public")
SYSTEM_ACTOR = Actor(realm=Realm.WORKER, name="Alongside")
