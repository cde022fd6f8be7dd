"""The forms of transfers, named for their verbs."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.foundation.local.directory.models import Service
from alongside.support.cases.transfers import rules
from alongside.support.cases.transfers.actions import Along
from alongside.support.cases.transfers.rules import Content

Choices = Sequence[tuple[str, str]]
LETTERS = 90


class Offer(forms.Form):
    service = forms.ChoiceField(label="To which service?", error_messages={"required": "Choose a service"})
    why = forms.ChoiceField(
        label="Why is it handed on?", widget=forms.RadioSelect, error_messages={"required": "Choose why"}
    )
    summary = forms.CharField(
        label="What should they know first?", max_length=rules.LONGEST, widget=forms.Textarea,
        help_text="In your words. They read it once they accept, and not before.",
        error_messages={"required": "Write what they should know first"},
    )  # fmt: skip
    pieces = forms.MultipleChoiceField(
        label="What goes along?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Only what the person agrees to. Each is shown below as it would be sent.",
    )  # fmt: skip
    notes = forms.MultipleChoiceField(
        label="Which notes go along?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Chosen one by one, or none. Counselling notes never go.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, services: Iterable[Service], whys: Choices, content: Content, **words: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.services = {str(one.pk): one for one in services}
        listed = [(key, f"{one.provider}: {one.name}") for key, one in self.services.items()]
        choose_from(self, "service", (("", "Choose a service"), *listed))
        choose_from(self, "why", whys)
        choose_from(self, "pieces", [(code, said) for code, said in rules.PIECES.items() if content.lines.get(code)])
        short = [f"{one[:LETTERS]}…" if len(one) > LETTERS else one for one in content.lines.get(rules.NOTES, ())]
        choose_from(self, "notes", [(str(place), words) for place, words in enumerate(short)])

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        entered = self.cleaned_data
        along = Along(entered["summary"], entered["pieces"], [int(place) for place in entered["notes"]])
        return {"service": self.services[entered["service"]], "why": entered["why"], "along": along}


class Decline(forms.Form):
    reason = forms.ChoiceField(
        label="Why do you decline?", widget=forms.RadioSelect, error_messages={"required": "Choose why you decline"}
    )  # fmt: skip

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)
