"""Forms of the team, one for each verb."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.casework.models import Case

Choices = Sequence[tuple[str, str]]


class NoteAbsence(forms.Form):
    worker = forms.ChoiceField(label="Who is away?", widget=forms.RadioSelect)
    since = DateBoxesField(
        label="First day away", name="first day", help_text="Today, if they are ill since this morning."
    )
    until = DateBoxesField(
        label="Last day away", name="last day", help_text="As far as you know. You can say that they are back earlier."
    )

    def __init__(self, *args: Any, workers: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "worker", workers)

    @property
    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {"user_id": UUID(found["worker"]), "since": found["since"], "until": found["until"]}


class Spread(forms.Form):
    """One choice of a colleague for each case; nobody where it is left out."""

    mark_optional = False

    def __init__(
        self, *args: Any, cases: Sequence[Case], people: Choices, proposed: Mapping[UUID, UUID], **words: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.cases = list(cases)
        for case in self.cases:
            self.fields[f"case-{case.pk}"] = forms.ChoiceField(
                label=f"Who takes {case.reference}?", required=False, choices=[("", "Nobody yet"), *people],
                initial=str(proposed.get(case.pk, "")),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Case, Any]]:
        return [(case, self[f"case-{case.pk}"]) for case in self.cases]

    @property
    def chosen(self) -> dict[UUID, UUID]:
        """By case whom it goes to."""
        answers = ((case.pk, self.cleaned_data.get(f"case-{case.pk}")) for case in self.cases)
        return {key: UUID(who) for key, who in answers if who}
