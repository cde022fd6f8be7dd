"""The forms of casework, named for their verbs: labels, hints and shape."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.clocks import LONDON, london_date
from alongside.core.pages.drafts import Kept
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission
from alongside.support.cases.casework.models import Contact, Need, Step
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.queries import ToAsk

Choices = Sequence[tuple[str, str]]
NOT_ASKED = "none"
NOBODY = "nobody"
LONGEST_CONTACT = 600  # minutes
WHOSE = (("", "Everybody’s"), ("mine", "Mine and those I cover"), ("nobody", "Nobody’s"))
STATES = (("", "Not closed"), ("waiting", "Waiting to start"), ("open", "Being supported"), ("closed", "Closed"),
          ("all", "All"))  # fmt: skip


def today() -> date:
    return london_date(timezone.now())


def _words(label: str, hint: str = "", *, required: bool = True, length: int = 10_000) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=length, widget=forms.Textarea, strip=True
    )


def _choose(label: str, choices: Choices, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **options)


class Happened(forms.Form):
    """Which part of what happened: a kind, and what came before a moment. Nothing wrong is refused; it is left out."""

    kind = forms.CharField(required=False, max_length=20)
    before = forms.CharField(required=False, max_length=40)

    @property
    def asked(self) -> dict[str, Any]:
        self.full_clean()
        try:
            before = datetime.fromisoformat(self.cleaned_data.get("before", ""))
        except ValueError:
            before = None
        known = before is not None and before.tzinfo is not None
        return {"kind": self.cleaned_data.get("kind", ""), "before": before if known else None}


class Caseload(forms.Form):
    """Search and filters of the caseload; nothing is required and nothing wrong is refused."""

    mark_optional = False
    q = forms.CharField(label="Search by family name or reference", required=False, max_length=100)
    whose = forms.ChoiceField(label="Whose", required=False)
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    crime_type = forms.ChoiceField(label="Crime type", required=False)

    @classmethod
    def of(cls, query: QueryDict, *, by: Actor, names: Mapping[UUID, str], crimes: Mapping[str, str]) -> Self:
        """Filled in from the address. A caseworker who asked for nothing is shown their own caseload."""
        asked = query.copy()
        if by.realm == Realm.PROVIDER and not by.may(Permission.CASE_ASSIGN):
            asked.setdefault("whose", "mine")
        form = cls(asked)
        if by.realm == Realm.PROVIDER:
            choose_from(form, "whose", (*WHOSE, *((str(key), name) for key, name in names.items())))
        else:
            del form.fields["whose"]
        choose_from(form, "crime_type", (("", "All"), *crimes.items()))
        return form

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, without what makes no sense."""
        self.is_valid()
        return dict(self.cleaned_data)


class Decline(forms.Form):
    reason = forms.ChoiceField(label="Why is the answer no?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)


class Assign(forms.Form):
    worker = forms.ChoiceField(label="Who will support them?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, colleagues: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "worker", colleagues)

    @property
    def chosen(self) -> UUID | None:
        worker = self.cleaned_data["worker"]
        return None if worker == NOBODY else UUID(worker)


class SetLimit(forms.Form):
    limit = forms.IntegerField(
        label="How many cases at most?", required=False, min_value=1, max_value=200,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), "Enter a number of cases from 1 to 200"),
        help_text="Leave it empty for no limit. Going over it warns whoever assigns a case, and stops nothing.",
    )  # fmt: skip


class Cover(Assign):
    """The worker who covers, and until when."""

    until = DateBoxesField(
        label="Last day of cover", name="last day of cover", help_text="The case comes back by itself the day after."
    )

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["worker"].label = "Who covers while they are away?"

    @property
    def person(self) -> UUID:
        return UUID(self.cleaned_data["worker"])


class RecordContact(forms.Form):
    channel = _choose(
        "How?", Contact.Channel.choices, error_messages={"required": "Choose how you made contact, or tried to"}
    )
    result = forms.ChoiceField(
        label="What came of it?", widget=forms.RadioSelect, error_messages={"required": "Choose what came of it"}
    )
    happened_on = DateBoxesField(label="On which day?", name="day", latest=today)
    happened_at = forms.TimeField(
        label="At about what time?",
        help_text="For example, 14:30",
        input_formats=("%H:%M", "%H.%M"),
        error_messages={"invalid": "Enter the time as hours and minutes, like 14:30"},
    )
    minutes = forms.IntegerField(
        label="How many minutes did it take?", min_value=0, max_value=LONGEST_CONTACT, required=False,
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), f"Enter minutes as a number up to {LONGEST_CONTACT}"
        ),
    )  # fmt: skip
    note = _words("What was said or agreed", "Not an address or a telephone number: those belong with the ways to make "
                  "contact, where they are kept safe.", required=False)  # fmt: skip

    despite = forms.ChoiceField(
        label="Contact is held. Why could this not wait?", required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, results: Choices, despite: Choices = (), **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "result", results)
        if despite:
            choose_from(self, "despite", despite)
        else:
            del self.fields["despite"]

    @staticmethod
    def now(at: datetime) -> dict[str, Any]:
        """What the form starts from: this minute."""
        here = at.astimezone(LONDON)
        return {"happened_on": here.date(), "happened_at": f"{here:%H:%M}"}

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, with day and time as one moment in London."""
        given = dict(self.cleaned_data)
        day, clock = given.pop("happened_on"), given.pop("happened_at")
        moment = datetime.combine(day, clock, tzinfo=LONDON)
        return {**given, "happened_at": moment, "minutes": given["minutes"] or 0}


class FindNeed(forms.Form):
    code = forms.ChoiceField(label="In which part of life?", widget=forms.RadioSelect)
    goal = _words(
        "What do they want to be different?", "In their own words where you can.", required=False, length=2000
    )

    def __init__(self, *args: Any, needs: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "code", needs)


class Seen(forms.Form):
    """A form that says which version its writer had before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReviseNeed(Seen):
    goal = _words(
        "What do they want to be different?", "In their own words where you can.", required=False, length=2000
    )
    without = forms.BooleanField(label="Take the goal off the plan. The need stays", required=False)

    @property
    def empties(self) -> bool:
        """Whether the words were sent empty, so that it is asked whether the goal goes."""
        return self.is_bound and not self.data.get("goal", "").strip()


class SettleNeed(Seen):
    state = _choose("How does this need stand?", Need.State.choices)


class AddStep(forms.Form):
    what = _words("What will be done?", length=2000)
    who = _choose("Who does it?", Step.Who.choices)
    due_on = DateBoxesField(label="By when", name="day", required=False)


class ReviseStep(AddStep, Seen):
    pass


class FinishStep(Seen):
    pass


class Reopen(forms.Form):
    reason = forms.ChoiceField(label="Why is it reopened?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)


class CorrectClosing(Reopen):
    """Why support really ended."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["reason"].label = "Why did support end?"


class Assess(forms.Form):
    """A tool as a form: its scale for each question, where *not asked* is an answer of its own."""

    stage = _choose("Which assessment is this?", Assessment.Stage.choices)
    chosen_by = _choose(
        "Who chose the answers?",
        (("victim", "The person we support, in their own view"), ("worker", "The worker, from what they said")),
    )
    way = _choose(
        "How was it answered?",
        (
            (Assessment.Way.TOGETHER, "With you, in person or by phone"),
            (Assessment.Way.PAPER, "On paper, typed in now"),
        ),
    )
    on = DateBoxesField(name="day", label="If on another day: when was it answered?", required=False, latest=today)
    words = _words("What they say about it, in their own words", required=False, length=4000)

    def __init__(self, *args: Any, asked: ToAsk, **words: Any) -> None:
        super().__init__(*args, **words)
        self.questions = asked.tool.questions
        choose_from(self, "stage", [(stage, Assessment.Stage(stage).label) for stage in asked.stages])
        scale = [(str(point), words) for point, words in asked.tool.labels]
        for question in self.questions:
            unanswered = {"required": f"Choose an answer, or “Not asked”, for “{question.words.rstrip('.')}”"}
            self.fields[question.code] = _choose(
                question.words, (*scale, (NOT_ASKED, "Not asked")), error_messages=unanswered
            )

    @staticmethod
    def start(asked: ToAsk, kept: Kept | None) -> dict[str, Any]:
        """What the form starts from: the stage that comes next, or what was kept of it."""
        return {"stage": asked.stages[0], "way": Assessment.Way.TOGETHER, **(kept.texts if kept else {})}

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        entered = self.cleaned_data
        own, day = entered["chosen_by"] == "victim", entered["on"]
        noon = None if day in (None, today()) else datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)
        return {"stage": entered["stage"], "answers": self.answers, "in_own_words": own, "words": entered["words"],
                "way": entered["way"], "answered_at": noon}  # fmt: skip

    @property
    def answers(self) -> dict[str, int | None]:
        """Each question's answer on the scale; None where it was not asked or not answered."""
        given = {question.code: self.cleaned_data[question.code] for question in self.questions}
        return {code: None if answer == NOT_ASKED else int(answer) for code, answer in given.items()}
