"""The forms of tasks, named for their verbs."""

from django import forms

from alongside.core.pages.fields import DateBoxesField
from alongside.support.cases.tasks import rules


class Ask(forms.Form):
    words = forms.CharField(
        label="What is to be done?", max_length=rules.LONGEST, widget=forms.Textarea({"rows": 3}),
        help_text="Everybody who works on the case can read it. About the case: nothing about the worker.",
    )  # fmt: skip
    due_on = DateBoxesField(label="By which day?", name="day")


class Finish(forms.Form):
    said = forms.CharField(
        label="What was done?", max_length=rules.LONGEST, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="A line is enough. Leave it out if there is nothing to add.",
    )  # fmt: skip
