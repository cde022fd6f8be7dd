"""Fixtures that every test may use. The database is a real PostgreSQL with its locks on."""

import json

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError
from django.utils.module_loading import import_string
from psycopg.errors import DeadlockDetected

from alongside.core.privacy import crypt
from alongside.core.rows.sync import sync

pytest_plugins = ["tests.world", "tests.story"]
TEST_RING = json.dumps(
    {"current": "k1", "keys": {"k1": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLTAwMDE="},
     "index": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLTAwMDI="}
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _key_ring() -> None:
    settings.KEY_RING = TEST_RING
    crypt.ring.cache_clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """After the migrations: the cache table, the locks and the shipped rules."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        prepare_database()


def prepare_database() -> None:
    """Locks and seed rows; also used by tests that empty tables."""
    call_command("createcachetable", verbosity=0)
    sync()
    for load in settings.AFTER_MIGRATE:
        import_string(load)()


@pytest.fixture(autouse=True)
def _seeded(request: pytest.FixtureRequest) -> None:
    """A test that commits empties every table afterwards: the next such test is given its seed rows again."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        try:
            prepare_database()
        except OperationalError as fault:  # the server's own vacuum was at the same table
            if not isinstance(fault.__cause__, DeadlockDetected):
                raise
            prepare_database()


@pytest.fixture(autouse=True)
def _closed_context() -> None:
    crypt.forget()
