"""What the pages of deliveries ask."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import RadioSelect

from alongside.core.pages.fields import choose_from
from alongside.support.arrivals.feeds.models import Feed


class Allow(forms.Form):
    """From where a connection may call."""

    allowed = forms.CharField(
        label="Addresses or networks that may call", required=False, max_length=4_000,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        help_text="One a line, such as 192.0.2.7 or 192.0.2.0/24. Leave it empty to let any address call that knows "
        "the secret.",
    )  # fmt: skip


class OpenConnection(forms.Form):
    """Which force's system it is, of which of its feeds, and what to call it."""

    source = forms.ChoiceField(label="Which force’s system is it", widget=RadioSelect)
    name = forms.CharField(
        label="What you call this system", max_length=60,
        help_text="For example, Crime system. Give each system a connection of its own, so that one can be closed "
        "without the others.",
    )  # fmt: skip

    def __init__(self, *args: Any, feeds: Sequence[Feed], **words: Any) -> None:
        super().__init__(*args, **words)
        self.feeds = {feed.key: feed for feed in feeds}
        choose_from(self, "source", [(feed.key, feed.title) for feed in feeds])
        if len(feeds) == 1:
            self.fields["source"].initial = feeds[0].key

    @property
    def said(self) -> dict[str, Any]:
        feed = self.feeds[self.cleaned_data["source"]]
        return {**self.cleaned_data, "source": feed.source, "feed": feed.code}
