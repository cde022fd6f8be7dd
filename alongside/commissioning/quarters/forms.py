"""The forms of the quarter page."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from alongside.core.errors import RuleBroken
from alongside.facts.measures.rules import Reference


class Export(forms.Form):
    """In which kind of file the figures leave."""

    fmt = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel")])


class OpenRows(forms.Form):
    """Why somebody looks at the rows of a figure."""

    why = forms.ChoiceField(label="Why do you look?", error_messages={"required": "Choose why you look"})

    def __init__(self, data: QueryDict | None, *, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["why"].choices = [("", "Choose"), *reasons]  # type: ignore[attr-defined]


class Open(forms.Form):
    """A figure's permanent reference."""

    ref = forms.CharField(
        label="Reference",
        max_length=400,
        help_text="As it stands under a figure or in a file, such as victims_supported@1/20260930-0200-1a2b3c/2026Q2.",
        error_messages={"required": "Paste the reference of a figure"},
    )

    def clean_ref(self) -> Reference:
        try:
            return Reference.parse("".join(self.cleaned_data["ref"].split()))
        except RuleBroken as broken:
            raise forms.ValidationError(broken.message) from broken
