"""The forms of returns: one for each section of a template, made of its questions, and those of the office."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from alongside.commissioning.returns import rules
from alongside.commissioning.returns.rules import Held
from alongside.commissioning.templates.rules import Kind, Question
from alongside.core.errors import RuleBroken
from alongside.core.pages import drafts
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.core.periods import Quarter

Choices = Sequence[tuple[str, str]]
SPARE = 3


class Section(forms.Form):
    """The answers of one section. Nothing is required here: what is missing is said before it is sent."""

    mark_optional = False
    again = False  # a document was not taken: the section is shown once more
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, held: Iterable[Held], stamp: int, kept: drafts.Kept | None = None, **words: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.held = tuple(held)
        self.typed = tuple(kept.texts) if kept else tuple(self.data)
        self.fields["stamp"].initial = stamp
        for one in self.held:
            self.fields.update(self._fields_of(one))
        if kept:
            self.initial.update(drafts.initial(self, kept))

    def _fields_of(self, held: Held) -> Iterable[tuple[str, forms.Field]]:
        asked, said = held.question, held.said
        if asked.kind == Kind.FIGURE:
            yield from _figure(held)
        elif asked.kind in rules.GRIDS:
            yield from self._grid(held)
        elif asked.kind == Kind.FILE:
            yield asked.code, forms.FileField(label="Add a document", required=False)
        else:
            yield asked.code, _plain(asked, said.get("value", ""))
        if asked.kind == Kind.STORY:
            yield f"{asked.code}_consent", forms.BooleanField(
                label="They agreed that their story is told here, knowing who reads it, and nobody can be known by it",
                required=False, initial=bool(said.get("consent")),
            )  # fmt: skip

    def _grid(self, held: Held) -> Iterable[tuple[str, forms.Field]]:
        code, rows = held.question.code, held.said.get("rows", [])
        for place in range(min(self._rows_of(code, len(rows)), rules.MOST_ROWS)):
            row = rows[place] if place < len(rows) else {}
            for key, label, _ in rules.GRIDS[held.question.kind]:
                words = f"{label}, line {place + 1}"
                yield (
                    f"{code}_{place}_{key}",
                    forms.CharField(label=words, required=False, max_length=200, initial=row.get(key, "")),
                )

    def _rows_of(self, code: str, kept: int) -> int:
        sent = [name.split("_")[1] for name in self.typed if name.startswith(f"{code}_")]
        return max((int(each) + 1 for each in sent if each.isdecimal()), default=kept + SPARE)

    def clean(self) -> dict[str, Any]:
        """What was typed as it is kept, with what is wrong beside each field."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.said: dict[str, dict[str, Any]] = {}
        for one in self.held:
            if one.question.kind == Kind.FILE:
                continue
            said = self._said(one, cleaned)
            try:
                rules.check_said(one.question, said)
            except RuleBroken as broken:
                self.add_error(broken.field if broken.field in self.fields else None, broken.message)
            self.said[one.question.code] = said
        return cleaned

    def _said(self, held: Held, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        kind, code = held.question.kind, held.question.code
        if kind in rules.GRIDS:
            return {"rows": self._rows(held.question, cleaned)}
        value = cleaned.get(code)
        if kind in (Kind.FIGURE, Kind.NUMBER, Kind.MONEY) and value:
            value = self._number(code, str(value))
        text = value.isoformat() if isinstance(value, date) else str(value or "").replace("\r\n", "\n").strip()
        said: dict[str, Any] = {"value": text}
        for more in ("why", "consent"):
            if f"{code}_{more}" in self.fields:
                told = cleaned.get(f"{code}_{more}")
                said[more] = told.strip() if isinstance(told, str) else bool(told)
        return said

    def _number(self, name: str, text: str) -> str:
        try:
            return rules.read_number(text.replace("£", ""))
        except RuleBroken as broken:
            self.add_error(name, broken.message)
            return ""

    def _rows(self, asked: Question, cleaned: Mapping[str, Any]) -> list[dict[str, str]]:
        columns = rules.GRIDS[asked.kind]
        found = []
        for place in range(rules.MOST_ROWS):
            row = {key: str(cleaned.get(f"{asked.code}_{place}_{key}", "")).strip() for key, _, _ in columns}
            for key, _, is_number in columns:
                if is_number and row[key]:
                    row[key] = self._number(f"{asked.code}_{place}_{key}", row[key])
            if any(row.values()):
                found.append(row)
        return found

    @property
    def enclosed(self) -> dict[str, bytes]:
        """Documents that came with it, by question."""
        codes = [one.question.code for one in self.held if one.question.kind == Kind.FILE]
        return {code: self.cleaned_data[code].read() for code in codes if self.cleaned_data.get(code)}


def grids(form: Section) -> dict[str, list[list[str]]]:
    """The names of a form's fields that stand in tables, line by line, by question."""
    found: dict[str, list[list[str]]] = {}
    for one in form.held:
        columns = rules.GRIDS.get(one.question.kind)
        if columns:
            code = one.question.code
            lines = sum(name.startswith(f"{code}_") for name in form.fields) // len(columns)
            found[code] = [[f"{code}_{place}_{key}" for key, *_ in columns] for place in range(lines)]
    return found


def _figure(held: Held) -> Iterable[tuple[str, forms.Field]]:
    code, said = held.question.code, held.said
    if not held.question.by:
        unit = " (per cent)" if held.scale == rules.PER_CENT else ""
        yield code, forms.CharField(
            label=f"Another figure{unit}", required=False, max_length=20, initial=said.get("value", ""),
            help_text="Only where the figure from your cases is wrong. The office sees both.",
        )  # fmt: skip
    yield f"{code}_why", forms.CharField(
        label="What to know about it", required=False, max_length=rules.LONGEST_WHY, initial=said.get("why", ""),
        widget=forms.Textarea({"rows": 2}),
        help_text="Why it moved, or why you give another figure. Nobody’s name, and nothing they could be known by.",
    )  # fmt: skip


def _plain(asked: Question, value: str) -> forms.Field:
    """The field of a question that is answered by one value."""
    words: dict[str, Any] = {"label": asked.words, "help_text": asked.hint, "required": False, "initial": value}
    if asked.kind == Kind.DATE:
        begun = date.fromisoformat(value) if value else None
        return DateBoxesField(name=asked.words[:40].lower(), **{**words, "initial": begun})
    if asked.kind in (Kind.CHOICE, Kind.YES_NO):
        offered = [("yes", "Yes"), ("no", "No")] if asked.kind == Kind.YES_NO else [(o, o) for o in asked.options]
        return forms.ChoiceField(choices=offered, widget=forms.RadioSelect, **words)
    if asked.kind in (Kind.TEXT, Kind.STORY):
        most = f" {asked.most} words at most." if asked.most else ""
        area = forms.Textarea({"rows": 6})
        return forms.CharField(max_length=20000, widget=area, **{**words, "help_text": f"{asked.hint}{most}".strip()})
    return forms.CharField(max_length=20, **words)


class Certify(forms.Form):
    """Whoever puts their name to it."""

    name = forms.CharField(label="Your name", max_length=200)
    post = forms.CharField(label="What you are there", max_length=200, help_text="Such as chief executive or trustee.")
    agreed = forms.BooleanField(label="I put my name to this", required=False)
    stamp = forms.IntegerField(widget=forms.HiddenInput)


class AskBack(forms.Form):
    words = forms.CharField(
        label="What do you ask?", max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text="The provider reads it beside this answer.",
    )  # fmt: skip


class Reply(forms.Form):
    words = forms.CharField(label="Your answer", max_length=4000, widget=forms.Textarea({"rows": 3}))


class Reopen(forms.Form):
    why = forms.CharField(
        label="Why is it opened again?", max_length=4000, widget=forms.Textarea({"rows": 3}),
        help_text="The provider reads it. What was accepted stays as it was sent.",
    )  # fmt: skip


class Arrange(forms.Form):
    """Who answers which template, how much of it, from when."""

    provider = forms.ChoiceField(label="Provider", error_messages={"required": "Choose a provider"})
    template = forms.ChoiceField(label="Template", error_messages={"required": "Choose a template"})
    size = forms.ChoiceField(
        label="Size of the award", widget=forms.RadioSelect, error_messages={"required": "Choose the size"},
        help_text="How much is asked goes by the size.",
    )  # fmt: skip
    since = forms.ChoiceField(label="First quarter", help_text="A quarter that has ended opens tonight.")

    def __init__(
        self, *args: Any, providers: Choices, templates: Choices, sizes: Choices, quarters: Sequence[Quarter],
        **words: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        choose_from(self, "provider", [("", "Choose"), *providers])
        choose_from(self, "template", [("", "Choose"), *templates])
        choose_from(self, "size", sizes)
        choose_from(self, "since", [(str(each), each.label) for each in quarters])


class TryOut(forms.Form):
    """On whose last quarter a template is tried."""

    provider = forms.ChoiceField(label="On the last quarter of", error_messages={"required": "Choose a provider"})
    size = forms.ChoiceField(label="As an award of this size")

    def __init__(self, *args: Any, providers: Choices, sizes: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "provider", [("", "Choose"), *providers])
        choose_from(self, "size", sizes)


class Change(forms.Form):
    """The size of an award, or the last quarter that is asked about."""

    size = forms.ChoiceField(label="Size of the award", widget=forms.RadioSelect)
    last = forms.ChoiceField(label="Last quarter that is asked about", required=False)

    def __init__(self, *args: Any, sizes: Choices, quarters: Sequence[Quarter], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "size", sizes)
        choose_from(self, "last", [("", "It goes on"), *((str(each), each.label) for each in quarters)])


class Export(forms.Form):
    fmt = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel")])
