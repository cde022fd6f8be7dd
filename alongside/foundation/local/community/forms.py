"""What somebody of the hub fills in of a group, of a talk with it, of whom to ask for, of a consortium; and filters."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.local.community import lifecycle, queries, rules
from alongside.foundation.local.community.models import INACTIVE, Group
from alongside.foundation.local.community.rules import About, Asked
from alongside.foundation.local.directory.queries import Choices

STAGES = {
    lifecycle.MAPPED: "On the map", lifecycle.IN_TOUCH: "In touch", lifecycle.BIDDING: "Helped to bid",
    lifecycle.WORKING: "Works with us", INACTIVE: "No longer active",
}  # fmt: skip
MOVES = {
    "get_in_touch": "We are in touch", "help_bid": "We help them to bid", "work_together": "They work with us",
    "step_back": "In touch, no more than that now", "end": "They are no longer active",
    "come_back": "They are active again",
}  # fmt: skip
LISTS = tuple(name for name, book in queries.BOOK_OF.items() if name not in ("legal_form", "turnover", "paid",
                                                                             "volunteers"))  # fmt: skip
HAS = [(str(code), str(label)) for code, label in Group.Has.choices]


def _many(label: str, hint: str = "", *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=hint, required=required, widget=forms.CheckboxSelectMultiple
    )


def _choice(label: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=hint, required=False)


def _has(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=HAS, widget=forms.RadioSelect, initial=rules.NOT_KNOWN)


class Said(forms.Form):
    """What is known of a group. Nothing here is about one person: whom to ask for has a page of its own."""

    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Name", max_length=rules.LONGEST_NAME, error_messages={"required": "Enter the name of the group"}
    )
    what = forms.CharField(
        label="What it does", required=False, max_length=rules.LONGEST_WORDS, widget=forms.Textarea({"rows": 4}),
        help_text="In plain words. No names of people: they have a page of their own",
    )  # fmt: skip
    activities = _many("Kinds of things that it does")
    reaches = _many("Whom it reaches", "People who trust it, more than anyone else perhaps")
    councils = forms.MultipleChoiceField(
        label="Where it works", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose where it works"},
    )  # fmt: skip
    hears = _many("Crimes that it hears about", "What people tell them of, where you know")
    languages = _many("Languages spoken there")
    meets_at = forms.CharField(
        label="Where it meets", required=False, max_length=300,
        help_text="Only a place that anyone may know, such as a hall. Never somebody's home",
    )  # fmt: skip
    postcode = forms.CharField(label="Postcode of that place", required=False, max_length=8)
    phone = forms.CharField(
        label="Phone of the group", required=False, max_length=40, help_text="One that it publishes itself"
    )
    email = forms.EmailField(label="Email of the group", required=False, max_length=254)
    web = forms.URLField(label="Website or page", required=False, max_length=500, assume_scheme="https")
    legal_form = _choice("Legal form")
    turnover = _choice("Money in a year")
    paid = _choice("Paid people")
    volunteers = _choice("Volunteers")
    safeguarding = _has("Safeguarding policy")
    insurance = _has("Insurance")
    checks = _has("DBS checks, where they are needed")
    although = forms.BooleanField(label="This is another group", required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], new: bool, **words: Any) -> None:
        super().__init__(*args, **words)
        for name, book in queries.BOOK_OF.items():
            held = self.initial.get(name, ())
            several = name in LISTS
            first = [] if several else [("", "Not known")]
            choose_from(self, name, [*first, *_with_held(choices[book], held if several else (held,))])
        if not new:
            del self.fields["although"]

    def about(self) -> About:
        return queries.about_from({one.name: self.cleaned_data[one.name] for one in fields(About)})


def _with_held(choices: Choices, held: Any) -> Choices:
    """The choices of today and whatever is held beside them, so that saving loses nothing."""
    offered = {code for code, _ in choices}
    return [*choices, *((code, code) for code in held if code and code not in offered)]


class Narrow(forms.Form):
    """Search and filters of the list."""

    q = forms.CharField(label="Name, or what it does", required=False, max_length=100)
    council = _choice("Where")
    reaches = _choice("Whom it reaches")
    need = _choice("What it needs")
    stage = forms.ChoiceField(
        label="How far", required=False, choices=[("", "All that are active"), *STAGES.items()]
    )  # fmt: skip
    due = forms.ChoiceField(
        label="Next contact", required=False,
        choices=[("", "Any"), (queries.DUE_NOW, "Due now"), (queries.DUE_SOON, "Due now or soon"),
                 (queries.NOT_SET, "No day set")],
    )  # fmt: skip

    def __init__(self, *args: Any, choices: dict[str, Choices], capacity: bool, **words: Any) -> None:
        super().__init__(*args, **words)
        books = (("council", "councils"), ("reaches", "made_for"), ("need", "group_needs"))
        for name, book in books:
            choose_from(self, name, [("", "Any"), *choices[book]])
        for name in () if capacity else ("need", "stage", "due"):
            del self.fields[name]

    def narrowing(self) -> dict[str, str]:
        """As `queries.groups` takes it; what is no choice narrows nothing."""
        self.full_clean()
        return {"name" if name == "q" else name: value for name, value in self.cleaned_data.items() if value}


class Contacted(forms.Form):
    """A talk with a group, in under a minute."""

    way = forms.ChoiceField(label="How", widget=forms.RadioSelect, error_messages={"required": "Choose how"})
    purpose = forms.ChoiceField(label="What about", error_messages={"required": "Choose what it was about"})
    answered = forms.ChoiceField(
        label="Did they answer?", widget=forms.RadioSelect, choices=[("yes", "Yes"), ("no", "No")], initial="yes"
    )
    note = forms.CharField(
        label="Note", required=False, max_length=rules.LONGEST_NOTE, widget=forms.Textarea({"rows": 3}),
        help_text="Kept sealed, and erased in time. Nothing about a victim",
    )  # fmt: skip
    on = DateBoxesField(label="When", name="day of the contact", latest=timezone.localdate)
    next_on = DateBoxesField(
        label="Be in touch again on", name="day of the next contact", required=False,
        help_text="It is in the list of what is due from then on. Leave it empty if there is no need",
    )  # fmt: skip

    def __init__(self, *args: Any, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "way", choices["group_contact_ways"])
        choose_from(self, "purpose", [("", "Choose"), *choices["group_contact_purposes"]])
        self.fields["on"].initial = timezone.localdate
        self.fields["next_on"].initial = lambda: queries.again(timezone.localdate())

    def said(self) -> dict[str, Any]:
        return {**self.cleaned_data, "answered": self.cleaned_data["answered"] == "yes"}


class ToAskFor(forms.Form):
    """Whom to ask for at a group."""

    name = forms.CharField(
        label="Name, or what to call them", max_length=120, error_messages={"required": "Enter a name"}
    )
    role = forms.CharField(label="What they do there", required=False, max_length=120)
    phone = forms.CharField(label="Phone", required=False, max_length=40)
    email = forms.EmailField(label="Email", required=False, max_length=254)
    how = forms.CharField(
        label="How best to reach them", required=False, max_length=300,
        help_text="Such as: evenings only, text first, say nothing of us to whoever answers",
    )  # fmt: skip
    address = forms.CharField(
        label="Address", required=False, max_length=300,
        help_text="Only where you have to write. It may be their home: it is sealed, and never shown with the group",
    )  # fmt: skip

    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class NeedNoted(forms.Form):
    code = forms.ChoiceField(label="What they need", error_messages={"required": "Choose what they need"})

    def __init__(self, *args: Any, choices: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "code", [("", "Choose"), *choices])


class Stage(forms.Form):
    """How far the group is with us now."""

    move = forms.ChoiceField(label="How far", widget=forms.RadioSelect, error_messages={"required": "Choose how far"})

    def __init__(self, *args: Any, stage: str, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "move", [(one.name, MOVES[one.name]) for one in lifecycle.group.moves_from(stage)])


class Link(forms.Form):
    """Which organisation here it became."""

    organisation = forms.ChoiceField(
        label="Organisation", required=False,
        help_text="A link alone: it makes nobody a service and gives nobody any right",
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "organisation", [("", "None"), *bodies])


class Together(forms.Form):
    """A consortium."""

    name = forms.CharField(label="Name", max_length=rules.LONGEST_NAME, error_messages={"required": "Enter a name"})
    purpose = forms.CharField(
        label="What it is for", required=False, max_length=rules.LONGEST_WORDS, widget=forms.Textarea({"rows": 3})
    )
    formed_on = DateBoxesField(label="Since", name="day on which it was formed")


class Join(forms.Form):
    """Who comes in, and what for."""

    group = forms.ChoiceField(label="Community group", required=False)
    organisation = forms.ChoiceField(label="Or an organisation", required=False)
    role = forms.ChoiceField(label="What they do in it", error_messages={"required": "Choose what they do in it"})
    since = DateBoxesField(label="Since", name="day from which they are in it")

    def __init__(self, *args: Any, groups: Choices, bodies: Choices, roles: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "group", [("", "Choose"), *groups])
        choose_from(self, "organisation", [("", "Choose"), *bodies])
        choose_from(self, "role", [("", "Choose"), *roles])
        self.fields["since"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("group")) == bool(said.get("organisation")):
            self.add_error("group", "Choose one group, or one organisation")
        return said
