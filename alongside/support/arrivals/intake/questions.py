"""The questions of a self-referral, one form each, in the order of `rules.STEPS`. Shape only."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from alongside.core.pages.fields import DateBoxes, DateBoxesField, choose_from
from alongside.foundation.office.messages import rules as contact
from alongside.foundation.office.organisations import queries as organisations
from alongside.foundation.office.organisations.rules import is_postcode, postcode_key
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake import queries, rules
from alongside.support.arrivals.intake.rules import SINCE

ELSEWHERE = "elsewhere"
LONG_AGO = date(1900, 1, 1)


class TextField(forms.CharField):
    """Text in any script, over one line or several. What cannot be seen is left out, and troubles nobody."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(rules.tidy(str(value or ""))))


def text(label: str, limit: int, *, need: str = "", lines: int = 0, **attrs: Any) -> forms.CharField:
    """A text of at most `limit` characters; `need` is the error when it is missing."""
    attrs = {"dir": "auto", **attrs}
    still = ". What you wrote is still here" if lines else ""
    return TextField(
        label=label, max_length=limit, required=bool(need),
        widget=forms.Textarea(attrs=attrs) if lines else forms.TextInput(attrs=attrs),
        error_messages={"required": need, "max_length": f"Use {limit:,} characters or fewer{still}"},
    )  # fmt: skip


def one_of(label: str, choices: Iterable[tuple[str, str]] = (), *, need: str = "Choose one") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=tuple(choices), widget=forms.RadioSelect, required=bool(need),
        error_messages={"required": need, "invalid_choice": "Choose one of these"},
    )  # fmt: skip


def any_of(label: str, choices: Iterable[tuple[str, str]] = (), *, need: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=tuple(choices), widget=forms.CheckboxSelectMultiple, required=bool(need),
        error_messages={"required": need, "invalid_choice": "Choose from these"},
    )  # fmt: skip


def whole_years(label: str) -> forms.IntegerField:
    """An age that may be left out."""
    beyond = dict.fromkeys(("min_value", "max_value"), "Enter an age from 0 to 130")
    words = {"invalid": "Enter an age in whole years, like 34", **beyond}
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=130, error_messages=words)


class PhoneField(forms.CharField):
    """A phone number of any country, as it was typed."""

    def __init__(self, label: str, *, need: str = "") -> None:
        super().__init__(
            label=label, max_length=40, required=bool(need),
            widget=forms.TextInput(attrs={"inputmode": "tel", "type": "tel"}),
            error_messages={"required": need, "max_length": "Enter one phone number"},
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        number = str(super().clean(value))
        wrong = contact.fault("phone", number) if number else ""
        if wrong == contact.CUT_SHORT:
            raise ValidationError(wrong)
        if wrong:
            raise ValidationError("Enter a phone number, like 07700 900123 or +44 7700 900123")
        return number


class EmailField(forms.EmailField):
    def __init__(self, label: str, *, need: str = "") -> None:
        super().__init__(
            label=label, max_length=254, required=bool(need),
            error_messages={"required": need, "invalid": "Enter an e-mail address, like name@example.com",
                            "max_length": "Use 254 characters or fewer"},
        )  # fmt: skip


class PostcodeField(forms.CharField):
    """A postcode's council. `cleaned` is its code, empty when nothing was typed."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, max_length=20, required=False, widget=forms.TextInput(),
                         error_messages={"max_length": "Enter one postcode"})  # fmt: skip

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if not postcode_key(typed):
            return ""
        if not is_postcode(typed):
            raise ValidationError("Enter a whole UK postcode, like B1 1AA, or leave this empty")
        council = organisations.council_of(typed)
        if council is None:
            raise ValidationError("We do not know this postcode. Check it, or leave this empty and choose a council")
        return council


class Question(forms.Form):
    """One question. `on` is the day in London; `words` are labels that differ by who is asking."""

    mark_optional = True
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    def __init__(self, data: Any = None, *, on: date, audience: str = "me") -> None:
        self.on = on
        super().__init__(data)
        for name, label in self.words.get(audience, self.words.get("other" if audience == "child" else "", {})).items():
            self.fields[name].label = label

    def choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        choose_from(self, name, choices)

    def kept(self) -> dict[str, list[str]]:
        """The texts of this question's own boxes, to be read again."""
        data: MultiValueDict[str, str] = self.data  # type: ignore[assignment]
        parts = [f"{name}_{part}" for name in self.fields for part, _ in DateBoxes.PARTS]
        return {name: data.getlist(name) for name in (*self.fields, *parts) if name in data}


class Now(Question):
    danger = one_of(
        "Is anybody in danger right now?",
        [("no", "No"), ("yes", "Yes"), ("unsure", "I am not sure")],
        need="Say whether anybody is in danger, so that we can tell you what to do",
    )


class Stop(Question):
    """Read and gone on from; nothing to fill in."""


class Who(Question):
    who = one_of(
        "Who needs support?", rules.WHO.items(),
        need="Choose who needs support",
    )  # fmt: skip


class Them(Question):
    name = text("Your name", 100, need="Enter your name; your first name is enough")
    relation = one_of("Who are you to them?", need="Choose who you are to them")
    agreed = one_of(
        "Do they know that you are asking?",
        [("yes", "They know, and they want support"), ("unsure", "They know, but have not decided"),
         ("no", "They do not know")],
        need="Say whether they know that you are asking",
    )  # fmt: skip

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("relation", rulebook.choices("acting_for", self.on))


class Firm(Question):
    business_name = text("What is it called?", 200, need="Enter the name of the business or organisation")


class What(Question):
    what = one_of("What happened?", need="Choose the nearest answer. You can choose “I would rather not say”")
    words = {"other": {"what": "What happened to them?"}}

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("what", rulebook.choices("what_happened", self.on))


class Told(Question):
    reported = one_of(
        "Do the police know about it?", [("yes", "Yes"), ("no", "No"), ("unsure", "I am not sure")],
        need="Choose yes, no or not sure. You get the same support",
    )  # fmt: skip


class Whynot(Question):
    why = one_of("Is there a reason why not?", need="")

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("why", rulebook.choices("not_reported_reasons", self.on))


class When(Question):
    when = one_of("Roughly when did it happen?", SINCE.items(),
                  need="Choose roughly when it happened")  # fmt: skip
    day = DateBoxesField(name="day", required=False, label="Which day?", earliest=LONG_AGO)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["day"].latest = self.on  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("when") == "day" and not said.get("day") and "day" not in self.errors:
            self.add_error("day", "Enter the day, or choose another answer")
        return said | ({} if said.get("when") == "day" else {"day": None})


class Name(Question):
    given_name = text("What should we call you?", 100, need="Enter what we should call you; any name will do")
    family_name = text("Last name", 100)
    words = {"other": {"given_name": "Their first name", "family_name": "Their last name"}}


class Born(Question):
    birth_date = DateBoxesField(
        name="date of birth", birth=False, required=False, label="Date of birth", earliest=LONG_AGO
    )
    age = whole_years("Or age in years")

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["birth_date"].latest = self.on  # type: ignore[attr-defined]


class Place(Question):
    """Keeps the council and lets go of the postcode."""

    postcode = PostcodeField("What is your postcode?")
    council = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)
    words = {
        "other": {"postcode": "What is their postcode?"},
        "business": {"postcode": "Where is it? Enter the postcode"},
    }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return said | {"council": said.get("postcode") or said.get("council", "")}

    def kept(self) -> dict[str, list[str]]:
        return {"council": [self.cleaned_data["council"]]}


class Area(Question):
    council = forms.ChoiceField(
        label="Which council area do you live in?", error_messages={"required": "Choose a council area"}
    )
    words = {
        "other": {"council": "Which council area do they live in?"},
        "business": {"council": "Which council area is it in?"},
    }

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("council", [("", "Choose"), *queries.councils_served(), (ELSEWHERE, "Somewhere else")])


class How(Question):
    how = any_of(
        "How can we safely contact you?",
        [("phone", "By phone"), ("email", "By e-mail"), ("me", "Do not contact me. I will contact you")],
        need="Choose how we can contact you, or “I will contact you”",
    )  # fmt: skip

    def clean_how(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["how"]
        if "me" in chosen and len(chosen) > 1:
            raise ValidationError("Choose ways to contact you, or “I will contact you”, not both")
        return chosen


SAFE = [("yes", "Yes"), ("no", "No"), ("unsure", "I am not sure")]


class Phone(Question):
    number = PhoneField("Phone number", need="Enter a phone number, or go back and choose another way")
    safe = one_of("Is it safe for us to use this number?", SAFE, need="Say whether it is safe to use this number")
    uses = any_of("What can we do?", [("call", "Call"), ("text", "Send a text")])
    times = any_of("When is it safe?")
    message = one_of("If you do not answer, may we leave a message?",
                     [("yes", "Yes, a short one that says nothing about why"), ("no", "No")],
                     need="")  # fmt: skip
    others = text("Could anybody else answer it or see it? Tell us what to say", 500, lines=2)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("times", queries.time_choices(self.on))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("safe") == "yes" and not said.get("uses") and "uses" not in self.errors:
            self.add_error("uses", "Choose whether we can call, send a text, or both")
        if said.get("safe") == "yes" and not said.get("message") and "message" not in self.errors:
            self.add_error("message", "Say whether we may leave a message")
        return said


class Email(Question):
    address = EmailField("E-mail address", need="Enter an e-mail address, or go back and choose another way")
    safe = one_of("Is it safe for us to e-mail you?", SAFE, need="Say whether it is safe to e-mail you")
    others = text("Could anybody else read your e-mail? Tell us what we should know", 500, lines=2)


class Quiet(Question):
    quiet = one_of(
        "How would you like to go on?",
        [("me", "I will contact you instead"), ("again", "I want to give another way")],
        need="Choose how to go on",
    )  # fmt: skip


class Language(Question):
    language = forms.ChoiceField(label="Which language would you like to use?", required=False, initial="en")
    other = text("Another language", 60)
    interpreter = one_of("Would you like an interpreter?", [("yes", "Yes"), ("no", "No")], need="")
    words = {"other": {"language": "Which language do they use?", "interpreter": "Would they like an interpreter?"}}

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("language", [*rulebook.choices("languages", self.on), ("", "Another language")])


class Needs(Question):
    needs = any_of("Is there anything that would make it easier for you?")
    other = text("Anything else", 300)
    words = {"other": {"needs": "Is there anything that would make it easier for them?"}}

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.titles = rulebook.titles("access_needs", self.on)
        self.choose("needs", self.titles.items())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return said | {"needs_titles": [self.titles[code] for code in said.get("needs", ())]}


class More(Question):
    telling = text("Is there anything that you want to tell us?", 2000, lines=6)


class Contact(Question):
    """Asked of whoever gave a safe way. Neither answer is taken for granted."""

    contact = one_of(
        "May we contact you?",
        [("yes", "Yes, you may contact me"), ("no", "No. I will contact you")],
        need="Choose yes or no. If you choose no, we do not contact you, and you can still get support",
    )
    words = {"other": {"contact": "May we contact you about them?"}}


class Call(Question):
    day = one_of("Which day is best?", need="Choose a day, or “Any day”")
    hours = one_of("Between which hours?", need="Choose hours, or “Any time that is safe”")
    never = any_of("Is there a day on which we must not call?", queries.NOT_ON)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.choose("day", queries.call_days(self.on))
        self.choose("hours", queries.call_hours(self.on))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        name, wrong = ("", "") if self.errors else queries.call_fault(said, timezone.now())
        if wrong:
            self.add_error(name, wrong)
        return said


class Agree(Question):
    support = forms.BooleanField(
        label="I would like support, and I agree that you use what I told you to arrange it",
        error_messages={"required": "Tick this if you want us to arrange support. Nothing is sent until you do"},
    )
    words = {
        "other": {"support": "I am asking for support for them, and what I said is true as far as I know"},
        "business": {"support": "I would like support for it, and I agree that you use what I told you to arrange it"},
    }


QUESTIONS: dict[str, type[Question]] = {
    "now": Now, "stop": Stop, "who": Who, "them": Them, "firm": Firm, "what": What, "told": Told, "whynot": Whynot,
    "when": When, "name": Name, "born": Born, "place": Place, "area": Area, "how": How, "phone": Phone,
    "email": Email, "quiet": Quiet, "language": Language, "needs": Needs, "more": More, "contact": Contact,
    "call": Call, "agree": Agree,
}  # fmt: skip


def read(texts: Mapping[str, Mapping[str, list[str]]], *, on: date) -> dict[str, dict[str, Any]]:
    """Answers as values. One that is no longer valid is left out, and so is asked again."""
    found: dict[str, dict[str, Any]] = {}
    for step, form in QUESTIONS.items():
        if step in texts:
            bound = form(MultiValueDict(texts[step]), on=on, audience=rules.audience(found, on))
            if bound.is_valid():
                found[step] = bound.cleaned_data
    return found
