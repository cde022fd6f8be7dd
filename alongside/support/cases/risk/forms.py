"""The forms of risk, named for their verbs: labels, hints and shape."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.pages.drafts import Kept
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.risk import rules
from alongside.support.cases.risk.actions import LONGEST_COMMENT, MOST_INCIDENTS
from alongside.support.cases.risk.models import Alert
from alongside.support.cases.risk.queries import Offered, Said
from alongside.support.cases.risk.rules import Area, Item, RiskSet

Choices = Sequence[tuple[str, str]]


def _number(label: str, hint: str = "", *, most: int, least: int = 0, required: bool = True) -> forms.IntegerField:
    wrong = dict.fromkeys(("min_value", "max_value", "invalid"), f"Enter a number from {least} to {most}")
    return forms.IntegerField(
        label=label, help_text=hint, min_value=least, max_value=most, required=required, error_messages=wrong
    )


class Begin(forms.Form):
    set = forms.ChoiceField(
        label="What will you ask about?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to ask about"},
    )

    def __init__(self, *args: Any, offered: Iterable[Offered], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "set", [(one.set.code, one.set.title) for one in offered])


class Sit(forms.Form):
    """A set as a form: one of four answers and a comment for each question. Whatever was not pressed was not asked."""

    mark_optional = False
    asked_how = forms.ChoiceField(label="How was it asked?", widget=forms.RadioSelect, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, whole: RiskSet, asked: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        self.items = whole.items
        for item in whole.items:
            self.fields[f"a_{item.code}"] = forms.ChoiceField(
                label=item.words, help_text=item.hint, widget=forms.RadioSelect, required=False,
                choices=list(rules.ANSWERS.items()),
            )  # fmt: skip
            self.fields[f"c_{item.code}"] = forms.CharField(
                label="Comment", required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea
            )
        months = whole.window_months
        self.fields["incidents"] = _number(
            f"How many incidents were there in the last {'month' if months == 1 else f'{months} months'}?",
            "As they count them, reported or not. Leave it empty if you do not know.", most=MOST_INCIDENTS,
            required=False,
        )  # fmt: skip
        choose_from(self, "asked_how", asked)

    @staticmethod
    def start(said: Said, stamp: int, kept: Kept | None) -> dict[str, Any]:
        """What the form starts from: what was saved, and over it what was kept while it was typed."""
        saved: dict[str, Any] = {"incidents": said.incidents, "asked_how": said.asked_how, "seen": stamp}
        saved |= {f"a_{code}": answer for code, answer in said.answers.items()}
        saved |= {f"c_{code}": words for code, words in said.comments.items()}
        return saved | (dict(kept.texts) if kept else {})

    @property
    def said(self) -> Said:
        """What was entered, as the action takes it."""
        entered = self.cleaned_data
        return Said(
            answers={one.code: entered[f"a_{one.code}"] or rules.NOT_ASKED for one in self.items},
            comments={one.code: entered[f"c_{one.code}"] for one in self.items},
            incidents=entered["incidents"], asked_how=entered["asked_how"],
        )  # fmt: skip


class Finish(forms.Form):
    level = forms.ChoiceField(
        label="How high do you judge the risk to be?", widget=forms.RadioSelect,
        error_messages={"required": "Choose the level of risk"},
    )  # fmt: skip
    judgement = forms.CharField(
        label="If you judge it higher than the answers do: why?", required=False, max_length=4000,
        widget=forms.Textarea, help_text="What you have seen or heard that the questions do not ask.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, reckoned: str, levels: Mapping[str, str], **words: Any) -> None:
        super().__init__(*args, **words)
        open_ = rules.LEVELS[rules.rank(reckoned) :]
        choose_from(self, "level", [(code, levels[code]) for code in open_])


class Seen(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class Alerts(forms.Form):
    """The one filter of the list of what rose."""

    mark_optional = False
    state = forms.ChoiceField(
        label="Show", required=False, choices=(("", "To be seen"), (Alert.State.ANSWERED, "Acted on"))
    )


class Answer(forms.Form):
    did = forms.MultipleChoiceField(
        label="What was done?", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose what was done"}
    )
    words = forms.CharField(
        label="Anything to add", required=False, max_length=4000, widget=forms.Textarea,
        help_text="Not an address or a telephone number.",
    )  # fmt: skip

    def __init__(self, *args: Any, responses: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "did", responses)


# What an office writes.


class Start(forms.Form):
    """A set of the office's own."""

    title = forms.CharField(label="Name of the set", max_length=200)
    kind = forms.ChoiceField(
        label="What is it about?", widget=forms.RadioSelect, error_messages={"required": "Choose what it is about"}
    )

    def __init__(self, *args: Any, kinds: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "kind", kinds)


class Question(forms.Form):
    """One question of a set that is being written."""

    words = forms.CharField(
        label="The question, as it is read out", max_length=rules.LONGEST_WORDS, widget=forms.Textarea({"rows": 2})
    )  # fmt: skip
    hint = forms.CharField(
        label="What a worker reads beside it", required=False, max_length=rules.LONGEST_WORDS,
        help_text="Such as what to do at once if the answer is yes.",
    )  # fmt: skip
    weight = _number("How much a yes counts", "0 is asked and not counted.", most=rules.HEAVIEST)
    critical = forms.BooleanField(label="A yes makes the risk high by itself", required=False)
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def item(self, code: str) -> Item:
        said = self.cleaned_data
        words = " ".join(said["words"].split())
        return Item(code, words, said["weight"], said["critical"], said["hint"])

    @staticmethod
    def begun(item: Item | None) -> dict[str, Any]:
        if item is None:
            return {"weight": 1}
        return {"words": item.words, "hint": item.hint, "weight": item.weight, "critical": item.critical}


class Settle(forms.Form):
    """What stands around the questions of a set."""

    title = forms.CharField(label="Name of the set", max_length=200)
    first_age = _number("Asked from this age", most=rules.OLDEST)
    last_age = _number("Asked up to this age", most=rules.OLDEST)
    intro = forms.CharField(
        label="Read before you ask", required=False, max_length=4000, widget=forms.Textarea({"rows": 5})
    )  # fmt: skip
    medium_from = _number("Medium from this score", most=600, least=1)
    high_from = _number("High from this score", most=600, least=1)
    incidents_from = _number("High from so many incidents in the window", "0 for never.", most=MOST_INCIDENTS)
    sittings_from = _number("High from so many sittings in the window", "0 for never.", most=100)
    window_months = _number("The window, in months", most=rules.LONGEST_WINDOW, least=1)
    areas = forms.CharField(
        label="Councils that count otherwise", required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text="One a line: council, high from, incidents, months. For example: Wolverhampton, 17, 3, 6",
    )  # fmt: skip
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, councils: Mapping[str, str], **words: Any) -> None:
        super().__init__(*args, **words)
        self._councils = {name.casefold(): code for code, name in councils.items()}
        self._names = dict(councils)

    @staticmethod
    def begun(whole: RiskSet, councils: Mapping[str, str]) -> dict[str, Any]:
        areas = "\n".join(
            f"{councils.get(one.council, one.council)}, {one.high_from}, {one.incidents_from}, {one.window_months}"
            for one in whole.areas
        )  # fmt: skip
        return {name: getattr(whole, name) for name in Settle.base_fields if name != "stamp"} | {"areas": areas}

    def clean_areas(self) -> tuple[Area, ...]:
        return tuple(self._area(line) for line in self.cleaned_data["areas"].splitlines() if line.strip())

    def _area(self, line: str) -> Area:
        name, *numbers = [part.strip() for part in line.split(",")]
        code = self._councils.get(name.casefold(), name if name in self._names else "")
        if not code:
            raise forms.ValidationError(f"We know no council called “{name}”.")
        if len(numbers) != 3 or not all(number.isdigit() and len(number) < 4 for number in numbers):
            raise forms.ValidationError(f"Write three numbers after {name}: high from, incidents, months.")
        return Area(code, *map(int, numbers))

    def settings(self, whole: RiskSet) -> RiskSet:
        """The set with what was entered."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "stamp"}
        return replace(whole, **{**said, "intro": said["intro"].replace("\r\n", "\n").strip()})


class Publish(forms.Form):
    since = DateBoxesField(name="first day", label="Asked from", help_text="Today or later.")
    source = forms.CharField(
        label="Where this comes from", max_length=200, help_text="A law, guidance, or “Office decision”, with its day."
    )
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["since"].initial = timezone.localdate
