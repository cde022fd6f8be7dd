"""A call in words: the step that is shown beside the facts, where the others stand, and what was recorded last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.presenters import facts, strip, tags, told, ways
from alongside.support.arrivals.referrals.queries import Triage
from alongside.support.arrivals.referrals.rules import WITH_HUB
from alongside.support.desk.calls import queries
from alongside.support.desk.calls.forms import Call, Outcome
from alongside.support.desk.calls.queries import Recorded
from alongside.support.desk.calls.rules import OUT, Script, Step

BEGUN = "Nothing of the call is recorded until you say so at its end. What you note is kept meanwhile."
SMALL = {"small": True, "mark_optional": False}
ROWS = {"rows": 4, "mark_optional": False}


@dataclass(frozen=True)
class Place:
    """One step in the list of steps."""

    title: str
    href: str
    current: bool
    done: bool


def page(known: Triage, form: Call, here: Step, script: Script) -> dict[str, Any]:
    """What the page of one step says and asks, with everything that was answered at the others carried along."""
    referral, codes = known.referral, [one.code for one in script.steps]
    said = form.data if form.is_bound else form.initial
    of_others = here.asks == OUT and said.get("speaking") != "them"  # when to call again is theirs alone to say
    shown = [name for name in here.fields if name in form.fields and not of_others]
    number = codes.index(here.code) + 1 if here.code in codes else 0
    return {
        "referral": referral, "form": form, "step": here, "number": number, "of": len(codes),
        "fields": [(name, ROWS if name.startswith("note_") else SMALL) for name in shown],
        "carried": [form[name] for name in form.fields if name not in shown], "last": number == len(codes),
        "places": [_place(referral, one, here, said) for one in script.steps],
        "victim": known.victim, "facts": facts(known), "tags": tags(referral, known.titles["markers"]),
        "strip": strip(known.contact) | {"note": known.child}, "told": told(known), "stopped": known.stopped,
    }  # fmt: skip


def _place(referral: Referral, one: Step, here: Step, said: Mapping[str, Any]) -> Place:
    return Place(
        one.title, reverse("calls:call", args=[referral.pk, one.code]), one.code == here.code, _done(one, said)
    )


def numbers(opened: Iterable[tuple[ContactPoint, str, str]] | None) -> dict[str, Any]:
    """Numbers that may be rung, with their instructions, shown once for each press."""
    return {"ways": ways(opened, hidden=False) if opened is not None else None}


def outcome(referral: Referral, form: Outcome, *, at: datetime) -> dict[str, Any]:
    """The page on which what came of a call is recorded."""
    contact = referrals.contact(referral, at=at)
    return {"form": form, "referral": referral, "name": referral.victim.full_name, "strip": strip(contact)}


def _done(step: Step, said: Mapping[str, Any]) -> bool:
    return any(said.get(name) for name in step.fields)


def beside(referral: Referral, *, by: Actor, at: datetime) -> list[Card]:
    """Ringing them, on the referral's own page; while it is with the hub, for whoever triages."""
    if referral.state not in WITH_HUB or not by.may(P.REFERRAL_TRIAGE):
        return []
    return [Card("top", "calls/parts/card.html", {"referral": referral, "why_not": queries.why_not(referral, at=at)})]


def recorded(found: Recorded | None) -> dict[str, Any] | None:
    """The banner of what one recorded last, while it can be taken back."""
    if found is None:
        return None
    return {
        "pk": found.attempt.pk, "reference": found.attempt.referral.reference, "words": found.words,
        "next_call": found.next_call, "referral": found.attempt.referral_id,
    }  # fmt: skip
