"""Logs keep routes, codes and opaque ids, and lose everything that a person typed."""

import json
import logging
import sys
from typing import Any

import pytest
import structlog
from django.test import Client

from alongside.core import logs


def written(record: logging.LogRecord, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    logs.Handler().emit(record)
    return json.loads(capsys.readouterr().out)


def test_keys_that_are_not_listed_are_dropped() -> None:
    kept = logs.keep_allowed(None, "", {"event": "request", "route": "home", "surname": "Sampleford"})
    assert kept == {"event": "request", "route": "home"}


def test_a_message_loses_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "p", 1, "Not Found: %s", ("/x/07700900123/",), None)
    entry = written(record, capsys)
    assert entry["event"] == "Not Found: %s"
    assert "07700900123" not in json.dumps(entry)


def test_a_traceback_keeps_its_places_and_loses_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("Testina Sampleford")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "p", 1, "failed", (), sys.exc_info())
    entry = written(record, capsys)
    assert entry["error"] == "ValueError"
    assert "alongside.core.tests.test_logs" in entry["where"]
    assert "Sampleford" not in json.dumps(entry)


def test_a_server_s_own_chatter_is_named_only_and_odd_messages_by_type(capsys: pytest.CaptureFixture[str]) -> None:
    chatter = logging.LogRecord("gunicorn.error", logging.INFO, "p", 1, "Listening at: %s", ("x",), None)
    assert written(chatter, capsys)["event"] == "gunicorn.error"
    odd = logging.LogRecord("x", logging.ERROR, "p", 1, ValueError("Sampleford"), (), None)
    assert written(odd, capsys)["event"] == "ValueError"


@pytest.mark.parametrize(
    "message", ["Invalid HTTP_HOST header: 'testina-sampleford.example'", "100% testina-sampleford", "failed"]
)
def test_a_message_that_comes_whole_is_named_by_its_place(message: str, capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("django.security", logging.ERROR, "/a/exception.py", 12, message, (), None)
    assert written(record, capsys)["event"] == "exception:12"


@pytest.mark.django_db
def test_nothing_that_a_client_sends_reaches_the_log(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    """Its address, its query, its host and each header, on pages that are there, absent, refused and forged."""
    logs.configure({"level": "INFO"})
    typed = "testina-sampleford"
    sent: dict[str, Any] = {
        name: f"{typed}.example" for name in ("HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_X_FORWARDED_FOR")
    }
    for host in (f"{typed}.example", "testserver"):
        for path in ("/", "/sign-in/", f"/{typed}/", f"/home/?q={typed}", f"/invitation/{typed}/"):
            client.get(path, HTTP_HOST=host, **sent)
            client.post(path, {typed: typed}, HTTP_HOST=host, **sent)
        client.generic(typed.upper(), "/", HTTP_HOST=host)
    client.cookies["session"] = typed
    client.get("/home/", **sent)
    Client(enforce_csrf_checks=True).post("/sign-in/", {"csrfmiddlewaretoken": typed, "login": typed}, **sent)
    said = capsys.readouterr()
    assert "django.security.DisallowedHost" in said.out and '"route": "account_login"' in said.out
    assert typed not in (said.out + said.err).casefold()
    logs.configure({"level": "ERROR"})


def test_an_exception_outside_this_project_has_no_place() -> None:
    assert logs._where(None) == ""


def test_the_structured_logger_writes_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure({"level": "INFO"})
    structlog.get_logger("x").info("request", route="home", surname="Sampleford")
    assert "Sampleford" not in capsys.readouterr().out
    logs.configure({"level": "ERROR"})
