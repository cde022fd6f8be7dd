"""The words around each question, a report in words, and the rows of lists."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import segno
from django.urls import reverse

from alongside.core import clocks
from alongside.core.pages.filters import date_words, datetime_words
from alongside.core.pages.steps import Answers
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.rules import clock_word, days_to
from alongside.support.desk.centres import queries, rules
from alongside.support.desk.centres.forms import NAMELESS, STEPS, Asked, Make
from alongside.support.desk.centres.models import Centre, Report, Slip
from alongside.support.desk.centres.queries import Opened

STATES = {Report.State.RECEIVED: "blue", Report.State.IN_HAND: "teal", Report.State.CLOSED: "green"}
CLOCKS = {clocks.ClockState.LATE: "red", clocks.ClockState.DUE_TODAY: "orange", clocks.ClockState.DUE: "grey"}


FILLED_IN = re.compile(r"(\{centre\}|\{phone\})")
SHORT = {"crime": "Crime", "incident": "Incident", "unsure": "Not sure which"}


@dataclass(frozen=True)
class Around:
    """What a page says around its fields. `under`: by field and answer."""

    title: str = ""
    lead: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    under: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


ANONYMOUS = (
    "We keep nothing that says who you are, unless you write it in your own words: not your number, not the "
    "hour. You get a reference and four words, with which you can come back, read our answer and add something."
)
PERCEIVED = "You do not have to be sure, and nobody asks you to prove it. We write it down as your view, in your words."
CHOICES: Mapping[str, Mapping[str, str]] = {
    "named": {
        "no": ANONYMOUS,
        "yes": "You decide next whether you would like support, and whether the police should know your name.",
    },
    "support": {
        "yes": "A person from the support team contacts you, only in the ways that you say are safe, and asks what "
        "would help. It is free, and you do not have to tell the police.",
        "no": "We do not contact you. You can ask for support at any later time.",
    },
    "police": {
        "no": "We keep it to see where and how often this happens. We tell the police only if somebody is at risk of "
        "serious harm and we know who.",
        "without_name": "We tell them what happened, where and when. They cannot come back to you, so they may not be "
        "able to investigate, but they know that it happens.",
        "with_name": "We tell them what happened, with your name and the safe way to reach you. They decide what to "
        "do, and may contact you. This is not a 999 call: nobody comes at once.",
    },
}
AROUND: dict[str, Around] = {
    "now": Around(hints={"danger": "You, whoever it happened to, or anybody else."}),
    "what": Around("What this is about", hints={"strands": f"Choose all that apply. {PERCEIVED}"}),
    "words": Around(
        "In your own words", ("You can leave both empty.",),
        hints={"telling": NAMELESS, "perception": "What was said, or how it was done. We keep it as your view."},
    ),
    "where": Around(
        "Where and when", hints={"near": f"A street, a stop or a website. Not a home address. {NAMELESS}"}
    ),
    "name": Around(under=CHOICES),
    "support": Around(under=CHOICES),
    "who": Around(
        "About you", ("Give only what is safe. You can leave phone and e-mail empty, and contact us instead.",),
        hints={"times": "If you choose none, we ask first whether you can talk."},
    ),
    "police": Around(under=CHOICES),
}  # fmt: skip
BOXES: dict[str, dict[str, Any]] = {
    "telling": {"count": True, "rows": 7}, "perception": {"count": True, "rows": 4}, "others": {"rows": 3},
    "phone": {"width": 20}, "message": {"inline": True}, "email": {"width": 20},
}  # fmt: skip


def question(step: str, form: Asked, answers: Answers, code: str) -> dict[str, object]:
    """A page of one step."""
    earlier = rules.before(step, answers)
    back = reverse("centres:question", args=[earlier]) if earlier else reverse("centres:start", args=[code])
    names = [bound.name for bound in form]
    return {
        "step": step, "form": form, "words": AROUND.get(step, Around()), "back": back,
        "fields": [(name, BOXES.get(name, {})) for name in names], "single": len(names) == 1,
    }  # fmt: skip


FIELD_WORDS = {"danger": "In danger now", "named": "Name", "support": "Support", "police": "Police"}


def summary(answers: Answers, on: date, councils: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    """The answers as they are checked before they are sent."""
    rows: list[dict[str, object]] = []
    for step in rules.path(answers):
        form = STEPS[step](None, on=on, councils=councils, named=True)
        for name, box in form.fields.items():
            said = answers[step].get(name)
            if said in ("", None, []):
                continue
            label = str(box.label)
            rows.append({
                "key": FIELD_WORDS.get(name, label), "value": _said(box, said), "written": True,
                "href": reverse("centres:question", args=[step]),
            })  # fmt: skip
    return rows


def _said(box: Any, said: Any) -> str:
    words = {str(code): str(title) for code, title in getattr(box, "choices", ())}
    return ", ".join(words.get(one, one) for one in ([said] if isinstance(said, str) else said))


def make(form: Make) -> dict[str, object]:
    """A worker's one page: sections, and what each choice leads to."""
    sections = [(title, [name for step in steps for name in form.parts[step].fields]) for title, steps in form.SECTIONS]
    hints = {name: hint for around in AROUND.values() for name, hint in around.hints.items()}
    who = [name for step in ("support", "who") for name in form.parts[step].fields]
    return {"form": form, "sections": sections, "who": who, "hints": hints, "under": CHOICES, "boxes": BOXES}


def kept(said: Mapping[str, str]) -> dict[str, object]:
    """What somebody keeps who reported, with the day by which they are tried, in words."""
    due = date_words(date.fromisoformat(said["due"])) if said["due"] else ""
    return {"kept": {**said, "due": due}, "words": said["phrase"].split()}


# Lists.


def clock(report: Report, now: datetime) -> dict[str, str]:
    """When the answer is due, in words."""
    due = queries.answer_due(report.received_at)
    state = clocks.state(due, now)
    return {"word": clock_word(state, days_to(due, now)), "colour": CLOCKS[state]}


@dataclass(frozen=True)
class Row:
    """A report in the hub's list."""

    report: Report
    centre: str
    strands: str
    kind: str
    state: dict[str, str]
    clock: dict[str, str] | None
    received: str
    tags: tuple[str, ...]


def rows(found: Sequence[Report], now: datetime) -> list[Row]:
    titles = queries.strands(clocks.london_date(now))
    return [_row(report, titles, now) for report in found]


def _row(report: Report, titles: Mapping[str, str], now: datetime) -> Row:
    tags = {
        "In danger": report.danger, "Support wanted": report.support,
        "To pass to the police": report.police != "no" and not report.passed_at,
    }  # fmt: skip
    over = queries.erased_on(report, clocks.london_date(now))
    tags |= {f"Erased {date_words(over)} unless answered": over is not None}
    return Row(
        report, report.centre.organisation.name, ", ".join(titles.get(code, code) for code in report.strands),
        _kind(report), {"word": str(report.get_state_display()), "colour": STATES[Report.State(report.state)]},
        None if report.state == Report.State.CLOSED else clock(report, now), received(report),
        tuple(word for word, holds in tags.items() if holds),
    )  # fmt: skip


def _kind(report: Report) -> str:
    return SHORT.get(report.kind, report.kind)


def received(report: Report) -> str:
    """Of an anonymous report from a poster the day alone is known."""
    nameless = report.via == Report.Via.POSTER and not report.named
    return date_words(report.received_at) if nameless else datetime_words(report.received_at)


def exported(found: Sequence[Report], on: date, councils: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of the file: codes in words, days, no words and no name."""
    titles, places = queries.strands(on), queries.places(on)
    return [
        {
            "reference": one.reference, "received": clocks.london_date(one.received_at).isoformat(),
            "centre": one.centre.organisation.name, "via": str(one.get_via_display()), "kind": _kind(one),
            "strands": ", ".join(titles.get(code, code) for code in one.strands),
            "place": places.get(one.place, one.place), "council": councils.get(one.council, one.council),
            "named": one.named, "support": one.support, "police": str(one.get_police_display()),
            "passed": clocks.london_date(one.passed_at).isoformat() if one.passed_at else "",
            "state": str(one.get_state_display()),
        }
        for one in found
    ]  # fmt: skip


def report(opened: Opened, on: date, councils: Mapping[str, str]) -> dict[str, list[dict[str, object]]]:
    """A report in words: what is known, and what was said."""
    one = opened.report
    titles, places = queries.strands(on), queries.places(on)
    known = [
        ("Received", received(one)), ("Centre", one.centre.organisation.name), ("How it came", one.get_via_display()),
        ("Happened to", rules.WHOSE.get(one.whose, one.whose)), ("In their view", rules.KINDS.get(one.kind, one.kind)),
        ("Because of", ", ".join(titles.get(code, code) for code in one.strands)),
        ("Kind of place", places.get(one.place, one.place)), ("Council", councils.get(one.council, "Not known")),
        ("When", rules.HAPPENED.get(one.happened, "Not said")),
        ("Name", "Given" if one.named else "Anonymous"), ("Support", "Wanted" if one.support else "Not wanted"),
        ("Police", one.get_police_display()),
    ]  # fmt: skip
    said = [
        ("What happened", opened.words), ("Why they think so, in their own words", opened.perception),
        ("Near", opened.near), ("Who reported it", opened.who),
    ]  # fmt: skip
    return {
        "known": [{"key": key, "value": str(value)} for key, value in known],
        "said": [{"key": key, "value": value, "written": True} for key, value in said if value],
    }


def passing(opened: Opened, on: date, councils: Mapping[str, str]) -> list[dict[str, object]]:
    """What may be told to the police, and nothing else: a name only where it was chosen."""
    shown = report(opened, on, councils)
    known = [row for row in shown["known"] if row["key"] not in ("Centre", "How it came", "Name", "Support", "Police")]
    named = opened.report.police == Report.Police.WITH_NAME
    said = [row for row in shown["said"] if named or row["key"] != "Who reported it"]
    return [{"key": "Our reference", "value": opened.report.reference}, *known, *said]


def slips(found: Sequence[Slip]) -> list[dict[str, object]]:
    """What a centre reads of its own: reference, day, and where it stands."""
    words = dict(Report.State.choices)
    return [
        {"reference": one.reference, "sent": date_words(one.received_at), "since": date_words(one.since),
         "state": {"word": words[one.state], "colour": STATES[Report.State(one.state)]}}
        for one in found
    ]  # fmt: skip


def code(address: str) -> str:
    """The code to scan, as SVG markup of black squares alone."""
    return segno.make(address, error="m", micro=False).svg_inline(scale=1, border=4, omitsize=True, svgclass="app-qr")


def tabs(view: str, counts: Mapping[str, int]) -> list[dict[str, object]]:
    """The views, with how many wait in those that are to be worked through."""
    there = reverse("centres:reports")
    return [
        {"text": f"{words} ({_some(counts[code])})" if code in counts else words, "href": f"{there}?view={code}",
         "current": code == view}
        for code, words in queries.VIEWS.items()
    ]  # fmt: skip


def _some(count: int) -> str:
    return "100 or more" if count >= queries.COUNTED_TO else str(count)


def centre(one: Centre, on: date, councils: Mapping[str, str]) -> list[dict[str, object]]:
    """What is known of a centre."""
    contact = "\n".join(part for part in (one.contact_name, one.contact_phone, one.contact_email) if part)
    until = f"to {date_words(one.until)}" if one.until else "with no last day"
    return [
        {"key": "Kind", "value": rulebook.titles("centre_kinds", on).get(one.kind, one.kind)},
        {"key": "Address", "value": one.address}, {"key": "Council", "value": councils.get(one.council, one.council)},
        {"key": "Somebody is there", "value": one.hours}, {"key": "Contact", "value": contact, "written": True},
        {"key": "Open", "value": f"From {date_words(one.since)} {until}"},
        {"key": "Poster", "value": f"Code {one.poster}, since {date_words(one.poster_since)}"},
    ]  # fmt: skip


DETAILS = ("kind", "address", "council", "hours", "contact_name", "contact_phone", "contact_email", "since", "until")


def initial(one: Centre) -> dict[str, object]:
    """What its form begins with."""
    return {name: getattr(one, name) for name in DETAILS}


# The poster.


def languages(on: date) -> list[tuple[str, str]]:
    """The languages that the office has set the poster's words in, each with its own name."""
    own = {row.code: row.text("own_name") for row in rulebook.current("languages", on)}
    return [
        (code, f"{title} ({own[code]})" if own.get(code, title) != title else title)
        for code, title in rulebook.choices("poster_words", on)
    ]


def poster(language: str, on: date) -> dict[str, Any]:
    """What the poster says in a language. `ask` is in parts: words, and the names of what stands between them."""
    row = rulebook.rule("poster_words", language, on)
    return {
        "lang": language, "dir": "rtl" if row.flag("right_to_left") else "ltr",
        "ask": [part for part in FILLED_IN.split(row.text("ask")) if part],
        **{name: row.text(name) for name in ("heading", "told", "scan", "danger")},
    }  # fmt: skip
