"""The forms of what was published."""

from collections.abc import Sequence
from typing import Any

from django import forms

from alongside.commissioning.publications.models import Publication
from alongside.core.pages.fields import choose_from

Choices = Sequence[tuple[str, str]]


class Search(forms.Form):
    """Nothing is required and nothing wrong is refused."""

    mark_optional = False
    q = forms.CharField(label="Find a measure in what was published", required=False, max_length=80)
    quarter = forms.ChoiceField(label="Quarter", required=False)
    kind = forms.ChoiceField(label="Table", required=False, choices=(("", "All"), *Publication.Kind.choices))

    def __init__(self, *args: Any, quarters: Sequence[str], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "quarter", (("", "All"), *((each, each) for each in quarters)))

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, without what makes no sense."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return {"words": found["q"], "quarter": found["quarter"], "kind": found["kind"]}


class Choose(forms.Form):
    """Which measure of a table, and of which quarter."""

    mark_optional = False
    measure = forms.ChoiceField(label="Measure", required=False)
    quarter = forms.ChoiceField(label="Quarter", required=False)

    def __init__(self, *args: Any, measures: Choices, quarters: Sequence[str], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "measure", measures)
        choose_from(self, "quarter", [(each, each) for each in quarters])
        self.first = {"measure": next((code for code, _ in measures), ""), "quarter": next(iter(quarters), "")}

    @property
    def asked(self) -> tuple[str, str]:
        """The measure and the quarter: the first of each where none was chosen that is there."""
        self.is_valid()
        return self._one("measure"), self._one("quarter")

    def _one(self, name: str) -> str:
        return self.cleaned_data.get(name) or self.first[name]
