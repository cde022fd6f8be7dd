"""What the pages of lists ask: how a list is read, its file, filters, what is taken over."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile

from alongside.core.pages.fields import choose_from
from alongside.foundation.local.lists.actions import Setting
from alongside.foundation.local.lists.queries import OTHERS, VICTIMS, Narrowing

Choices = list[tuple[str, str]]
ACCEPT, SIGNPOST, REJECT = "accept", "signpost", "reject"
VERBS = [(ACCEPT, "Accept"), (SIGNPOST, "Accept and signpost"), (REJECT, "Reject")]


class Kept(forms.Form):
    """How a list is called, whose it is, and how it is read."""

    name = forms.CharField(
        label="Name of the list", max_length=120, help_text="As your office calls it",
        error_messages={"required": "Enter the name of the list"},
    )  # fmt: skip
    publisher = forms.CharField(
        label="Who publishes it", required=False, max_length=200,
        help_text="Shown with each of its services: “Listed by …”. Left empty, the name of the list is shown",
    )  # fmt: skip
    licence = forms.CharField(
        label="Words of its licence", required=False, max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text="Shown with each of its services, as the licence asks; for example, “Contains public sector "
        "information licensed under the Open Government Licence v3.0.”",
    )  # fmt: skip
    address = forms.CharField(
        label="Address of the list", required=False, max_length=500,
        help_text="Begins with https:// and often ends in /services. Leave it empty if you will upload files",
    )  # fmt: skip
    rhythm = forms.ChoiceField(
        label="How often is it read again?", widget=forms.RadioSelect, initial="never",
        help_text="Reading shows you what is different. Nothing is published before you accept it",
    )  # fmt: skip
    councils = forms.MultipleChoiceField(
        label="Which councils do its services cover?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="What you accept is found under these. Leave all empty if the list does not say",
    )  # fmt: skip
    code = forms.ChoiceField(
        label="Services that came from it before", required=False,
        help_text="Services here that were brought in without a page for their list",
    )  # fmt: skip

    def __init__(
        self, *args: Any, rhythms: Choices, councils: Choices, orphans: Sequence[str] = (), **words: Any
    ) -> None:
        super().__init__(*args, **words)
        choose_from(self, "rhythm", rhythms)
        choose_from(self, "councils", councils)
        choose_from(self, "code", [("", "None"), *((one, one) for one in orphans)])
        if not orphans:
            del self.fields["code"]

    def setting(self) -> Setting:
        said = self.cleaned_data
        words = {name: said[name].strip() for name in ("name", "publisher", "licence", "address", "rhythm")}
        return Setting(**words, councils=tuple(said["councils"]))


class Upload(forms.Form):
    """A file of the list."""

    file = forms.FileField(
        label="File", allow_empty_file=True, widget=forms.ClearableFileInput({"accept": ".json,application/json"}),
        help_text="JSON in Open Referral UK, version 1 or 3, up to 50 MB. If it is refused, nothing changes.",
        error_messages={"required": "Choose the file to upload"},
    )  # fmt: skip

    @property
    def upload(self) -> UploadedFile:
        return self.cleaned_data["file"]


class Narrow(forms.Form):
    """Search and filters of differences."""

    q = forms.CharField(label="Words in a service’s name or description", required=False, max_length=100)
    kind = forms.ChoiceField(
        label="What", required=False,
        choices=[("", "Any"), ("NEW", "New"), ("CHANGED", "Changed"), ("GONE", "Gone from the list")],
    )  # fmt: skip
    about = forms.ChoiceField(
        label="For whom", required=False,
        choices=[("", "Any"), (VICTIMS, "Likely for victims"), (OTHERS, "The others")],
    )  # fmt: skip
    crime = forms.ChoiceField(label="Crime that it speaks of", required=False)
    council = forms.ChoiceField(label="Council", required=False)
    state = forms.ChoiceField(
        label="Decided", required=False, initial="open",
        choices=[("open", "Not yet"), ("accepted", "Accepted"), ("rejected", "Rejected")],
    )  # fmt: skip

    def __init__(self, *args: Any, crimes: Choices, councils: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "crime", [("", "Any"), *crimes])
        choose_from(self, "council", [("", "Any"), *councils])

    def narrowing(self) -> Narrowing:
        """What is no choice narrows nothing."""
        self.full_clean()
        return Narrowing(**{name: value for name, value in self.cleaned_data.items() if value})


class Verb(forms.Form):
    """What is done with several."""

    do = forms.ChoiceField(choices=VERBS, error_messages={"required": "Choose what to do"})


class Take(forms.Form):
    """What of a change is taken over."""

    take = forms.MultipleChoiceField(
        label="What do you take over?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="What you leave out stays as it is here, and is not asked again until the list changes it",
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, fields: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "take", fields)


def keys(values: Iterable[str]) -> list[UUID]:
    """The keys among what was sent; what is none is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
