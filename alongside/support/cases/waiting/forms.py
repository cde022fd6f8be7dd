"""The forms of waiting lists, named for their verbs: labels, hints and shape."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from alongside.core.clocks import LONDON, london_date
from alongside.core.pages.fields import DateBoxesField, choose_from, choose_rows
from alongside.foundation.local.directory.models import Service
from alongside.support.cases.casework.forms import RecordContact, Seen
from alongside.support.cases.waiting.models import WaitingList

Choices = Sequence[tuple[str, str]]
MOST_WEEKS, MOST_PEOPLE, MOST_POINTS = 260, 20_000, 100
TITLED = "{0.service.name}: {1}"


def today() -> date:
    return london_date(timezone.now())


def _number(label: str, least: int, most: int, hint: str = "", *, required: bool = True) -> forms.IntegerField:
    wrong = f"Enter a whole number from {least} to {most:,}"
    return forms.IntegerField(
        label=label, help_text=hint, min_value=least, max_value=most, required=required,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid", "required"), wrong),
    )  # fmt: skip


def _words(label: str, hint: str, length: int) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=length, widget=forms.Textarea, strip=True)


def _choose(label: str, wrong: str, **options: Any) -> forms.ChoiceField:
    """One of some, as radio buttons; which they are, only the page that asks knows."""
    return forms.ChoiceField(
        label=label, widget=forms.RadioSelect, error_messages={"required": wrong, "invalid_choice": wrong}, **options
    )


class Settings(forms.Form):
    """The rhythms and limits of a list."""

    review_weeks = _number(
        "Review each person every how many weeks?", 1, 52, "How much they need it, and what would suit them."
    )
    contact_weeks = _number(
        "Be in touch with each person every how many weeks?", 1, 52,
        "A call or a message to ask how they are, and to say that they are not forgotten.",
    )  # fmt: skip
    answer_days = _number("How many working days has somebody to answer an offer?", 1, 60)
    declines_talk = _number(
        "After how many times no does somebody talk with them?", 0, 20,
        "0 for never. Saying no never costs anybody their day.",
    )  # fmt: skip
    limit_people = _number(
        "At most how many people?", 1, MOST_PEOPLE, "Leave it empty for no limit. You are warned before it is passed; "
        "nobody is turned away by it.", required=False,
    )  # fmt: skip
    limit_weeks = _number(
        "At most how many weeks of waiting?", 1, MOST_WEEKS, "Leave it empty for no limit.", required=False
    )
    workers = _number(
        "How many workers take people from this list?", 1, 500, "Full-time, or counted as such. Used to say how long "
        "people will wait.", required=False,
    )  # fmt: skip
    each = _number("How many people does each help at one time?", 1, 500, required=False)


class Weights(forms.Form):
    """What decides the order."""

    week = _number("Points for each week of waiting", 0, MOST_POINTS)
    need = _number("Points for each step of need", 0, MOST_POINTS, "The steps of need are counted up from 1.")
    risk = _number("Points for being at high risk", 0, MOST_POINTS)


class SetUp(Settings, Weights):
    service = forms.ModelChoiceField(
        label="Which service?", queryset=Service.objects.none(), widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": "Choose a service", "invalid_choice": "Choose a service"},
    )  # fmt: skip
    modality = _choose("What do people wait for?", "Choose what people wait for")
    field_order = ["service", "modality", "week", "need", "risk"]

    def __init__(self, *args: Any, services: QuerySet[Service], modalities: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_rows(self, "service", services, only=True)
        self.fields["service"].label_from_instance = lambda service: service.name  # type: ignore[attr-defined]
        choose_from(self, "modality", modalities)


class Revise(Settings, Seen):
    """The same, with the version that its writer had before them."""


class Rule(Weights):
    from_on = DateBoxesField(
        label="From which day?",
        name="day",
        earliest=today,
        help_text="Today or later. Positions until then stay as they are.",
    )


class Close(forms.Form):
    closed_on = DateBoxesField(label="Since which day is the list closed?", name="day", latest=today)
    why = _words("Why?", "Workers read this. Not about any one person.", 300)
    meanwhile = _words(
        "What is offered meanwhile?", "Where workers can send people instead, and what helps them for now.", 600
    )


class People(forms.Form):
    """Search and filters of a list; nothing is required and nothing wrong is refused."""

    mark_optional = False
    q = forms.CharField(label="Search by family name or reference", required=False, max_length=100)
    state = forms.ChoiceField(
        label="Who", required=False,
        choices=(("", "Everybody"), ("ready", "Could take a place"), ("paused", "Paused"), ("offered", "Has an offer"),
                 ("decide", "Needs a decision")),
    )  # fmt: skip
    risk = forms.ChoiceField(label="Risk", required=False, choices=(("", "Any"), ("high", "High risk")))
    wish = forms.ChoiceField(label="Would suit them", required=False)
    due = forms.ChoiceField(
        label="Late", required=False,
        choices=(("", "Late or not"), ("review", "Review is late"), ("contact", "Contact is late"),
                 ("pause", "Pause is over")),
    )  # fmt: skip

    @classmethod
    def of(cls, query: QueryDict, *, wishes: Mapping[str, str]) -> Self:
        form = cls(query)
        choose_from(form, "wish", (("", "Anything"), *wishes.items()))
        return form

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, without what makes no sense."""
        self.is_valid()
        return dict(self.cleaned_data)


class Found(forms.Form):
    """How much they need it, and what would suit them."""

    need = _choose("How much do they need it?", "Choose how much they need it")
    wishes = forms.MultipleChoiceField(
        label="What would suit them?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Choose all that they ask for. It never changes their position.",
    )  # fmt: skip

    def __init__(self, *args: Any, needs: Choices, wishes: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "need", needs)
        field = self.fields["wishes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(wishes)


class OfList(forms.Form):
    """Which list; lists are called by their service and way of helping."""

    list = forms.ModelChoiceField(
        label="Which list?", queryset=WaitingList.objects.none(), widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": "Choose a list", "invalid_choice": "Choose a list"},
    )  # fmt: skip

    def choose_list(self, lists: QuerySet[WaitingList], modalities: Mapping[str, str]) -> None:
        choose_rows(self, "list", lists, only=True)
        self.fields["list"].label_from_instance = lambda held: TITLED.format(  # type: ignore[attr-defined]
            held, modalities.get(held.modality, held.modality)
        )


class Join(Found, OfList):
    joined_on = DateBoxesField(
        label="Since which day have they waited?", name="day", latest=today, required=False,
        help_text="Leave it empty for today. It can be any day since you accepted their case, and is theirs for good.",
    )  # fmt: skip
    field_order = ["list", "need", "wishes", "joined_on"]

    def __init__(
        self, *args: Any, lists: QuerySet[WaitingList], modalities: Mapping[str, str], **words: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.choose_list(lists, modalities)

    @property
    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {"held": given.pop("list"), **given}


class Move(OfList):
    def __init__(
        self, *args: Any, lists: QuerySet[WaitingList], modalities: Mapping[str, str], **words: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.choose_list(lists, modalities)

    @property
    def given(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["list"]}


class Review(Found, Seen):
    """The same, with the version that its writer had before them."""


class KeepInTouch(RecordContact):
    """A contact of the case, recorded where its being due is read."""


class Pause(forms.Form):
    why = _choose("Why do they pause?", "Choose why")
    until = DateBoxesField(
        label="Until when?", name="day", help_text="They are asked again then. They keep the day on which they joined."
    )

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "why", reasons)


class Decline(forms.Form):
    reason = _choose("Why did they say no?", "Choose what they said")

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)


class Leave(forms.Form):
    why = _choose("Why do they leave the list?", "Choose why they leave the list")

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "why", reasons)


class Offer(forms.Form):
    worker = _choose("With whom?", "Choose who would work with them")
    starts_on = DateBoxesField(label="On which day do they first meet?", name="day")
    starts_at = forms.TimeField(
        label="At what time?", help_text="For example, 14:30", input_formats=("%H:%M", "%H.%M"),
        error_messages={"required": "Enter the time as hours and minutes, like 14:30",
                        "invalid": "Enter the time as hours and minutes, like 14:30"},
    )  # fmt: skip
    why = forms.ChoiceField(
        label="Others are before them on the list. Why is this place for them?", required=False,
        widget=forms.RadioSelect, help_text="It is kept with the offer.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, workers: Iterable[tuple[UUID, str]], whys: Choices, passed: int, **words: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        choose_from(self, "worker", [(str(key), name) for key, name in workers])
        if passed:
            choose_from(self, "why", whys)
        else:
            del self.fields["why"]

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, with day and time as one moment in London."""
        given = dict(self.cleaned_data)
        moment = datetime.combine(given.pop("starts_on"), given.pop("starts_at"), tzinfo=LONDON)
        return {"worker": UUID(given["worker"]), "starts_at": moment, "why": given.get("why", "")}
