"""The forms of coming back with a phrase, and the form of a partner agency with its list. Shape only."""

from datetime import date
from typing import Any

from django import forms

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.office.documents.rules import MOST_BYTES
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake import queries, rules
from alongside.support.arrivals.intake.questions import (
    LONG_AGO,
    EmailField,
    PhoneField,
    PostcodeField,
    any_of,
    one_of,
    text,
    whole_years,
)
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.rules import known_age

FLAGS = [("vulnerable", "Vulnerable"), ("intimidated", "Intimidated"), ("repeat", "A victim more than once")]
PARTS = [
    ("person", "A victim, or somebody whom it harmed to see or hear it"),
    ("bereaved", "A relative of somebody who died because of it"),
    ("witness", "A witness whom it did not harm"),
]
YES_NO_UNKNOWN = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]


class Return(forms.Form):
    mark_optional = False
    reference = text("Reference", 40, need="Enter your reference, like AL-7K3M-P4WX")
    phrase = text("Your four words", 120, need="Enter your four words")


class Add(forms.Form):
    words = text("What would you like to add?", 2000, need="Write what you would like to add", lines=6)


class Change(forms.Form):
    unsafe = any_of("What should we stop using?", [("phone", "My phone"), ("email", "My e-mail")])
    words = text("What is safe now?", 1000, lines=4)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("unsafe") and not said.get("words") and not self.errors:
            self.add_error("words", "Say what we should stop using, or what is safe now")
        return said


class Withdraw(forms.Form):
    words = text("Is there anything that you want us to know?", 1000, lines=3)


SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Agreement", ("consent",)),
    ("Who needs support", ("kind", "postcode")),
    ("How to reach them safely", ("phone", "phone_safe", "email", "email_safe", "safe_times", "instructions")),
    ("What happened", ("crime_type", "reported", "occurred_from", "high_risk", "flags")),
    ("What would help us", ("language", "interpreter", "access_needs", "notes", "source_ref")),
)
# Fields that an answer shows below itself: by field and answer.
REVEALED: dict[str, dict[str, tuple[str, ...]]] = {
    "consent": {"not_asked": ("why_not_asked",)},
    "kind": {
        "person": ("part", "given_name", "family_name", "birth_date", "age", "adult_name", "adult_relation"),
        "business": ("business_name", "contact_person"),
    },
}


class Refer(forms.Form):
    """One page, about two minutes, in the sections of `SECTIONS`."""

    consent = one_of(
        "Do they agree to being referred?",
        [("yes", "Yes"), ("no", "No"), ("not_asked", "They could not be asked, and there is a risk of serious harm")],
        need="Say whether they agree to being referred",
    )  # fmt: skip
    why_not_asked = text("Why could they not be asked?", 300)
    kind = one_of("This is", [("person", "A person"), ("business", "A business or other organisation")],
                  need="Choose a person or a business")  # fmt: skip
    part = one_of("Who are they to the crime?", PARTS, need="")
    given_name = text("First name", 100)
    family_name = text("Last name", 100)
    business_name = text("Name of the business", 200)
    birth_date = DateBoxesField(name="date of birth", required=False, label="Date of birth", earliest=LONG_AGO)
    age = whole_years("Or their age in years, as far as is known")
    adult_name = text("If they are a child: the adult with responsibility", 100)
    adult_relation = forms.ChoiceField(label="Who is that adult to them?", required=False)
    contact_person = text("Who should we ask for there?", 100)
    postcode = PostcodeField("Postcode")
    phone = PhoneField("Phone number")
    phone_safe = one_of("Is it safe to call this number?", YES_NO_UNKNOWN, need="")
    email = EmailField("E-mail address")
    email_safe = one_of("Is it safe to e-mail this address?", YES_NO_UNKNOWN, need="")
    safe_times = text("When is it safe?", 100)
    instructions = text("What should whoever calls know or say?", 300, lines=2)
    crime_type = forms.ChoiceField(label="What happened", error_messages={"required": "Choose what happened"})
    reported = one_of("Have the police been told?", [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
                      need="Say whether the police have been told")  # fmt: skip
    occurred_from = DateBoxesField(
        name="date", required=False, label="When did it happen, or begin?", earliest=LONG_AGO
    )
    high_risk = one_of("Are they at high risk of serious harm?", [("yes", "Yes"), ("no", "No or not known")],
                       need="Say whether they are at high risk")  # fmt: skip
    flags = any_of("As far as you know, are they any of these?", FLAGS)
    language = forms.ChoiceField(label="Language", required=False)
    interpreter = one_of("Do they need an interpreter?", YES_NO_UNKNOWN, need="")
    access_needs = text("What would make it easier for them?", 300)
    notes = text("What should the hub know?", 2000, lines=5)
    source_ref = text("Your own reference", 60)
    file = forms.FileField(
        label="Add a document", required=False, allow_empty_file=True,
        help_text=f"PDF, JPEG, PNG or plain text, up to {MOST_BYTES / 1_000_000:.1f} MB. The hub alone reads it.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, on: date, initial: Any = None) -> None:
        super().__init__(data, initial={"kind": "person", "part": "person", "language": "en", **(initial or {})})
        crimes = [pair for pair in rulebook.choices("crime_types", on) if pair[0] != "no_direct_victim"]
        choose_from(self, "crime_type", (("", "Choose"), *crimes))
        self.on = on
        choose_from(self, "adult_relation", (("", "Not said"), *rulebook.choices("acting_for", on)))
        choose_from(self, "language", (("", "Not known"), *rulebook.choices("languages", on)))
        for name in ("birth_date", "occurred_from"):
            self.fields[name].latest = on  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for field, words in rules.faults({**dict.fromkeys(self.errors, "wrong"), **said}):
            if field not in self.errors:
                self.add_error(field, words)
        born = known_age(said.get("birth_date"), self.on)
        age = said.get("age") if born is None else born
        if victims.through_adult(age, self.on) and not said.get("adult_name"):
            self.add_error("adult_name", "A child of this age is contacted through an adult. Enter who that is")
        relation = dict(rulebook.choices("acting_for", self.on)).get(said.get("adult_relation", ""), "")
        kind = (said.get("part") or "person") if said.get("kind") == "person" else said.get("kind", "")
        return said | {"relation": relation, "kind": kind}


class Referred(forms.Form):
    """Search and filter of a referrer's own referrals."""

    q = forms.CharField(label="Reference, ours or your own", required=False, max_length=60)
    word = forms.ChoiceField(label="Where it stands", required=False)

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data)
        choose_from(self, "word", (("", "All"), *queries.words_in_use(on)))
