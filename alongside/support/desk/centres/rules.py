"""Pure rules of reports: which questions are asked, what a report keeps, when a centre is quiet. Nobody is judged."""

from collections.abc import Sequence
from datetime import date, datetime, time

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.pages.steps import Answers, Steps, always
from alongside.support.arrivals.referrals.rules import LENGTH, LETTERS, new_reference
from alongside.support.arrivals.referrals.rules import PREFIX as REFERRAL_PREFIX

PREFIX = "RH"
CODE_LENGTH = 6
CHECK = "check"

WHOSE = {"me": "Me", "saw": "Somebody else. I saw it", "told": "Somebody else. They told me"}
KINDS = {"crime": "A crime", "incident": "An incident that may not be a crime", "unsure": "I am not sure"}
HAPPENED = {
    "today": "Today or yesterday", "week": "In the last week", "month": "In the last month",
    "year": "In the last year", "longer": "More than a year ago", "going_on": "It keeps happening",
    "unsaid": "I would rather not say",
}  # fmt: skip
PASSED_HOW = {
    "portal": "Through the police's own reporting page", "phone": "By phone on 101",
    "person": "In person or in a meeting",
    "secure": "By the agreed secure e-mail",
}  # fmt: skip


# References and posters.


def reference(random: bytes) -> str:
    """A report's reference, such as RH-7K3M-P4WX: nobody takes it for a referral's."""
    return PREFIX + new_reference(random).removeprefix(REFERRAL_PREFIX)


def tidy(text: str) -> str | None:
    """A report's reference however it was typed; None for what cannot be one."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum()).removeprefix(PREFIX)
    if len(letters) != LENGTH or not set(letters) <= set(LETTERS):
        return None
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"


def poster_code(random: bytes) -> str:
    """The few letters of a poster's address: no word, nothing that looks like another, and nothing of the centre."""
    number = int.from_bytes(random[:8], "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def tidy_code(typed: str) -> str:
    """A poster's code however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[:CODE_LENGTH]


# The questions, in order.


def in_danger(answers: Answers) -> bool:
    return answers.get("now", {}).get("danger") in ("yes", "unsure")


def is_named(answers: Answers) -> bool:
    return answers.get("name", {}).get("named") == "yes"


def wants_support(answers: Answers) -> bool:
    """Support is arranged with a person: nobody without a name can be asked what would help."""
    return is_named(answers) and answers.get("support", {}).get("support") == "yes"


STEPS = Steps((
    ("now", always),
    ("stop", in_danger),
    ("what", always),
    ("words", always),
    ("where", always),
    ("name", always),
    ("support", is_named),
    ("who", is_named),
    ("police", always),
), CHECK)  # fmt: skip
path, upcoming, may_open, before = STEPS.path, STEPS.upcoming, STEPS.may_open, STEPS.before


def undone(step: str, answers: Answers) -> tuple[str, ...]:
    """The answers that another answer takes back: nothing of a name is kept once somebody wants to give none."""
    if step == "name":
        return ("police",) if is_named(answers) else ("support", "who", "police")
    return ()


# What a report keeps.


def moment_kept(at: datetime, *, named: bool, by_worker: bool) -> datetime:
    """Of an anonymous report from a poster the day is kept, not the hour at which somebody stood in front of it."""
    if named or by_worker:
        return at
    return datetime.combine(clocks.london_date(at), time(12), tzinfo=clocks.LONDON)


def crime_type(kind: str) -> str:
    """The crime type of a referral; who is not sure is believed as far as it goes, and the hub looks at it."""
    return "hate_incident" if kind == "incident" else "hate_crime"


def markers(strands: Sequence[str], *, young: bool, danger: bool) -> tuple[str, ...]:
    """The markers of a referral that came of a report; those of hate make contact that is not known safe unsafe."""
    said = {"child": young, "danger_not_known": danger}
    return (*(f"hate_{strand}" for strand in strands), *(marker for marker, holds in said.items() if holds))


def notes(answers: Answers, strands: Sequence[str], place: str) -> str:
    """What the hub reads of a report that asks for support. The perception is told as the reporter's own."""
    words, where, what = answers["words"], answers["where"], answers["what"]
    lines = (
        "Reported at a third-party reporting centre.",
        f"Happened to: {WHOSE[what['whose']]}. In their view: {KINDS[what['kind']]}.",
        f"Because of: {', '.join(strands)}." if strands else "",
        f"When: {HAPPENED.get(where['happened'], 'not said')}. Where: {place}.",
        f"Near: {where['near']}" if where["near"] else "",
        f"In their words: {words['telling']}" if words["telling"] else "",
        f"Why they think so, in their words: {words['perception']}" if words["perception"] else "",
        "" if reachable(answers) else "Will contact us; do not contact them.",
    )
    return "\n".join(line for line in lines if line)


def reachable(answers: Answers) -> tuple[str, ...]:
    """The kinds of contact that were given and said to be safe."""
    said = answers.get("who", {})
    return tuple(kind for kind in ("phone", "email") if said.get(kind) and said.get(f"{kind}_safe") == "yes")


# A centre.


def is_quiet(last: date | None, since: date, on: date, *, days: int) -> bool:
    """Whether nothing has come of a centre for so many days, since it was set up or since the last report."""
    return (on - max(since, last or since)).days >= days


def check_dates(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise RuleBroken("The last day must be after the first.", "until")


def check_passing(police: str, *, passed: bool) -> None:
    """Nothing goes to the police that was not meant for them, and nothing goes twice."""
    if police == "no":
        raise RuleBroken("They chose that this does not go to the police. It may not be passed on.")
    if passed:
        raise RuleBroken("This was passed on already.")
