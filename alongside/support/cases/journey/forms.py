"""The forms of victims' own pages: those of whoever opens one, and those of whoever works on the case. Shape only."""

from collections.abc import Sequence
from typing import Any

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.support.arrivals.intake.questions import any_of, one_of, text
from alongside.support.cases.journey import rules

Choices = Sequence[tuple[str, str]]
NO_ANSWER = ("skip", "I would rather not say")
NONE = "none"


class Enter(forms.Form):
    mark_optional = False
    reference = text("Reference", 40, need="Enter your reference, like AL-7K3M-P4WX")
    phrase = text("Your four words", 120, need="Enter your four words")


class Say(forms.Form):
    words = text("What would you like to say?", rules.LONGEST, need="Write what you would like to say", lines=6)


class Ask(forms.Form):
    words = text("What else would you like?", rules.LONGEST, need="Write what you would like", lines=4)


class Change(forms.Form):
    unsafe = any_of("What should we stop using?", [("phone", "My phone"), ("email", "My e-mail")])
    words = text("What suits you now?", 1000, lines=4)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("unsafe") and not said.get("words") and not self.errors:
            self.add_error("words", "Say what we should stop using, or what suits you now")
        return said


class Complain(forms.Form):
    words = text("What was not right?", rules.LONGEST, need="Write what was not right", lines=6)


class Stop(forms.Form):
    what = one_of(
        "What would you like?",
        [
            ("contact", "Do not contact me for now. I will contact you"),
            ("support", "I do not want any of this any more"),
        ],
        need="Choose what you would like",
    )  # fmt: skip
    words = text("Is there anything that you want us to know?", 1000, lines=3)


class Answer(forms.Form):
    """How it was: every question may be left out."""

    def __init__(
        self, data: Any = None, *, questions: Sequence[tuple[str, str, bool]], answers: Choices
    ) -> None:  # fmt: skip
        super().__init__(data)
        for code, title, own_words in questions:
            if own_words:
                self.fields["words"] = text(title, rules.LONGEST, lines=5)
            else:
                self.fields[f"q_{code}"] = one_of(title, (*answers, NO_ANSWER), need="")

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        asked = {name.removeprefix("q_"): said[name] for name in said if name.startswith("q_")}
        codes = {code: answer for code, answer in asked.items() if answer not in ("", NO_ANSWER[0])}
        return {"answers": codes, "words": said.get("words", "")}


class SetUp(forms.Form):
    parts = forms.MultipleChoiceField(
        label="Which parts are shown?", required=False, widget=forms.CheckboxSelectMultiple,
        choices=tuple(rules.PARTS.items()),
    )  # fmt: skip
    called = forms.CharField(label="A first name to ask for", required=False, max_length=30)
    words = forms.CharField(
        label="A few words for them", required=False, max_length=rules.SHORT, widget=forms.Textarea,
    )  # fmt: skip
    decoy = forms.ChoiceField(label="What is the other page about?", required=False, widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, decoys: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "decoy", (*decoys, (NONE, "There is no other page")))

    def clean_decoy(self) -> str:
        said: str = self.cleaned_data["decoy"]
        return "" if said == NONE else said


class TurnOn(forms.Form):
    checked = forms.BooleanField(
        label="I have talked it through with my manager: it is safe for this child, or this person, to have the page",
        required=False,
    )  # fmt: skip


class StopWays(forms.Form):
    kind = forms.ChoiceField(choices=[("phrase", "Four words"), ("decoy", "Other words"), ("link", "Links")])


class Settle(forms.Form):
    outcome = forms.CharField(
        label="How was it answered?", required=False, max_length=rules.LONGEST, widget=forms.Textarea,
        help_text="What you found, what you told them and how, and what changes.",
    )  # fmt: skip
