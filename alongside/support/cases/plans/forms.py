"""The forms of plans, named for their verbs: labels, hints and shape."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms

from alongside.core.pages.drafts import Kept
from alongside.core.pages.fields import choose_from
from alongside.core.privacy.whereabouts import printable
from alongside.support.cases.casework.models import Need
from alongside.support.cases.casework.queries import Wanted
from alongside.support.cases.plans import rules
from alongside.support.cases.plans.actions import Line, Settled
from alongside.support.cases.plans.models import Given, Sitting
from alongside.support.cases.plans.queries import Scale

Choices = Sequence[tuple[str, str]]
LEAVE = ""
GOAL, STEP, LONGEST = "goal", "what", 500


def _choose(label: str, choices: Choices = (), **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **options)


class Score(forms.Form):
    """A step for any of the eight needs; at a review, how each need of the plan stands, and needs to be added."""

    stage = _choose("Which score is this?", error_messages={"required": "Choose which score this is"})
    said_by = _choose(
        "Who chose the steps?", Sitting.SaidBy.choices, error_messages={"required": "Choose who chose the steps"}
    )
    words = forms.CharField(
        label="What they say about it, in their own words", required=False, max_length=4000, widget=forms.Textarea
    )

    def __init__(
        self, *args: Any, scale: Scale, stages: Sequence[str], needs: Choices, wanted: Sequence[Wanted], **words: Any
    ) -> None:
        super().__init__(*args, **words)
        self.needs, self.plan = dict(needs), {one.need.code: one.need for one in wanted}
        choose_from(self, "stage", [(stage, Sitting.Stage(stage).label) for stage in stages])
        steps = [(str(step), f"{step}. {text}") for step, text in reversed(scale.steps)]
        answers = [("", "Not asked"), *steps, (rules.NOT_APPLICABLE, "Does not apply to them")]
        for code, title in needs:
            self.fields[f"step-{code}"] = forms.ChoiceField(label=title, choices=answers, required=False)
            if need := self.plan.get(code):
                self._ask_how_it_stands(need)
            else:
                self.fields[f"add-{code}"] = forms.BooleanField(label="Add it to the plan", required=False)

    def _ask_how_it_stands(self, need: Need) -> None:
        """Whether a need of the plan was met, with the version that the writer had before them."""
        standing = [(LEAVE, f"Leave it: {need.get_state_display().lower()}")]
        others = [(state, text) for state, text in Need.State.choices if state != need.state]
        self.fields[f"settle-{need.code}"] = forms.ChoiceField(
            label="In the plan", choices=[*standing, *others], required=False
        )  # fmt: skip
        self.fields[f"seen-{need.code}"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=need.version, required=False
        )

    @staticmethod
    def start(stages: Sequence[str], kept: Kept | None) -> dict[str, Any]:
        return {"stage": stages[0], **(kept.texts if kept else {})}

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        entered = self.cleaned_data
        return {
            "stage": entered["stage"], "said_by": entered["said_by"], "words": entered["words"],
            "answers": {code: self._answer(code) for code in self.needs if entered[f"step-{code}"]},
            "settle": [
                Settled(need, entered[f"settle-{code}"], entered[f"seen-{code}"] or 0)
                for code, need in self.plan.items() if entered.get(f"settle-{code}")
            ],
            "add": [code for code in self.needs if entered.get(f"add-{code}")],
        }  # fmt: skip

    def _answer(self, code: str) -> int | str:
        answer: str = self.cleaned_data[f"step-{code}"]
        return answer if answer == rules.NOT_APPLICABLE else int(answer)


class Give(forms.Form):
    """Which goals and steps go on the plan, in which words; how it is given and why that is safe."""

    BOOKS = {"ways": "plan_ways", "reasons": "plan_safe_reasons"}

    way = _choose("How is it given?", error_messages={"required": "Choose how it is given"})
    shares_home = _choose(
        "Do they share their home with anybody who harms them?", Given.Shares.choices,
        error_messages={"required": "Choose whether they share their home with anybody who harms them"},
    )  # fmt: skip
    safe = _choose("Why is it safe?", error_messages={"required": "Choose why it is safe"})
    checked = forms.BooleanField(
        label="I have read every line: no names, no addresses, nothing that tells what it is about", required=False
    )

    def __init__(
        self, *args: Any, wanted: Sequence[Wanted], titles: dict[str, str], ways: Choices, reasons: Choices,
        **words: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.wanted = wanted
        choose_from(self, "way", ways)
        choose_from(self, "safe", reasons)
        for one in wanted:
            goal = one.goal or titles.get(one.need.code, one.need.code)
            self._offer(GOAL, one.need.pk, goal, "The goal, as it stands on their plan")
            for planned in one.steps:
                self._offer(STEP, planned.step.pk, planned.what, "The step, as it stands on their plan")

    def _offer(self, name: str, key: UUID, text: str, label: str) -> None:
        self.fields[f"on-{key}"] = forms.BooleanField(label="Put this on their plan", required=False, initial=True)
        self.fields[f"{name}-{key}"] = forms.CharField(
            label=label, required=False, max_length=LONGEST, initial=printable(text), widget=forms.Textarea
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        for name in list(self.fields):
            kind, _, key = name.partition("-")
            if kind in (GOAL, STEP) and entered.get(f"on-{key}") and not entered.get(name):
                self.add_error(name, "Write what it should say, or leave it off")
        return entered

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        entered = self.cleaned_data
        return {name: entered[name] for name in ("way", "shares_home", "safe", "checked")} | {"lines": self._lines()}

    def _lines(self) -> list[Line]:
        return [
            Line(one.need.pk, self.cleaned_data[f"{GOAL}-{one.need.pk}"], dict(self._steps(one)))
            for one in self.wanted if self.cleaned_data[f"on-{one.need.pk}"]
        ]  # fmt: skip

    def _steps(self, one: Wanted) -> Iterable[tuple[UUID, str]]:
        for planned in one.steps:
            key = planned.step.pk
            if self.cleaned_data[f"on-{key}"]:
                yield key, self.cleaned_data[f"{STEP}-{key}"]


class Withdraw(forms.Form):
    why = _choose("Why is it withdrawn?", error_messages={"required": "Choose why it is withdrawn"})

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "why", reasons)
