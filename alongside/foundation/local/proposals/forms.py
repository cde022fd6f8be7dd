"""What somebody fills in about a proposal: a section of a service, a site, a post, when and why, an answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.local.directory.forms import CODED, Described, with_held
from alongside.foundation.local.directory.parts import POST_STATES
from alongside.foundation.local.directory.queries import Choices
from alongside.foundation.local.proposals.rules import Section

LISTS = ("sites", "posts")  # parts with pages of their own


def _checks(label: str, hint: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, help_text=hint, required=False, widget=forms.CheckboxSelectMultiple)


class Words(Described):
    """One section of what a service says of itself. `stamp`: what the writer saw."""

    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, section: Section, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, choices=choices, **words)
        for name in list(self.fields):
            if name not in (*section.names, "stamp"):
                del self.fields[name]

    def wanted(self) -> dict[str, Any]:
        """The section's details as JSON holds them."""
        held = {name: value for name, value in self.cleaned_data.items() if name != "stamp"}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in held.items()}


class SitePart(forms.Form):
    """A place that anybody may be shown."""

    name = forms.CharField(
        label="Name of the place", required=False, max_length=120, help_text="Such as a community centre"
    )
    address_1 = forms.CharField(label="First line of the address", max_length=120)
    address_2 = forms.CharField(label="Second line", required=False, max_length=120)
    city = forms.CharField(label="Town or city", max_length=80)
    postcode = forms.CharField(label="Postcode", max_length=8)
    hours = forms.CharField(label="When somebody is there", required=False, max_length=200)
    access = _checks("Access there")
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "access", with_held(choices["access_needs"], self.initial.get("access", ())))


class PostPart(forms.Form):
    """A worker for somebody in particular, never by name."""

    title = forms.CharField(
        label="What the post is", max_length=120,
        help_text="Never a name: “adviser for Polish speakers”, “advocate for over-55s”",
    )  # fmt: skip
    state = forms.ChoiceField(
        label="Now", widget=forms.RadioSelect, choices=list(POST_STATES.items()), initial="filled"
    )
    hours_a_week = forms.IntegerField(label="Hours a week", required=False, min_value=1, max_value=80)
    languages = _checks("For people who speak")
    age_from = forms.IntegerField(label="From age", required=False, min_value=0, max_value=130)
    age_to = forms.IntegerField(label="To age", required=False, min_value=0, max_value=130)
    made_for = _checks("For")
    crime_types = _checks("For people harmed by")
    specialisms = _checks("What the post specialises in")
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name in ("languages", "made_for", "crime_types", "specialisms"):
            book = "routes" if name == "specialisms" else name
            choose_from(self, name, with_held(choices[book], self.initial.get(name, ())))


PARTS: Mapping[str, type[SitePart] | type[PostPart]] = {"sites": SitePart, "posts": PostPart}


class Begin(forms.Form):
    """A new service: what it is called, and who runs it."""

    provider = forms.ChoiceField(label="Who runs it", error_messages={"required": "Choose who runs it"})
    name = forms.CharField(label="Name of the service", max_length=200, error_messages={"required": "Give it a name"})

    def __init__(self, *args: Any, providers: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(
            self, "provider", providers if len(providers) == 1 else [("", "Choose an organisation"), *providers]
        )


class Send(forms.Form):
    """When it begins, and why."""

    applies_on = DateBoxesField(
        label="From which day", name="day from which it is so", required=False,
        help_text="Leave it empty for at once. A day to come is kept, and the change is made by itself on that day",
    )  # fmt: skip
    words = forms.CharField(
        label="Why", required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text="About the service alone, never about a person",
    )  # fmt: skip


class SendClosing(Send):
    """The same for one that closes, with who helps its people."""

    moves_to = forms.ChoiceField(
        label="Who helps its people then",
        required=False,
        help_text="Shown to whoever finds the page of the closed service",
    )
    field_order = ("applies_on", "moves_to", "words")

    def __init__(self, *args: Any, destinations: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "moves_to", [("", "Nobody, or not known yet"), *destinations])


class Answer(forms.Form):
    """What should be different."""

    answer = forms.CharField(
        label="What should be different", max_length=2000, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say what should be different, so that they can go on"},
    )  # fmt: skip


def coded(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names whose choices are many and stand in columns."""
    return tuple(name for name in names if name in CODED)
