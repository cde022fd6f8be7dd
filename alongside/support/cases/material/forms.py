"""The forms of requests for records, named for their verbs: labels, hints and shape."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.material import lifecycle
from alongside.support.cases.material.actions import Decision, Wanted

Choices = Sequence[tuple[str, str]]
STATES = (("", "Waiting"), ("late", "Late"), ("decided", "Decided or taken back"), ("all", "All"))


def today() -> date:
    return london_date(timezone.now())


def _words(label: str, hint: str = "", *, required: bool = True, length: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=length, widget=forms.Textarea, strip=True
    )


def _tick(label: str, hint: str = "", *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=hint, required=required, widget=forms.CheckboxSelectMultiple
    )


class Seen(forms.Form):
    """A form that says which version its writer had before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class Saying(forms.Form):
    """What a request says."""

    enquiry = _words("Why do they want them?", "Their line of enquiry, as they put it.", required=False)
    found = _tick("What does the request say?", "Tick what is there in writing. What is missing is asked for first.")
    notice_on = DateBoxesField(
        label="When was the victim given written notice?", name="day of the notice", required=False, latest=today,
        help_text="By whoever asks, on or before the day of the request. Leave it empty if there was none.",
    )  # fmt: skip

    def __init__(self, *args: Any, checks: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "found", checks)


class TakeDown(Saying):
    body = forms.ChoiceField(
        label="Who asks?", widget=forms.RadioSelect, error_messages={"required": "Choose who asks"}
    )
    office = forms.CharField(label="Which force, office or firm", max_length=100)
    their_ref = forms.CharField(label="Their reference", required=False, max_length=60)
    asked_on = DateBoxesField(label="When was it written?", name="day on which it was written", latest=today)
    came_on = DateBoxesField(label="When did it come?", name="day on which it came", latest=today)
    kinds = _tick("Which records do they ask for?", required=True)
    scope = _words("What exactly, of which time?", "As they put it.")
    field_order = ("body", "office", "their_ref", "asked_on", "came_on", "kinds", "scope", "enquiry", "found",
                   "notice_on")  # fmt: skip

    def __init__(self, *args: Any, bodies: Choices, kinds: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "body", bodies)
        choose_from(self, "kinds", kinds)
        self.fields["kinds"].error_messages["required"] = "Choose which records they ask for"

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)


class Complete(Saying, Seen):
    pass


class Hear(Seen):
    spoken_on = DateBoxesField(label="When did you speak with them?", name="day", latest=today)
    view = forms.ChoiceField(
        label="What do they say of it?", widget=forms.RadioSelect,
        error_messages={"required": "Choose what they say of it"},
    )  # fmt: skip

    def __init__(self, *args: Any, views: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "view", views)


class Decide(Seen):
    decision = forms.ChoiceField(
        label="What is decided?", widget=forms.RadioSelect,
        choices=((lifecycle.PROVIDED, "Provide what is asked for"), (lifecycle.PART, "Provide part of it"),
                 (lifecycle.REFUSED, "Refuse")),
        error_messages={"required": "Choose what is decided"},
    )  # fmt: skip
    reasons = _tick("Reasons, if it is not all provided")
    why = _words("The reasons in words", "For the answer to them, and for whoever asks later.", required=False)
    provided = _words("What is provided", "One record on a line, with its dates. Nothing else leaves.", required=False)
    checked_by = forms.ChoiceField(
        label="Who checked it, page by page?", required=False,
        help_text="For names, addresses, other people and whatever was not asked for.",
    )  # fmt: skip

    def __init__(self, *args: Any, reasons: Choices, people: Mapping[UUID, str], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reasons", reasons)
        choose_from(self, "checked_by", (("", "Choose"), *((str(key), name) for key, name in people.items())))

    @property
    def made(self) -> Decision:
        given = {name: self.cleaned_data[name] for name in ("decision", "reasons", "why", "provided")}
        checked = self.cleaned_data["checked_by"]
        return Decision(**given, checked_by=UUID(checked) if checked else None)


class Register(forms.Form):
    """Filters of the register; nothing is required and nothing wrong is refused."""

    mark_optional = False
    state = forms.ChoiceField(label="How it stands", required=False, choices=STATES)
    source = forms.ChoiceField(label="Who asks", required=False)

    def __init__(self, *args: Any, bodies: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "source", (("", "All"), *bodies))

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, without what makes no sense."""
        self.is_valid()
        return dict(self.cleaned_data)
