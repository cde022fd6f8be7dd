"""What an office fills in: what a sentence says, who checked it, and how the list is narrowed."""

from typing import Any

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.foundation.office.translations import rules

STATES = (
    ("", "Any"), (rules.MISSING, "Missing"), (rules.STALE, "English changed since"),
    ("unchecked", "Not checked by a native reader"), (rules.EDITED, "Written by this office"),
    (rules.SHIPPED, "Came with Alongside"),
)  # fmt: skip


class Narrow(forms.Form):
    """Which sentences of a language."""

    q = forms.CharField(label="Words, in English or in the language", required=False, max_length=100)
    page = forms.ChoiceField(label="Where it stands", required=False)
    state = forms.ChoiceField(label="How it stands", required=False, choices=STATES)

    def __init__(self, *args: Any, pages: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "page", [("", "Any"), *pages])

    def narrowing(self) -> dict[str, str]:
        """What was chosen; what is no choice narrows nothing."""
        self.full_clean()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class Translate(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    says = forms.CharField(
        label="What it says", widget=forms.Textarea({"rows": 5, "dir": "auto"}), max_length=rules.LONGEST,
        error_messages={"required": "Write what it says in this language"},
    )  # fmt: skip
    native = forms.ChoiceField(
        label="Has a native reader checked it?", widget=forms.RadioSelect, choices=[("yes", "Yes"), ("no", "Not yet")],
        error_messages={"required": "Say whether a native reader has checked it"},
    )  # fmt: skip
    source = forms.CharField(
        label="Who wrote or checked it", max_length=200, help_text="A translator, an agency or a role",
        error_messages={"required": "Say who wrote or checked it"},
    )  # fmt: skip

    def words(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"says": said["says"], "native": said["native"] == "yes", "source": said["source"], "seen": said["seen"]}
