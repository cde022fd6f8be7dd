"""Words for the pages of changes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.changes import queries
from alongside.support.arrivals.changes.rules import KEEP, NOTE, TAKE, is_refusal
from alongside.support.arrivals.feeds.rules import Difference

OPTIONS = {TAKE: "Take what was sent", KEEP: "Keep what we have", NOTE: "Note it, and ask the victim"}


def beside_case(case: Any, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the page of a case: that the police sent something again, which waits for whoever holds it to decide."""
    if by.realm != Realm.PROVIDER or not by.may(P.CASE_WORK):
        return
    for change in queries.waiting_on(case.referral_id, by):
        words = {"change": change, "refusal": is_refusal(queries.differences(change))}
        yield Card("top", "changes/parts/case.html", words, (change.victim_id,))


def in_words(different: Iterable[Difference], titles: Mapping[str, Mapping[str, str]]) -> tuple[Difference, ...]:
    """What differs, codes in the rulebook's words."""
    return tuple(
        replace(one, ours=said.get(one.ours, one.ours), theirs=said.get(one.theirs, one.theirs))
        for one in different for said in [titles.get(one.what, {})]
    )  # fmt: skip
