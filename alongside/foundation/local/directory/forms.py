"""What somebody fills in: Find help, the filters of the lists, and what a service says of itself."""

from collections.abc import Iterable
from typing import Any

from django import forms

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.core.said import say
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.queries import Answers, Choices
from alongside.foundation.local.directory.rules import ADOPTED, SEX_WORDS, SIGNPOSTED, UNDECIDED

NOT_SURE = ("not_sure", say("I am not sure, or would rather not say"))
WHO = [
    ("me", say("Me")),
    ("child", say("A child or young person")),
    ("someone", say("Another adult")),
    ("business", say("A business or other organisation")),
]
# Details that are lists of a book's codes, or of councils.
CODED = (
    "crime_types", "needs", "specialisms", "modes", "councils", "languages", "made_for", "criteria", "access",
)  # fmt: skip
STATES = [(str(state.value), str(state.label)) for state in Service.State]


class Find(forms.Form):
    """A few plain questions. Only the place has to be answered."""

    mark_optional = False
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=12,
        help_text="Your home, or anywhere that you can get to",
    )
    council = forms.ChoiceField(label="Or choose a council", required=False)
    happened = forms.ChoiceField(
        label="What happened?", required=False, widget=forms.RadioSelect,
        help_text="Choose what is closest. It does not have to be a crime, and nobody has to prove it.",
    )  # fmt: skip
    who = forms.ChoiceField(label="Who needs help?", required=False, widget=forms.RadioSelect, choices=WHO)
    age = forms.ChoiceField(label="How old is the person who needs help?", required=False)
    language = forms.ChoiceField(label="Which language would be best?", required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "council", [("", say("Choose a council")), *choices["councils"]])
        choose_from(self, "happened", [*choices["plain_crimes"], NOT_SURE])
        choose_from(self, "age", [("", say("Not sure, or would rather not say")), *choices["age_bands"]])
        others = [choice for choice in choices["languages"] if choice[0] != "en"]
        choose_from(self, "language", [("", say("English, or would rather not say")), *others])

    def answers(self) -> Answers:
        return Answers(**self.cleaned_data)


class Narrow(forms.Form):
    """Filters of a list."""

    q = forms.CharField(label="Name of a service", required=False, max_length=100)
    crime = forms.ChoiceField(label="Crime", required=False)
    need = forms.ChoiceField(label="Need", required=False)
    council = forms.ChoiceField(label="Council", required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, book in (("crime", "crime_types"), ("need", "needs"), ("council", "councils")):
            choose_from(self, name, [("", say("Any")), *choices[book]])

    def narrowing(self) -> dict[str, Any]:
        """As `queries.filtered` takes it; what is no choice narrows nothing."""
        self.full_clean()
        return {"name" if name == "q" else name: value for name, value in self.cleaned_data.items() if value}


class NarrowForStaff(Narrow):
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *STATES])
    whose = forms.ChoiceField(
        label="Whose", required=False,
        choices=[("", "Any"), ("own", "Looked after by us"), ("listed", "Listed by another directory")],
    )  # fmt: skip


def _many(label: str, hint: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, help_text=hint, required=False, widget=forms.CheckboxSelectMultiple)


def _long(label: str, hint: str = "", required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, widget=forms.Textarea({"rows": 4}), max_length=5000
    )


class Described(forms.Form):
    """What a service says of itself, in the order in which its page says it."""

    name = forms.CharField(label="Name", max_length=200)
    summary = _long("What it does", "In plain words, to the person who may need it", required=True)
    what_happens = _long("What happens when somebody gets in touch", "The first steps, and how long each takes")
    crime_types = _many("Crimes", "Leave all empty if it helps after any crime")
    needs = _many("Needs", "Leave all empty if it helps with any")
    specialisms = _many("What it specialises in", "The rulebook sends some crimes to a specialist first")
    modes = _many("How help is given", "Every way in which somebody can be helped")
    councils = _many("Councils", "Leave all empty if it covers the whole area")
    age_from = forms.IntegerField(label="From age", required=False, min_value=0, max_value=130)
    age_to = forms.IntegerField(label="To age", required=False, min_value=0, max_value=130)
    sexes = _many("For whom", "Leave all empty if it is for everybody")
    made_for = _many(
        "Made for", "Only where it is led by or for people who share something; nobody else is turned away by it"
    )
    criteria = _many(
        "Its own conditions", "What has to be true before it can help. People see these before they choose"
    )
    languages = _many("Languages", "Those that its own workers speak. Leave all empty if it can offer any")
    takes_unreported = forms.BooleanField(
        label="Helps whether or not the police have been told", required=False, initial=True
    )
    takes_high_risk = forms.BooleanField(label="Takes people at high risk of serious harm", required=False)
    for_business = forms.BooleanField(label="Helps businesses", required=False)
    takes_referrals = forms.BooleanField(label="Takes referrals from the hub", required=False, initial=True)
    phone = forms.CharField(label="Phone", required=False, max_length=40)
    email = forms.EmailField(label="Email address", required=False, max_length=254)
    web = forms.URLField(label="Web address", required=False, max_length=500, assume_scheme="https")
    hours = forms.CharField(label="When it is open", required=False, max_length=300)
    cost = forms.CharField(label="What it costs", required=False, max_length=300, initial="Free")
    access = _many("What can be arranged", "Choose what somebody can rely on when they ask for it")
    access_notes = _long("Getting there, and help with access")
    location_protected = forms.BooleanField(
        label="Its place must stay secret", required=False,
        help_text="A refuge, or anywhere that somebody is hiding. Then no address is kept, shown or sent on",
    )  # fmt: skip
    location_public = forms.BooleanField(
        label="Its address may be public", required=False,
        help_text="Leave this off if you are not sure: no address is kept then",
    )  # fmt: skip
    location = forms.CharField(label="Address", required=False, max_length=300)
    places = forms.IntegerField(
        label="Places", required=False, min_value=0, max_value=9999,
        help_text="How many people at one time the award pays for. Leave it empty if no number was agreed",
    )  # fmt: skip
    award = forms.CharField(
        label="Award", required=False, max_length=80, help_text="The reference of the award that pays for it"
    )
    opens_on = DateBoxesField(
        label="Begins on", name="day on which it begins", required=False,
        help_text="Until then nobody is shown it. Leave it empty if it has begun",
    )  # fmt: skip

    def __init__(self, *args: Any, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        books = {"specialisms": "routes", "criteria": "service_criteria", "access": "access_needs"}
        for name in CODED:
            choose_from(self, name, with_held(choices[books.get(name, name)], self.initial.get(name, ())))
        choose_from(self, "sexes", [(code, text.capitalize()) for code, text in SEX_WORDS.items()])


def with_held(choices: Choices, codes: Iterable[str]) -> Choices:
    """The choices of today and whatever the service holds beside them, so that saving loses nothing."""
    offered = {code for code, _ in choices}
    return [*choices, *((code, code) for code in codes if code not in offered)]


class Adopt(forms.Form):
    """Who runs it here, and what for."""

    provider = forms.ChoiceField(
        label="Who runs it", error_messages={"required": "Choose who runs it"},
        help_text="If they are not in this list, they have to be added under Organisations first",
    )  # fmt: skip
    takes_referrals = forms.ChoiceField(
        label="May the hub send people to it?", widget=forms.RadioSelect,
        choices=[("yes", "Yes, they have agreed to take referrals"), ("no", "No, it is for people to find themselves")],
        error_messages={"required": "Say whether the hub may send people to it"},
    )  # fmt: skip
    crime_types = _many("After which crimes does it help?", "Ask them. Leave all empty if it helps after any crime")

    def __init__(self, *args: Any, choices: dict[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "provider", [("", "Choose an organisation"), *choices["providers"]])
        choose_from(self, "crime_types", choices["crime_types"])


class Listed(forms.Form):
    """Search and filters of what other directories list."""

    q = forms.CharField(label="Name of a service or of who runs it", required=False, max_length=100)
    standing = forms.ChoiceField(label="Decided", required=False, choices=[
        ("", "Any"), (UNDECIDED, "Not yet"), (ADOPTED, "Adopted"), (SIGNPOSTED, "For signposting only"),
    ])  # fmt: skip
    source = forms.ChoiceField(label="List", required=False)

    def __init__(self, *args: Any, sources: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "source", [("", "Any"), *sources])

    def narrowing(self) -> dict[str, str]:
        self.full_clean()
        return {"name" if name == "q" else name: value for name, value in self.cleaned_data.items() if value}


class Capacity(forms.Form):
    """Room for more people, as of today."""

    places_free = forms.IntegerField(label="Places free now", required=False, min_value=0, max_value=9999)
    wait_weeks = forms.IntegerField(
        label="Weeks that a new person waits for the first meeting", required=False, min_value=0, max_value=104,
        help_text="0 where nobody waits. Leave it empty if you cannot say",
    )  # fmt: skip
