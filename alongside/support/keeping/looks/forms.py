"""What judging a finding asks."""

from django import forms
from django.forms import RadioSelect, Textarea

from alongside.support.keeping.looks.rules import OUTCOMES


class Judge(forms.Form):
    """Whether the work explains it."""

    move = forms.ChoiceField(label="Does the work explain it?", widget=RadioSelect, choices=list(OUTCOMES.items()))
    words = forms.CharField(
        label="How you know, and what is done about it", widget=Textarea({"rows": 3}), max_length=1_000,
        help_text="Sealed. Do not name the person whose record it is.",
    )  # fmt: skip
