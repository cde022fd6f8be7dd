"""What narrows the list of case-file checks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from alongside.core.pages.fields import choose_from


class Filter(forms.Form):
    """Which check, and whose cases. Nothing wrong is refused; it is left out."""

    kind = forms.ChoiceField(label="Check", required=False)
    whose = forms.ChoiceField(label="Worker", required=False)

    def __init__(self, *args: Any, checks: Mapping[str, str], names: Mapping[UUID, str], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "kind", [("", "Every check"), *checks.items()])
        people = [(str(key), name) for key, name in names.items()]
        choose_from(self, "whose", [("", "Everybody’s"), *people, ("nobody", "Nobody’s")])
        if not names:
            del self.fields["whose"]

    def asked(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
