"""What part somebody has in a crime, and another relative. Shape only."""

from datetime import date
from typing import Any

from django import forms
from django.forms import RadioSelect

from alongside.core.pages.fields import choose_from
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.desk.kinds.models import Part
from alongside.support.people.victims.models import Victim

KINDS = (
    (Victim.Kind.PERSON, "A victim, or somebody whom it harmed to see or hear it"),
    (Victim.Kind.BEREAVED, "A relative of somebody who died because of it"),
    (Victim.Kind.WITNESS, "A witness whom it did not harm"),
)


class Describe(forms.Form):
    kind = forms.ChoiceField(label="What part do they have in it?", choices=KINDS, widget=RadioSelect)
    relation = forms.ChoiceField(label="How did they know whoever died?", required=False)
    died = forms.CharField(
        label="Who died?", required=False, max_length=200,
        help_text="The name stays with the hub, sealed. It is never sent to anybody.",
    )  # fmt: skip
    side = forms.ChoiceField(
        label="For whom may they give evidence?", choices=Part.Side.choices, widget=RadioSelect, required=False
    )
    harmed = forms.ChoiceField(
        label="Did what they saw or heard harm them?", required=False, widget=RadioSelect,
        choices=(("no", "No"), ("yes", "Yes, or it upset or frightened them")),
        help_text="Harm to body or mind, or emotional harm. Whoever was harmed is a victim by law.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, on: date, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choose_from(self, "relation", [("", "Choose"), *rulebook.choices("bereaved_relations", on)])


class AddRelative(forms.Form):
    given_name = forms.CharField(label="First name", max_length=100)
    family_name = forms.CharField(label="Last name", max_length=100, required=False)
    relation = forms.ChoiceField(label="How did they know whoever died?")

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data)
        choose_from(self, "relation", [("", "Choose"), *rulebook.choices("bereaved_relations", on)])
