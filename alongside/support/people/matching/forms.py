"""Forms of matching."""

from django import forms

from alongside.support.people.matching.actions import UNDO
from alongside.support.people.victims.models import SamePerson


class Judge(forms.Form):
    """What a person thinks of two records."""

    judgement = forms.ChoiceField(
        choices=[*SamePerson.Judgement.choices, (UNDO, "Undo")],
        error_messages={"required": "Say whether they are the same person"},
    )
