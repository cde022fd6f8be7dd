"""What one asks of the gaps."""

from typing import Any

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.foundation.local.directory.queries import Choices


class Ask(forms.Form):
    """For whom, and which services count."""

    group = forms.ChoiceField(label="For whom", required=False)
    paid = forms.ChoiceField(
        label="Which services",
        required=False,
        choices=[("", "All that work here"), ("yes", "Those that an award pays for")],
    )

    def __init__(self, *args: Any, groups: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "group", groups)

    def asked(self) -> dict[str, str]:
        """What was chosen; what is no choice asks nothing."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
