"""The forms of the journey through justice, named for their verbs: labels, hints and shape."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.justice import rules
from alongside.support.cases.justice.actions import Named, News

Choices = Sequence[tuple[str, str]]
NO_FORCE = ("", "Not known")
WEEKS = (("", "The next 12 weeks"), ("7", "The next week"), ("28", "The next 4 weeks"), ("182", "The next half year"))
WHOSE = (("mine", "Mine and those I cover"), ("all", "The whole team’s"))


def today() -> date:
    return london_date(timezone.now())


def _line(label: str, hint: str = "", length: int = 60) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=length)


def _clock(label: str, hint: str = "") -> forms.TimeField:
    return forms.TimeField(
        label=label, help_text=hint, required=False, input_formats=("%H:%M", "%H.%M"),
        error_messages={"invalid": "Enter the time as hours and minutes, like 10:00"},
    )  # fmt: skip


def _words(label: str, hint: str = "", *, required: bool = False, length: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=length, widget=forms.Textarea, strip=True
    )


class Seen(forms.Form):
    """A form that says which version its writer had before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class Naming(forms.Form):
    """What the police and the court know a case by."""

    crime_type = forms.ChoiceField(label="What happened")
    force = forms.ChoiceField(label="Police force", required=False)
    crime_ref = _line("Crime reference", "It is kept sealed, as are the officer, the court and the URN.")
    officer = _line("Officer in the case, and how to reach them", length=200)
    court_kind = forms.ChoiceField(label="Kind of court", required=False)
    court = _line("Which court", length=100)
    urn = _line("Unique reference number (URN)", "On letters of prosecutors and of the court.")

    def __init__(self, *args: Any, crimes: Choices, forces: Choices, courts: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "crime_type", crimes)
        choose_from(self, "force", (NO_FORCE, *forces))
        choose_from(self, "court_kind", (("", "Not known, or none yet"), *courts))

    @property
    def named(self) -> Named:
        return Named(**{name: self.cleaned_data.get(name, "") for name in Named.__dataclass_fields__})


class Start(Naming):
    reported = forms.ChoiceField(
        label="Has this been reported?", widget=forms.RadioSelect,
        help_text="Support is the same whatever the answer, and nobody has to report.",
        error_messages={"required": "Choose whether it was reported"},
    )  # fmt: skip
    on = DateBoxesField(
        label="On which day was it reported?", name="day of the report", required=False, latest=today,
        help_text="If the day is not known, the nearest that is.",
    )  # fmt: skip
    field_order = ("reported", "on", "crime_type", "force", "crime_ref", "officer")

    def __init__(self, *args: Any, answers: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reported", answers)
        for name in ("court_kind", "court", "urn"):
            del self.fields[name]


class Revise(Naming, Seen):
    entitlements = forms.MultipleChoiceField(
        label="Enhanced Rights", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Clocks that still run follow what you choose. Look again whenever things change.",
    )  # fmt: skip

    def __init__(self, *args: Any, entitlements: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "entitlements", entitlements)


class Telling(forms.Form):
    """When the victim was told, by whom and how."""

    told_on = DateBoxesField(label="When were they told?", name="day on which they were told", latest=today)
    told_by = forms.ChoiceField(label="Who told them?", required=False)
    told_how = forms.ChoiceField(label="How?", required=False)

    def __init__(self, *args: Any, bodies: Choices, ways: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "told_by", (("", "Choose"), *bodies))
        choose_from(self, "told_how", (("", "Choose"), *ways))

    @property
    def news(self) -> News:
        given = self.cleaned_data
        return News(given["told_on"], given["told_by"], given["told_how"])


class Tell(Telling, Seen):
    pass


class AddTurn(Telling):
    """What happened; its questions are those of its kind."""

    on = DateBoxesField(label="On which day?", name="day")
    at_time = _clock("At what time?", "If it is known. For example, 10:00")
    from_on = DateBoxesField(
        label="When was this day set?", name="day on which it was set", latest=today, required=False,
        help_text="Who must tell the victim has their time from then. Today, if you leave it empty.",
    )  # fmt: skip
    answers = forms.MultipleChoiceField(label="What was it?", required=False, widget=forms.CheckboxSelectMultiple)
    also = forms.MultipleChoiceField(
        label="What might have helped?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="So that others are served better. It is no reproach to anybody.",
    )  # fmt: skip
    body = forms.ChoiceField(label="Who did it?", required=False)
    note = _words("Anything else to keep", "Not the other party’s name: it is not needed here.")
    field_order = ("on", "at_time", "from_on", "answers", "also", "body", "note", "told_on", "told_by", "told_how")

    def __init__(
        self, *args: Any, kind: RuleRow, answers: Choices, also: Choices, bodies: Choices, ways: Choices, **words: Any
    ) -> None:
        super().__init__(*args, bodies=bodies, ways=ways, **words)
        self._fit(kind, answers, also, bodies)

    def _fit(self, kind: RuleRow, answers: Choices, also: Choices, bodies: Choices) -> None:
        if answers and not kind.flag("several"):
            self.fields["answers"] = forms.ChoiceField(
                label="What was it?", required=False, widget=forms.RadioSelect, choices=answers
            )  # fmt: skip
        elif answers:
            choose_from(self, "answers", answers)
        if also:
            choose_from(self, "also", also)
        choose_from(self, "body", (("", "Choose"), *bodies))
        self.fields["told_on"].required = False
        self.fields["told_on"].label = "Were they told already? When?"
        self.fields["told_on"].help_text = "Leave it empty if nobody has told them yet."
        if kind.flag("hearing"):
            self.fields["on"].label = "For which day is it set, or on which day was it?"
        unasked = {
            "at_time": kind.flag("hearing"), "from_on": kind.flag("hearing"), "answers": bool(answers),
            "also": bool(also), "body": kind.flag("who"),
            **dict.fromkeys(("told_on", "told_by", "told_how"), bool(kind.codes("owes"))),
        }  # fmt: skip
        for name, asked in unasked.items():
            if not asked:
                del self.fields[name]

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        given = dict(self.cleaned_data)
        told = [given.pop(name, None) for name in ("told_on", "told_by", "told_how")]
        chosen = given.pop("answers", [])
        given["answers"] = chosen if isinstance(chosen, list) else [chosen] if chosen else []
        return {**given, "news": News(told[0], told[1] or "", told[2] or "")}


class Postpone(Seen):
    went = forms.ChoiceField(
        label="What happened to this day?", widget=forms.RadioSelect,
        choices=((rules.MOVED, "It was moved to another day"), (rules.OPEN, "It was put off, and no new day is set"),
                 (rules.OFF, "It no longer takes place")),
        error_messages={"required": "Choose what happened to this day"},
    )  # fmt: skip
    new_on = DateBoxesField(label="What is the new day?", name="new day", required=False)
    new_time = _clock("At what time?", "If it is known. For example, 10:00")
    why = forms.ChoiceField(
        label="Which reason was given?", widget=forms.RadioSelect,
        error_messages={"required": "Choose the reason that was given"},
    )  # fmt: skip
    known_on = DateBoxesField(
        label="When was this decided?", name="day on which it was decided", latest=today, required=False,
        help_text="Who must tell the victim has their time from then. Today, if you leave it empty.",
    )  # fmt: skip
    field_order = ("went", "new_on", "new_time", "why", "known_on")

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "why", reasons)


class Chase(forms.Form):
    on = DateBoxesField(label="When did you ask?", name="day", latest=today)
    body = forms.ChoiceField(label="Whom did you ask?")
    how = forms.ChoiceField(label="How?")
    note = _words("What they answered", length=2000)

    def __init__(self, *args: Any, bodies: Choices, ways: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "body", bodies)
        choose_from(self, "how", (("", "Choose"), *ways))


class Reassess(Seen):
    answer = forms.ChoiceField(
        label="What came of asking about their needs again?", widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of it"},
    )  # fmt: skip

    def __init__(self, *args: Any, answers: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "answer", answers)


class StrikeOut(Seen):
    why = _words("Why is it wrong?", "It stays to be read, struck through, with what you write.", required=True,
                 length=300)  # fmt: skip


class Ahead(forms.Form):
    """Filters of the list across cases; nothing is required and nothing wrong is refused."""

    mark_optional = False
    view = forms.ChoiceField(
        label="What", required=False, choices=(("", "Days at court"), ("owed", "News that is owed"))
    )  # fmt: skip
    whose = forms.ChoiceField(label="Whose", required=False, choices=WHOSE)
    kind = forms.ChoiceField(label="Kind", required=False)
    due = forms.ChoiceField(label="When", required=False, choices=WEEKS)

    def __init__(self, *args: Any, kinds: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "kind", (("", "All"), *kinds))

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, without what makes no sense."""
        self.is_valid()
        return dict(self.cleaned_data)
