"""Sealing: what is sealed opens for its own row alone, and only under the key ring."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.ids import uuid7
from alongside.core.management.commands import keys
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt
from alongside.core.privacy.fields import SealedField


@pytest.fixture
def person(db: None) -> Any:
    return uuid7()


def test_what_is_sealed_opens(person: Any) -> None:
    row = uuid7()
    sealed = crypt.seal(person, "a_table", row, "note", "Ring after six. ☎")
    assert crypt.unseal(person, "a_table", row, "note", sealed) == "Ring after six. ☎"
    assert b"Ring" not in sealed


def test_a_value_moved_to_another_row_or_column_does_not_open(person: Any) -> None:
    row = uuid7()
    sealed = crypt.seal(person, "a_table", row, "note", "x")
    for table, key, column in (("b_table", row, "note"), ("a_table", uuid7(), "note"), ("a_table", row, "phone")):
        with pytest.raises(crypt.SealBroken):
            crypt.unseal(person, table, key, column, sealed)


def test_an_altered_value_or_unknown_form_does_not_open(person: Any) -> None:
    row = uuid7()
    sealed = crypt.seal(person, "a_table", row, "note", "x")
    with pytest.raises(crypt.SealBroken):
        crypt.unseal(person, "a_table", row, "note", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(crypt.SealBroken, match="unknown form"):
        crypt.unseal(person, "a_table", row, "note", b"\x09" + sealed[1:])


def test_a_destroyed_key_erases_what_it_sealed(person: Any) -> None:
    row = uuid7()
    sealed = crypt.seal(person, "a_table", row, "note", "x")
    PersonKey.objects.filter(person_id=person).delete()
    crypt.forget()
    with pytest.raises(crypt.SealBroken, match="destroyed"):
        crypt.unseal(person, "a_table", row, "note", sealed)


def test_keys_are_opened_again_from_the_database(person: Any) -> None:
    row = uuid7()
    sealed = crypt.seal(person, "a_table", row, "note", "again")
    crypt.forget()
    crypt.load_keys([person, person])
    assert crypt.unseal(person, "a_table", row, "note", sealed) == "again"


def test_two_at_once_end_with_one_key(person: Any) -> None:
    first = crypt.seal(person, "a_table", person, "note", "one")
    crypt.forget()
    stored = PersonKey.objects.get(person_id=person)
    PersonKey.objects.filter(person_id=person).delete()
    crypt._key(person, make=True)
    PersonKey.objects.filter(person_id=person).update(master=stored.master, wrapped=stored.wrapped)
    crypt.forget()
    assert crypt.unseal(person, "a_table", person, "note", first) == "one"


def test_the_loser_of_a_race_takes_the_winners_key(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = crypt.seal(person, "a_table", person, "note", "won")
    crypt.forget()
    monkeypatch.setattr(crypt, "load_keys", lambda people: None)
    assert crypt._key(person, make=True)
    assert crypt.unseal(person, "a_table", person, "note", sealed) == "won"


def test_the_cache_of_open_keys_has_a_limit(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    crypt.seal(person, "a_table", person, "note", "x")
    monkeypatch.setattr(crypt, "_OPEN_LIMIT", 0)
    crypt.load_keys([uuid4()])
    assert person not in crypt._open_keys


@given(st.text(max_size=40), st.text(max_size=40))
def test_blind_indexes_are_equal_for_equal_values_alone(left: str, right: str) -> None:
    assert (crypt.blind("phone", left) == crypt.blind("phone", right)) == (left == right)
    assert crypt.blind("phone", left) != crypt.blind("email", left)


def test_rotation_keeps_what_was_sealed(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = crypt.seal(person, "a_table", person, "note", "kept")
    monkeypatch.setattr(settings, "KEY_RING", crypt.new_ring(crypt.ring()))
    crypt.ring.cache_clear()
    assert keys.reseal() == 1
    assert PersonKey.objects.get(person_id=person).master == "k2"
    crypt.forget()
    assert crypt.unseal(person, "a_table", person, "note", sealed) == "kept"
    crypt.ring.cache_clear()


def test_a_person_key_does_not_open_for_another_person(person: Any) -> None:
    master, wrapped = crypt.wrap(person, b"k" * 32)
    with pytest.raises(crypt.SealBroken):
        crypt.unwrap(uuid4(), master, wrapped)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"current": "k1", "keys": {"k1": "c2hvcnQ="}, "index": "c2hvcnQ="}',
     '{"current": "gone", "keys": {}, "index": ""}'],
)  # fmt: skip
def test_a_damaged_ring_is_refused_in_words(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(crypt.KeyRingMissing, match="key ring"):
        crypt._parse(text)


def test_a_missing_ring_says_what_to_do(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "KEY_RING", None)
    monkeypatch.setattr(settings, "KEY_RING_FILE", tmp_path / "keys.json")
    crypt.ring.cache_clear()
    with pytest.raises(crypt.KeyRingMissing, match="alongside keys new"):
        crypt.ring()
    keys.write_ring(tmp_path / "keys.json", crypt.new_ring())
    assert crypt.ring().current == "k1"
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    crypt.ring.cache_clear()


def test_the_command_makes_rotates_and_reseals(
    person: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="ALONGSIDE_KEY_RING"):
        call_command("keys", "new")
    monkeypatch.setattr(settings, "KEY_RING", None)
    monkeypatch.setattr(settings, "KEY_RING_FILE", tmp_path / "keys.json")
    crypt.ring.cache_clear()
    call_command("keys", "new")
    with pytest.raises(CommandError, match="rotate"):
        call_command("keys", "new")
    crypt.seal(person, "a_table", person, "note", "x")
    call_command("keys", "rotate")
    call_command("keys", "reseal")
    assert "1 keys" in capsys.readouterr().out
    crypt.ring.cache_clear()


def test_a_key_is_retired_when_nothing_is_sealed_under_it(
    person: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "KEY_RING", None)
    monkeypatch.setattr(settings, "KEY_RING_FILE", tmp_path / "keys.json")
    crypt.ring.cache_clear()
    call_command("keys", "new")
    sealed = crypt.seal(person, "a_table", person, "note", "kept")
    call_command("keys", "rotate")
    with pytest.raises(CommandError, match="1 keys are still sealed"):
        call_command("keys", "retire")
    call_command("keys", "reseal")
    call_command("keys", "retire")
    assert list(crypt.ring().keys) == ["k2"]
    crypt.forget()
    assert crypt.unseal(person, "a_table", person, "note", sealed) == "kept"
    call_command("keys", "rotate")
    assert list(crypt.ring().keys) == ["k2", "k3"]
    crypt.ring.cache_clear()


def test_a_person_erased_while_keys_are_sealed_again_stays_erased(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    crypt.seal(person, "a_table", person, "note", "x")
    monkeypatch.setattr(settings, "KEY_RING", crypt.new_ring(crypt.ring()))
    crypt.ring.cache_clear()
    unwrap = crypt.unwrap

    def erase_first(*words: Any) -> bytes:
        PersonKey.objects.filter(person_id=person).delete()
        return unwrap(*words)

    monkeypatch.setattr(crypt, "unwrap", erase_first)
    assert keys.reseal() == 0
    assert not PersonKey.objects.filter(person_id=person).exists()
    crypt.ring.cache_clear()


def test_a_sealed_field_takes_no_plain_text() -> None:
    with pytest.raises(TypeError, match="sealed"):
        SealedField(name="note").get_db_prep_value("plain", connection)


def test_a_key_that_the_ring_lacks_is_asked_for(person: Any) -> None:
    with pytest.raises(crypt.KeyRingMissing, match="'k9'"):
        crypt.ring().master("k9")


def test_the_key_of_a_device_is_its_owners_alone() -> None:
    me, you = uuid7(), uuid7()
    assert crypt.device_key(me) == crypt.device_key(me) != crypt.device_key(you)
    assert len(crypt.device_key(me)) == 32


def test_a_fresh_ring_has_fresh_keys() -> None:
    assert json.loads(crypt.new_ring())["keys"] != json.loads(crypt.new_ring())["keys"]


def test_what_a_secret_sealed_opens_under_that_secret_alone() -> None:
    sealed = crypt.seal_under("a cookie", "visit", "Testina")
    assert b"Testina" not in sealed
    assert crypt.unseal_under("a cookie", "visit", sealed) == "Testina"
    for secret, about, envelope in (
        ("another", "visit", sealed), ("a cookie", "else", sealed), ("a cookie", "visit", b""),
    ):  # fmt: skip
        with pytest.raises(crypt.SealBroken):
            crypt.unseal_under(secret, about, envelope)


@pytest.mark.django_db
def test_what_a_sealer_sealed_opens_with_the_key_that_it_gave() -> None:
    person, row = uuid4(), uuid4()
    sealer = crypt.Sealer(person)
    PersonKey.objects.create(person_id=person, master=sealer.master, wrapped=sealer.wrapped)
    sealed = sealer.seal("a_table", str(row), "note", "kept")
    crypt.forget()
    assert crypt.unseal(person, "a_table", row, "note", sealed) == "kept"
