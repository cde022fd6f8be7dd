"""Forms of people and organisations, each named for its verb."""

from datetime import date

from django import forms
from django.utils import timezone

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.office.organisations.models import Organisation, Reset
from alongside.foundation.office.organisations.rules import roles_of


def _today() -> date:
    return timezone.localdate()


def _roles(kind: str) -> list[tuple[str, str]]:
    return [(role.key, role.words) for role in roles_of(kind)]


class Invite(forms.Form):
    """Whom to invite, and to do what."""

    name = forms.CharField(label="Full name", max_length=120)
    email = forms.EmailField(label="Work e-mail address", max_length=254)
    role = forms.ChoiceField(label="What will they do?", widget=forms.RadioSelect)

    def __init__(self, *args: object, kind: str, **words: object) -> None:
        super().__init__(*args, **words)  # type: ignore[arg-type]
        choose_from(self, "role", _roles(kind))


class ChangeRole(forms.Form):
    """What somebody does from now on."""

    role = forms.ChoiceField(label="What do they do from now on?", widget=forms.RadioSelect)

    def __init__(self, *args: object, kind: str, **words: object) -> None:
        super().__init__(*args, **words)  # type: ignore[arg-type]
        choose_from(self, "role", _roles(kind))


class AskReset(forms.Form):
    """How it was made sure that the person is who they say."""

    checked = forms.ChoiceField(
        label="How did you make sure that it is really them?",
        help_text="An e-mail or a text message is not enough: whoever stole a phone can send both.",
        choices=Reset.Checked.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how you made sure that it is really them"},
    )


class ApproveReset(AskReset):
    """The second person makes sure too."""


class Accept(forms.Form):
    """A name to be known by and a password."""

    name = forms.CharField(label="Your full name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="At least 15 characters, and not one that many people use. Three words are good.",
    )


class Act(forms.Form):
    """For which organisation to act."""

    organisation = forms.TypedChoiceField(
        label="For which organisation do you want to act?", coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: object, choices: list[tuple[int, str]], **words: object) -> None:
        super().__init__(*args, **words)  # type: ignore[arg-type]
        choose_from(self, "organisation", choices)


class Organisations(forms.Form):
    """Search of the organisations; nothing is required and nothing wrong is refused."""

    mark_optional = False
    q = forms.CharField(label="Search by name", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *Organisation.Kind.choices])
    area = forms.ChoiceField(label="Police area", required=False, choices=[("", "This one"), ("all", "All")])


class Add(forms.Form):
    """A new organisation."""

    name = forms.CharField(label="Name", max_length=120)
    kind = forms.ChoiceField(label="Kind", choices=Organisation.Kind.choices, widget=forms.RadioSelect)
    phone = forms.CharField(label="Telephone", max_length=20, required=False)
    since = DateBoxesField(label="Working since", name="date", latest=_today)


class Rename(forms.Form):
    """The same body, under another name or telephone."""

    name = forms.CharField(label="Name", max_length=120)
    phone = forms.CharField(label="Telephone", max_length=20, required=False)


class Succeed(forms.Form):
    """The body that takes its place."""

    name = forms.CharField(label="Name of the body that takes its place", max_length=120)
    since = DateBoxesField(label="From when", name="date", latest=_today)
