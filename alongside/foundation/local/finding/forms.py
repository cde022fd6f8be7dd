"""What somebody writes when they look for help, and what an office says that words mean."""

from typing import Any

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.foundation.local.directory.forms import Find as Questions
from alongside.foundation.local.directory.queries import Choices
from alongside.foundation.local.finding.rules import LONGEST_SEARCH


class Find(Questions):
    """In their own words, or by a few plain questions, or both."""

    words = forms.CharField(
        label="In your own words", required=False, max_length=LONGEST_SEARCH,
        help_text="For example: my ex keeps turning up. Or the name of a service. Spelling does not matter.",
    )  # fmt: skip
    field_order = ["words"]


class Learn(forms.Form):
    """What some words mean."""

    meaning = forms.ChoiceField(label="It means", error_messages={"required": "Choose what these words mean"})

    def __init__(self, *args: Any, meanings: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "meaning", [("", "Choose a meaning"), *meanings])
