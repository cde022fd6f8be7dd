"""What the pages of routing ask."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms import CheckboxSelectMultiple, HiddenInput, RadioSelect, Textarea
from django.utils import timezone

from alongside.core import clocks
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.arrivals.routing import rules, wording
from alongside.support.arrivals.routing.actions import Against
from alongside.support.arrivals.routing.rules import ASKED, Rule, Then, When

Choices = Iterable[tuple[str, str]]
AGREED = (
    ("yes", "Yes"),
    ("not_asked", "Not asked, because somebody may be in danger"),
    ("no", "No"),
)
ANOTHER = "another"
TWO_SERVICES = (
    "You chose a service here and another one below. It goes to one service: keep this one and set the other to "
    "“None of the others”, or choose “Another service, chosen below”"
)
# What each condition is called on the form, in the order in which it is asked.
QUESTIONS = {
    "crime_types": "What happened", "risk": "Risk", "councils": "Council", "markers": "Marked as", "ages": "Age",
    "sexes": "Sex", "needs": "Needs", "languages": "Language", "victims": "Whom it is about",
    "sources": "Who sent it", "senders": "Which organisation sent it",
    "feeds": "Which feed of a force it came by",
    "reported": "Reported to the police", "hours": "When it comes",
}  # fmt: skip
assert QUESTIONS.keys() == set(ASKED)
TOMORROW, NOW, LATER = "tomorrow", "now", "later"


def _today() -> date:
    return clocks.london_date(timezone.now())


class Offer(forms.Form):
    """One service: of those that fit, or any other. A radio button cannot be let go, so one of them says neither."""

    service = forms.ChoiceField(label="Which service?", required=False, widget=RadioSelect)
    other = forms.ChoiceField(label="Or choose another service", required=False)
    why = forms.ChoiceField(label="Why do you go against the rule?", required=False)
    words = forms.CharField(
        label="In your words", required=False, max_length=500, widget=Textarea({"rows": 2}),
        help_text="What the next reader of the rule must know. Name nobody.",
    )  # fmt: skip
    agreed = forms.TypedChoiceField(
        label="Has the victim agreed that we send it?", choices=AGREED, widget=RadioSelect,
        coerce={"yes": True, "no": False}.get,
    )  # fmt: skip

    others = forms.BooleanField(
        label="They also agree that it goes on to another service if this one does not answer", required=False
    )

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        fits = list(choices["service"])
        if fits:
            fits.append((ANOTHER, "Another service, chosen below"))
        for name, pairs in {**choices, "service": fits}.items():
            choose_from(self, name, pairs)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        above, other = found.get("service"), found.get("other")
        if above == ANOTHER and not other and "other" not in self.errors:
            self.add_error("other", "Choose the other service")
        elif not above and not other and "service" not in self.errors:
            self.add_error("service", "Choose a service")
        elif above not in (None, "", ANOTHER) and other:
            self.add_error("service", TWO_SERVICES)
        return found

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data["other"] or self.cleaned_data["service"])

    @property
    def against(self) -> Against:
        return Against(self.cleaned_data["why"], self.cleaned_data["words"])


class WriteRule(forms.Form):
    """One rule: its name, what it asks, where it sends, from when until when."""

    name = forms.CharField(
        label="What is this rule called?", max_length=80, help_text="Short, as you would speak of it. Name nobody."
    )
    does = forms.ChoiceField(label="What happens then?", choices=tuple(wording.DOES.items()), widget=RadioSelect)
    service = forms.ChoiceField(label="Which service?", required=False)
    route = forms.ChoiceField(label="Which national service?", required=False)
    tell = forms.BooleanField(label="Tell the hub manager each time", required=False)
    alone = forms.BooleanField(
        label="If the service does not answer, it may go on to the next one without a person, high risk too",
        required=False,
    )  # fmt: skip
    since = DateBoxesField(
        label="From which day?",
        required=False,
        name="first day",
        help_text="Leave it empty for as long as the list is in force.",
    )
    until = DateBoxesField(
        label="Until which day?", required=False, name="last day", help_text="From this day on the rule is left out."
    )
    because = forms.CharField(
        label="Why may it treat people differently?", required=False, max_length=300, widget=Textarea({"rows": 2}),
        help_text="Needed where it asks for sex, for the age of adults, for language or for what hostility was about: "
        "for example, a service for women that the law allows.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=HiddenInput)

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, label in QUESTIONS.items():
            self.fields[name] = forms.MultipleChoiceField(label=label, required=False, widget=CheckboxSelectMultiple)
        for name, pairs in choices.items():
            choose_from(self, name, pairs)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        does = found.get("does")
        if does in rules.TO_A_SERVICE and not found.get("service") and "service" not in self.errors:
            self.add_error("service", "Choose the service")
        if does == rules.NATIONAL and not found.get("route") and "route" not in self.errors:
            self.add_error("route", "Choose the national service")
        return found

    @staticmethod
    def begun(rule: Rule) -> dict[str, Any]:
        """What the form starts from: a rule as it is."""
        said = {name: getattr(rule, name) for name in ("name", "since", "until", "because", "alone")}
        goes = {name: getattr(rule.then, name) for name in ("does", "service", "route", "tell")}
        return {**said, **goes, **{name: list(getattr(rule.when, name)) for name in ASKED}}

    def rule(self, key: str) -> Rule:
        """What was entered, as the rule of this key. A place that the choice does not use is left out."""
        given = self.cleaned_data
        does = given["does"]
        then = Then(
            does, service=given["service"] if does in rules.TO_A_SERVICE else "",
            route=given["route"] if does == rules.NATIONAL else "", tell=given["tell"],
        )  # fmt: skip
        when = When(**{name: tuple(given[name]) for name in ASKED})
        said = {name: given[name] for name in ("name", "since", "until", "because", "alone")}
        return Rule(id=key, when=when, then=then, **said)


class Preview(forms.Form):
    """The period of what was received that a list is held against."""

    first_on = DateBoxesField(label="Received from", name="first day", latest=_today)
    last_on = DateBoxesField(label="Until the end of", name="last day", latest=_today)


class MakeLive(forms.Form):
    """From when a list is in force, and why it was changed."""

    start = forms.ChoiceField(
        label="From when?", widget=RadioSelect, initial=TOMORROW,
        choices=((TOMORROW, "From the start of tomorrow"), (NOW, "From now on"), (LATER, "From a later day")),
    )  # fmt: skip
    day = DateBoxesField(
        label="Which day?", required=False, name="day", earliest=_today, help_text="Only if you chose a later day."
    )
    reason = forms.CharField(label="What is changed, and why?", max_length=300, widget=Textarea({"rows": 3}))
    seen = forms.IntegerField(widget=HiddenInput)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("start") == LATER and not found.get("day") and "day" not in self.errors:
            self.add_error("day", "Enter the day")
        return found

    def since(self, at: datetime) -> datetime:
        """The moment from which it is in force."""
        chosen = self.cleaned_data["start"]
        if chosen == NOW:
            return at
        day = clocks.london_date(at) + clocks.ONE_DAY if chosen == TOMORROW else self.cleaned_data["day"]
        return datetime.combine(day, time.min, tzinfo=clocks.LONDON)


class Seen(forms.Form):
    """What a button of the list carries: the rule, the way, and the list that the person had before them."""

    rule = forms.CharField(max_length=36)
    up = forms.BooleanField(required=False)
    seen = forms.IntegerField()
