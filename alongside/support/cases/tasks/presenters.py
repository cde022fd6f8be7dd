"""Tasks in words: on the agenda, in the log of a case, and on their own page."""

from collections.abc import Mapping
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Said, Titles
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.agenda.rules import Kind
from alongside.support.cases.tasks.models import Task

DUE: Mapping[str, Kind] = {
    "task.due": Kind(lambda details, titles: "Do what was agreed on this case", "tasks:show", group="tasks", of="task")
}
STATES = {Task.State.OPEN: "yellow", Task.State.DONE: "green", Task.State.DROPPED: "grey"}


def _said(words: str) -> Said:
    def speak(details: Mapping[str, Any], titles: Titles) -> str:
        return words

    return Said(speak, "plan")


TOLD: Mapping[str, Said] = {
    "task.asked": _said("Something to do was agreed"), "task.finished": _said("What was agreed was done"),
    "task.dropped": _said("What was agreed is not wanted any more"),
}  # fmt: skip


def tag(task: Task) -> dict[str, str]:
    return {"word": str(task.get_state_display()), "colour": STATES[Task.State(task.state)]}


def drops(task: Task, by: Actor) -> bool:
    """Whether this person may say that it is not wanted any more: whoever asked for it, or a manager."""
    return task.state == Task.State.OPEN and (task.asked_by == by.user_id or by.may(P.CASE_ASSIGN))
