"""The form that closes a case."""

from collections.abc import Sequence
from typing import Any

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.support.cases.closing.actions import Told
from alongside.support.cases.closing.models import Ending

Choices = Sequence[tuple[str, str]]
LONGEST = 2000


def _words(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=LONGEST, widget=forms.Textarea
    )  # fmt: skip


class Close(forms.Form):
    reason = forms.ChoiceField(
        label="Why does support end?", widget=forms.RadioSelect,
        error_messages={"required": "Choose why support ends"},
    )  # fmt: skip
    said = _words("What they said no to, or what you know of it", "Needed where the reason asks for it.")
    unmeasured_why = forms.ChoiceField(
        label="Why was there no last assessment?", widget=forms.RadioSelect, required=False
    )
    knows_how = forms.ChoiceField(
        label="Do they know how to come back?", choices=Ending.Knows.choices, widget=forms.RadioSelect, required=False
    )
    signposts = forms.MultipleChoiceField(
        label="Where can they turn now?", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="What you told them. Closing sends nothing.",
    )  # fmt: skip
    own_words = _words("What they say about how it ends", "In their own words, if they wish.")
    despite = _words("Why is it right to close all the same?", "For a manager. It stays on the case.")

    def __init__(
        self, *args: Any, reasons: Choices, whys: Choices, signposts: Choices, measured: bool, manager: bool,
        **words: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)
        choose_from(self, "unmeasured_why", whys)
        choose_from(self, "signposts", signposts)
        if measured:
            del self.fields["unmeasured_why"]
        if not manager:
            del self.fields["despite"]

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        given = dict(self.cleaned_data)
        return {"reason": given.pop("reason"), "told": Told(**given)}
