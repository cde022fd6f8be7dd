"""What a phone seals opens once and as itself alone; what an entry must say; when a phone may send."""

import json
import os
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.desk.onthespot import rules
from alongside.support.desk.onthespot.rules import Codes, NotTaken
from alongside.support.desk.onthespot.tests.spots import SAID

CODES = Codes({"someone_close"}, {"evening"})
AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def test_what_is_sealed_opens_with_the_private_key_and_as_itself_alone() -> None:
    public, private = rules.new_key()
    occasion, entry = uuid4(), uuid4()
    about = rules.bound(occasion, entry)
    envelope = rules.seal(public, about, "words", nonce=os.urandom(12))
    assert rules.unseal(private, about, envelope) == "words" and b"words" not in envelope
    other = rules.new_key()[1]
    for key, bound in (
        (other, about),
        (private, rules.bound(occasion, uuid4())),
        (private, rules.bound(uuid4(), entry)),
    ):
        with pytest.raises(NotTaken, match="unreadable"):
            rules.unseal(key, bound, envelope)


@pytest.mark.parametrize("spoil", [
    lambda found: b"", lambda found: b"\x02" + found[1:], lambda found: found[:60], lambda found: found[:-1],
    lambda found: found[:1] + bytes(65) + found[66:], lambda found: found[:-1] + bytes([found[-1] ^ 1]),
])  # fmt: skip
def test_an_envelope_that_was_spoilt_is_unreadable(spoil: Any) -> None:
    public, private = rules.new_key()
    envelope = rules.seal(public, b"about", "words", nonce=os.urandom(12))
    with pytest.raises(NotTaken, match="unreadable"):
        rules.unseal(private, b"about", spoil(envelope))


def test_an_entry_is_read_with_its_texts_tidied() -> None:
    said = rules.read(json.dumps({**SAID, "given_name": "  Testina \u0000  T ", "more": "ignored"}), CODES)
    assert said["given_name"] == "Testina T" and "more" not in said and said["times"] == ["evening"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"agreed": False}, "not_agreed"), ({"given_name": " "}, "no_name"), ({"happened": "nonsense"}, "unknown_code"),
     ({"age": ""}, "unknown_code"), ({"times": ["midnight"]}, "unknown_code"), ({"phone": "12"}, "bad_phone"),
     ({"email": "nobody", "email_safe": "yes"}, "bad_email"), ({"phone_safe": ""}, "unsafe_not_said"),
     ({"notes": "x" * 1001}, "too_long"), ({"given_name": 7}, "no_name")],
)  # fmt: skip
def test_what_cannot_be_taken_in_says_why_and_keeps_what_it_held(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(NotTaken) as held:
        rules.read(json.dumps({**SAID, **changed}), CODES)
    assert held.value.code == code and "Sampleford" in held.value.said


@pytest.mark.parametrize("text", ["", "not json", "[1, 2]", '"words"'])
def test_what_is_no_form_is_held_as_it_came(text: str) -> None:
    with pytest.raises(NotTaken) as held:
        rules.read(text, CODES)
    assert (held.value.code, held.value.said) == ("not_a_form", text)


def test_every_reason_has_its_words() -> None:
    assert {"unreadable", "not_a_form", "no_name", "not_agreed", "bad_phone", "bad_email", "unsafe_not_said",
            "too_long", "unknown_code"} == rules.WHY.keys()  # fmt: skip


def test_the_hub_reads_what_has_no_field() -> None:
    said = rules.tidy({**SAID, "danger": "yes", "age": "young"})
    told = rules.notes(said, "Somebody close", "City against United")
    assert "in danger now" in told and "under 18" in told and "gate B" in told and "do not contact" not in told
    told = rules.notes(rules.tidy({**SAID, "phone": "", "notes": "", "times": "evening"}), "x", "y")
    assert "Will contact us; do not contact them." in told and "In their words" not in told


@pytest.mark.parametrize("text", ["", "%%%", 7, b64encode(b"x" * 9000).decode(), None])
def test_what_is_no_envelope_is_refused(text: object) -> None:
    with pytest.raises(RuleBroken, match="not an entry"):
        rules.envelope_of(text)
    assert rules.envelope_of(b64encode(b"x").decode()) == b"x"


@pytest.mark.parametrize(
    ("said", "found"),
    [(None, AT), ("now", AT), (True, AT), (1e30, AT), (0, AT), ((AT + timedelta(hours=1)).timestamp() * 1000, AT),
     ((AT - timedelta(hours=1)).timestamp() * 1000, AT - timedelta(hours=1)),
     ((AT + timedelta(minutes=5)).timestamp() * 1000, AT)],
)  # fmt: skip
def test_a_phones_clock_is_believed_within_its_event_alone(said: object, found: datetime) -> None:
    assert rules.moment_taken(said, since=AT - timedelta(hours=4), arrived_at=AT) == found


def test_times_of_an_event() -> None:
    rules.check_times(AT, AT + timedelta(hours=3))
    for ends in (AT, AT + timedelta(days=8)):
        with pytest.raises(RuleBroken):
            rules.check_times(AT, ends)
    assert rules.last_moment(AT, hours=24) == AT + timedelta(hours=24)


def test_a_phone_is_made_ready_from_the_day_before_until_the_end() -> None:
    starts, ends = AT, AT + timedelta(hours=3)
    rules.check_open(starts, ends, AT - timedelta(hours=23))
    with pytest.raises(RuleBroken, match="over"):
        rules.check_open(starts, ends, ends)
    with pytest.raises(RuleBroken, match="day before"):
        rules.check_open(starts, ends, AT - timedelta(hours=25))
