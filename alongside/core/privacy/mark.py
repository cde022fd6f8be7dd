"""Whether the key ring is the one that this database was sealed with: a ring that opens nothing must not seal anything.

The mark is a key of nobody. Its id holds a blind index of a fixed word, and it is sealed by a master like every key: to
a ring with another index key it has the wrong id, and one with another master does not open it.
"""

from uuid import UUID

from django.db import transaction

from alongside.core.models import PersonKey
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, inside

FIRST, LAST = UUID(int=0), UUID(int=2**64 - 1)  # no key made by the clock lies here
WRONG = (
    "The key ring is not the one that this database was sealed with. What is sealed would not open, and what is sealed "
    "from now on would be lost to the right ring. Restore that one; `alongside keys new` is for new systems alone."
)


def _expected() -> UUID:
    return UUID(bytes=bytes(8) + crypt.blind("ring", "mark")[:8])


def refuse_if_wrong(realm: Realm) -> None:
    """Raises KeyRingMissing when the ring does not fit. Leaves the mark where there is none yet."""
    with transaction.atomic(), inside(realm):
        mark = PersonKey.objects.filter(person_id__range=(FIRST, LAST)).first()
        sample = mark or PersonKey.objects.first()
        if (mark and mark.person_id != _expected()) or (sample and not _opens(sample)):
            raise crypt.KeyRingMissing(WRONG)
        if mark is None:
            PersonKey.objects.bulk_create(crypt.fresh_keys([_expected()]), ignore_conflicts=True)


def _opens(key: PersonKey) -> bool:
    try:
        crypt.unwrap(key.person_id, key.master, bytes(key.wrapped))
    except crypt.SealBroken:
        return False
    return True
