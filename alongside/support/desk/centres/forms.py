"""The questions of a report, one form each and all on one page for a worker; a centre's set-up; the hub's forms."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict

from alongside.core.pages.fields import DateBoxesField, choose_from, choose_rows
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake import queries as intake
from alongside.support.arrivals.intake.questions import EmailField, PhoneField, Question, any_of, one_of, text
from alongside.support.desk.centres import queries, rules
from alongside.support.desk.centres.models import Report

Choices = Iterable[tuple[str, str]]
ENGLISH = "en"
SAFE = [("yes", "Yes"), ("no", "No"), ("unsure", "I am not sure")]
NAMELESS = "Please do not write names, numbers or addresses here if you want to stay anonymous."


class Asked(Question):
    """A question of a report. `councils`: those of the centre's area; `named`: whether a name is given."""

    def __init__(self, data: Any = None, *, on: date, councils: Choices = (), named: bool = False) -> None:
        self.councils, self.has_name = list(councils), named
        super().__init__(data, on=on)


class Now(Asked):
    danger = one_of(
        "Is anybody in danger right now?",
        [("no", "No"), ("yes", "Yes"), ("unsure", "I am not sure")],
        need="Say whether anybody is in danger, so that we can tell you what to do",
    )


class Stop(Asked):
    """Read and gone on from; nothing to fill in."""


class What(Asked):
    whose = one_of("Who did it happen to?", rules.WHOSE.items(), need="Choose who it happened to")
    kind = one_of("What would you call it?", rules.KINDS.items(), need="Choose what you would call it")
    strands = any_of(
        "What do you think it was about?",
        need="Choose at least one. What you think counts: you do not have to prove it",
    )

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("strands", queries.plain_strands(self.on))


class Words(Asked):
    telling = text("What happened?", 3000, lines=6)
    perception = text("What makes you think that it was about this?", 1500, lines=4)


class Where(Asked):
    council = forms.ChoiceField(label="Which council area was it in?", required=False)
    place = one_of("What kind of place was it?", need="Choose the nearest kind of place")
    near = text("Where about?", 200)
    happened = one_of("Roughly when?", rules.HAPPENED.items(), need="Choose roughly when")

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("council", [("", "Not known, or online"), *self.councils])
        self.choose("place", queries.places(self.on).items())


class Name(Asked):
    named = one_of(
        "Do you want to give your name?", [("no", "No. Keep it anonymous"), ("yes", "Yes")],
        need="Choose whether you want to give your name",
    )  # fmt: skip


class Support(Asked):
    support = one_of(
        "Would you like support for yourself?", [("yes", "Yes, contact me about support"), ("no", "No, not now")],
        need="Choose whether you would like support",
    )  # fmt: skip


class Who(Asked):
    given_name = text("What should we call you?", 100, need="Enter what we should call you; any name will do")
    family_name = text("Last name", 100)
    age = one_of("How old are you?", [("adult", "18 or over"), ("young", "Under 18")], need="Choose your age group")
    phone = PhoneField("Phone number")
    phone_safe = one_of("Is it safe for us to call this number?", SAFE, need="")
    times = any_of("When is it safe?")
    message = one_of("If you do not answer, may we leave a short message that says nothing about why?",
                     [("yes", "Yes"), ("no", "No")], need="")  # fmt: skip
    email = EmailField("E-mail address")
    email_safe = one_of("Is it safe for us to e-mail you?", SAFE, need="")
    others = text("Could anybody else answer or read it? Tell us what to say", 300, lines=2)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("times", intake.time_choices(self.on))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for kind, words in (("phone", "call this number"), ("email", "e-mail this address")):
            if said.get(kind) and not said.get(f"{kind}_safe"):
                self.add_error(f"{kind}_safe", f"Say whether it is safe to {words}")
        return said


class Police(Asked):
    police = one_of("Should the police know?", Report.Police.choices, need="Choose whether the police should know")

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        offered = [pair for pair in POLICE if self.has_name or pair[0] != Report.Police.WITH_NAME]
        self.choose("police", offered)


POLICE = (
    (str(Report.Police.NO), "No. Do not tell the police"),
    (str(Report.Police.WITHOUT_NAME), "Yes, but not who I am"),
    (str(Report.Police.WITH_NAME), "Yes, with my name and how to reach me"),
)
STEPS: dict[str, type[Asked]] = {
    "now": Now, "stop": Stop, "what": What, "words": Words, "where": Where, "name": Name, "support": Support,
    "who": Who, "police": Police,
}  # fmt: skip


def read(
    texts: Mapping[str, Mapping[str, list[str]]], *, on: date, councils: Choices = ()
) -> dict[str, dict[str, Any]]:
    """Answers as values, under the names of their steps. One that is no longer valid is asked again."""
    found: dict[str, dict[str, Any]] = {}
    for step, form in STEPS.items():
        if (typed := texts.get(key(step))) is not None:
            bound = form(MultiValueDict(typed), on=on, councils=councils, named=rules.is_named(found))
            if bound.is_valid():
                found[step] = bound.cleaned_data
    return found


def key(step: str) -> str:
    """Under which name a step is kept in a visit, which may hold another form's answers too."""
    return f"report-{step}"


class Make(forms.Form):
    """All questions on one page, for a worker who sits with somebody. Errors and words are those of the questions."""

    mark_optional = True
    SECTIONS = (
        ("Now", ("now",)), ("What happened", ("what", "words", "where")),
        ("What they want", ("name", "police")),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, on: date, councils: Choices) -> None:
        super().__init__(data)
        self.named = bool(data) and data.get("named") == "yes"
        self.parts = {
            step: form(data, on=on, councils=councils, named=True if data is None else self.named)
            for step, form in STEPS.items() if step != "stop"
        }  # fmt: skip
        for part in self.parts.values():
            self.fields.update(deepcopy(part.fields))  # of their own: the questions stay as strict as they are
        for name in ("support", *(name for name in self.parts["who"].fields)):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for step in ("support", "who") if self.named else ():
            part = self.parts[step]
            for name, errors in part.errors.items():
                if name not in self.errors:
                    self.add_error(name, errors)
        return said

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        """What was said, step by step, without what was not asked."""
        asked = {name: part for name, part in self.parts.items() if self.named or name not in ("support", "who")}
        return {name: part.cleaned_data for name, part in asked.items() if part.is_valid()}


class Return(forms.Form):
    mark_optional = False
    reference = text("Reference", 40, need="Enter your reference, like RH-7K3M-P4WX")
    phrase = text("Your four words", 120, need="Enter your four words")


class Add(forms.Form):
    words = text("What would you like to add?", 2000, need="Write what you would like to add", lines=6)


# A centre.


class Details(forms.Form):
    """What is known of a centre."""

    kind = forms.ChoiceField(label="Kind of centre")
    address = text("Address", 200, need="Enter the address that visitors come to")
    council = forms.ChoiceField(label="Council", error_messages={"required": "Choose a council"})
    hours = text("When somebody is there to help", 120)
    contact_name = text("Contact for the hub", 100)
    contact_phone = text("Their phone number", 40)
    contact_email = text("Their e-mail address", 254)
    since = DateBoxesField(name="first day", label="First day", required=True)
    until = DateBoxesField(name="last day", label="Last day", required=False)

    def __init__(self, data: Any = None, *, on: date, councils: Choices, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choose_from(self, "kind", rulebook.choices("centre_kinds", on))
        choose_from(self, "council", [("", "Choose"), *councils])


class SetUp(Details):
    """A partner agency that becomes a centre."""

    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), empty_label="Choose",
        error_messages={"required": "Choose an organisation"},
    )  # fmt: skip
    field_order = ("organisation",)

    def __init__(self, data: Any = None, *, organisations: "QuerySet[Organisation]", **words: Any) -> None:
        super().__init__(data, **words)
        choose_rows(self, "organisation", organisations)


class Invite(forms.Form):
    mark_optional = False
    name = text("Name", 150, need="Enter their name")
    email = EmailField("Work e-mail address", need="Enter their work e-mail address")


# The hub.


class Reports(forms.Form):
    """Search and filters of the list. A reference names nobody and may stand in the address."""

    q = forms.CharField(label="Reference", required=False, max_length=20)
    centre = forms.ChoiceField(label="Centre", required=False)
    strand = forms.ChoiceField(label="Strand", required=False)
    council = forms.ChoiceField(label="Council", required=False)

    def __init__(self, data: Any = None, *, on: date, centres: Choices, councils: Choices) -> None:
        super().__init__(data)
        choose_from(self, "centre", [("", "All"), *centres])
        choose_from(self, "strand", [("", "All"), *queries.strands(on).items()])
        choose_from(self, "council", [("", "All"), *councils])


class Answer(forms.Form):
    mark_optional = False
    answer = one_of("What should they read?", need="Choose an answer")

    def __init__(self, data: Any = None, *, on: date, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choose_from(self, "answer", rulebook.choices("report_answers", on))


class PassOn(forms.Form):
    how = one_of("How did you pass it on?", rules.PASSED_HOW.items(), need="Choose how you passed it on")
    police_ref = text("Reference that the police gave", 40)


class Language(forms.Form):
    """In which language the poster is printed; in English until another is chosen."""

    language = forms.ChoiceField(label="Language of the poster", required=False)

    def __init__(self, data: Any, *, languages: Sequence[tuple[str, str]]) -> None:
        super().__init__(data if data.get("language") else {"language": ENGLISH})
        choose_from(self, "language", languages)

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data["language"]) if self.is_valid() else ENGLISH
