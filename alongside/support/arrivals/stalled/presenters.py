"""Words and colours for stalled offers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.clocks import OfficeHours
from alongside.core.pages.beside import Card
from alongside.core.pages.beside import lines as lines_of
from alongside.core.pages.filters import datetime_words
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.routing.rules import HELD as NOT_SENT
from alongside.support.arrivals.stalled import rules
from alongside.support.arrivals.stalled.models import Step
from alongside.support.arrivals.stalled.rules import Planned

HELD = {**NOT_SENT, **rules.HELD}


def lines(
    offers: Iterable[Offer], planned: Mapping[UUID, Sequence[Planned]], referrals: Mapping[UUID, Referral],
    due: Mapping[UUID, datetime], crimes: Mapping[str, str], at: datetime, office: OfficeHours,
) -> list[dict[str, Any]]:  # fmt: skip
    """The offers that wait too long, in words and without a name."""
    return [
        {
            "offer": offer, "referral": referrals[offer.referral_id], "due": due[offer.pk],
            "crime": crimes.get(offer.crime_type, offer.crime_type),
            "words": rules.words(planned[offer.pk], at, office),
            "told": any(one.does == rules.ESCALATE and one.taken_at for one in planned[offer.pk]),
        }
        for offer in offers if offer.referral_id in referrals
    ]  # fmt: skip


def late(
    waiting: Offer | None, planned: Sequence[Planned], steps: Iterable[Step], at: datetime, office: OfficeHours
) -> Card | None:
    """On the referral's page: what was done because nobody answered, and what comes next."""
    now = [f"{waiting.service.name} has not answered. {rules.words(planned, at, office)}."] if waiting else []
    past = [_given_up(step) for step in steps if step.does == rules.CALL_BACK]
    if not (now or past):
        return None
    link = ("All stalled offers", reverse("stalled:stalled"))
    return lines_of("No answer in time", [*now, *past], link=link, warn=bool(now))


def _given_up(step: Step) -> str:
    onward = f"Not sent on: {HELD.get(step.held, step.held)}." if step.held else "Sent on to the next service."
    return f"{step.offer.service.name} did not answer, so it was called back {datetime_words(step.taken_at)}. {onward}"


def asked_again(chases: Sequence[datetime]) -> Card | None:
    """On the provider's page of an offer: the hub waits."""
    if not chases:
        return None
    said = [f"The hub asked again {datetime_words(moment)}." for moment in chases]
    return lines_of("Please answer", [*said, "Without an answer it goes back to the hub."], warn=True)
