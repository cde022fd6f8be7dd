"""Doing what a form or a button asks, and saying why not where a rule forbids it."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from alongside.core.errors import RuleBroken


def refuse(form: BaseForm, broken: RuleBroken) -> None:
    """The broken rule becomes the error of its field, or of the form where it has no such field."""
    form.add_error(broken.field if broken.field in form.fields else None, broken.message)


def did(form: BaseForm, act: Callable[[], object]) -> bool:
    """Whether the action was done; a rule that forbids it becomes the form's error."""
    try:
        act()
    except RuleBroken as broken:
        refuse(form, broken)
        return False
    return True


def tried(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Does what a button asks, and tells the person that it is done, or why not. Returns whether it was."""
    try:
        act()
    except RuleBroken as broken:
        messages.error(request, broken.message)
        return False
    messages.success(request, done)
    return True
