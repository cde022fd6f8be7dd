"""Victims who asked for themselves and came back with their four words: what each sees, and what some of them added."""

import hashlib
from datetime import datetime, timedelta
from random import Random

from alongside.config.demo.world.rows import Writer
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals.models import Addition, Referral, Ticket
from alongside.support.arrivals.referrals.rules import status_word

ADDED = 0.3  # of tickets
READ = timedelta(days=4)  # what came before then, the hub has dealt with
WORDS = (
    ("words", "Sample words: I forgot to say that it has happened before."),
    ("words", "Sample words: could somebody call me this week?"),
    ("contact", "Sample words: please call after 5pm from now on, not before."),
    ("contact", "Sample words: my sister answers that phone on Mondays. Any other day is safe."),
    ("withdraw", "Sample words: thank you, I have help from somebody else now."),
)


def come_back(writer: Writer, random: Random, *, until: datetime) -> None:
    """A ticket for each self-referral of the chapter. The four words that open it are nobody's."""
    for row in writer.rows[Referral]:
        if isinstance(row, Referral) and row.source == Referral.Source.SELF:
            ticket = Ticket(
                id=uuid7(), referral=row, hub_id=row.hub_id, victim_id=row.victim_id, since=row.received_at,
                lookup=hashlib.sha256(f"sample {row.reference}".encode()).digest()[:16],
                word=status_word(row.state, contacted=row.first_contact_at is not None),
            )  # fmt: skip
            writer.add(ticket)
            if random.random() < ADDED:
                _add(ticket, row, writer, random, until=until)


def _add(ticket: Ticket, referral: Referral, writer: Writer, random: Random, *, until: datetime) -> None:
    at = referral.received_at + timedelta(days=random.uniform(0.2, 20))
    if at >= until:
        at = referral.received_at + (until - referral.received_at) * random.random()
    kind, words = random.choice(WORDS)
    added = Addition(id=uuid7(), ticket=ticket, victim_id=ticket.victim_id, kind=kind, added_at=at)
    fields.write(added, words=words)
    if at < until - READ:
        added.handled_at, added.handled_by = at + timedelta(hours=random.randint(1, 60)), referral.worker
    writer.add(added)
