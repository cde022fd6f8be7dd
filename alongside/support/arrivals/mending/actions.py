"""Every write of mending: a kept row is put right, taken in, returned with the reason, closed, or taken up again."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.support.arrivals.changes import actions as changes
from alongside.support.arrivals.feeds import actions as feeds
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.feeds.rows import COLUMNS, Fault
from alongside.support.arrivals.feeds.rules import Outcome
from alongside.support.arrivals.guarded.queries import kinds
from alongside.support.arrivals.mending import queries, rules
from alongside.support.arrivals.mending.models import Mend
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.replies import actions as replies
from alongside.support.arrivals.replies import queries as replies_queries

Settled = KeptRow.Settled
NO_REASON = "Choose a reason."


class StillFaulty(RuleBroken):
    """The cells are no row that could be taken in; each fault is of a column."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{faults[0].words[0].upper()}{faults[0].words[1:]}.", faults[0].field)
        self.faults = tuple(faults)


@transaction.atomic
def mend(kept: KeptRow, *, by: Actor, at: datetime, cells: Mapping[str, str]) -> Mend:
    """Puts cells right. What was sent stays beside it. It must pass what every row must pass, and may still be one
    that is held. Raises StillFaulty.
    """
    kept = feeds.locked(kept, rejected=True)
    before = queries.cells(kept)
    after = rules.tidy({column: cells.get(column, before.get(column, "")) for column in COLUMNS})
    changed = rules.changes(before, after)
    if not changed:
        raise RuleBroken("Nothing is different from before.")
    verdict = queries.verdict(kept, after, at=at)
    if verdict.outcome is Outcome.REJECTED:
        raise StillFaulty(verdict.faults)
    number = 1 + Mend.objects.filter(kept=kept).count()
    made = Mend(id=uuid7(), kept=kept, hub_id=kept.hub_id, number=number, mended_at=at, mended_by=by.user_id)
    fields.write(made, cells=json.dumps(after, ensure_ascii=False))
    made.save(force_insert=True)
    _guard(kept, after, at=at)
    events.record("feed_row.mended", kept.pk, by=by, at=at, columns=[one.column for one in changed])
    return made


def _guard(kept: KeptRow, cells: Mapping[str, str], *, at: datetime) -> bool:
    """Closes a row that is of a restricted kind by now to all but those whom the rule names, and whoever mended it."""
    if kept.guarded or not kinds(clocks.london_date(at)).holds_cells(cells):
        return False
    kept.guarded = True
    kept.save(update_fields=["guarded"])
    return True


@transaction.atomic
def guard_all(*, by: Actor, at: datetime) -> int:
    """Looks at every row that waits and is open to the hub: the rulebook may restrict its kind by now. For jobs; safe
    to run again. Returns how many were closed.
    """
    done = [kept.pk for kept, cells in queries.unguarded() if _guard(kept, cells, at=at)]
    events.record_many("feed_row.guarded", done, by=by, at=at)
    return len(done)


@transaction.atomic
def release(kept: KeptRow, *, by: Actor, at: datetime, words: str, **found_out: str) -> Referral:
    """Takes in a row as it stands, mended or not, with what somebody found out."""
    mended = queries.cells(kept) if queries.is_mended(kept) else None
    return feeds.release(kept, by=by, at=at, words=words, mended=mended, **found_out)


@transaction.atomic
def send_back(kept: KeptRow, *, by: Actor, at: datetime, reason: str, words: str = "") -> KeptRow:
    """Returns a row to the officer, who reads the reason on a page that opens once. `words` stay with us."""
    if reason not in dict(replies_queries.return_reasons(clocks.london_date(at))):
        raise RuleBroken(NO_REASON, "reason")
    kept = feeds.locked(kept, rejected=True)
    cells = queries.cells(kept)
    changes.end(kept, by=by, at=at)
    feeds.settle(kept, Settled.RETURNED, by=by, at=at, words=words, why=reason)
    replies.return_row(kept, by=by, at=at, reason=reason, reference=cells.get("source_ref", kept.source_ref),
                       mailbox=replies_queries.mailbox_of_row(kept, cells))  # fmt: skip
    return kept


@transaction.atomic
def set_aside(kept: KeptRow, *, by: Actor, at: datetime, reason: str, words: str = "") -> KeptRow:
    """Says that nothing more is to be done with a row, and why (a code of the rulebook)."""
    if reason not in dict(queries.closure_reasons(clocks.london_date(at))):
        raise RuleBroken(NO_REASON, "reason")
    kept = feeds.locked(kept, rejected=True)
    changes.end(kept, by=by, at=at)
    return feeds.settle(kept, Settled.CLOSED, by=by, at=at, words=words, why=reason)


@transaction.atomic
def reopen(kept: KeptRow, *, by: Actor, at: datetime) -> KeptRow:
    """Undoes a return or a closing: the row waits for a person again, and the officer's page is shut unless it was
    answered. What was taken in stays so.
    """
    kept = KeptRow.objects.select_for_update(of=("self",)).get(pk=kept.pk)
    if kept.settled_how not in (Settled.RETURNED, Settled.CLOSED):
        raise RuleBroken("Only a row that was returned or closed can be taken up again.")
    reply = replies_queries.of_row(kept) if kept.settled_how == Settled.RETURNED else None
    kept.settled_at, kept.settled_how, kept.settled_by, kept.settled_why, kept.settled_words = None, "", None, "", b""
    kept.save(update_fields=["settled_at", "settled_how", "settled_by", "settled_why", "settled_words"])
    if reply and reply.answered_at is None:
        replies.call_back(reply, by=by, at=at)
    events.record("feed_row.reopened", kept.pk, by=by, at=at, reason=kept.reason)
    return kept


@transaction.atomic
def settle_all(rows: Sequence[KeptRow], *, by: Actor, at: datetime, how: str, reason: str) -> int:
    """Returns or closes several rows for one reason. Those that somebody dealt with meanwhile are left. How many."""
    act = send_back if how == Settled.RETURNED else set_aside
    done = 0
    for kept in rows:
        if KeptRow.objects.filter(pk=kept.pk, settled_at=None).exists():
            act(kept, by=by, at=at, reason=reason)
            done += 1
    return done
