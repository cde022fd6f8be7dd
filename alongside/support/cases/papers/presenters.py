"""Documents passed on, in words: beside a referral for the hub, and on a case for its provider."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card
from alongside.core.pages.filters import datetime_words
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents.rules import KINDS, size_words
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.threads import queries as threads
from alongside.support.arrivals.threads.models import Attachment
from alongside.support.cases.casework.models import Case
from alongside.support.cases.papers import lifecycle, queries
from alongside.support.cases.papers.models import Passed
from alongside.support.cases.papers.queries import Given, Paper

COLOURS = {"CHOSEN": "blue", "PASSED": "green", "TAKEN_BACK": "grey", "LAPSED": "grey"}


def beside(referral: Referral, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On a referral that came with documents: each, where it went, and the way to pass it on."""
    standing = threads.standing_of(referral, by) if by.realm == Realm.HUB and by.may(P.REFERRAL_TRIAGE) else None
    found = queries.papers(standing, by) if standing else ()
    if found:
        offer = queries.receiver(referral.pk, by)
        words = {"papers": [_paper(one, offer) for one in found], "to": offer.provider.name if offer else ""}
        yield Card("aside", "papers/parts/referral.html", words)


def _paper(one: Paper, offer: Offer | None) -> dict[str, Any]:
    named = one.named
    stands = any(_stands(given) and offer and given.passed.offer_id == offer.pk for given in one.given)
    return {
        "pk": named.pk, "called": named.called, "kind": KINDS[named.kind], "size": size_words(named.size),
        "given": [given_words(given) for given in one.given], "may_pass": offer is not None and not stands,
    }  # fmt: skip


def paper(attachment: Attachment, offer: Offer | None, *, by: Actor) -> dict[str, Any]:
    """One document, and where it went."""
    found = queries.papers(attachment.standing, by)
    return next(_paper(one, offer) for one in found if one.named.pk == attachment.pk)


def passed_words(offer: Offer | None) -> str:
    if offer is None or offer.state != Offer.State.ACCEPTED:
        return "Chosen. They see it once they have accepted, and never if they decline."
    return f"Passed on to {offer.provider.name}."


def opened_words(passed: Passed, times: Sequence[datetime]) -> str:
    first = datetime_words(times[0])
    return (
        f"{passed.provider.name} had opened it, first {first}, and may have kept it. Ask them to delete what they have."
    )


def _stands(given: Given) -> bool:
    return given.passed.state in (lifecycle.CHOSEN, lifecycle.PASSED)


def given_words(one: Given) -> dict[str, Any]:
    """What became of a document that was chosen for a provider."""
    passed = one.passed
    return {
        "pk": passed.pk, "to": passed.provider.name, "what": one.what, "word": passed.get_state_display(),
        "colour": COLOURS[passed.state], "stands": _stands(one),
        "lines": [line for line in (_chosen(one), _seen(one), _ended(one)) if line],
    }  # fmt: skip


def _chosen(one: Given) -> str:
    by = f" by {one.by}" if one.by else ""
    return f"Chosen{by}, {datetime_words(one.passed.chosen_at)}."


def _seen(one: Given) -> str:
    """Whether it was opened there: from the log of looks, which is right after it was taken back too."""
    if one.passed.passed_at is None:
        return ""
    if not one.opened:
        return "Not opened by them." if one.passed.ended_at is None else "It had not been opened by them."
    times = f", {len(one.opened)} times in all" if len(one.opened) > 1 else ""
    return f"Opened by {one.passed.provider.name}, first {datetime_words(one.opened[0])}{times}."


def _ended(one: Given) -> str:
    if one.passed.state == lifecycle.LAPSED:
        return "They did not take the referral up, and never saw it."
    by = f" by {one.ended_by}" if one.ended_by else ""
    return f"Taken back{by}, {datetime_words(one.passed.ended_at)}." if one.passed.ended_at else ""


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the page of a case: what the hub passed on, as its people called it, and what of it is new here."""
    found = queries.on_case(case, by) if by.realm == Realm.PROVIDER and by.may(P.CASE_WORK) else ()
    if found:
        words = [
            {"pk": one.pk, "what": what, "kind": KINDS[one.kind], "size": size_words(one.size), "came": one.came_at,
             "passed": one.passed_at}
            for one, what in found
        ]  # fmt: skip
        if new := sum(not queries.opened(one) for one, _ in found):
            yield Card("top", "papers/parts/new.html", {"count": new})
        yield Card("main", "papers/parts/case.html", {"papers": words}, (case.victim_id,), "documents")
