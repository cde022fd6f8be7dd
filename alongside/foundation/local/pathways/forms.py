"""What an office fills in of a pathway, and a hub of a lead."""

from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.local.directory.queries import Choices
from alongside.foundation.local.pathways.actions import Known

LONGEST = 6000
ONE_A_LINE = "One thing a line."
BESIDE = f"{ONE_A_LINE} After a | you may say more about it."


def _long(label: str, hint: str, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=LONGEST, widget=forms.Textarea({"rows": 8})
    )


class Words(forms.Form):
    """A pathway, as the office would have it. `stamp`: the draft that the writer saw."""

    title = forms.CharField(label="Title", max_length=200)
    crime_types = forms.MultipleChoiceField(
        label="Which crimes is it about?", widget=forms.CheckboxSelectMultiple, required=False
    )
    first = _long("What to do first", ONE_A_LINE, required=True)
    tools = _long("Tools", BESIDE)
    call = _long("Who to call", f"{BESIDE} Who knows most about it here is kept on the list of leads, by name.")
    duties = _long(
        "Legal duties",
        "One duty a line, then | and where it comes from: the Act and its section. End with (check) what nobody has "
        "read in the law's own words.",
    )
    source = forms.CharField(
        label="Where this comes from", max_length=200, help_text="A law, guidance, or “Office decision”."
    )
    since = DateBoxesField(name="first day", label="Shown from", help_text="Today or later.")
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, crime_types: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["since"].initial = timezone.localdate
        choose_from(self, "crime_types", crime_types)

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        body = {name: self.cleaned_data[name] for name in ("crime_types", "first", "tools", "call", "duties")}
        plain = {name: self.cleaned_data[name] for name in ("title", "source", "since", "stamp")}
        return {**plain, "body": {name: _lines(value) for name, value in body.items()}}


def _lines(value: Any) -> Any:
    """A browser's ends of lines as the book has them."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


class LeadKnown(forms.Form):
    """Somebody who knows most about some crimes here."""

    name = forms.CharField(label="Name", max_length=120)
    role = forms.CharField(label="What they do", max_length=120, help_text="Such as: named midwife for FGM")
    works_for = forms.CharField(label="Organisation", max_length=120)
    phone = forms.CharField(label="Phone at work", required=False, max_length=40)
    email = forms.CharField(label="E-mail at work", required=False, max_length=254)
    crime_types = forms.MultipleChoiceField(
        label="Crimes", help_text="None ticked: any.", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, crime_types: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "crime_types", crime_types)

    def known(self) -> Known:
        said = self.cleaned_data
        return Known(**{**said, "crime_types": tuple(said["crime_types"])})
