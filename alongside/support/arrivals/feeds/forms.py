"""What the pages of feeds ask. Shape only: the feed's own rules read what was found out."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import CheckboxSelectMultiple, HiddenInput, RadioSelect, Textarea

from alongside.core.pages.fields import choose_from, choose_rows
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds.models import Feed

Choices = Iterable[tuple[str, str]]
STATES = (("", "Any"), ("open", "Still to deal with"), ("settled", "Dealt with"), ("rejected", "Rejected"))
WORDS = 2_000


class Load(forms.Form):
    """A file and the feed that it is of."""

    source = forms.ChoiceField(label="Which force sent it", widget=RadioSelect)
    file = forms.FileField(
        label="The feed", help_text="A CSV file with a row for each victim, up to 100 MB. If refused, nothing changes.",
        widget=forms.ClearableFileInput({"accept": ".csv,text/csv"}), allow_empty_file=True,
        error_messages={"required": "Choose the file to load."},
    )  # fmt: skip

    def __init__(self, *args: Any, feeds: Sequence[Feed], **words: Any) -> None:
        super().__init__(*args, **words)
        self.feeds = {feed.key: feed for feed in feeds}
        choose_from(self, "source", [(feed.key, feed.title) for feed in feeds])
        if len(feeds) == 1:
            self.fields["source"].initial = feeds[0].key

    @property
    def upload(self) -> UploadedFile:
        return self.cleaned_data["file"]

    @property
    def feed(self) -> Feed:
        return self.feeds[self.cleaned_data["source"]]


class Deliveries(forms.Form):
    """Filters of the deliveries."""

    file = forms.CharField(label="File", required=False, max_length=120)
    source = forms.ModelChoiceField(
        label="Force", queryset=Organisation.objects.none(), required=False, empty_label="Any"
    )
    held = forms.ChoiceField(
        label="Rows held", required=False, choices=(("", "Any"), ("open", "Some still to deal with"))
    )

    def __init__(self, *args: Any, sources: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_rows(self, "source", sources)


class Held(forms.Form):
    """Filters of held rows."""

    q = forms.CharField(label="Reference", required=False, max_length=60)
    reason = forms.ChoiceField(label="Why", required=False)

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", (("", "Any"), *reasons))


class Kept(Held):
    """Filters of the rows kept of one delivery."""

    state = forms.ChoiceField(label="State", required=False, choices=STATES)


class Words(forms.Form):
    """What somebody found out, in their own words."""

    words = forms.CharField(label="What you found out, and from whom", widget=Textarea({"rows": 3}), max_length=WORDS)


class TakeNewDetails(Words):
    """Which of the differences are taken; `seen` is the version of the record that the chooser had before them."""

    take = forms.MultipleChoiceField(
        label="Which of these are right?", required=False, widget=CheckboxSelectMultiple,
        help_text="What you choose replaces what is on record; what was there before is kept with it.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=HiddenInput, required=False)
    field_order = ("take", "words", "seen")

    def __init__(self, *args: Any, choices: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "take", choices)
