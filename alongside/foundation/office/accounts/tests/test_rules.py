"""Sessions end after their realm's limits; tokens are long and kept hashed; roles and permissions agree."""

import pytest

from alongside.foundation.office.accounts import rules
from alongside.foundation.office.accounts.permissions import REALM_OF_KIND, ROLES, Permission, permissions_of

MINUTE, HOUR = 60, 3600


def test_a_session_holds_to_the_last_second_and_no_longer() -> None:
    limits = {"idle": 20 * MINUTE, "longest": 12 * HOUR}
    assert rules.session_holds(**limits, now=20 * MINUTE, started=0, seen=0)
    assert not rules.session_holds(**limits, now=20 * MINUTE + 1, started=0, seen=0)
    assert rules.session_holds(**limits, now=12 * HOUR, started=0, seen=12 * HOUR)
    assert not rules.session_holds(**limits, now=12 * HOUR + 1, started=0, seen=12 * HOUR)


def test_the_strictest_of_several_limits_is_the_smallest_of_each() -> None:
    one, other = rules.Limits(at_once=2, idle=600, longest=9000), rules.Limits(at_once=1, idle=900, longest=7200)
    assert rules.strictest([one, other]) == rules.Limits(at_once=1, idle=600, longest=7200)
    assert rules.strictest([]) == rules.STRICTEST == rules.Limits(at_once=1, idle=10 * MINUTE, longest=4 * HOUR)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (X11; Ubuntu) Gecko/20100101 Firefox/140", "Firefox"),
        ("A thing on Linux", "Linux"),
        ("Sample browser two", "Sample browser two"),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    assert rules.browser_words(agent) == words


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {rules.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43


def test_a_hash_tells_nothing_of_its_token() -> None:
    assert rules.token_hash("a") != rules.token_hash("b")
    assert len(rules.token_hash("a")) == 64


def test_every_permission_but_that_of_a_system_is_given_to_some_role_and_every_kind_has_a_realm() -> None:
    given = {permission for role in ROLES.values() for permission in role.permissions}
    assert given == set(Permission) - {Permission.FEED_SEND}
    assert {kind for role in ROLES.values() for kind in role.kinds} == set(REALM_OF_KIND)


def test_an_unknown_role_gives_nothing() -> None:
    assert permissions_of(["nobody"]) == frozenset()
