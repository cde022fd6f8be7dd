"""No identity in a job payload: whatever a job is told is the key of a record, a date, a code or a number.

A payload stands in the queue's table, in its logs and on the operator's page, where no row security and no sealing
protects it. A new job whose parameter could hold a name or words fails here: give it the record's key instead.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from alongside.config.subscriptions import SUBSCRIPTIONS
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.people.victims import actions as victims
from tests.test_locks import make_victim
from tests.world import World

# By the type that is said, which names a parameter may have: text holds keys and codes alone.
ALLOWED: dict[Any, re.Pattern[str]] = {
    str: re.compile(r"event|subject|code|(.+_)?(id|key|code)"),
    UUID: re.compile(r"[a-z_]+"),
    date: re.compile(r"(.+_)?(on|day|since|until|before|after)"),
    datetime: re.compile(r"(.+_)?(at|since|until|before|after)"),
    int: re.compile(r"(.+_)?(count|limit|days|month|quarter|year|version|timestamp)"),
    bool: re.compile(r"[a-z_]+"),
}
NAMED_ONE_BY_ONE = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
# The queue's own housekeeping, which is registered with the queue; nothing here starts it.
OF_THE_QUEUE = {f"{kind}procrastinate.builtin_tasks.remove_old_jobs" for kind in ("", "builtin:")}
HOME = Path(__file__).resolve().parents[1] / "alongside"


def faults(work: Callable[..., Any]) -> list[str]:
    """Every parameter of a job that might hold more than a key, a date, a code or a number."""
    found = []
    for name, told in inspect.signature(work, eval_str=True).parameters.items():
        allowed = ALLOWED.get(told.annotation)
        if told.kind not in NAMED_ONE_BY_ONE or allowed is None or not allowed.fullmatch(name):
            found.append(str(told))
    return found


def test_every_job_is_told_keys_dates_codes_and_numbers_alone() -> None:
    for path in {path for paths in SUBSCRIPTIONS.values() for path in paths}:
        import_string(path)
    tasks = {name: task for name, task in app.tasks.items() if not name.startswith("tests.")}
    assert len(tasks) > 100 and set(tasks) >= OF_THE_QUEUE, "the jobs are registered"
    ours = {name: task for name, task in tasks.items() if name not in OF_THE_QUEUE}
    assert not {name: found for name, task in ours.items() if (found := faults(task.func))}


def _name(*, name: str) -> None: ...
def _words(*, event: str, subject: str, words: str) -> None: ...
def _phone(*, phone: int) -> None: ...
def _born(*, birth_date: date) -> None: ...
def _anything(**told: str) -> None: ...
def _several(*subject: str) -> None: ...
def _bag(*, subject: dict[str, str]) -> None: ...
def _unsaid(*, subject) -> None: ...  # type: ignore[no-untyped-def]
def _perhaps(*, subject: str | None) -> None: ...


@pytest.mark.parametrize(
    "work", [_name, _words, _phone, _born, _anything, _several, _bag, _unsaid, _perhaps], ids=lambda one: one.__name__
)
def test_a_job_that_takes_a_name_or_words_is_found(work: Callable[..., Any]) -> None:
    assert len(faults(work)) == 1


def test_a_job_that_takes_a_key_a_day_a_code_and_a_number_is_not() -> None:
    def work(*, subject: str, reason_code: str, victim: UUID, until: date, asked_at: datetime, days: int) -> None: ...

    assert faults(work) == []


def started() -> Iterator[tuple[str, ast.Call]]:
    """Everywhere in the product that a job is put into the queue; a query that is deferred names its columns."""
    for path in sorted(HOME.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())) if "tests" not in path.parts else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _starts(node.func.attr, node):
                yield path.relative_to(HOME).as_posix(), node


def _starts(verb: str, call: ast.Call) -> bool:
    return verb in ("defer_async", "batch_defer", "configure_task") or (verb == "defer" and not call.args)


def test_jobs_are_started_in_one_place_by_the_keys_of_an_event_and_of_its_subject() -> None:
    ((place, call),) = started()
    assert place == "core/events.py"
    assert {one.arg: ast.unparse(one.value) for one in call.keywords} == {
        "event": "str(event.id)", "subject": "str(subject)"
    }  # fmt: skip


@pytest.mark.django_db
def test_what_stands_in_the_queue_are_two_keys(world: World) -> None:
    victim = make_victim(world)
    with transaction.atomic(), inside(world, "triage_officer"):
        victims.agree(victim, by=world.actor("triage_officer"), at=world.now, about="support", given=False)
    jobs = list(ProcrastinateJob.objects.values_list("args", flat=True))
    assert jobs, "something waits"
    for told in jobs:
        assert set(told) == {"event", "subject"} and all(UUID(value) for value in told.values())
