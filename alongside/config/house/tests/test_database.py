"""What an address of a database asks for is obeyed, or refused in words: never lost."""

import pytest

from alongside.config.database import from_url, passed_on
from alongside.config.env import SettingMissing


def read(url: str, *, production: bool = False) -> tuple[dict[str, object], dict[str, str]]:
    return from_url(url, variable="DATABASE_URL", production=production)


def test_every_part_of_an_address_is_read() -> None:
    place, asked = read("postgresql://al_app:p%40ss%2Fword@db.example:6432/al?sslmode=verify-full&sslrootcert=/ca.pem")
    assert place == {
        "NAME": "al", "USER": "al_app", "PASSWORD": "p@ss/word", "HOST": "db.example", "PORT": "6432"
    }  # fmt: skip
    assert asked == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}


def test_a_socket_is_named_by_its_folder() -> None:
    place, asked = read("postgresql://al_app@/al?host=/run/postgresql", production=True)
    assert (place["HOST"], asked) == ("/run/postgresql", {})


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgresql://a:b@db.example/al", "require"),
        ("postgresql://a:b@db.example/al?sslmode=verify-full", "verify-full"),
        ("postgresql://a:b@127.0.0.1/al", None),
    ],
)
def test_in_production_another_machine_is_spoken_to_by_tls(url: str, mode: str | None) -> None:
    assert read(url, production=True)[1].get("sslmode") == mode


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://a:b@db.example/al?sslmod=verify-full", "sslmod, which is not known"),
        ("postgresql://a:b@db.example/al?options=-csearch_path%3Dx", "options, which is not known"),
        ("postgresql://a:b@db.example/Alongside-Live", "small letters"),
        ("postgresql://:b@db.example/al", "login ''"),
        (f"postgresql://a:b@db.example/{'x' * 50}", "49 at most"),
        ("mysql://a:b@db.example/al", "PostgreSQL 16 or later"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(url: str, words: str) -> None:
    with pytest.raises(SettingMissing) as refused:
        read(url)
    assert words in str(refused.value)
    assert ":b@" not in str(refused.value)


def test_only_what_the_address_asked_for_reaches_other_programs() -> None:
    assert passed_on({"application_name": "x", "sslmode": "require"}) == {"sslmode": "require"}
