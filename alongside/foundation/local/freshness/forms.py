"""What people fill in: a check of a service, who looks after it, what is wrong, what was found, and filters."""

from typing import Any
from uuid import UUID

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.freshness import rules
from alongside.foundation.local.freshness.actions import LONGEST, Room
from alongside.foundation.local.freshness.models import Flag

WORDS = {
    rules.CURRENT: "Current", rules.DUE: "Due soon", rules.OVERDUE: "Overdue", rules.NEVER: "Never checked",
}  # fmt: skip
WEEK = 7


class Check(forms.Form):
    """One service of several: its room as of today, and whether all of it is right."""

    seen = forms.CharField(widget=forms.HiddenInput)
    right = forms.BooleanField(label="All of this is right today", required=False)
    places_free = forms.IntegerField(label="Places free now", required=False, min_value=0, max_value=9999)
    wait_weeks = forms.IntegerField(label="Weeks of waiting", required=False, min_value=0, max_value=104)

    @property
    def right_today(self) -> bool:
        return bool(self.cleaned_data["right"])

    @property
    def room(self) -> Room | None:
        """What was said of its room: where it is different, or where it was said before and all is right today."""
        said, changed = self.cleaned_data, set(self.changed_data) & {"places_free", "wait_weeks"}
        known = said["places_free"] is not None or said["wait_weeks"] is not None
        if not changed and not (self.right_today and known):
            return None
        weeks = said["wait_weeks"]
        days = self.initial["wait_days"] if "wait_weeks" not in changed else None if weeks is None else weeks * WEEK
        return Room(said["places_free"], days)

    @property
    def says_something(self) -> bool:
        return self.right_today or self.room is not None


def prefix(service: Service) -> str:
    return f"s{service.pk.hex}"


def first(service: Service) -> dict[str, Any]:
    """What a service said last of its room; a wait that is no whole number of weeks is rounded."""
    weeks = None if service.wait_days is None else round(service.wait_days / WEEK)
    return {"places_free": service.places_free, "wait_weeks": weeks, "wait_days": service.wait_days}


class Keep(forms.Form):
    """Who looks after a service."""

    keeper = forms.ChoiceField(
        label="Who looks after it?", required=False,
        help_text="They are asked by email to check it. When they leave, it falls to your managers.",
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "keeper", [("", "Nobody in particular: our managers"), *people])

    @property
    def person(self) -> UUID | None:
        return UUID(self.cleaned_data["keeper"]) if self.cleaned_data["keeper"] else None


class Flagged(forms.Form):
    """What anyone says is wrong. Nothing about themselves is asked, but where to hear, if they want to."""

    mark_optional = False
    wrong = forms.ChoiceField(
        label="What is wrong?", widget=forms.RadioSelect, error_messages={"required": "Choose what is wrong"}
    )
    words = forms.CharField(
        label="What should it say? (optional)", required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 3}),
        help_text="Please write nothing about yourself or anybody else. Nobody can answer a call for help here.",
    )  # fmt: skip
    mailbox = forms.EmailField(
        label="Email address, only if you want to hear what we did (optional)", required=False, max_length=254,
        help_text="Leave it empty if anybody else may read your email. We write once, without saying which service "
        "it was, and then erase your address.",
    )  # fmt: skip

    def __init__(self, *args: Any, faults: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "wrong", faults)


class Answer(forms.Form):
    answer = forms.ChoiceField(
        label="What did you find?", widget=forms.RadioSelect, choices=Flag.Answer.choices,
        error_messages={"required": "Choose what you found"},
    )  # fmt: skip


class Narrow(forms.Form):
    """Filters of the list of how fresh each service is."""

    standing = forms.ChoiceField(
        label="How it stands", required=False,
        choices=[("", "Any"), *((code, WORDS[code]) for code in rules.STANDINGS)],
    )  # fmt: skip
    whose = forms.ChoiceField(label="Run by", required=False)

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "whose", [("", "Anybody"), *bodies])

    def narrowing(self) -> dict[str, str]:
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Queue(forms.Form):
    """Which flags: those that wait, unless all are asked for."""

    state = forms.ChoiceField(label="State", required=False, choices=[("", "Waiting"), ("all", "All")])

    def all_of_them(self) -> bool:
        self.full_clean()
        return self.cleaned_data.get("state") == "all"
