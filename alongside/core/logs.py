"""Structured logs: names of routes, states and opaque ids. Never an address, a name or a value that someone typed."""

import logging
import logging.config
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = {
    "event", "level", "timestamp", "logger", "route", "method", "status", "ms", "realm", "job", "id", "count",
    "code", "error", "where", "queue", "attempt",
}  # fmt: skip


def keep_allowed(logger: object, name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops every key that is not on the list; a traceback keeps its places and loses its values."""
    failure = entry.pop("exc_info", None)
    if isinstance(failure, tuple) and failure[0]:
        entry["error"] = failure[0].__name__
        entry["where"] = _where(failure[2])
    return {key: value for key, value in entry.items() if key in ALLOWED}


def _where(traceback: Any) -> str:
    places = []
    while traceback is not None:
        frame = traceback.tb_frame
        if "alongside" in frame.f_code.co_filename:
            places.append(f"{frame.f_globals.get('__name__')}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return " ".join(places[-4:])


class Handler(logging.Handler):
    """Sends the standard library's records through the same filter; their arguments are dropped."""

    def emit(self, record: logging.LogRecord) -> None:
        entry: dict[str, Any] = {"event": _words(record), "level": record.levelname.lower(), "logger": record.name}
        if record.exc_info:
            entry["exc_info"] = record.exc_info
        print(structlog.processors.JSONRenderer()(None, "", keep_allowed(None, "", entry)), flush=True)


def _words(record: logging.LogRecord) -> str:
    """The message without its values. One that comes whole may have them written in (Django's word on a forged Host
    does), so it is named by its place; the servers' start-up lines by their logger.
    """
    if record.name.startswith(("gunicorn", "procrastinate.worker")) and record.levelno < logging.WARNING:
        return record.name
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    return record.msg if record.args and "%" in record.msg else f"{record.module}:{record.lineno}"


def configure(settings: dict[str, Any]) -> None:
    """Called by Django at start-up with the LOGGING setting."""
    level = settings.get("level", "INFO")
    logging.basicConfig(handlers=[Handler()], level=logging.WARNING, force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )
