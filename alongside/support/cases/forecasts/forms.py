"""What may be assumed of a list. Shape only."""

from typing import Any

from django import forms

from alongside.support.cases.forecasts.rules import Assumptions


def _figure(label: str, most: float, hint: str = "") -> forms.FloatField:
    wrong = f"Enter a number from 0 to {most:,.0f}"
    return forms.FloatField(
        label=label, help_text=hint, min_value=0, max_value=most,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid", "required"), wrong),
    )  # fmt: skip


def _whole(label: str, most: int) -> forms.IntegerField:
    wrong = f"Enter a whole number from 1 to {most:,}"
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid", "required"), wrong),
    )


class Assume(forms.Form):
    joins = _figure("People who join in a week", 200, "For example, 1.5")
    length = _figure("Weeks of support for one person, on average", 260)
    leave = _figure("Of a hundred who wait, how many leave in four weeks without a place", 99)
    workers = _whole("Workers", 200)
    each = _whole("People whom each helps at one time", 200)

    @property
    def given(self) -> dict[str, Any]:
        return {"assumed": Assumptions(**self.cleaned_data)}
