"""What the hub's pages ask. Choices come from the view; rules are in `rules` and `actions`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms import RadioSelect, Textarea
from django.utils import timezone

from alongside.core.clocks import LONDON, london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.arrivals.referrals.rules import Window

Choices = Iterable[tuple[str, str]]
CHANNELS = (
    ("phone", "Telephone call"), ("text", "Text message"), ("email", "E-mail"), ("letter", "Letter"),
    ("in_person", "In person"), ("video", "Video call"),
)  # fmt: skip
CLOCK: dict[str, Any] = {
    "input_formats": ("%H:%M", "%H.%M"),
    "error_messages": {"invalid": "Enter the time by the 24 hour clock, like 14:30"},
}


def _today() -> date:
    return london_date(timezone.now())


class Chosen(forms.Form):
    """A form whose choices are given by field when it is made."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, pairs in choices.items():
            choose_from(self, name, pairs)


class RecordAttempt(Chosen):
    channel = forms.ChoiceField(label="How did you try?", choices=CHANNELS, widget=RadioSelect)
    result = forms.ChoiceField(label="What came of it?", widget=RadioSelect)
    tried_on = DateBoxesField(label="On which day?", name="day", latest=_today)
    tried_at = forms.TimeField(
        label="At about what time?", help_text="For example, 14:30", **CLOCK
    )  # fmt: skip
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=Textarea,
        help_text="Only what the next person needs to know.",
    )  # fmt: skip
    despite = forms.ChoiceField(label="Contact is held. Why could this not wait?", required=False, widget=RadioSelect)

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, choices=choices, **words)
        if not choices.get("despite"):
            del self.fields["despite"]

    @staticmethod
    def now(at: datetime) -> dict[str, Any]:
        """What the form starts from: a call, this minute."""
        here = at.astimezone(LONDON)
        return {"channel": "phone", "tried_on": here.date(), "tried_at": f"{here:%H:%M}"}

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, with day and time as one moment in London."""
        given = dict(self.cleaned_data)
        day, clock = given.pop("tried_on"), given.pop("tried_at")
        return {**given, "attempted_at": datetime.combine(day, clock, tzinfo=LONDON)}


class PlanAttempt(forms.Form):
    day = DateBoxesField(label="On which day?", name="day", earliest=_today)
    from_time = forms.TimeField(label="From", help_text="For example, 10:00", **CLOCK)
    until_time = forms.TimeField(label="Until", **CLOCK)
    sure = forms.BooleanField(label="This time fits what they said in words", required=False)
    despite = forms.ChoiceField(
        label="Why must it be outside the hours that are safe?", required=False, widget=RadioSelect
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        if choices["despite"]:
            choose_from(self, "despite", choices["despite"])
        else:
            del self.fields["despite"]

    @staticmethod
    def begun(window: Window | None) -> dict[str, Any]:
        """What the form starts from: a window, or nothing where none is known to be safe."""
        if window is None:
            return {}
        starts, ends = (moment.astimezone(LONDON) for moment in (window.starts, window.ends))
        return {"day": starts.date(), "from_time": f"{starts:%H:%M}", "until_time": f"{ends:%H:%M}"}


class StrikeOut(forms.Form):
    reason = forms.CharField(
        label="What is wrong with it?", max_length=300,
        help_text="For example: it was another person’s call. Name nobody.",
    )  # fmt: skip


class CallBack(Chosen):
    reason = forms.ChoiceField(label="Why are you calling it back?", widget=RadioSelect)


class Close(Chosen):
    reason = forms.ChoiceField(label="Why are you closing it?", widget=RadioSelect)
    information_left = forms.TypedChoiceField(
        label="Does the victim know how to come back?", choices=(("yes", "Yes, I told them"), ("no", "No")),
        coerce=lambda value: value == "yes", widget=RadioSelect,
    )  # fmt: skip
