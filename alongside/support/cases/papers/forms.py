"""What passing a document on asks for. Shape only."""

from django import forms


class PassOn(forms.Form):
    what = forms.CharField(
        label="What is it?", max_length=100,
        help_text="A few words for the service, for example: risk assessment of 3 November. What the file was called "
        "is not passed on.",
        error_messages={"required": "Say what the document is"},
    )  # fmt: skip
    checked = forms.BooleanField(
        label="I have read it, and they need it to help",
        help_text="It tells nothing of other people that they should not know, and nothing told in confidence.",
        error_messages={"required": "Read it, and tick this if it may go to them"},
    )
