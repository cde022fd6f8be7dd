"""The forms of supervision, named for their verbs."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.supervision import rules
from alongside.support.cases.supervision.models import Decision

Choices = Sequence[tuple[str, str]]
TOPIC = "topic_"


def _keys(people: Mapping[UUID, str]) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in people.items()]


class Arrange(forms.Form):
    worker = forms.ChoiceField(label="Who is supervised?", widget=forms.RadioSelect)
    manager = forms.ChoiceField(label="By whom?", widget=forms.RadioSelect)
    second = forms.ChoiceField(
        label="Who else may read it?", required=False,
        help_text="A second manager, for when the first is away. Nobody is a good answer too.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, workers: Mapping[UUID, str], managers: Mapping[UUID, str], **words: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        choose_from(self, "worker", _keys(workers))
        choose_from(self, "manager", _keys(managers))
        choose_from(self, "second", [("", "Nobody"), *_keys(managers)])

    @property
    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {"worker": UUID(found["worker"]), "manager": UUID(found["manager"]),
                "second": UUID(found["second"]) if found["second"] else None}  # fmt: skip


class NameSecond(forms.Form):
    second = forms.ChoiceField(label="Who else may read it?", required=False)

    def __init__(self, *args: Any, managers: Mapping[UUID, str], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "second", [("", "Nobody"), *_keys(managers)])

    @property
    def second_key(self) -> UUID | None:
        return UUID(self.cleaned_data["second"]) if self.cleaned_data["second"] else None


class Write(forms.Form):
    """The day, each topic of the office, and when the two meet next."""

    on = DateBoxesField(label="When did you meet?", name="day")
    next_on = DateBoxesField(label="When do you meet next?", name="day of the next meeting", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, topics: Sequence[RuleRow], **words: Any) -> None:
        super().__init__(*args, **words)
        self.topics = [row.code for row in topics]
        for row in topics:
            self.fields[f"{TOPIC}{row.code}"] = forms.CharField(
                label=row.title, help_text=row.text("ask"), required=False, max_length=rules.LONGEST,
                widget=forms.Textarea({"rows": 4}),
            )  # fmt: skip

    @property
    def boxes(self) -> list[str]:
        return [f"{TOPIC}{code}" for code in self.topics]

    @property
    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        words = {code: found[f"{TOPIC}{code}"] for code in self.topics}
        return {"on": found["on"], "next_on": found["next_on"], "words": words}


class Talk(forms.Form):
    case = forms.ChoiceField(label="Which case?")
    words = forms.CharField(
        label="What was said of it?", required=False, max_length=rules.LONGEST, widget=forms.Textarea({"rows": 4}),
        help_text="Only you two, and the second manager, read this. It is on no page of the case.",
    )  # fmt: skip

    def __init__(self, *args: Any, cases: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "case", [("", "Choose a case"), *cases])


def _today() -> date:
    return london_date(timezone.now())


class Decide(forms.Form):
    words = forms.CharField(label="What was agreed?", max_length=1000, widget=forms.Textarea({"rows": 3}))
    who = forms.ChoiceField(label="Who does it?", choices=Decision.Who.choices, widget=forms.RadioSelect)
    due_on = DateBoxesField(label="By which day?", name="day", earliest=_today)
    case = forms.ChoiceField(
        label="Is it about a case?", required=False,
        help_text="Then it goes on the agenda of the case, for its worker, and everybody who works on the case reads "
        "it: write what is to be done, and nothing about the worker.",
    )  # fmt: skip

    def __init__(self, *args: Any, cases: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "case", [("", "No"), *cases])


class Amend(forms.Form):
    words = forms.CharField(label="What do you want to add?", max_length=rules.LONGEST, widget=forms.Textarea)


class Sign(forms.Form):
    """A button: what was read is signed."""

    seen = forms.IntegerField()
