"""The words of each question by who is asking, the answers as they are checked, and a referrer's list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.forms import BoundField
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from alongside.core.pages.fields import DateBoxes
from alongside.core.pages.filters import date_words
from alongside.core.pages.steps import Answers
from alongside.support.arrivals.intake import queries, rules
from alongside.support.arrivals.intake.forms import REVEALED, SECTIONS
from alongside.support.arrivals.intake.questions import QUESTIONS, Question
from alongside.support.arrivals.threads.queries import Named

COLOURS = {"received": "blue", "contacted": "teal", "offered": "purple", "accepted": "green", "supported": "green"}


@dataclass(frozen=True)
class Words:
    """What a page says around its fields. `title` is empty where the one question is the heading. `hints` are by field,
    `under` by field and answer."""

    title: str = ""
    lead: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    under: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


CONTACT_LEAD = ("We will use only what you say is safe. You can change this at any time.",)
TIMES = "If you choose none, we ask you first whether you can talk. Think of who may be near you at that time."
INTERPRETERS = "Interpreters are free and do not tell anybody what is said."
POSTCODE = "We use it to find the council area and then let go of it. "
BLAMELESS = "Choose the nearest. You do not have to give any details, and none of this is your fault."
NO_POLICE = (
    "You do not have to tell the police to get support. We will not tell them for you unless somebody is at risk "
    "of serious harm."
)
NO_WAY = (
    "You told us of no safe way to contact you, so we will not try. You can contact us when it is safe: at the end we "
    "give you a reference and four words to come back with."
)
CONTACT = (
    "A person from the support team calls or writes to you, only in the ways and at the times that you said are safe, "
    "and asks what would help. A message never says what it is about."
)
WHO = "If what you saw or heard harmed, upset or frightened you, you are a victim of it: choose one of the first two."
CALL_LEAD = (
    "Choose when you can talk and nobody hears you. If we miss that time, we try again at the same hours on the next "
    "working day that is safe.",
)
EITHER = {
    "yes": "You can change your mind at any time, and tell us what is not safe any more.",
    "no": "That is fine, and you can still get support. We read what you send, and you contact us when it is safe: by "
    "phone, or here with the reference and four words that we give you at the end.",
}
PAGES: dict[str, Words] = {
    "now": Words(hints={"danger": "You, the person you are asking for, or anybody else."}),
    "stop": Words("Get help now"),
    "who": Words(hints={"who": WHO}),
    "what": Words(hints={"what": BLAMELESS}),
    "told": Words(hints={"reported": NO_POLICE}),
    "whynot": Words(hints={"why": "You do not have to answer. It makes no difference to the support you get."}),
    "when": Words(hints={"when": "It is never too late to ask. Choose what is nearest."}),
    "name": Words("Your name", ("It can be a first name, or any name that you like to be called.",)),
    "born": Words("Your age", ("This helps us to find the right service. You can leave both empty.",)),
    "place": Words(hints={"postcode": f"{POSTCODE}You can leave it empty and choose a council from a list."}),
    "area": Words(hints={"council": "If you have no fixed home, choose where you are staying."}),
    "how": Words(hints={"how": "Choose all that are safe. A message from us never says what it is about."}),
    "phone": Words("Your phone", CONTACT_LEAD, hints={"times": TIMES}),
    "email": Words("Your e-mail", CONTACT_LEAD),
    "quiet": Words("We will not use a way that may not be safe", (NO_WAY,)),
    "language": Words("Your language", (INTERPRETERS,)),
    "needs": Words(hints={"needs": "Choose all that would help. You can leave this empty."}),
    "more": Words(hints={"telling": "You do not have to. You can talk to somebody about it in your own time."}),
    "contact": Words(hints={"contact": CONTACT}, under={"contact": EITHER}),
    "call": Words("When we call you", CALL_LEAD, hints={"never": "Leave this empty if any day is safe."}),
    "agree": Words("Your agreement"),
}
TO_THEM = "We will talk to you first. We contact them only if they agree, or if a child needs to be kept safe."
OTHERS: dict[str, Words] = {
    "them": Words("About you and them", (TO_THEM,)),
    "what": Words(hints={"what": "Choose the answer that they would give. You do not have to know any details."}),
    "how": Words(hints={"how": "This is about you, because you are asking. Choose all that are safe for you."}),
    "name": Words("Their name", ("Enter what you know. A first name is enough.",)),
    "born": Words("Their age", ("Enter what you know. You can leave both empty.",)),
    "place": Words(hints={"postcode": f"{POSTCODE}Leave it empty if you do not know it."}),
    "area": Words(hints={"council": "This tells us which team is near to them."}),
    "language": Words("Their language", (INTERPRETERS,)),
    "contact": Words(hints={"contact": f"{CONTACT} {TO_THEM}"}, under={"contact": EITHER}),
    "agree": Words("Before you send this"),
}
YOUNG: dict[str, Words] = {
    "what": Words(hints={"what": "Choose the nearest. It is OK not to know. None of this is your fault."}),
    "told": Words(hints={"reported": "You do not have to tell the police to get help from us."}),
    "whynot": Words(hints={"why": "You do not have to answer."}),
    "how": Words(
        hints={"how": "Choose all that are safe. If somebody might see or hear, you can contact us yourself."}
    ),
    "needs": Words(hints={"needs": "Choose all that would help, or none."}),
    "contact": Words(
        hints={
            "contact": "Somebody friendly from our team calls or writes to you, only in the ways that you said are "
            "safe, and asks what would help. They will not say what it is about to anybody else."
        },
        under={"contact": EITHER},
    ),
}


# How wide each box is, and where the characters that are left are counted.
BOXES: dict[str, dict[str, Any]] = {
    "age": {"width": 3},
    "postcode": {"width": 10, "code": True},
    "number": {"width": 20},
    "telling": {"count": True, "rows": 8},
    "others": {"rows": 3},
}


BUSINESS: dict[str, Words] = {
    "firm": Words(hints={"business_name": "A shop, a farm, a school, a club or any other organisation."}),
    "name": Words("Your name", ("It can be a first name. We ask for you when we call.",)),
    "place": Words(hints={"postcode": f"{POSTCODE}You can leave it empty and choose a council from a list."}),
    "area": Words(hints={"council": "Where it happened, or where the organisation is."}),
}


def words_for(step: str, audience: str) -> Words:
    """The words of a question for whoever is asking."""
    if audience == "business":
        return BUSINESS.get(step) or PAGES[step]
    if audience in ("other", "child"):
        return OTHERS.get(step) or PAGES[step]
    return (YOUNG.get(step) if audience == "young" else None) or PAGES[step]


def question(step: str, form: Question, answers: Answers) -> dict[str, Any]:
    """What the page of one question needs."""
    words = words_for(step, rules.audience(answers, form.on))
    earlier = rules.before(step, answers)
    return {
        "form": form, "step": step, "words": words, "single": not words.title,
        "fields": [(bound.name, BOXES.get(bound.name, {})) for bound in form.visible_fields()],
        "back": reverse("intake:question", args=[earlier]) if earlier else reverse("intake:start"),
        "audience": rules.audience(answers, form.on),
    }  # fmt: skip


# The answers, to be checked.

TITLES = {
    "now": "Somebody in danger now", "them": "Who is asking", "firm": "Business or organisation", "name": "Name",
    "born": "Age", "place": "Council area",
    "area": "Council area", "phone": "Phone", "email": "E-mail", "language": "Language", "more": "What you told us",
    "call": "When we call",
    "agree": "What you agree to",
}  # fmt: skip
SHORT = {
    "safe": "Safe to use: {}", "message": "Leave a message: {}", "interpreter": "Interpreter: {}",
    "age": "{} years old", "uses": "We may: {}",
}  # fmt: skip
UNSHOWN = ("stop", "quiet")


def summary(answers: Answers, texts: Mapping[str, Mapping[str, list[str]]], on: date) -> list[dict[str, str]]:
    """One row for each question that was asked, with a link to change it."""
    audience = rules.audience(answers, on)
    rows = []
    for step in rules.path(answers):
        if step in UNSHOWN or (step == "place" and not answers[step].get("council")):
            continue
        form = QUESTIONS[step](MultiValueDict(texts[step]), on=on, audience=audience)
        form.is_valid()
        rows.append({
            "key": TITLES.get(step) or str(next(iter(form.visible_fields())).label),
            "value": _said(step, form, answers) or "Nothing given",
            "href": reverse("intake:question", args=[step]),
        })  # fmt: skip
    return rows


def _said(step: str, form: Question, answers: Answers) -> str:
    """An answer in words, one line for each of its fields; where there are several, each says what it is."""
    if step in ("place", "area"):
        return queries.council_name(form.cleaned_data["council"])
    said = [
        SHORT.get(bound.name, "{}").replace("{}", one) for bound in form.visible_fields() if (one := _one(bound, form))
    ]
    lines = [(line,) for one in said for line in one.split("\n")]
    if step == "agree" and not rules.safe_ways(answers):
        lines.append(("Do not contact me. I will contact you",))
    return format_html_join(SafeString("<br>"), "{}", lines)


def _one(bound: BoundField, form: Question) -> str:
    value = form.cleaned_data.get(bound.name)
    if isinstance(bound.field.widget, DateBoxes):
        return date_words(value) if value else ""
    choices = dict(getattr(bound.field, "choices", ()))
    if isinstance(value, list):
        chosen = [str(choices[code]) for code in value]
        return ", ".join([*chosen[:1], *(one[:1].lower() + one[1:] for one in chosen[1:])])
    if isinstance(value, bool):
        return str(bound.label) if value else ""
    return "" if value in (None, "") else str(choices.get(value, value))


@dataclass(frozen=True)
class Kept:
    """What the last page shows once. `due` is empty when nobody will be contacted; `call`: when they asked us to."""

    reference: str
    words: tuple[str, ...]
    due: str
    audience: str
    call: str


def kept(sent: Mapping[str, str]) -> Kept:
    due = date_words(date.fromisoformat(sent["due"])) if sent["due"] else ""
    return Kept(sent["reference"], tuple(sent["phrase"].split()), due, sent["audience"], sent.get("call", ""))


# A referrer's form and list.

REFER: dict[str, dict[str, Any]] = {
    "consent": {"hint": "Ask them, and say who will contact them."},
    "age": {"width": 3},
    "postcode": {"width": 10, "hint": "It tells us the council area; the postcode itself is not kept."},
    "phone": {"width": 20},
    "phone_safe": {"inline": True, "hint": "If it is not known, the hub may have to wait to call."},
    "email_safe": {"inline": True},
    "safe_times": {"hint": "For example, 10:00-12:00, or weekdays when the children are at school."},
    "reported": {"inline": True},
    "high_risk": {"inline": True},
    "flags": {"small": True},
    "interpreter": {"inline": True},
    "notes": {"hint": "Only what is needed for safe contact. The victim can ask to see it.", "rows": 4, "count": True},
    "source_ref": {"width": 20, "hint": "For example, your case number."},
}


def refer(form: Any, token: object, kept_draft: object, draft: str, chosen: Iterable[Named]) -> dict[str, Any]:
    """What the referrer's page needs."""
    options = {name: REFER.get(name, {}) for name in form.fields}
    return {
        "form": form, "sections": SECTIONS, "revealed": REVEALED, "options": options, "token": token,
        "kept": kept_draft, "draft": draft,
        "chosen": [{"pk": one.pk, "called": one.called, "size": filesizeformat(one.size)} for one in chosen],
    }  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One referral of the referrer's own: its reference, where it stands and since when."""

    reference: str
    theirs: str
    word: str
    colour: str
    since: datetime
    received_at: datetime
    pk: UUID
    asked: str


def rows(standings: Iterable[Any], on: date, unread: Mapping[UUID, int]) -> list[Row]:
    """The rows of a page of standings; `unread`: questions that nobody has read, by referral."""
    titles = dict(queries.words_in_use(on))
    return [
        Row(
            found.reference, found.source_ref, titles.get(found.word, found.word),
            COLOURS.get(found.word, "grey"), found.since, found.received_at, found.pk,
            f"{unread[found.pk]} new" if unread.get(found.pk) else "",
        )
        for found in standings
    ]  # fmt: skip
