"""What setting up a source asks: the force and a sample, their columns, their codes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import CheckboxSelectMultiple, RadioSelect

from alongside.core.pages.fields import choose_from
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds.models import Feed, SourceVersion
from alongside.support.arrivals.feeds.rows import COLUMNS, NEEDED
from alongside.support.arrivals.sources.presenters import DAYS, code_words, column_words, rows_words
from alongside.support.arrivals.sources.queries import Question
from alongside.support.arrivals.sources.rules import propose_code

Choices = Iterable[tuple[str, str]]
ORDER = (*NEEDED, *(column for column in COLUMNS if column not in NEEDED))


class Reschedule(forms.Form):
    """Whom to ask, and when a file is due: all of it may be left empty, and then none is missed."""

    contact = forms.CharField(
        label="Who helps when something is wrong with it", max_length=200,
        help_text="A team, with its mailbox or telephone number. It is kept with every version.",
    )  # fmt: skip
    due_days = forms.TypedMultipleChoiceField(
        label="On which days is a file due?", coerce=int, choices=list(enumerate(DAYS)), required=False,
        widget=CheckboxSelectMultiple, help_text="Choose none if it comes when it comes: then nothing is missed.",
    )  # fmt: skip
    due_by = forms.TimeField(
        label="By when on these days", required=False, input_formats=["%H:%M", "%H.%M", "%H%M"],
        widget=forms.TextInput(), help_text="For example, 07:30",
        error_messages={"invalid": "Write the hour and the minutes, such as 07:30."},
    )  # fmt: skip
    least_rows = forms.IntegerField(
        label="The fewest rows that are usual", required=False, min_value=1, max_value=1_000_000,
        widget=forms.TextInput({"inputmode": "numeric"}),
        help_text="Fewer on one day are looked into. Leave it empty if any number may come.",
    )  # fmt: skip


class SetUp(Reschedule):
    """Whose feed it is, whom to ask, when it is due, and a sample of it."""

    source = forms.ChoiceField(
        label="Which force sends it", widget=RadioSelect,
        help_text="A force may send more than one feed, each with its own columns and its own days.",
    )  # fmt: skip
    name = forms.CharField(label="What you call this feed", max_length=80, help_text="For example, Crime system, daily")
    series = forms.CharField(
        label="What stands before each of its references here", required=False, max_length=12,
        help_text="Only if its references are a series of their own, so that another feed of the force may use the "
        "same ones for somebody else: for example, ASB/. Otherwise leave it empty.",
    )  # fmt: skip
    charset = forms.ChoiceField(
        label="How its letters are written", choices=SourceVersion.Charset.choices, required=False,
        help_text="Choose one only if names with accents come out wrong.",
    )  # fmt: skip
    sample = forms.FileField(
        label="A sample file", allow_empty_file=True, error_messages={"required": "Choose a sample file."},
        help_text="A CSV file as they send it, with its header, up to 5 MB. "
        "It is kept only until you save or stop, two days at most, and nothing of it is taken in.",
        widget=forms.ClearableFileInput({"accept": ".csv,text/csv"}),
    )  # fmt: skip

    field_order = ("source", "name", "series", "contact", "due_days", "due_by", "least_rows", "charset", "sample")

    def __init__(self, *args: Any, feeds: Sequence[Feed], **words: Any) -> None:
        super().__init__(*args, **words)
        forces = {feed.source.pk: feed.source for feed in feeds}.values()
        self.feeds: dict[str, tuple[Organisation, str | None]] = {one.key: (one.source, one.code) for one in feeds}
        self.feeds |= {f"{force.pk}+": (force, None) for force in forces}
        another = [(f"{force.pk}+", f"Another feed of {force.name}") for force in forces]
        choose_from(self, "source", [*((feed.key, feed.title) for feed in feeds), *another])

    @property
    def upload(self) -> UploadedFile:
        return self.cleaned_data["sample"]

    @property
    def said(self) -> dict[str, Any]:
        source, feed = self.feeds[self.cleaned_data["source"]]
        said = {name: value for name, value in self.cleaned_data.items() if name != "sample"}
        return {**said, "source": source, "feed": feed}


class Columns(forms.Form):
    """For each of our columns, which of theirs it is."""

    def __init__(self, *args: Any, header: Sequence[str], **words: Any) -> None:
        super().__init__(*args, **words)
        theirs = [(name, name) for name in header if name]
        for column in ORDER:
            nothing = "Choose" if column in NEEDED else "They do not send it"
            self.fields[column] = forms.ChoiceField(
                label=column_words(column), choices=[("", nothing), *theirs], required=False
            )


class Codes(forms.Form):
    """For each of their codes that we do not know, what it means; and the crimes that are not for this service."""

    def __init__(
        self, *args: Any, asked: Sequence[Question], ours: Mapping[str, list[tuple[str, str]]], crimes: Choices,
        **words: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.asked = {field_of(one.kind, one.said): one for one in asked}
        for name, one in self.asked.items():
            self.fields[name] = _code_field(one, ours)
        self.fields["excluded"] = forms.MultipleChoiceField(
            label="Crimes of this feed that are not for this service", required=False, widget=CheckboxSelectMultiple,
            help_text="Their rows are held, and a person decides. What the rulebook leaves out is left out anyway.",
        )  # fmt: skip
        choose_from(self, "excluded", crimes)

    @property
    def meant(self) -> dict[str, tuple[str, str, str]]:
        return {name: (one.kind, one.said, self.cleaned_data[name].strip()) for name, one in self.asked.items()}

    def of(self, kind: str) -> list[str]:
        """The fields of one list of codes."""
        return [name for name, one in self.asked.items() if one.kind == kind]


def field_of(kind: str, said: str) -> str:
    """The name of a code's field: of the code itself, so that a page opened earlier never answers for another."""
    return f"{kind}_{hashlib.blake2s(said.encode(), digest_size=4).hexdigest()}"


def _code_field(one: Question, ours: Mapping[str, list[tuple[str, str]]]) -> forms.Field:
    label, hint, initial = code_words(one), rows_words(one), one.ours or propose_code(one.kind, one.said)
    if one.kind in ours:
        choices = [("", "Leave it as it is"), *ours[one.kind]]
        return forms.ChoiceField(label=label, help_text=hint, required=False, choices=choices, initial=initial)
    return forms.CharField(label=label, help_text=hint, required=False, max_length=12, initial=initial)
