"""The forms of return templates, named for their verbs: labels, hints and shape."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from alongside.commissioning.templates import rules
from alongside.commissioning.templates.rules import KIND_WORDS, Check, Kind, Question, Section, Template
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.facts.measures.models import DIMENSION_WORDS

Choices = Sequence[tuple[str, str]]
NONE = "none"
OF_KIND = {"measure": Kind.FIGURE, "by": Kind.FIGURE, "options": Kind.CHOICE, "most": Kind.TEXT}


def _number(label: str, hint: str, *, most: int, least: int = 0) -> forms.IntegerField:
    wrong = dict.fromkeys(("min_value", "max_value", "invalid"), f"Enter a whole number from {least} to {most}")
    return forms.IntegerField(label=label, help_text=hint, min_value=least, max_value=most, error_messages=wrong)


class Start(forms.Form):
    title = forms.CharField(label="Name of the template", max_length=200, help_text="Providers see it.")


class Settle(forms.Form):
    """What stands around the questions."""

    title = forms.CharField(label="Name of the template", max_length=200)
    about = forms.CharField(
        label="What it is for", required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text="Providers read it before they begin.",
    )  # fmt: skip
    due = _number("Days from the end of the quarter until it is due", "28 is four weeks.", most=120, least=1)
    explain = _number(
        "By how many per cent does a figure move before the provider says why?",
        "Counted from the quarter before, and only where it moves by 5 or more. 0: never.", most=1000,
    )  # fmt: skip
    statement = forms.CharField(
        label="What whoever certifies puts their name to", max_length=2000, widget=forms.Textarea({"rows": 4})
    )
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def begun(template: Template) -> dict[str, Any]:
        return {name: getattr(template, name) for name in ("title", "about", "due", "explain", "statement")}

    @property
    def said(self) -> dict[str, Any]:
        """What was entered, as `actions.settle` takes it."""
        flat = {name: " ".join(self.cleaned_data[name].split()) for name in ("title", "about", "statement")}
        return {**self.cleaned_data, **flat}


class Head(forms.Form):
    """A section."""

    title = forms.CharField(label="Name of the section", max_length=200)
    intro = forms.CharField(
        label="Words at its head", required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def section(self, code: str) -> Section:
        title, intro = (" ".join(self.cleaned_data[name].split()) for name in ("title", "intro"))
        return Section(code, title, intro)


class Ask(forms.Form):
    """One question of a template that is being written, of a kind that was chosen before."""

    words = forms.CharField(
        label="The question", max_length=rules.LONGEST_WORDS, widget=forms.Textarea({"rows": 2}),
        help_text="As the provider reads it.",
    )  # fmt: skip
    hint = forms.CharField(
        label="What helps to answer it", required=False, max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    section = forms.ChoiceField(label="In which section?")
    measure = forms.ChoiceField(
        label="Which measure fills it in?",
        help_text="It is counted from the provider’s own cases, by the definition of the quarter.",
    )
    by = forms.ChoiceField(
        label="Broken down by", required=False,
        help_text="What is broken down by more than the service reaches you protected: 1 to 7 as 5, the rest to the "
                  "nearest 5.",
    )  # fmt: skip
    options = forms.CharField(
        label="The answers to choose from, one a line", max_length=4000, widget=forms.Textarea({"rows": 5})
    )
    most = _number("How many words at most?", "Fewer words are read sooner.", most=2000, least=10)
    sizes = forms.MultipleChoiceField(
        label="Asked of awards of which size?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Tick none if all are asked. Ask small awards little.",
    )  # fmt: skip
    when = forms.ChoiceField(label="Asked only where an earlier answer is", required=False)
    optional = forms.BooleanField(label="It may be left empty", required=False)
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, kind: Kind, template: Template, sizes: Choices, measures: Any, before: Sequence[Question],
        **words: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **words)
        self.kind = kind
        for name, of in OF_KIND.items():
            if of != kind:
                del self.fields[name]
        choose_from(self, "section", [(one.code, one.title) for one in template.sections])
        choose_from(self, "sizes", sizes)
        answers = [
            (f"{one.code}:{answer}", f"{one.words}: {answer}")
            for one in before
            if one.kind in rules.DECIDES
            for answer in rules.answers_of(one)
        ]
        choose_from(self, "when", [("", "Always asked"), *answers])
        if kind == Kind.FIGURE:
            choose_from(self, "measure", [("", "Choose"), *measures])
            choose_from(self, "by", [("", "Not broken down"), *_dimensions()])

    @staticmethod
    def begun(question: Question) -> dict[str, Any]:
        same = ("words", "hint", "section", "measure", "by", "when", "optional")
        return {
            **{name: getattr(question, name) for name in same}, "sizes": list(question.sizes),
            "options": "\n".join(question.options), "most": question.most or 200,
        }  # fmt: skip

    def question(self, code: str) -> Question:
        said = self.cleaned_data
        flat = {name: " ".join(said[name].split()) for name in ("words", "hint")}
        options = tuple(line.strip() for line in said.get("options", "").splitlines() if line.strip())
        return Question(
            code, said["section"], self.kind, **flat, optional=said["optional"], sizes=tuple(said["sizes"]),
            measure=said.get("measure", ""), by=said.get("by", ""), options=options, most=said.get("most") or 0,
            when=said["when"],
        )  # fmt: skip


def _dimensions() -> list[tuple[str, str]]:
    return [(code, words) for code, words in DIMENSION_WORDS.items() if code != "provider"]


class AskKind(forms.Form):
    """What sort of answer a new question wants."""

    kind = forms.ChoiceField(
        label="What do you ask for?", choices=list(KIND_WORDS.items()), widget=forms.RadioSelect,
        error_messages={"required": "Choose what you ask for"},
    )  # fmt: skip


class AddCheck(forms.Form):
    """Two sides held against each other."""

    formula = forms.CharField(
        label="What has to hold", max_length=200,
        help_text="The codes of questions with +, and =, <= or >= between the sides, such as q2 <= q1 or "
                  "q3 + q4 = q5.",
    )  # fmt: skip
    words = forms.CharField(
        label="In words", max_length=rules.LONGEST_WORDS, help_text="Whoever sees it fail reads this."
    )
    stops = forms.ChoiceField(
        label="If it does not hold", widget=forms.RadioSelect, initial="stop",
        choices=(("stop", "The return cannot be sent"), ("warn", "The provider is warned, and may send it")),
    )  # fmt: skip
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def check_(self) -> Check:
        said = self.cleaned_data
        return rules.read_check(said["formula"], " ".join(said["words"].split()), stops=said["stops"] == "stop")


class Publish(forms.Form):
    since = DateBoxesField(
        name="first day", label="Asked of quarters that begin on this day or later",
        help_text="A quarter that has begun is asked by the version before.",
    )  # fmt: skip
    source = forms.CharField(label="Where this comes from", max_length=200, initial="Office decision")
    stamp = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["since"].initial = timezone.localdate
