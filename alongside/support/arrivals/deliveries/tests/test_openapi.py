"""The API keeps what its OpenAPI promises, whatever is asked of it: every check that schemathesis has."""

import json
import re
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connection
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError

from alongside.support.arrivals.deliveries import queries
from alongside.support.arrivals.deliveries.models import Batch
from alongside.support.arrivals.deliveries.rules import KEY
from alongside.support.arrivals.deliveries.tests.calls import GOOD, System
from tests.world import World

WHERE = "/api/v1/openapi.json"
LIMITS = {"api_calls": 1_000_000, "api_rows": 20}


def served(environ: Any, start: Any) -> list[bytes]:
    """The application as a server runs it, leaving no connection open in the thread that asked.

    A good key is made another each time: the same few would meet the same few bodies and say nothing but 409.
    """
    key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
    fresh = {"HTTP_IDEMPOTENCY_KEY": f"{key[:50]}.{uuid4()}"} if re.fullmatch(KEY, key) else {}
    answer = get_wsgi_application()({**environ, **fresh, "REMOTE_ADDR": "127.0.0.1"}, start)
    body = b"".join(answer)
    answer.close()
    connection.close()
    return [body]


@pytest.mark.django_db(transaction=True)
def test_the_api_is_what_its_description_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = queries.limit
    for place in ("queries", "actions"):
        limited = f"alongside.support.arrivals.deliveries.{place}.limit"
        monkeypatch.setattr(limited, lambda code, at: LIMITS.get(code) or asked(code, at))
    config = SchemathesisConfig.from_dict({
        "headers": System.of(world).bearer, "workers": 1,
        "generation": {"max-examples": 12, "deterministic": True, "database": "none"},
    })  # fmt: skip
    schema = schemathesis.openapi.from_wsgi(WHERE, served, config=config)
    faults: list[str] = []
    statuses: Counter[int] = Counter()
    for event in from_schema(schema).execute():
        recorder: Any = getattr(event, "recorder", None)
        for key, checks in recorder.checks.items() if recorder else ():
            taken = recorder.interactions.get(key)
            statuses[taken.response.status_code if taken and taken.response else 0] += 1
            asked_for = recorder.cases[key].value.as_curl_command()
            faults += [f"{asked_for}\n{one.failure_info.failure}" for one in checks if one.failure_info]
        if isinstance(event, FatalError | NonFatalError):
            faults.append(str(event.info if isinstance(event, NonFatalError) else event.exception))
    assert not faults, "\n\n".join(faults)
    assert min(statuses[status] for status in (200, 202, 400, 401, 404, 405)) > 3, statuses


@pytest.mark.django_db
def test_the_description_is_open_to_all_and_names_every_field(world: World) -> None:
    told = System.of(world).client.get(WHERE).json()
    assert told["openapi"].startswith("3.1")
    assert set(GOOD) < set(told["components"]["schemas"]["Referral"]["properties"])
    assert set(told["paths"]) == {"/api/v1/token", "/api/v1/referrals", "/api/v1/referrals/deliveries/{pk}"}


@pytest.mark.django_db
def test_the_descriptions_example_is_taken_in(world: World) -> None:
    system = System.of(world)
    example: dict[str, Any] = system.client.get(WHERE).json()["components"]["schemas"]["Referral"]["examples"][0]
    assert system.sent(example)["accepted"] == 1
    assert "Sampleford" not in json.dumps(Batch.objects.get().receipt)
