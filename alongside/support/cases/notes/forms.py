"""Forms of notes, one for each verb."""

from typing import Any
from uuid import UUID

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.support.cases.notes import rules

Choices = tuple[tuple[str, str], ...]


def _words(label: str, hint: str, *, rows: int = 12) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=rules.LONGEST, widget=forms.Textarea({"rows": rows}), strip=True,
        error_messages={"required": "Write the note",
                        "max_length": "This is longer than a note can be (%(limit_value)d characters). Save the first "
                        "part as one note and the rest as another; nothing you wrote has been lost."},
    )  # fmt: skip


class _Clean(forms.Form):
    """Words that were pasted from elsewhere bring what nobody sees: taken out before anything else looks at them."""

    def __init__(self, data: Any = None, **words: Any) -> None:
        if data is not None and "words" in data:
            data = data.copy()
            data["words"] = rules.tidy(data["words"])
        super().__init__(data, **words)


class AddNote(_Clean):
    words = _words("Note", "What a colleague would need to know if you were away. You can change it for a while; after "
                   "that you amend it, and both are kept.")  # fmt: skip


class ChangeNote(_Clean):
    words = _words("Note", "It takes the place of what you wrote. What it said before is kept out of sight.")


class AmendNote(_Clean):
    words = _words("What should it say?", "The first note stays as it is; this is shown beneath it.", rows=8)


class Counsel(_Clean):
    words = _words("Counselling note", "Only those who are named as readers can open it: no manager, no other worker, "
                   "not the hub, the police or the commissioner.")  # fmt: skip


class NameReader(forms.Form):
    reader = forms.ChoiceField(label="Who else may read them?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reader", people)

    @property
    def chosen(self) -> UUID:
        return UUID(self.cleaned_data["reader"])
