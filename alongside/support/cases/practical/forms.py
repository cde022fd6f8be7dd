"""The forms of practical help, named for their verbs: labels, hints and shape."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, MoneyField, choose_from
from alongside.foundation.office.documents.rules import MOST_BYTES
from alongside.support.cases.practical.ledger import Terms
from alongside.support.cases.practical.models import Fund

Choices = Sequence[tuple[str, str]]
SUM = {"required": "Enter a sum, like £25.00"}


def today() -> Any:
    return london_date(timezone.now())


def _choose(label: str, wanted: str, choices: Choices = (), **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages={"required": wanted}, **options
    )


class Ask(forms.Form):
    fund = _choose("From which fund?", "Choose a fund")
    kind = _choose("What kind of help is it?", "Choose what kind of help it is")
    pence = MoneyField(label="How much?", help_text="For example, £25.00", error_messages=SUM)
    what = forms.CharField(
        label="What is it for?", max_length=1000, widget=forms.Textarea,
        help_text="Whoever approves it reads this. No bank details: they are not kept here.",
        error_messages={"required": "Say what it is for"},
    )  # fmt: skip
    how = _choose("How is it paid?", "Choose how it is paid")

    def __init__(self, *args: Any, funds: Iterable[Fund], kinds: Choices, ways: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        self.funds = {str(fund.pk): fund for fund in funds}
        choose_from(self, "fund", [(key, fund.name) for key, fund in self.funds.items()])
        choose_from(self, "kind", kinds)
        choose_from(self, "how", ways)
        if len(self.funds) == 1:
            self.fields["fund"].initial = next(iter(self.funds))

    @property
    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "fund": self.funds[self.cleaned_data["fund"]]}


class Refuse(forms.Form):
    why = _choose("Why is it refused?", "Choose why it is refused")

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "why", reasons)


class Pay(forms.Form):
    pence = MoneyField(label="How much was paid?", error_messages=SUM)
    on = DateBoxesField(label="On which day?", name="day", latest=today)


class GiveBack(forms.Form):
    pence = MoneyField(label="How much came back?", error_messages=SUM)
    on = DateBoxesField(label="On which day?", name="day", latest=today)


class ShowReceipt(forms.Form):
    receipt = forms.CharField(label="Number of the receipt", required=False, max_length=100)
    file = forms.FileField(
        label="Picture or PDF of the receipt", required=False, allow_empty_file=True,
        help_text=f"JPEG, PNG or PDF, up to {MOST_BYTES / 1_000_000:.1f} MB. It is kept sealed, and only whoever may "
        "open the case sees it.",
    )  # fmt: skip

    @property
    def given(self) -> dict[str, Any]:
        """What was written and chosen. A file that is too large is not read."""
        file = self.cleaned_data["file"]
        return {"receipt": self.cleaned_data["receipt"], "file": file.read(MOST_BYTES + 1) if file else b""}


class OpenFund(forms.Form):
    """What a fund may pay for, how much, and who approves it."""

    name = forms.CharField(label="Name of the fund", max_length=100, error_messages={"required": "Name the fund"})
    kinds = forms.MultipleChoiceField(
        label="What may it pay for?", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what it may pay for"},
    )  # fmt: skip
    single_most = MoneyField(label="Most for one request", required=False)
    case_most = MoneyField(label="Most for one case", required=False)
    second_above = MoneyField(
        label="Somebody else approves too what is above", required=False,
        help_text="Leave it empty if one approval is always enough. Nobody approves what they asked for themselves.",
    )  # fmt: skip
    approvers = forms.MultipleChoiceField(
        label="Who may approve?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Choose nobody if every manager may.",
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Choices, managers: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "kinds", kinds)
        choose_from(self, "approvers", managers)

    @property
    def terms(self) -> Terms:
        entered = self.cleaned_data
        sums = {name: entered[name] for name in ("single_most", "case_most", "second_above")}
        approvers = tuple(UUID(key) for key in entered["approvers"])
        return Terms(entered["name"], tuple(entered["kinds"]), approvers=approvers, **sums)


class ReviseFund(OpenFund):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class PutIn(forms.Form):
    pence = MoneyField(label="How much?", error_messages=SUM)
    on = DateBoxesField(label="On which day?", name="day", latest=today)
    source = forms.CharField(
        label="Who gave it?", max_length=100, help_text="A grant or an organisation, not a person",
        error_messages={"required": "Say who gave it"},
    )  # fmt: skip


class TakeOut(PutIn):
    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["source"].label = "Where did it go, and why?"
        self.fields["source"].error_messages["required"] = "Say where it went"


class Reconcile(forms.Form):
    on = DateBoxesField(label="Day of the statement", name="day of the statement", latest=today)
    numbers = forms.TypedMultipleChoiceField(
        coerce=int, widget=forms.CheckboxSelectMultiple, label="Entries",
        error_messages={"required": "Tick what the statement shows"},
    )  # fmt: skip

    def __init__(self, *args: Any, numbers: Iterable[int], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "numbers", [(number, str(number)) for number in numbers])
