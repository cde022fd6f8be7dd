"""What a question or an answer asks for. Shape only."""

from typing import Any

from django import forms
from django.forms import Textarea

from alongside.foundation.office.documents.rules import MOST_BYTES


class Ask(forms.Form):
    words = forms.CharField(
        label="What do you want to ask or tell?", max_length=4000, widget=Textarea({"rows": 4}),
        help_text="No name, no place, nothing of what they told you. They see the reference and what they sent.",
        error_messages={"required": "Write your question"},
    )  # fmt: skip
    sure = forms.BooleanField(
        label="It gives something away, and whoever referred told us so or must know it", required=False
    )


class Enclose(forms.Form):
    """A document for the referral that is being written."""

    file = forms.FileField(
        label="Add a document", required=False, allow_empty_file=True,
        help_text=f"A risk assessment or a letter, if the hub needs it. PDF, JPEG, PNG or plain text, up to "
        f"{MOST_BYTES / 1_000_000:.1f} MB.",
    )  # fmt: skip


class Answer(forms.Form):
    words = forms.CharField(
        label="Your answer, or what the hub should know", required=False, max_length=4000, widget=Textarea({"rows": 4}),
        help_text="Only what is needed. The person can ask to see it.",
    )  # fmt: skip
    file = forms.FileField(
        label="Add a document", required=False, allow_empty_file=True,
        help_text=f"PDF, JPEG, PNG or plain text, up to {MOST_BYTES / 1_000_000:.1f} MB.",
    )  # fmt: skip

    @property
    def given(self) -> dict[str, Any]:
        """What was written and chosen, as the action takes it. A file that is too large is not read."""
        file = self.cleaned_data["file"]
        read = file.read(MOST_BYTES + 1) if file else b""
        return {"words": self.cleaned_data["words"], "file": read, "called": file.name if file else ""}
