"""A person's record in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from alongside.core.pages.filters import date_words, datetime_words
from alongside.foundation.office.messages.queries import Channel, Sent
from alongside.support.people.victims.models import Agreement, Victim
from alongside.support.people.victims.queries import Corrected, Held, SentTo
from alongside.support.people.victims.rules import age_on, warning

Words = Mapping[str, Mapping[str, str]]
KINDS = {"phone": "Telephone", "email": "E-mail", "address": "Address"}
CHANNELS = {"phone": "by telephone", "text": "by text message", "email": "by e-mail", "letter": "by letter"}
SAFE = {"yes": ("Safe", "green"), "unknown": ("Not known to be safe", "yellow"), "no": ("Never use", "red")}
SENT = {
    "WAITING": {"word": "Waiting", "colour": "yellow"}, "SENT": {"word": "Sent", "colour": "green"},
    "REFUSED": {"word": "Not sent", "colour": "red"}, "FAILED": {"word": "Failed", "colour": "orange"},
    "HANDED_OVER": {"word": "Handed over", "colour": "blue"},
}  # fmt: skip
WHY_NOT = {
    "retired": "That way of contact is out of use.",
    "no_channel": "There is no number or e-mail address that may be used.",
    "not_safe": "No way of contact is said to be safe.",
    "not_verified": "Nobody has confirmed with them that it is safe. Ask by voice, then record it.",
    "expired": "It is too long since they confirmed that it is safe. Ask again.",
    "shared": "The number or address stands on another record too. Find out whose it is before you use it.",
    "shared_elsewhere": "The number or address stands on another record too. Find out whose it is, and tell whoever "
    "supports them how to make contact, not why.",
    "undelivered": "It could not be delivered. Call them instead, if that is safe.",
    "child": "They are a child, and contact goes through an adult. Call the adult, if that is safe.",
    "on_hold": "Contact is held for now. The message waits, and is looked at again when the hold ends.",
    "too_late": "It waited while contact was held, and its time is over. Ask for it again if it is still right.",
    "said_no": "They said no to being contacted this way.",
    "times_in_words": "When it is safe is said in words, so that only a person can follow it. Call them instead.",
}
UNKNOWN = "Ask first if it is safe. After domestic abuse or another hidden crime, do not use it at all"
FIELDS = {
    "kind": "Kind", "title": "Title", "given_name": "Given names", "family_name": "Family name",
    "business_name": "Name of the business", "birth_date": "Date of birth", "sex": "Sex", "ethnicity": "Ethnic group",
    "language": "Language", "interpreter": "Interpreter", "access_needs": "Access needs", "council": "Council",
    "location_protected": "Whether where they live is protected",
}  # fmt: skip
BOOK_OF = {"sex": "sexes", "language": "languages"}
INTERPRETER = {"yes": "Needed", "no": "Not needed", "unknown": "Not known"}


@dataclass(frozen=True)
class Agreed:
    """An agreement in words, and whether it can still be withdrawn."""

    agreement: Agreement
    what: str
    tag: dict[str, str]
    stands: bool


@dataclass(frozen=True)
class Way:
    """A way to make contact, masked."""

    channel: Channel
    kind: str
    tag: dict[str, str]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    identity: tuple[dict[str, Any], ...]
    agreed: tuple[Agreed, ...]
    bases: tuple[dict[str, str], ...]
    ways: tuple[Way, ...]
    corrected: tuple[dict[str, str], ...]
    stopped: str


def person(victim: Victim, held: Held, *, words: Words, today: date, old_values: bool) -> Person:
    """A person's record in words. `old_values`: whether what was corrected is told with what it said before."""
    return Person(
        identity=tuple(identity(victim, held.access_needs, words, today)),
        agreed=tuple(_all_agreed(held)),
        bases=tuple(
            {"purpose": words["lawful_bases"].get(basis.purpose, basis.purpose), "basis": basis.basis,
             "at": date_words(basis.recorded_at)}
            for basis in held.bases
        ),
        ways=tuple(_way(channel) for channel in held.points),
        corrected=tuple(_corrected(one, held.bodies, words, old_values=old_values) for one in held.corrections),
        stopped=warning(held.stopped),
    )  # fmt: skip


def identity(victim: Victim, access_needs: str, words: Words, today: date) -> Iterable[dict[str, Any]]:
    """Who it is, as questions and answers."""
    yield {"key": "Name", "value": victim.full_name}
    if victim.kind != Victim.Kind.BUSINESS:
        born = victim.birth_date
        yield {"key": "Date of birth", "value": f"{date_words(born)} (age {age_on(born, today)})" if born else ""}
        if not born and (said := _age_said(victim)):
            yield {"key": "Age", "value": said}
        yield {"key": "Sex", "value": words["sexes"].get(victim.sex, victim.sex)}
        yield {"key": "Ethnic group", "value": words["ethnic_groups"].get(victim.ethnicity, victim.ethnicity)}
    yield {"key": "Language", "value": words["languages"].get(victim.language, victim.language)}
    yield {"key": "Interpreter", "value": INTERPRETER.get(victim.interpreter, "Not known")}
    yield {"key": "Access needs", "value": access_needs, "written": True}
    if victim.location_protected:
        yield {"key": "Location", "value": "Protected: never written down outside this record"}


def _age_said(victim: Victim) -> str:
    """What was said of an age where no date of birth is known."""
    if victim.age_said is not None and victim.age_said_on is not None:
        return f"Said to be {victim.age_said} on {date_words(victim.age_said_on)}"
    return f"Said to be under {victim.said_under}" if victim.said_under else ""


def outbox(found: Iterable[SentTo]) -> list[dict[str, Any]]:
    """What was sent, waits or was refused, and why."""
    return [
        {
            "person_id": one.item.person_id, "name": one.name, "what": one.item.words, "by": one.asked_by,
            "at": datetime_words(one.item.asked_at), "tag": SENT[one.item.state],
            "why": WHY_NOT.get(one.item.why, "") if one.item.why else _when(one.item),
        }
        for one in found
    ]  # fmt: skip


def _when(item: Sent) -> str:
    later = item.state == "WAITING" and item.not_before is not None and item.not_before > item.asked_at
    return f"Not before {datetime_words(item.not_before)}" if later else ""


def _corrected(one: Corrected, bodies: Mapping[int, str], words: Words, *, old_values: bool) -> dict[str, str]:
    """One correction: what, why, where, when. Only who received the person reads what it said before."""
    made = one.correction
    what = [
        f"{FIELDS[name]} (was: {_before(name, one.before[name], words)})"
        if old_values and name in one.before
        else FIELDS[name]
        for name in made.changed
    ]
    return {
        "what": "; ".join(what), "why": words["correction_reasons"].get(made.reason, made.reason),
        "at": date_words(made.corrected_at), "where": bodies.get(made.organisation_id or 0, "Alongside"),
    }  # fmt: skip


def _before(name: str, value: str, words: Words) -> str:
    """What a record said before, as people say it: no code, and a date in words."""
    if name == "birth_date" and value:
        return date_words(date.fromisoformat(value))
    known = {"interpreter": INTERPRETER, "location_protected": {"True": "Yes", "": "No"}}.get(name, {})
    return {**words.get(BOOK_OF.get(name, ""), {}), **known}.get(value, value or "nothing")


def _all_agreed(held: Held) -> Iterable[Agreed]:
    """The latest answer to each question first said; an earlier one is shown as no more than that."""
    asked = set()
    for agreement in held.agreements:
        question = (agreement.about, agreement.channel, agreement.with_organisation)
        shown = _agreed(agreement, held.bodies)
        yield shown if question not in asked else _earlier(shown)
        asked.add(question)


def _earlier(shown: Agreed) -> Agreed:
    return replace(shown, tag={"word": f"{shown.tag['word']}, before", "colour": "grey"}, stands=False)


def _agreed(agreement: Agreement, bodies: Mapping[int, str]) -> Agreed:
    """The latest word on one agreement: yes, no, or yes once and withdrawn since."""
    what = {
        Agreement.About.SUPPORT: "To be supported",
        Agreement.About.CONTACT: f"To be contacted {CHANNELS.get(agreement.channel, '')}".strip(),
        Agreement.About.SHARE: f"To share with {bodies.get(agreement.with_organisation or 0, 'a named body')}",
    }[Agreement.About(agreement.about)]
    stands = agreement.given and agreement.withdrawn_at is None
    if agreement.withdrawn_at:
        tag = {"word": f"Withdrawn {date_words(agreement.withdrawn_at)}", "colour": "grey"}
    else:
        tag = {"word": "Yes", "colour": "green"} if agreement.given else {"word": "No", "colour": "red"}
    return Agreed(agreement, what, tag, stands)


def _way(channel: Channel) -> Way:
    word, colour = SAFE[channel.safe]
    rules = [f"Only {channel.hours}"] if channel.times else []
    if channel.safe == "unknown":
        rules.append(UNKNOWN)
    rules.append("A message may be left" if channel.leave_message else "Leave no message")
    if channel.kind != "address":
        rules.append(
            "Messages from here may go to it" if channel.may_message else "No message from here goes to it yet"
        )
    return Way(channel, KINDS[channel.kind], {"word": word, "colour": colour}, tuple(rules))
