"""The card beside a referral whose person asked to be called, and its tags in the queue."""

from datetime import datetime

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card
from alongside.core.pages.filters import plural
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.callbacks import queries
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.intake.queries import NOT_ON
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.rules import Window, call_words


def beside(referral: Referral, *, by: Actor, at: datetime) -> list[Card]:
    """When they asked to be called, and whether that was missed; the hub's alone."""
    call = queries.open_of(referral.pk) if by.may(P.REFERRAL_QUEUE) else None
    if call is None:
        return []
    words = {"when": when(call, at), "never": never(call), "missed": call.missed, "missed_words": missed(call),
             "asked_at": call.asked_at}  # fmt: skip
    return [Card("top", "callbacks/parts/card.html", words)]


def when(call: CallBack, at: datetime) -> str:
    return call_words(Window(call.starts_at, call.ends_at), at)


def never(call: CallBack) -> str:
    """The weekdays on which not to call, in words."""
    said = dict(NOT_ON)
    return ", ".join(said[str(number)] for number in call.never)


def missed(call: CallBack) -> str:
    return f"Missed {plural(call.missed, 'time')}, and offered again" if call.missed else ""
