"""What the pages of deliveries ask."""

from typing import Any

from django import forms
from django.forms import RadioSelect

from alongside.core.pages.fields import choose_rows
from alongside.foundation.organisations.models import Organisation


class OpenConnection(forms.Form):
    """Which force's system it is, and what to call it."""

    source = forms.ModelChoiceField(
        label="Which force’s system is it", queryset=Organisation.objects.none(), widget=RadioSelect, empty_label=None
    )
    name = forms.CharField(
        label="What you call this system", max_length=60,
        help_text="For example, Crime system. Give each system a connection of its own, so that one can be closed "
        "without the others.",
    )  # fmt: skip

    def __init__(self, *args: Any, sources: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_rows(self, "source", sources, only=True)
