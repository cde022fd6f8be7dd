"""What the pages of a person ask: agreements, bases, and ways to make contact."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.forms import HiddenInput, RadioSelect, Textarea
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.office.messages import rules
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Agreement

Choices = Iterable[tuple[str, str]]
YES_NO = (("yes", "Yes"), ("no", "No"))
CHANNELS = (("phone", "Telephone"), ("text", "Text message"), ("email", "E-mail"), ("letter", "Letter"))
BASES = (
    ("6(1)(e) public task", "Public task, article 6(1)(e)"),
    ("6(1)(f) legitimate interests", "Legitimate interests, article 6(1)(f)"),
    ("recognised legitimate interest", "Recognised legitimate interest, Annex 1"),
    ("6(1)(c) legal duty", "Legal duty, article 6(1)(c)"),
    ("6(1)(d) vital interests", "Vital interests, article 6(1)(d)"),
)
INTERPRETER = (("yes", "Needed"), ("no", "Not needed"), ("unknown", "Not known"))
OF_A_PERSON = ("title", "given_name", "family_name", "birth_date", "sex", "ethnicity")
WHY_RETIRED = (("not_theirs", "It is not theirs any more"), ("not_safe", "It is not safe any more"),
               ("wrong", "It was wrong"), ("asked", "They asked us not to use it"))  # fmt: skip


class NameAdult(forms.Form):
    """Who is contacted for a child."""

    name = forms.CharField(label="Name of the adult with responsibility", max_length=100, required=False)
    relation = forms.ChoiceField(label="Who are they to the child?", required=False)
    judged = forms.BooleanField(
        label="I have spoken with the child: they understand, and chose to be contacted directly", required=False
    )
    why = forms.CharField(
        label="What shows it?", max_length=1000, required=False, widget=Textarea({"rows": 3}),
        help_text="Needed where you judge that they may be contacted directly.",
    )  # fmt: skip

    def __init__(self, *args: Any, relations: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "relation", (("", "Not said"), *relations))


class Agree(forms.Form):
    """One of the three agreements, each recorded apart."""

    about = forms.ChoiceField(label="What was asked?", choices=Agreement.About.choices, widget=RadioSelect)
    channel = forms.ChoiceField(label="Contacted how?", choices=CHANNELS, widget=RadioSelect, required=False)
    with_organisation = forms.ChoiceField(label="Shared with whom?", required=False)
    given = forms.ChoiceField(label="What did they say?", choices=YES_NO, widget=RadioSelect)

    def __init__(self, *args: Any, bodies: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "with_organisation", (("", "Choose a body"), *bodies))

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        about = entered.get("about")
        if about == Agreement.About.CONTACT and not entered.get("channel"):
            self.add_error("channel", "Choose how they agreed, or not, to be contacted")
        if about == Agreement.About.SHARE and not entered.get("with_organisation"):
            self.add_error("with_organisation", "Choose the body")
        return entered

    @property
    def words(self) -> dict[str, Any]:
        """What was entered, as the action takes it; what does not belong to this agreement is left out."""
        entered = self.cleaned_data
        contact, share = (entered["about"] == about for about in (Agreement.About.CONTACT, Agreement.About.SHARE))
        return {
            "about": entered["about"],
            "given": entered["given"] == "yes",
            "channel": entered["channel"] if contact else "",
            "with_organisation": int(entered["with_organisation"]) if share else None,
            "purpose": "share_with_provider" if share else "",
            "how": "asked by a worker",
        }


class StateBasis(forms.Form):
    purpose = forms.ChoiceField(label="For which purpose?")
    basis = forms.ChoiceField(label="On which basis?", choices=BASES, widget=RadioSelect)

    def __init__(self, *args: Any, purposes: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "purpose", (("", "Choose a purpose"), *purposes))


def _latest_birth() -> date:
    return london_date(timezone.now())


class Correct(forms.Form):
    """Who a person is, or what a business is called, as it should have been written."""

    business_name = forms.CharField(label="Name of the business", max_length=200)
    title = forms.CharField(label="Title", max_length=35, required=False)
    given_name = forms.CharField(label="Given names", max_length=100, required=False)
    family_name = forms.CharField(label="Family name", max_length=100, required=False)
    birth_date = DateBoxesField(label="Date of birth", name="date of birth", required=False, latest=_latest_birth)
    sex = forms.ChoiceField(label="Sex", required=False)
    ethnicity = forms.ChoiceField(label="Ethnic group", required=False)
    language = forms.ChoiceField(label="Language", required=False)
    interpreter = forms.ChoiceField(label="Interpreter", choices=INTERPRETER, widget=RadioSelect)
    access_needs = forms.CharField(label="Access needs", required=False, max_length=500, widget=Textarea)
    location_protected = forms.ChoiceField(
        label="Is where they live protected?", choices=YES_NO, widget=RadioSelect,
        help_text="Protected: it is never written down outside this record.",
    )  # fmt: skip
    reason = forms.ChoiceField(label="Why does it have to be put right?", widget=RadioSelect)
    seen = forms.IntegerField(widget=HiddenInput)

    def __init__(self, *args: Any, identity: Identity, books: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        self.identity = identity
        for name in OF_A_PERSON if identity.kind == "business" else ("business_name",):
            del self.fields[name]
        choose_from(self, "reason", books["reason"])
        for name in {"sex", "ethnicity", "language"} & set(self.fields):
            choose_from(self, name, _with_what_is_held(books[name], getattr(identity, name)))

    @staticmethod
    def start(identity: Identity) -> dict[str, Any]:
        """What the form starts from: what the record says."""
        return {**vars(identity), "location_protected": "yes" if identity.location_protected else "no"}

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if "given_name" in self.fields and not (entered.get("given_name") or entered.get("family_name")):
            self.add_error("family_name", "Enter a given name or a family name")
        return entered

    @property
    def words(self) -> dict[str, Any]:
        """What was entered, as the action takes it; what the form does not ask stays as it is."""
        entered = dict(self.cleaned_data)
        reason, seen = entered.pop("reason"), entered.pop("seen")
        entered["location_protected"] = entered["location_protected"] == "yes"
        return {"identity": replace(self.identity, **entered), "reason": reason, "seen": seen}


def _with_what_is_held(choices: Choices, held: str) -> Choices:
    """A book's choices; a code that is held and no longer in the book can be kept."""
    pairs = tuple(choices)
    older = ((held, held),) if held and held not in dict(pairs) else ()
    return (("", "Not recorded"), *pairs, *older)


class Send(forms.Form):
    template = forms.ChoiceField(label="What should it say?", widget=RadioSelect)

    def __init__(self, *args: Any, texts: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "template", texts)


class Safety(forms.Form):
    """Whether and when a way of contact is safe, in the person's own words."""

    safe = forms.ChoiceField(label="Is it safe to use?", choices=ContactPoint.Safe.choices, widget=RadioSelect)
    safe_times = forms.CharField(
        label="When is it safe?", required=False, max_length=100, help_text="Hours such as 10:00-12:00, or a few words"
    )
    message = forms.ChoiceField(label="May a message be left?", choices=YES_NO, widget=RadioSelect)
    verified = forms.ChoiceField(label="Did they tell a worker this by voice?", choices=YES_NO, widget=RadioSelect,
                                 help_text="Automatic messages go to a verified way of contact alone.")  # fmt: skip

    @property
    def words(self) -> dict[str, Any]:
        """What was entered, as the actions take it."""
        entered = dict(self.cleaned_data)
        leave, verified = entered.pop("message") == "yes", entered.pop("verified") == "yes"
        return {**entered, "leave_message": leave, "verified_how": "by_voice" if verified else ""}


class ChangeSafety(Safety):
    pass


class AddPoint(Safety):
    kind = forms.ChoiceField(label="What is it?", choices=ContactPoint.Kind.choices, widget=RadioSelect)
    value = forms.CharField(label="Number or address", max_length=300)
    instructions = forms.CharField(
        label="What must whoever uses it know?", required=False, widget=Textarea, max_length=500,
        help_text="For example, whom to say you are. It is sealed, and opened on purpose.",
    )  # fmt: skip
    field_order = ("kind", "value", "safe", "safe_times", "message", "instructions", "verified")

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        _check_value(self, entered.get("kind", ""))
        return entered


class CorrectPoint(Safety):
    value = forms.CharField(label="What should it be?", max_length=300, help_text="The old one is used no more.")
    instructions = AddPoint.base_fields["instructions"]
    field_order = ("value", "safe", "safe_times", "message", "instructions", "verified")

    def __init__(self, *args: Any, kind: str, **words: Any) -> None:
        super().__init__(*args, **words)
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        _check_value(self, self.kind)
        return entered


def _check_value(form: forms.Form, kind: str) -> None:
    """Says of a number or a mailbox that it cannot be one."""
    fault = rules.fault(kind, form.cleaned_data.get("value", ""))
    if fault and "value" not in form.errors:
        form.add_error("value", fault)


class Retire(forms.Form):
    why = forms.ChoiceField(label="Why will it not be used again?", choices=WHY_RETIRED, widget=RadioSelect)
