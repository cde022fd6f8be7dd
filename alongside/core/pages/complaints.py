"""What is said of a wrong answer: words that help, in place of Django's own where a form has none of its own."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from alongside.core.said import say

# What Django itself says that is no use to whoever reads it, by the code of the error.
EMAIL = "Enter an e-mail address, like name@sample.example"
CHOOSE = "Choose one of the answers that are offered"
SHAPES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.IntegerField, "Enter a whole number, like 12"),
    (forms.TimeField, "Enter a time as hours and minutes, like 14:30"),
    (forms.EmailField, EMAIL),
    (forms.URLField, "Enter a web address, like https://sample.example"),
)


def complaints(bound: BoundField) -> list[str]:
    """A field's errors in words that say what to do."""
    return [_worded(bound, error) for error in bound.errors.as_data()]


def _worded(bound: BoundField, error: ValidationError) -> str:
    said = _said(error)
    say = WORDS.get(error.code or "")
    if say is None or _is_own(bound.field, error):
        return said
    return say(bound, error.params or {}) or said


def _said(error: ValidationError) -> str:
    """What the error itself says; a single message of ours keeps what it was made of."""
    messages = error.messages
    return messages[0] if len(messages) == 1 else " ".join(messages)


def _is_own(field: forms.Field, error: ValidationError) -> bool:
    """Whether the form, and not Django, found these words."""
    if error.params and "limit_value" in error.params:
        return error.code in field.error_messages
    return str(error.message) not in {str(words) for words in _defaults(field)}


def _defaults(field: forms.Field) -> Iterator[Any]:
    for kind in type(field).__mro__:
        yield from vars(kind).get("default_error_messages", {}).values()
    for validator in field.default_validators:
        yield getattr(validator, "message", "")


def _instruction(bound: BoundField, params: Mapping[str, Any]) -> str:
    """Where a form says only that something is required: what to do instead."""
    label, widget = str(bound.label), bound.field.widget
    if label.endswith("?"):
        return f"Answer: {label}"
    if isinstance(widget, forms.CheckboxInput):
        return f"To go on, tick: {label}"
    label = label if label[:2].isupper() else label[:1].lower() + label[1:]
    choosing = isinstance(widget, forms.RadioSelect | forms.Select | forms.FileInput)
    return f"{'Choose' if choosing else 'Enter'} {label}"


def _range(bound: BoundField, params: Mapping[str, Any]) -> str:
    low, high = getattr(bound.field, "min_value", None), getattr(bound.field, "max_value", None)
    if low is not None and high is not None:
        return f"Enter a number from {low:,} to {high:,}"
    return f"Enter a number up to {high:,}" if low is None else f"Enter {low:,} or more"


def _length(bound: BoundField, params: Mapping[str, Any]) -> str:
    if isinstance(bound.field.widget, forms.Textarea):
        return say("Use {most} characters or fewer. What you wrote is still here", most=params["limit_value"])
    return say("Use {most} characters or fewer", most=params["limit_value"])


def _shape(bound: BoundField, params: Mapping[str, Any]) -> str:
    return next((words for kind, words in SHAPES if isinstance(bound.field, kind)), "")


WORDS: Mapping[str, Callable[[BoundField, Mapping[str, Any]], str]] = {
    "required": _instruction,
    "min_value": _range,
    "max_value": _range,
    "max_length": _length,
    "invalid": _shape,
    "invalid_choice": lambda bound, params: CHOOSE,
    "invalid_list": lambda bound, params: CHOOSE,
}
