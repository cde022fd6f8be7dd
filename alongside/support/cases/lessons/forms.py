"""The forms of learning notes, named for their verbs."""

from collections.abc import Sequence
from typing import Any

from django import forms

from alongside.core.pages.fields import choose_from
from alongside.support.cases.lessons import rules
from alongside.support.cases.lessons.models import Lesson

Choices = Sequence[tuple[str, str]]


class Note(forms.Form):
    theme = forms.ChoiceField(
        label="What is it about?", widget=forms.RadioSelect, error_messages={"required": "Choose what it is about"}
    )
    words = forms.CharField(
        label="What did you learn?", max_length=rules.LONGEST, widget=forms.Textarea,
        help_text="What happened and what you saw, without anybody in it: no name, place, number or date of birth.",
        error_messages={"required": "Write what was learned"},
    )  # fmt: skip
    differently = forms.CharField(
        label="What would we do differently?", required=False, max_length=rules.LONGEST, widget=forms.Textarea
    )
    holds_no_name = forms.BooleanField(required=False, label="I have read it through: it says of nobody who they are")
    looked_at = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2000)

    def __init__(self, *args: Any, themes: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "theme", themes)

    @property
    def may_be_names(self) -> str:
        """What may be names in what was written, for the press that follows."""
        return ", ".join(rules.names(self.data.get("words", ""), self.data.get("differently", "")))


class ActOn(forms.Form):
    done_words = forms.CharField(
        label="What was done about it?", max_length=rules.LONGEST, widget=forms.Textarea,
        error_messages={"required": "Write what was done"},
    )  # fmt: skip


class Learning(forms.Form):
    """Filters of the list; nothing is required and nothing wrong is refused."""

    mark_optional = False
    theme = forms.ChoiceField(label="Theme", required=False)
    quarter = forms.ChoiceField(label="Quarter", required=False)
    state = forms.ChoiceField(label="How it stands", required=False, choices=(("", "All"), *Lesson.State.choices))

    def __init__(self, *args: Any, themes: Choices, quarters: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "theme", (("", "All"), *themes))
        choose_from(self, "quarter", (("", "All"), *quarters))

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, without what makes no sense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
