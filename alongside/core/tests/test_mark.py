"""A key ring that is not the database's own is refused before it seals anything."""

import json
from uuid import uuid4

import pytest
from django.conf import settings

from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, mark
from alongside.core.rows.realms import Realm

pytestmark = pytest.mark.django_db
READERS = (Realm.HUB, Realm.PROVIDER, Realm.REFERRER, Realm.PUBLIC, Realm.WORKER)


def use(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(settings, "KEY_RING", text)
    crypt.ring.cache_clear()
    crypt.forget()


def another(part: str) -> str:
    """The tests' ring with its index key, or its master, changed for another of the same name."""
    held, fresh = json.loads(str(settings.KEY_RING)), json.loads(crypt.new_ring())
    return json.dumps({**held, part: fresh[part]})


@pytest.fixture(autouse=True)
def _own_ring() -> object:
    yield
    crypt.ring.cache_clear()


@pytest.mark.parametrize("realm", READERS)
def test_every_realm_that_seals_may_look_and_leaves_one_mark(realm: Realm) -> None:
    for _ in range(2):
        mark.refuse_if_wrong(realm)
    assert PersonKey.objects.filter(person_id__range=(mark.FIRST, mark.LAST)).count() == 1


@pytest.mark.parametrize("part", ["index", "keys"])
def test_another_ring_is_refused(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mark.refuse_if_wrong(Realm.HUB)
    use(monkeypatch, another(part))
    with pytest.raises(crypt.KeyRingMissing, match="not the one"):
        mark.refuse_if_wrong(Realm.HUB)


def test_a_ring_that_opens_nobodys_key_leaves_no_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    crypt.seal(uuid4(), "a_table", uuid4(), "note", "x")
    use(monkeypatch, another("keys"))
    with pytest.raises(crypt.KeyRingMissing, match="not the one"):
        mark.refuse_if_wrong(Realm.WORKER)
    assert PersonKey.objects.count() == 1


def test_a_rotated_ring_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    mark.refuse_if_wrong(Realm.HUB)
    use(monkeypatch, crypt.new_ring(crypt.ring()))
    mark.refuse_if_wrong(Realm.HUB)
