"""Words and colours of a referral's own page."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.pages.filters import date_words, datetime_words
from alongside.core.privacy import fields
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.messages.rules import masked, times_words
from alongside.support.arrivals.referrals import rules
from alongside.support.arrivals.referrals.models import Attempt, Offer, Referral
from alongside.support.arrivals.referrals.queries import Triage, verbs
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.rules import NO_CONTACT, is_under, warning

Tag = dict[str, str]
STATES: dict[str, Tag] = {
    "RECEIVED": {"word": "New", "colour": "blue"},
    "IN_TRIAGE": {"word": "In triage", "colour": "purple"},
    "OFFERED": {"word": "Offered", "colour": "yellow"},
    "ACCEPTED": {"word": "With a provider", "colour": "green"},
    "CLOSED": {"word": "Closed", "colour": "grey"},
}
OFFER_STATES: dict[str, Tag] = {
    "OFFERED": {"word": "Waiting for an answer", "colour": "yellow"},
    "ACCEPTED": {"word": "Accepted", "colour": "green"},
    "DECLINED": {"word": "Declined", "colour": "orange"},
    "WITHDRAWN": {"word": "Called back", "colour": "grey"},
}
LEAVE = {said: {"key": "Leave a message", "value": "Yes" if said else "No"} for said in (True, False)}
SAFE_COLOURS = {"yes": "green", "unknown": "yellow", "no": "red"}
JUDGEMENTS = {
    "same": "Judged the same person",
    "not_same": "Judged not the same person",
    "not_sure": "Not sure",
}
ADDITIONS = {"words": "Told us more", "contact": "Changed what is safe", "withdraw": "Asked us to stop"}
SAID = {"yes": "Yes, as whoever told us said", "no": "No, as whoever told us said"}
CHANNEL_TAGS: dict[str, Tag] = {
    "phone": {"word": "Telephone", "colour": "grey"}, "text": {"word": "Text message", "colour": "grey"},
    "email": {"word": "E-mail", "colour": "grey"}, "letter": {"word": "Letter", "colour": "grey"},
    "in_person": {"word": "In person", "colour": "grey"}, "video": {"word": "Video call", "colour": "grey"},
}  # fmt: skip
AT_ONCE = timedelta(minutes=15)


UNREPORTED = {rules.NOT_KNOWN: "Police: not known"}


def tags(referral: Referral, markers: Mapping[str, str]) -> tuple[Tag, ...]:
    """What an officer must see at a glance, the gravest first."""
    young = is_under(rules.ADULT, referral.age_at_receipt, referral.victim.said_under)
    said = (
        (referral.restricted, "Restricted", "red"),
        (referral.high_risk, "High risk", "red"),
        (referral.victim.kind == Victim.Kind.WITNESS, "Witness, not a victim", "blue"),
        (referral.victim.kind == Victim.Kind.BEREAVED, "Bereaved", "magenta"),
        (referral.returned, "Returned", "orange"),
        (young, "Under 18", "magenta"),
        (referral.vulnerable == "yes", "Vulnerable", "magenta"),
        (referral.intimidated == "yes", "Intimidated", "magenta"),
        (referral.repeat == "yes", "Repeat victim", "magenta"),
        (not referral.reported, UNREPORTED.get(referral.why_not_reported, "Not reported to police"), "grey"),
    )
    known = [{"word": word, "colour": colour} for holds, word, colour in said if holds]
    words = {tag["word"] for tag in known}
    more = ({"word": markers.get(code, code), "colour": "magenta"} for code in referral.markers)
    return tuple(known + [tag for tag in more if tag["word"] not in words])


def news(kind: str) -> tuple[Tag, ...]:
    """What the victim added, in the queue: a wish to stop stands out."""
    if not kind:
        return ()
    stop = kind == "withdraw"
    return ({"word": "Asked us to stop" if stop else "New from the victim", "colour": "red" if stop else "blue"},)


def strip(contact: Any, advice: str = "") -> dict[str, Any]:
    """Safe contact as the page's strip takes it; `advice`: what to do next."""
    usable = [channel for channel in contact.channels if channel.may_call]
    never = [channel.words for channel in contact.channels if channel.safe == "no"]
    sure = any(channel.safe == "yes" for channel in usable)
    state = "unsafe" if contact.danger else "safe" if sure else "ask"
    return {"state": state, "words": contact.headline, "also": contact.also, "never": never, "next": advice}


def next_way(known: Triage) -> str:
    """What to do next while no safe way is known: whom to ask, and what may be done meanwhile."""
    if not known.contact.danger:
        return ""
    if known.referral.source == Referral.Source.SELF and known.referral.referred_by:
        ask = "They telephoned us, and can again: ask then how they can safely be reached, and add it to their record."
    elif known.referral.source == Referral.Source.SELF:
        ask = "They can come back with their four words at any hour: what they then say is safe shows on this page."
    else:
        who = f"{known.officer}, {known.source}" if known.officer else known.source
        ask = f"Ask {who} how this person can safely be reached, and add the way to their record."
    return f"{ask} Until then use none of the numbers; you can still assess needs from what is known."


def page(known: Triage, *, by: Actor, at: datetime) -> dict[str, Any]:
    """All that the triage page says."""
    referral = known.referral
    return {
        "known": known, "referral": referral, "victim": known.victim, "state": STATES[referral.state],
        "tags": (*news("withdraw" if known.stopped else ""), *tags(referral, known.titles["markers"])),
        "warning": warning(known.stopped, protected=known.victim.location_protected), "facts": facts(known),
        "strip": strip(known.contact, next_way(known)) | (NO_CONTACT if known.stopped else {}) | {"note": known.child},
        "told": told(known),
        "attempts": attempts(known, may_strike=by.may(P.REFERRAL_TRIAGE)),
        "offers": offers(known), "matches": known.matches,
        "judgements": JUDGEMENTS, "additions": ADDITIONS, "mine": referral.worker == by.user_id,
        "may": verbs(referral, by),
        "may_read": by.may(P.REFERRAL_TRIAGE), "may_contact": by.may(P.VICTIM_CONTACT),
        "may_open": by.may(P.VICTIM_READ),
        "agreements": agreements(known), "next": likeliest(known),
    }  # fmt: skip


def likeliest(known: Triage) -> str:
    """The move that most often comes next: the page's one loud button."""
    if known.stopped:
        return "close"
    waits = known.referral.first_attempt_at is None or (known.referral.next_attempt_at and not known.assessments)
    untried = waits and not known.contact.danger
    return "record_attempt" if untried else "offer" if known.assessments else "assess"


def _born(referral: Referral) -> str:
    """When they were born with their age at receipt; where nobody knows, the age that was said."""
    victim, age = referral.victim, referral.age_at_receipt
    if victim.birth_date:
        return f"{date_words(victim.birth_date)} ({age})"
    said = str(age) if age is not None else f"under {victim.said_under}" if victim.said_under else ""
    return f"Not known, said to be {said}" if said else "Not known"


def facts(known: Triage) -> list[dict[str, str]]:
    """Who the victim is, in short."""
    victim = known.victim
    pairs = (
        ("Born", _born(known.referral)),
        ("Sex", known.titles["sexes"].get(victim.sex, "Not known")),
        ("Council", known.council or "Not known"),
        ("Language", known.titles["languages"].get(victim.language, victim.language)),
        ("Interpreter", "Needed" if victim.interpreter == "yes" else ""),
        ("Access needs", known.access_needs),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def told(known: Triage) -> list[dict[str, Any]]:
    """What the source said, as questions and answers; what it left out is left out."""
    referral, titles = known.referral, known.titles
    reported = date_words(referral.reported_at) if referral.reported_at else "Yes, on a day not given"
    why = titles["not_reported_reasons"].get(referral.why_not_reported, "")
    pairs = (
        ("What happened", titles["crime_types"].get(referral.crime_type, referral.crime_type)),
        ("When", date_words(referral.occurred_from)),
        ("Reported to the police", reported if referral.reported else _unreported(referral, why)),
        ("From", known.source),
        ("Received", datetime_words(referral.received_at)),
        ("Their reference", "" if referral.source == Referral.Source.ON_THE_SPOT else referral.source_ref),
        ("Officer or worker", known.officer),
        ("Agreed to be supported", SAID.get(referral.consent, "Not known")),
        ("Notes", known.notes),
    )
    return [{"key": key, "value": value, "written": key == "Notes"} for key, value in pairs if value]


def _unreported(referral: Referral, why: str) -> str:
    return "Not known" if referral.why_not_reported == rules.NOT_KNOWN else f"No. {why}" if why else "No"


def attempt(made: Attempt, note: str, results: Mapping[str, str]) -> dict[str, Any]:
    """One attempt, with when it was written down where that was not at once."""
    late = made.recorded_at is not None and made.recorded_at - made.attempted_at > AT_ONCE
    tag = {"word": "Reached", "colour": "green"} if made.reached else CHANNEL_TAGS.get(made.channel)
    return {"title": results.get(made.result, made.result), "at": made.attempted_at, "text": note, "tag": tag,
            "written_at": made.recorded_at if late else None}  # fmt: skip


def attempts(known: Triage, *, may_strike: bool) -> list[dict[str, Any]]:
    """Attempts to make contact, the latest first, each with who made it, or who struck it out and why."""
    results, people = known.titles["contact_results"], known.people
    return [
        attempt(made, note, results) | {"by": people.get(made.attempted_by, "")} | _standing(made, people, may_strike)
        for made, note in known.attempts
    ]


def _standing(made: Attempt, people: Mapping[UUID | None, str], may_strike: bool) -> dict[str, Any]:
    if made.struck_at:
        who = people.get(made.struck_by, "a colleague")
        return {"struck": {"by": who, "at": made.struck_at, "why": fields.read(made, "struck_why")}}
    about = f" the attempt of {datetime_words(made.attempted_at)}"
    link = {"text": "Strike out", "hidden": about, "href": reverse("referrals:strike_out", args=(made.pk,))}
    return {"links": [link]} if may_strike else {}


def offers(known: Triage) -> list[dict[str, Any]]:
    """Offers with what became of each and what the provider saw."""
    return [
        {
            "title": f"{offer.service.name}, {offer.provider.name}", "at": offer.offered_at, "pk": offer.pk,
            "by": known.people.get(offer.offered_by, ""), "tag": OFFER_STATES[offer.state],
            "open": offer.state == "OFFERED", "answered_at": offer.answered_at, "why": _why(known, offer),
            "seen": [datetime_words(look.at) for look in seen],
        }
        for offer, seen in known.offers
    ]  # fmt: skip


def _why(known: Triage, offer: Offer) -> str:
    """Why it was declined or called back; why it was chosen while that is all there is to say."""
    declined = known.titles["decline_reasons"].get(offer.declined_why, "")
    return declined or known.titles["recall_reasons"].get(offer.recalled_why, "") or _reasons(offer.reasons)


def _reasons(said: Iterable[str]) -> str:
    return "; ".join(reason.rstrip(".") for reason in said)


def agreements(known: Triage) -> list[dict[str, Any]]:
    """What was agreed or refused and still stands: the latest answer to each question."""
    latest = {(one.about, one.channel, one.with_organisation): one for one in reversed(known.agreements)}
    return [
        {
            "what": known.bodies.get(given.with_organisation, "") or given.get_about_display(),
            "given": given.given, "at": given.recorded_at,
        }
        for given in reversed(latest.values()) if given.withdrawn_at is None
    ]  # fmt: skip


def _safety(point: ContactPoint, *, hidden: bool) -> dict[str, str]:
    if hidden and point.safe == ContactPoint.Safe.UNKNOWN:
        return {"safe": "Not known to be safe: do not use", "colour": SAFE_COLOURS["no"]}
    return {"safe": point.get_safe_display(), "colour": SAFE_COLOURS[point.safe]}


def _value(point: ContactPoint, value: str) -> str:
    """Enough to recognise a number that must not be used, and too little to use it."""
    return f"{masked(point.kind, value)}: do not use" if point.safe == ContactPoint.Safe.NO else value


def ways(found: Iterable[tuple[ContactPoint, str, str]], *, hidden: bool) -> list[dict[str, Any]]:
    """Ways to reach the victim, opened, each with how it may be used. `hidden`: not known counts as not safe."""
    return [
        {
            "kind": point.get_kind_display(), **_safety(point, hidden=hidden),
            "rows": [
                {"key": point.get_kind_display(), "value": _value(point, value)},
                {"key": "When", "value": times_words(point.safe_times) or "Not said"},
                {"key": "Instructions", "value": instructions or "None"},
                *([LEAVE[point.leave_message]] if point.kind == "phone" else []),
                {"key": "Confirmed with them", "value": date_words(point.verified_at) or "Not yet"},
            ],
        }
        for point, value, instructions in found
    ]  # fmt: skip
