"""What may be used, by whom, when."""

from datetime import UTC, datetime, timedelta

import pytest

from alongside.foundation.office.messages import rules
from alongside.foundation.office.messages.rules import Facts

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)  # 11:00 in London
GOOD = Facts("phone", "yes", verified_at=NOW)


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("phone", "07700 900123", "+44 7700 900123"),
        ("phone", "ext nine 9", "9"),
        ("email", " Testina@Post.example ", "testina@post.example"),
        ("address", "1 Sample St., Testtown", "1 sample st testtown"),
    ],
)
def test_equal_ways_to_reach_somebody_are_written_alike(kind: str, left: str, right: str) -> None:
    assert rules.normalise(kind, left) == rules.normalise(kind, right)


@pytest.mark.parametrize(
    ("point", "hidden", "allowed"),
    [
        (Facts("phone", "yes"), True, True),
        (Facts("phone", "unknown"), False, True),
        (Facts("phone", "unknown"), True, False),
        (Facts("phone", "no"), False, False),
        (Facts("phone", "yes", retired=True), False, False),
        (Facts("address", "yes"), False, False),
    ],
)
def test_a_person_may_call_only_where_that_is_safe(point: Facts, hidden: bool, allowed: bool) -> None:
    assert rules.may_call(point, hidden=hidden) is allowed


@pytest.mark.parametrize(
    ("point", "why"),
    [
        (GOOD, ""),
        (Facts("phone", "yes"), "not_verified"),
        (Facts("phone", "unknown", verified_at=NOW), "not_safe"),
        (Facts("phone", "no", verified_at=NOW), "not_safe"),
        (Facts("phone", "yes", verified_at=NOW, retired=True), "retired"),
        (Facts("phone", "yes", verified_at=NOW, shared=True), "shared"),
        (Facts("phone", "yes", verified_at=NOW, expires_at=NOW), "expired"),
        (Facts("phone", "yes", verified_at=NOW, expires_at=NOW + timedelta(days=1)), ""),
        (Facts("address", "yes", verified_at=NOW), "no_channel"),
    ],
)
def test_an_automatic_message_needs_a_verified_safe_channel(point: Facts, why: str) -> None:
    assert rules.why_not_send(point, at=NOW) == why


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("", NOW),
        ("09:00-12:00", NOW),
        ("14:00-15:00", NOW + timedelta(hours=3)),
        ("08:00-09:00", NOW + timedelta(hours=21)),
        ("08:00-09:00;12:00-13:00", NOW + timedelta(hours=1)),
        ("only when he is at work", None),
        ("17:00-09:00", None),
        ("25:00-26:00", None),
    ],
)
def test_a_message_waits_for_a_safe_hour_in_london(times: str, expected: datetime | None) -> None:
    assert rules.next_safe_moment(NOW, times) == expected


def test_a_way_of_contact_is_masked() -> None:
    assert rules.masked("phone", "07700 900123") == "•••• 123"
    assert rules.masked("email", "testina@post.example") == "t••••@••••"
    assert "Sample" not in rules.masked("address", "1 Sample Street")


@pytest.mark.parametrize(("state", "why"), [("WAITING", ""), ("SENT", ""), ("REFUSED", rules.SHARED_ELSEWHERE)])
def test_past_the_door_a_provider_is_told_the_same_whatever_anothers_record_holds(state: str, why: str) -> None:
    assert rules.as_told(state, why, whole=False) == ("HANDED_OVER", "")
    assert rules.as_told(state, why, whole=True) == (state, why)


def test_a_provider_is_told_what_its_own_records_say() -> None:
    assert rules.as_told("REFUSED", "not_verified", whole=False) == ("REFUSED", "not_verified")
    assert rules.as_told("FAILED", "notify_400", whole=False) == ("FAILED", "notify_400")


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("phone", "07700 900123", True),
        ("phone", "+44 1632 960001", True),
        ("phone", "07700", False),
        ("phone", "ask her sister", False),
        ("email", " testina@sample.example ", True),
        ("email", "testina@sample", False),
        ("email", "07700 900123", False),
        ("address", "anywhere", True),
    ],
)
def test_what_cannot_reach_anybody_is_told_from_what_may(kind: str, value: str, right: bool) -> None:
    assert (rules.fault(kind, value) == "") is right


@pytest.mark.parametrize(
    ("kept", "said"),
    [("09:00-12:00", "9am to midday"), ("09:00-12:30;19:00-20:00", "9am to 12:30pm and 7pm to 8pm"),
     ("Call, never text; 09:00-12:00", "Call, never text; 9am to midday"), ("when the children are at school",) * 2,
     ("", ""), ("99:00-12:00", "99:00-12:00")],
)  # fmt: skip
def test_hours_are_said_as_a_person_says_them_also_in_a_note(kept: str, said: str) -> None:
    assert rules.times_words(kept) == said
