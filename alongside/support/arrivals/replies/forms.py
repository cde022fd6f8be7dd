"""What the officer's page asks: the reference, and the missing piece."""

from typing import Any

from django import forms
from django.forms import RadioSelect, Textarea

from alongside.support.arrivals.replies.models import Reply

AGREES = (("yes", "Yes, the victim agrees"), ("no", "No, the victim does not agree"), ("not_asked", "I could not ask"))
LONGEST = 1_000


class Open(forms.Form):
    """What the officer knows the crime by."""

    reference = forms.CharField(
        label="Your own reference", max_length=60, help_text="As you sent it: for example, the crime reference."
    )


class Answer(forms.Form):
    """The missing piece, by what is asked."""

    words = forms.CharField(label="Your answer", widget=Textarea({"rows": 4}), max_length=LONGEST)

    def __init__(self, *args: Any, asks: str, **words: Any) -> None:
        super().__init__(*args, **words)
        if asks == Reply.Asks.CONSENT:
            self.fields = {"consent": _consent(), "words": _more()}
        if asks == Reply.Asks.SAFE_CONTACT:
            self.fields = {"phone": _phone(), "email": _email(), "times": _times(), "words": _more()}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "phone" in self.fields and not any(said.values()):
            raise forms.ValidationError("Give a safe way, or say in words why there is none.")
        return said


def _consent() -> forms.Field:
    return forms.ChoiceField(label="Does the victim agree to be contacted by us?", choices=AGREES, widget=RadioSelect)


def _phone() -> forms.Field:
    return forms.CharField(
        label="A telephone number that the victim says is safe", required=False, max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip


def _email() -> forms.Field:
    return forms.EmailField(
        label="Or an e-mail address that the victim says is safe", required=False, max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )  # fmt: skip


def _times() -> forms.Field:
    return forms.CharField(
        label="When it is safe", required=False, max_length=100, help_text="For example, weekdays from 9 to 3"
    )


def _more() -> forms.Field:
    return forms.CharField(
        label="Anything that we should know", required=False, widget=Textarea({"rows": 4}), max_length=LONGEST
    )
