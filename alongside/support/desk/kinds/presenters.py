"""The card beside a referral: what part this person has in the crime, and the other relatives of whoever died."""

from datetime import datetime

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.kinds import queries, rules
from alongside.support.desk.kinds.models import Part

WORDS = {
    rules.BEREAVED: "A relative of somebody who died. They are a victim in their own right.",
    rules.WITNESS: "A witness whom it did not harm: no victim, counted apart, without a victim's rights.",
}
NOT_CLOSE = "Not close family by the rulebook: say in the assessment why they count as a victim."


def beside(referral: Referral, *, by: Actor, at: datetime) -> list[Card]:
    """For the hub; of a business there is nothing to say."""
    if not by.may(P.REFERRAL_TRIAGE) or referral.victim.kind == rules.BUSINESS:
        return []
    on, known = clocks.london_date(at), queries.known(referral, by=by)
    relation = rulebook.titles("bereaved_relations", on).get(known.relation, "")
    lines = [
        WORDS.get(known.kind, ""), f"Knew whoever died as: {relation}" if relation else "",
        f"Evidence for: {Part.Side(known.side).label.lower()}" if known.side else "",
        NOT_CLOSE if known.relation and not queries.is_close(known.relation, on) else "",
        queries.route(known.kind, on),
    ]  # fmt: skip
    words = {
        "lines": [line for line in lines if line], "referral": referral, "others": known.others, "died": known.died,
        "bereaved": known.kind == rules.BEREAVED and bool(known.relation), "open": referral.state != "CLOSED",
    }  # fmt: skip
    return [Card("aside", "kinds/parts/card.html", words, tuple(other.victim_id for other in known.others))]
