"""What anyone fills in to make a group known, and what somebody of the hub says of it."""

from dataclasses import fields
from typing import Any
from uuid import UUID, uuid4

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.foundation.local.community.rules import LONGEST_NAME, LONGEST_WORDS, About, Asked
from alongside.foundation.local.directory.queries import Choices
from alongside.foundation.local.registrations import lifecycle, rules
from alongside.foundation.local.registrations.actions import LONGEST
from alongside.foundation.local.registrations.rules import Sent

STATES = {
    lifecycle.WAITING: "To check", lifecycle.ACCEPTED: "On the map", lifecycle.MERGED: "Merged",
    lifecycle.DECLINED: "Declined",
}  # fmt: skip
HOME = [
    (rules.NO, "No, anyone may know it"), (rules.YES, "Yes, it is a home"), (rules.NOT_SURE, "I am not sure"),
]  # fmt: skip


def _many(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class Register(forms.Form):
    """A group makes itself known: a few plain questions, on a phone."""

    mark_optional = False
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="What is your group called?", max_length=LONGEST_NAME,
        error_messages={"required": "Enter the name of the group"},
    )  # fmt: skip
    council = forms.ChoiceField(
        label="Where are you, mostly?", error_messages={"required": "Choose where your group is"}
    )
    what = forms.CharField(
        label="What do you do?", max_length=LONGEST_WORDS, widget=forms.Textarea({"rows": 3}),
        help_text="In your own words. Please name nobody", error_messages={"required": "Say what your group does"},
    )  # fmt: skip
    reaches = _many("Who comes to you, or trusts you? (optional)")
    needs = _many("What would help your group? (optional)")
    web = forms.CharField(label="Website or page that anyone may see (optional)", required=False, max_length=200)
    place = forms.CharField(label="Where do you meet? (optional)", required=False, max_length=200)
    postcode = forms.CharField(label="Its postcode (optional)", required=False, max_length=8)
    a_home = forms.ChoiceField(
        label="Is this address somebody's home?", required=False, widget=forms.RadioSelect, choices=HOME,
        help_text="If it is, we keep it apart, and only the person who may have to write to you sees it",
    )  # fmt: skip
    person_name = forms.CharField(
        label="Your name, or what we may call you", max_length=LONGEST["name"],
        error_messages={"required": "Enter your name, or what we may call you"},
    )  # fmt: skip
    person_role = forms.CharField(
        label="What do you do in the group? (optional)", required=False, max_length=LONGEST["role"]
    )
    person_phone = forms.CharField(
        label="Your phone number", required=False, max_length=LONGEST["phone"], help_text="Or an email address below"
    )
    person_email = forms.EmailField(label="Your email address", required=False, max_length=LONGEST["email"])
    how = forms.CharField(
        label="How and when is it best to reach you? (optional)", required=False, max_length=LONGEST["how"]
    )
    hears = forms.BooleanField(
        label="Email me once when somebody has looked at this", required=False,
        help_text="Leave it empty if anybody else may read your email",
    )  # fmt: skip
    agrees = forms.BooleanField(
        label="My group knows that I am sending this, and you may keep how to reach me",
        error_messages={"required": "Tick this if it is so. If it is not, please ask your group first"},
    )  # fmt: skip

    def __init__(self, *args: Any, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "council", [("", "Choose a council"), *choices["councils"]])
        books = (("reaches", "made_for"), ("needs", "group_needs"))
        for name, book in books:
            choose_from(self, name, choices[book])
        self.fields["once"].initial = uuid4

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if fault := rules.place_fault(said.get("place") or said.get("postcode") or "", said.get("a_home", "")):
            self.add_error("a_home", fault)
        if not said.get("person_phone") and "person_email" in said and not said["person_email"]:
            self.add_error("person_phone", "Enter a phone number or an email address")
        return said

    @property
    def page(self) -> UUID:
        """The page that this was sent from. One that lost it is a page of its own."""
        return self.cleaned_data["once"] or uuid4()

    def sent(self) -> Sent:
        said = self.cleaned_data
        about = About(
            name=said["name"].strip(), what=said["what"].strip(), reaches=tuple(said["reaches"]),
            councils=(said["council"],), web=said["web"].strip(),
        )  # fmt: skip
        asked = Asked(said["person_name"], said["person_role"], said["person_phone"], said["person_email"],
                      how=said["how"])  # fmt: skip
        return Sent(about, asked, tuple(said["needs"]), said["place"].strip(), said["postcode"].strip(), said["a_home"])


class Queue(forms.Form):
    """Which registrations: those to check, unless all are asked for."""

    state = forms.ChoiceField(label="State", required=False, choices=[("", "To check"), ("all", "All")])

    def state_asked(self) -> str:
        self.full_clean()
        return "" if self.cleaned_data.get("state") == "all" else lifecycle.WAITING


class Decline(forms.Form):
    reason = forms.ChoiceField(
        label="Why is it not put on the map?", widget=forms.RadioSelect, error_messages={"required": "Choose why"}
    )

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)


class Merge(forms.Form):
    """What of theirs is right, where it is not what we hold."""

    seen = forms.CharField(widget=forms.HiddenInput)
    take = _many("Take what they sent")

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "take", [(one.name, one.name) for one in fields(About)])
