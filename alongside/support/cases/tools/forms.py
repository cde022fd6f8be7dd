"""The forms of tools, named for their verbs: labels, hints and shape."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.core.said import say
from alongside.support.cases.outcomes.rules import BAR, OLDEST, Question, Tool
from alongside.support.cases.tools import rules

Choices = Sequence[tuple[str, str]]
NONE = "none"
_POINT = re.compile(r"(\d{1,2})\s*[,|.:]?\s*(.*)")


def _age(label: str) -> forms.IntegerField:
    wrong = dict.fromkeys(("min_value", "max_value", "invalid"), f"Enter a number from 0 to {OLDEST}")
    return forms.IntegerField(label=label, min_value=0, max_value=OLDEST, error_messages=wrong)


def _figure(label: str, hint: str = "", *, required: bool = False) -> forms.FloatField:
    wrong = {"invalid": "Enter a number, such as 1 or 0.5"}
    return forms.FloatField(label=label, help_text=hint, required=required, error_messages=wrong)


class Start(forms.Form):
    """A tool of the office's own."""

    title = forms.CharField(label="Name of the tool", max_length=200)
    whose = forms.CharField(
        label="Whose tool is it?", max_length=200,
        help_text="Who wrote it. Write questions of a tool that somebody else owns only where its licence allows it.",
    )  # fmt: skip


class Ask(forms.Form):
    """One question of a tool that is being written."""

    words = forms.CharField(
        label="The question, as it is read", max_length=rules.LONGEST_WORDS, widget=forms.Textarea({"rows": 2}),
        help_text="In your own words. It may be read by the person themselves, perhaps with somebody beside them.",
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label="Which of the four outcomes does it speak for?", widget=forms.RadioSelect,
        error_messages={"required": "Choose the outcome that it speaks for, or none"},
    )  # fmt: skip
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, outcomes: Iterable[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        none = (NONE, "None of the four: it counts in the tool as a whole alone")
        choose_from(self, "outcome", [*outcomes, none])

    def question(self, code: str) -> Question:
        said = self.cleaned_data
        return Question(code, " ".join(said["words"].split()), "" if said["outcome"] == NONE else said["outcome"])

    @staticmethod
    def begun(question: Question | None) -> dict[str, Any]:
        return {"words": question.words, "outcome": question.outcome or NONE} if question else {}


class Settle(forms.Form):
    """What stands around the questions of a tool."""

    title = forms.CharField(label="Name of the tool", max_length=200)
    whose = forms.CharField(label="Whose tool is it?", max_length=200)
    first_age = _age("Given from this age")
    last_age = _age("Given up to this age")
    intro = forms.CharField(
        label="Read before you ask", required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )  # fmt: skip
    scale = forms.CharField(
        label="Points of the scale", max_length=2000, widget=forms.Textarea({"rows": 6}),
        help_text="From 2 to 11 points, the lowest first, one a line: its number and what it means, such as "
                  "“1 Not at all”. Only the lowest and the highest need words.",
    )  # fmt: skip
    higher = forms.ChoiceField(
        label="Which end is better?", widget=forms.RadioSelect,
        choices=(("yes", "More points are better"), ("no", "Fewer points are better")),
    )  # fmt: skip
    step = _figure(
        "From how many points does the mean answer count as changed?",
        "By so much to the better is improved, by so much to the worse is worse.", required=True,
    )  # fmt: skip
    services = forms.MultipleChoiceField(
        label="Which services use it?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Tick none if every service may.",
    )  # fmt: skip
    deviation = _figure(
        "Standard deviation of the whole score, in points",
        "From a study of this very tool. With both figures the page says whether a change is more than chance.",
    )  # fmt: skip
    reliability = _figure("Reliability of the whole score", "Between 0 and 1, such as 0.85.")
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, services: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "services", services)

    @staticmethod
    def begun(tool: Tool) -> dict[str, Any]:
        same = ("title", "whose", "first_age", "last_age", "intro", "deviation", "reliability")
        return {
            **{name: getattr(tool, name) for name in same}, "services": list(tool.services), "step": f"{tool.step:g}",
            "higher": "yes" if tool.higher else "no",
            "scale": "\n".join(f"{point} {words}".strip() for point, words in tool.scale),
        }  # fmt: skip

    def clean_scale(self) -> tuple[tuple[int, str], ...]:
        return tuple(self._point(line.strip()) for line in self.cleaned_data["scale"].splitlines() if line.strip())

    def _point(self, line: str) -> tuple[int, str]:
        found = _POINT.fullmatch(line)
        if found is None or BAR in found[2]:
            raise forms.ValidationError(f"Begin each line with its number: “{line[:40]}” does not.")
        return int(found[1]), found[2]

    def settings(self, tool: Tool) -> Tool:
        """The tool with what was entered."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "stamp"}
        intro = said["intro"].replace("\r\n", "\n").strip()
        return replace(
            tool, **said | {"intro": intro, "higher": said["higher"] == "yes", "services": tuple(said["services"])}
        )  # fmt: skip


class Publish(forms.Form):
    since = DateBoxesField(name="first day", label="Given from", help_text="Today or later.")
    source = forms.CharField(
        label="Where this comes from", max_length=200, help_text="A study, a licence, or “Office decision”."
    )
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["since"].initial = timezone.localdate


# On paper and on a phone.


class Sheet(forms.Form):
    """What a printed sheet says: nothing wrong is refused."""

    mark_optional = False
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    language = forms.ChoiceField(label="Language", required=False)
    named = forms.BooleanField(label="With the tool’s name and whose it is", required=False)

    def __init__(self, *args: Any, languages: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "language", languages)


class Send(forms.Form):
    """Which questions go to somebody's phone."""

    tool = forms.ChoiceField(
        label="Which questions?", widget=forms.RadioSelect, error_messages={"required": "Choose which questions"}
    )
    stage = forms.ChoiceField(
        label="Which assessment is this?", widget=forms.RadioSelect, required=False, help_text=(
            "Leave it empty and it is the first with this tool, or a review."
        ),
    )  # fmt: skip
    language = forms.ChoiceField(
        label="In which language?", widget=forms.RadioSelect, required=False, initial="en",
        help_text="What nobody has translated is shown in English.",
    )  # fmt: skip

    def __init__(self, *args: Any, tools: Iterable[Tool], stages: Choices, languages: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "tool", [(one.code, one.title) for one in tools])
        choose_from(self, "stage", stages)
        choose_from(self, "language", languages)


SKIP = ("skip", say("I would rather not say"))


class Answer(forms.Form):
    """The questions on somebody's own phone. Any may be left out, and what was chosen stays on an error."""

    mark_optional = False

    def __init__(self, data: Any = None, *, tool: Tool) -> None:
        super().__init__(data)
        self.tool = tool
        points = [(str(point), words) for point, words in tool.labels]
        for one in tool.questions:
            self.fields[f"q_{one.code}"] = forms.ChoiceField(
                label=one.words, choices=[*points, SKIP], required=False, widget=forms.RadioSelect
            )

    @property
    def answers(self) -> dict[str, int | None]:
        said = {one.code: self.cleaned_data[f"q_{one.code}"] for one in self.tool.questions}
        return {code: int(answer) if answer not in ("", SKIP[0]) else None for code, answer in said.items()}
