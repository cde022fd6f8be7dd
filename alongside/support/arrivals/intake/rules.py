"""Pure rules of intake: which question comes next, how long a visit lasts, phrases, and what answers amount to."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from alongside.core.pages.steps import Answers, Steps, always
from alongside.support.arrivals.referrals.rules import ADULT, NOT_KNOWN, tidy_reference
from alongside.support.people.victims.rules import age_on

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=2)
PHRASE_WORDS = 4
TRIES = 10
TRIES_WITHIN = timedelta(minutes=15)
VISITS_WITHIN = timedelta(hours=1)
CHECK = "check"


def alive(started_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Whether a visit still holds: not idle for 15 minutes, not older than two hours."""
    return at - seen_at < IDLE and at - started_at < LONGEST


def window(at: datetime) -> int:
    """The hour in which visits are counted together, as a number."""
    return int(at.timestamp() // VISITS_WITHIN.total_seconds())


# What no keyboard types on purpose: controls but tab and new line, spaces of no width, marks that turn text around.
# Joiners and direction marks stay: Persian, Hindi, Hebrew and emoji are written with them.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def tidy(typed: str) -> str:
    """What somebody typed, with one kind of new line and without characters that nobody can see."""
    return UNSEEN.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))


def new_phrase(random: bytes, words: Sequence[str]) -> str:
    """Four different words of the list, from 16 random bytes or more."""
    number = int.from_bytes(random[:16], "big")
    left, chosen = list(words), []
    for _ in range(PHRASE_WORDS):
        number, place = divmod(number, len(left))
        chosen.append(left.pop(place))
    return " ".join(chosen)


def ticket_key(reference: str, phrase: str) -> str:
    """A reference with its phrase as they are compared, however they were typed; no error tells which was wrong."""
    words = re.findall(r"[a-z]+", phrase.casefold())
    return f"{tidy_reference(reference) or reference.strip()[:40]}|{' '.join(words)}"


# Who is asking, and for whom.


def age(answers: Answers, on: date) -> int | None:
    """The victim's age in whole years, as far as they said."""
    born = answers.get("born", {})
    if born.get("birth_date"):
        return age_on(born["birth_date"], on)
    return born.get("age")


def for_business(answers: Answers) -> bool:
    """Whether it is a business or another organisation that needs support."""
    return answers.get("who", {}).get("who") == "business"


WHO = {
    "me": "I do, and I am 18 or over", "young": "I do, and I am under 18", "other": "Somebody else who is 18 or over",
    "child": "A child or young person under 18", "bereaved": "I do: somebody in my family died because of a crime",
    "witness": "I do: I saw or know of a crime, and may be a witness", "business": "A business or other organisation",
}  # fmt: skip


def kind(answers: Answers) -> str:
    """What kind of victim it is; somebody who asks for another does not say."""
    said = str(answers.get("who", {}).get("who", ""))
    return said if said in ("business", "bereaved", "witness") else "person"


def for_other(answers: Answers) -> bool:
    """Whether somebody asks for another person."""
    return answers.get("who", {}).get("who") in ("other", "child")


def young(answers: Answers, on: date) -> bool:
    """Whether the person who needs support is under 18: by their age, or else by what was said first."""
    if for_business(answers):
        return False
    years = age(answers, on)
    return answers.get("who", {}).get("who") in ("young", "child") if years is None else years < ADULT


def said_under(answers: Answers) -> int | None:
    """Under which age somebody said that the person is, before they were asked for the age itself."""
    return ADULT if answers.get("who", {}).get("who") in ("young", "child") else None


def audience(answers: Answers, on: date) -> str:
    """Which words a page uses: me, young (I am under 18), other, child (another person under 18), business."""
    if for_business(answers):
        return "business"
    if for_other(answers):
        return "child" if young(answers, on) else "other"
    return "young" if young(answers, on) else "me"


# The questions, in order.


def in_danger(answers: Answers) -> bool:
    return answers.get("now", {}).get("danger") in ("yes", "unsure")


def not_reported(answers: Answers) -> bool:
    return answers.get("told", {}).get("reported") == "no"


def danger_not_known(answers: Answers) -> bool:
    return answers.get("now", {}).get("danger") == "unsure"


def why_not_reported(answers: Answers) -> str:
    """The reason that was chosen; or that whether the police know is not known, which is another thing than no."""
    if answers.get("told", {}).get("reported") == "unsure":
        return NOT_KNOWN
    return str(answers.get("whynot", {}).get("why", "")) if not_reported(answers) else ""


def council(answers: Answers) -> str:
    """The council's code, from the postcode or from the list."""
    return answers.get("place", {}).get("council") or answers.get("area", {}).get("council") or ""


def wants(kind: str) -> Callable[[Answers], bool]:
    return lambda answers: kind in answers.get("how", {}).get("how", ())


def safe_ways(answers: Answers) -> tuple[str, ...]:
    """The kinds of contact that were chosen and said to be safe."""
    return tuple(
        kind for kind in ("phone", "email") if wants(kind)(answers) and answers.get(kind, {}).get("safe") == "yes"
    )


def may_contact(answers: Answers) -> bool:
    """Whether whoever asks said yes to being contacted, and a safe way to do it. Silence is no."""
    return bool(safe_ways(answers)) and answers.get("contact", {}).get("contact") == "yes"


def reachable(answers: Answers) -> tuple[str, ...]:
    """The safe kinds of contact that we were also told we may use."""
    return safe_ways(answers) if may_contact(answers) else ()


def to_be_called(answers: Answers) -> bool:
    """Whether a person may ring them, so that they can say when."""
    return "phone" in reachable(answers) and "call" in answers["phone"].get("uses", ())


def unreachable(answers: Answers) -> bool:
    """Ways were chosen and answered, and none of them is safe."""
    chosen = [kind for kind in ("phone", "email") if wants(kind)(answers)]
    return bool(chosen) and all(kind in answers for kind in chosen) and not safe_ways(answers)


STEPS = Steps((
    ("now", always),
    ("stop", in_danger),
    ("who", always),
    ("them", for_other),
    ("firm", for_business),
    ("what", always),
    ("told", always),
    ("whynot", not_reported),
    ("when", always),
    ("name", always),
    ("born", lambda answers: not for_business(answers)),
    ("place", always),
    ("area", lambda answers: not answers.get("place", {}).get("council")),
    ("how", always),
    ("phone", wants("phone")),
    ("email", wants("email")),
    ("quiet", unreachable),
    ("language", always),
    ("needs", always),
    ("more", always),
    ("contact", lambda answers: bool(safe_ways(answers))),
    ("call", to_be_called),
    ("agree", always),
), CHECK)  # fmt: skip
path, upcoming, may_open, before = STEPS.path, STEPS.upcoming, STEPS.may_open, STEPS.before


def undone(step: str, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The answers that an answer takes back, so that they are asked again."""
    return ("how", "phone", "email", "quiet") if step == "quiet" and said.get("quiet") == "again" else ()


# What answers amount to.


@dataclass(frozen=True)
class Way:
    """One way to reach whoever asks, with what they said of its safety."""

    kind: str
    value: str
    safe: str
    safe_times: str
    instructions: str
    leave_message: bool
    verified_how: str


TEXT_ONLY = "Text only, never call"
NO_TEXTS = "Call, never text"
NO_HOURS = "time not said, ask first"
OF_ASKER = "Belongs to the person who asks"
ROOM = 100


def ways(answers: Answers, hours: Mapping[str, str]) -> tuple[Way, ...]:
    """Ways to reach whoever asks, if we may. `hours`: the rulebook's safe times by code, as hours or in words."""
    made = {"phone": _phone, "email": _email} if may_contact(answers) else {}
    return tuple(make(answers, hours) for kind, make in made.items() if wants(kind)(answers) and answers.get(kind))


def _phone(answers: Answers, hours: Mapping[str, str]) -> Way:
    said = answers["phone"]
    uses = said.get("uses", ())
    notes = [note for note, holds in (
        (OF_ASKER, for_other(answers)), (TEXT_ONLY, uses == ["text"]), (NO_TEXTS, uses == ["call"]),
    ) if holds]  # fmt: skip
    times = [hours.get(code, code) for code in said.get("times", ())]
    notes += [NO_HOURS] if notes and not times else []
    return Way(
        "phone", said["number"], _safety(said["safe"]), together(times, notes), _telling(answers, said),
        said.get("message") == "yes", _verified(answers, said),
    )  # fmt: skip


def _email(answers: Answers, hours: Mapping[str, str]) -> Way:
    said = answers["email"]
    notes = [OF_ASKER] if for_other(answers) else []
    return Way(
        "email", said["address"], _safety(said["safe"]), together([], notes), _telling(answers, said),
        False, _verified(answers, said),
    )  # fmt: skip


def _safety(said: str) -> str:
    return said if said in ("yes", "no") else "unknown"


def _verified(answers: Answers, said: Mapping[str, Any]) -> str:
    """Typed by the victim with the safety questions answered; another person's word verifies nothing."""
    return "typed" if said["safe"] == "yes" and not for_other(answers) else ""


def _telling(answers: Answers, said: Mapping[str, Any]) -> str:
    asked = {"them": for_other(answers), "name": for_business(answers)}
    asker = next((_called(answers, step) for step, holds in asked.items() if holds), "")
    lines = [f"Ask for {asker}, who asked for help." if asker else "", said.get("others", "")]
    return "\n".join(line for line in lines if line)


def _called(answers: Answers, step: str) -> str:
    """The name that whoever asks gave, at whichever question asked for it."""
    said = answers.get(step, {})
    return str(said.get("name") or f"{said.get('given_name', '')} {said.get('family_name', '')}".strip())


def together(times: Sequence[str], notes: Sequence[str]) -> str:
    """Safe times for a contact point. With notes it is words, which only a person can follow, on purpose."""
    return ("; ".join([*notes, *times]) if notes or any(":" not in time for time in times) else ";".join(times))[:ROOM]


def crime_type(answers: Answers, adult: str, under_18: str, on: date) -> str:
    """The crime type of the words that were chosen, for the age of the person."""
    return under_18 if under_18 and young(answers, on) else adult


def consent(answers: Answers) -> str:
    """Agreement to be supported: one's own is yes; for another only what the asker knows of it."""
    if not for_other(answers):
        return "yes"
    return {"yes": "yes", "no": "no"}.get(answers.get("them", {}).get("agreed", ""), "unknown")


SINCE = {
    "going_on": "It is still happening", "week": "In the last week", "month": "In the last month",
    "year": "In the last year", "longer": "More than a year ago", "day": "On a day that I know",
    "unsaid": "I would rather not say",
}  # fmt: skip


def _age_words(answers: Answers, on: date) -> str:
    """What was said of the age where no date of birth holds it; and where one answer contradicts another."""
    if for_business(answers):
        return ""
    years, said_young = age(answers, on), answers.get("who", {}).get("who") in ("young", "child")
    if years is None:
        return "Said to be under 18." if said_young else ""
    born = answers["born"].get("birth_date")
    typed = "" if born else f"Age, as typed: {years}"
    if (years < ADULT) == said_young:
        return typed
    first, then = "under 18" if said_young else "18 or over", "by the date of birth" if born else "by the age typed"
    return f"Check their age: said to be {first} at first, and {years} {then}.\n{typed}".strip()


def notes(answers: Answers, happened: str, relation: str, service: str = "", *, on: date) -> str:
    """What the hub reads of the answers that have no field of their own."""
    them, more = answers.get("them", {}), answers.get("more", {}).get("telling", "")
    danger = {"yes": "Said that somebody was in danger now.", "unsure": "Was not sure whether anybody was in danger."}
    lines = (
        danger.get(answers.get("now", {}).get("danger", ""), ""),
        f"Asked by {them.get('name') or 'somebody'} ({relation})." if for_other(answers) else "",
        _age_words(answers, on),
        f"What happened, as chosen: {happened}",
        f"When: {SINCE.get(answers.get('when', {}).get('when', ''), 'not said')}",
        "Not sure whether the police know." if answers.get("told", {}).get("reported") == "unsure" else "",
        f"Language in their words: {answers['language']['other']}" if answers.get("language", {}).get("other") else "",
        "" if reachable(answers) else "Will contact us; do not contact them.",
        f"Asked about this service: {service}" if service else "",
        f"In their words: {more}" if more else "",
    )
    return "\n".join(line for line in lines if line)


# A referrer's form.


def faults(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a referrer still has to say before a referral can be sent: fields and words."""
    person = said.get("kind") != "business"
    named = said.get("given_name") or said.get("family_name")
    reach = said.get("phone") or said.get("email") or said.get("notes")
    checks = (
        ("given_name", "Enter at least one name", person and not named),
        ("business_name", "Enter the name of the business", not person and not said.get("business_name")),
        ("phone", "Enter a phone number or an e-mail address, or say in the notes how to reach them", not reach),
        ("phone_safe", "Say whether it is safe to call this number", said.get("phone") and not said.get("phone_safe")),
        ("email_safe", "Say whether it is safe to e-mail this address",
         said.get("email") and not said.get("email_safe")),
        ("why_not_asked", "Say why they could not be asked",
         said.get("consent") == "not_asked" and not said.get("why_not_asked")),
    )  # fmt: skip
    return tuple((field, words) for field, words, holds in checks if holds)


def identity(said: Mapping[str, Any]) -> dict[str, Any]:
    """Who is referred, as a record of them is made."""
    business = said["kind"] == "business"
    return {
        "kind": said["kind"], "given_name": said["given_name"], "family_name": said["family_name"],
        "business_name": said["business_name"] if business else "", "birth_date": said["birth_date"],
        "age_said": None if business or said["birth_date"] else said.get("age"),
        "language": said["language"], "interpreter": said["interpreter"] or "unknown",
        "access_needs": said["access_needs"], "council": said["postcode"],
    }  # fmt: skip


def flags(said: Mapping[str, Any]) -> dict[str, Any]:
    """What they are as far as whoever refers knows: vulnerable, intimidated, a victim more than once."""
    return dict.fromkeys(said["flags"], "yes")


def unsure_ways(said: Mapping[str, Any]) -> bool:
    """Whether a way of contact was given that is not known to be safe."""
    return any(said.get(kind) and said.get(f"{kind}_safe") != "yes" for kind in ("phone", "email"))


def told_to(said: Mapping[str, Any]) -> str:
    """What whoever calls reads first: for a child the adult, for an organisation whom to ask for; then the rest."""
    adult, relation, person = (said.get(name, "") for name in ("adult_name", "relation", "contact_person"))
    lines = (
        f"Speak to {adult}{f' ({relation})' if relation else ''}, who is responsible for the child." if adult else "",
        f"Ask for {person}." if person else "", said.get("instructions", ""),
    )  # fmt: skip
    return "\n".join(line for line in lines if line)
