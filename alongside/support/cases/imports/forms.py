"""What the pages of bringing a caseload along ask. Columns and words are asked of what stands in the file itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from alongside.core.pages.fields import choose_from
from alongside.support.cases.imports.checking import Known, fault_words
from alongside.support.cases.imports.models import Row
from alongside.support.cases.imports.queries import MEANS_NOTHING, NOT_SAID
from alongside.support.cases.imports.rules import FIXED, WANTED, WAYS, Kind, tidy

Choices = list[tuple[str, str]]
EMPTY = ("", "Empty")
ANSWERS: Choices = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]


class Upload(forms.Form):
    """A file with cases."""

    file = forms.FileField(
        label="Your spreadsheet", allow_empty_file=True,
        widget=forms.ClearableFileInput({"accept": ".xlsx,.ods,.csv,.txt,text/csv"}),
        help_text="Excel (.xlsx), OpenDocument (.ods) or CSV, a row for each case. "
        "You see everything before it is brought in.",
        error_messages={"required": "Choose the file to send"},
    )  # fmt: skip

    @property
    def upload(self) -> UploadedFile:
        return self.cleaned_data["file"]


class ChooseSheet(forms.Form):
    """Which sheet, and where its headings are."""

    sheet = forms.TypedChoiceField(label="Which sheet holds the cases?", coerce=int, widget=forms.RadioSelect)
    heading_row = forms.IntegerField(
        label="Which row holds the headings?", min_value=1, widget=forms.TextInput({"inputmode": "numeric"}),
        help_text="The number at its left in your spreadsheet",
        error_messages={"required": "Type the number of the row with the headings",
                        "invalid": "Type the number of a row, such as 1"},
    )  # fmt: skip

    def __init__(self, *args: Any, sheets: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "sheet", sheets)


class Columns(forms.Form):
    """What each column holds, and what holds for every row where no column says it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, headings: Sequence[str], known: Known, **words: Any) -> None:
        super().__init__(*args, **words)
        self.count = len(headings)
        what = [("", "Leave it out"), *((key, one.label) for key, one in WANTED.items())]
        for at, heading in enumerate(headings):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=f"Column {letters(at)}: {heading or 'no heading'}", choices=what, required=False
            )
        for key in FIXED:
            choices = [("", "A column says it" if key != "waiting_list" else "A column says it, or nobody waits"),
                       *known.titles[key].items()]  # fmt: skip
            self.fields[f"fixed-{key}"] = forms.ChoiceField(
                label=f"{WANTED[key].label}, where a row does not say it", choices=choices, required=False
            )

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data[f"column-{at}"] for at in range(self.count))

    @property
    def fixed(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"fixed-{key}"] for key in FIXED if self.cleaned_data[f"fixed-{key}"]}


def letters(at: int) -> str:
    """A column as a spreadsheet calls it."""
    return chr(65 + at) if at < 26 else f"{chr(64 + at // 26)}{chr(65 + at % 26)}"


class Words(forms.Form):
    """What their words mean, and how days are written. `words`: those of each field; `ways`: columns in doubt."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, words: Mapping[str, Sequence[str]], ways: Mapping[str, Mapping[str, int]], known: Known,
        **rest: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **rest)
        self.words, self.ways = words, ways
        for key, counts in ways.items():
            choices = [(way, f"{WAYS[way]} (reads {count})") for way, count in counts.items()]
            self.fields[f"way-{key}"] = forms.ChoiceField(
                label=f"How are days written in “{WANTED[key].label}”?", choices=choices, widget=forms.RadioSelect,
                error_messages={"required": f"Say how days are written in “{WANTED[key].label}”"},
            )  # fmt: skip
        for key, said in words.items():
            choices = [(NOT_SAID, "Not said yet"), *titles(key, known), (MEANS_NOTHING, "Leave it empty")]
            for at, word in enumerate(said):
                self.fields[f"word-{key}-{at}"] = forms.ChoiceField(label=word, choices=choices, required=False)

    def of(self, key: str) -> list[Any]:
        return [self[f"word-{key}-{at}"] for at in range(len(self.words[key]))]

    def said(self) -> dict[str, dict[str, str]]:
        """Our code for each word of each field; empty where it means nothing. What nobody said is left out."""
        found = {
            key: {word: self.cleaned_data[f"word-{key}-{at}"] for at, word in enumerate(words)}
            for key, words in self.words.items()
        }
        return {
            key: {
                tidy(word): "" if code == MEANS_NOTHING else code
                for word, code in said.items()
                if code not in ("", NOT_SAID)
            }
            for key, said in found.items()
        }

    def said_ways(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"way-{key}"] for key in self.ways}


def titles(key: str, known: Known) -> Choices:
    """What a word of a field may mean."""
    return ANSWERS if WANTED[key].kind == Kind.ANSWER else list(known.titles[key].items())


class Narrow(forms.Form):
    """Search and filters of the rows."""

    q = forms.CharField(label="A name or reference", required=False, max_length=60)
    state = forms.ChoiceField(label="Where it stands", required=False, choices=[("", "Any"), *Row.State.choices])
    fault = forms.ChoiceField(label="What is wrong", required=False)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "fault", [("", "Anything"), *((key, one.label) for key, one in WANTED.items())])

    def asked(self) -> dict[str, str]:
        """What is no choice narrows nothing."""
        self.full_clean()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "state", "fault")}


class Mend(forms.Form):
    """A row, cell by cell: what the file holds of it, and what is needed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, keys: Sequence[str], faults: Mapping[str, str], cells: Mapping[str, str], known: Known,
        **words: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.keys = keys
        for key in keys:
            code, cell = faults.get(key, ""), cells.get(key, "")
            self.fields[key] = self._field(key, known, fault_words(code, cell) if code else "")
            if code == "unknown_word" and WANTED[key].kind in (Kind.CODE, Kind.ANSWER):
                choose_from(self, key, [(cell, f"“{cell[:60]}”: not said yet"), EMPTY, *titles(key, known)])

    def _field(self, key: str, known: Known, wrong: str) -> forms.Field:
        one = WANTED[key]
        if one.kind in (Kind.CODE, Kind.ANSWER):
            choices = [EMPTY, *titles(key, known)]
            return forms.ChoiceField(label=one.label, choices=choices, required=False, help_text=wrong)
        if one.kind == Kind.CODES:
            return forms.MultipleChoiceField(
                label=one.label, choices=titles(key, known), required=False, help_text=wrong,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        widget = forms.Textarea({"rows": 6}) if key == "note" else forms.TextInput()
        return forms.CharField(label=one.label, required=False, max_length=one.longest, help_text=wrong, widget=widget)

    def cells(self) -> dict[str, str]:
        """What was typed, of text and days."""
        typed = (key for key in self.keys if WANTED[key].kind in (Kind.TEXT, Kind.DAY))
        return {key: self.cleaned_data[key].strip() for key in typed if key in self.changed_data}

    def codes(self) -> dict[str, str]:
        """What was chosen."""
        chosen = (key for key in self.keys if WANTED[key].kind not in (Kind.TEXT, Kind.DAY))
        said = {key: self.cleaned_data[key] for key in chosen if key in self.changed_data}
        return {key: code if isinstance(code, str) else " ".join(code) for key, code in said.items()}
