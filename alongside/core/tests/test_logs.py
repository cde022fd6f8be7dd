"""Logs keep routes, codes and opaque ids, and lose everything that a person typed."""

import json
import logging
import sys

import pytest
import structlog

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


def test_an_exception_outside_this_project_has_no_place() -> None:
    assert logs._where(None) == ""


def test_the_structured_logger_writes_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure({"level": "INFO"})
    structlog.get_logger("x").info("request", route="home", surname="Sampleford")
    assert "Sampleford" not in capsys.readouterr().out
    logs.configure({"level": "ERROR"})
