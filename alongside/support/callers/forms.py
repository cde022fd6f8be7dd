"""What is asked of somebody who telephones. Shape only."""

from datetime import date
from typing import Any

from django import forms

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.rulebook import queries as rulebook
from alongside.support.callers import rules
from alongside.support.intake.questions import LONG_AGO, EmailField, PhoneField, PostcodeField, any_of, one_of, text
from alongside.support.onthespot import queries

YES_NO_UNKNOWN = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]


class TakeDown(forms.Form):
    """In the order in which it is asked on a call."""

    danger = one_of("Is anybody in danger right now?", [("no", "No"), ("yes", "Yes")],
                    need="Ask whether anybody is in danger right now")  # fmt: skip
    agreed = forms.BooleanField(
        label="They agree that we keep what they tell us, and contact them about support",
        error_messages={"required": "Without their agreement nothing is kept"},
    )
    given_name = text("First name, or what they want to be called", 100, need="Enter what they want to be called")
    family_name = text("Last name", 100)
    birth_date = DateBoxesField(name="date of birth", required=False, label="Date of birth", earliest=LONG_AGO)
    postcode = PostcodeField("Postcode")
    phone = PhoneField("Phone number")
    phone_safe = one_of("Is it safe for us to call it?", YES_NO_UNKNOWN, need="")
    times = any_of("When is it safe?")
    message = one_of("May we leave a message?", [("yes", "Yes"), ("no", "No")], need="")
    email = EmailField("E-mail address")
    email_safe = one_of("Is it safe for us to e-mail them?", YES_NO_UNKNOWN, need="")
    others = text("Who else may answer or read it? What to say", 300)
    happened = forms.ChoiceField(label="What happened", error_messages={"required": "Choose the nearest"})
    reported = one_of("Have the police been told?", YES_NO_UNKNOWN, need="Say whether the police have been told")
    language = forms.ChoiceField(label="Language", required=False)
    interpreter = one_of("Do they need an interpreter?", YES_NO_UNKNOWN, need="")
    notes = text("Anything else, in their words", 2000, lines=4)

    def __init__(self, data: Any = None, *, on: date, initial: Any = None) -> None:
        super().__init__(data, initial={"language": "en", **(initial or {})})
        choose_from(self, "happened", [("", "Choose"), *queries.happened(on)])
        choose_from(self, "times", queries.times(on))
        choose_from(self, "language", [("", "Not known"), *rulebook.choices("languages", on)])
        self.fields["birth_date"].latest = on  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for field, words in rules.faults({**dict.fromkeys(self.errors, "wrong"), **said}):
            if field not in self.errors:
                self.add_error(field, words)
        return said
