"""The file of the force every morning: its receipt, and its held and rejected rows while they are kept."""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from alongside.config.demo.world.cast import Cast
from alongside.config.demo.world.rows import Writer
from alongside.config.demo.world.story import Story, Teller, transfer_before
from alongside.core import clocks
from alongside.core.privacy import crypt, fields
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SentAgain
from alongside.support.arrivals.feeds.queries import Office
from alongside.support.arrivals.feeds.rows import FeedRow, validate
from alongside.support.arrivals.feeds.rules import Decision, Outcome, decide, rejected
from alongside.support.arrivals.reconciliation.models import Alarm
from alongside.support.arrivals.referrals.models import Referral

DAY = timedelta(days=1)
LATELY = timedelta(days=60)  # only what came since then comes again changed
POLICE_CODES = {"white_british": "W1", "asian_pakistani": "A2", "asian_indian": "A1", "black_caribbean": "B1",
                "white_other": "W9", "asian_bangladeshi": "A3", "black_african": "B2", "mixed_caribbean": "M1",
                "not_said": "NS"}  # fmt: skip
EVERYDAY = {"8N": "violence", "28E": "burglary", "34B": "robbery", "58A": "criminal_damage_arson"}
NO_WAY = {"phone_safe": "no", "email_safe": "no"}
# What is amiss with a row, how often, and the cells that make it so.
AMISS: tuple[tuple[str, int, dict[str, str]], ...] = (
    ("no_safe_contact", 30, NO_WAY),
    ("no_consent", 22, {"consent": "no"}),
    ("child_protection", 9, {"offence_code": "20B", "date_of_birth": "child"}),
    ("crime_type_outside_service", 5, {"offence_code": "92E"}),
    ("changed", 16, {}),
    ("date_of_birth:bad_date", 8, {"date_of_birth": "31/02/1980"}),
    ("phone:bad_phone", 7, {"phone": "ask at the front desk"}),
    ("offence_code:unknown_offence", 5, {"offence_code": "999Z"}),
    ("email:bad_email", 3, {"email": "not an address"}),
    ("family_name:missing", 3, {"given_name": "", "family_name": ""}),
)
AMISS_BY_CODE = {code: cells for code, _, cells in AMISS}
# How somebody dealt with a row, for which reason of the rulebook, and what they wrote down.
SETTLED = {
    "no_safe_contact": (("returned", "no_safe_contact", "Sample: asked the officer for a safe number."),
                        ("closed", "no_safe_way", "Sample: the officer will give our card by hand.")),
    "no_consent": (("closed", "refused", "Sample: the officer confirmed it."),
                   ("returned", "no_consent", "Sample: the officer had not asked.")),
    "child_protection": (("closed", "others_lead", "Sample: the family has our number."),),
    "crime_type_outside_service": (("closed", "mistake", "Sample: no victim."),),
    "changed": (("applied", "", "Sample: the officer confirmed the new details by phone."),
                ("closed", "ours_is_right", "Sample: the older details are right, as the victim says.")),
}  # fmt: skip
REJECTED = (("closed", "mended_there", "Sample: the crime desk sends it again."),)
OFFICERS = (("PC Sample One", "pc.one@police.example"), ("PC Sample Two", "pc.two@police.example"), ("", ""))
FOUND_OUT = "Sample: the officer rang back with a number that is safe."


@dataclass(frozen=True)
class Extra:
    """A row that became no referral of its own, or not at once: its cells, and the story that it is about."""

    cells: dict[str, str]
    story: Story | None = None
    referral: UUID | None = None


class Post:
    """Hears of every referral while the stories are told, then writes the receipts that they came by."""

    def __init__(self, random: Random, cast: Cast, *, since: datetime, until: datetime) -> None:
        self.random, self.cast, self.until = random, cast, until
        self.first = transfer_before(since)
        self.teller = Teller(random, cast, until=until, months=1)
        self.office = Office(clocks.london_date(until))
        self.kept_for = self.office.kept_until(until) - until
        self.accepted: Counter[datetime] = Counter()
        self.released: dict[datetime, list[tuple[Story, Referral]]] = defaultdict(list)
        self.recent: list[tuple[Story, Referral]] = []
        self.kept_of: dict[UUID, list[KeptRow]] = defaultdict(list)
        self.made = 0

    def note(self, told: Story, referral: Referral) -> None:
        """Which file a referral came with."""
        if told.delivered_at is None:
            return
        if told.released:
            self.released[told.delivered_at].append((told, referral))
            return
        self.accepted[told.delivered_at] += 1
        if told.offence in EVERYDAY and told.delivered_at > self.until - LATELY:
            self.recent.append((told, referral))

    def write(self, writer: Writer) -> None:
        """A receipt for each morning; the last but three came a second time, by hand."""
        at, last = self.first, transfer_before(self.until)
        while at <= last:
            delivery = self._morning(at, writer)
            if at == last - 3 * DAY:
                self._again(delivery, writer)
            if at in (last - 6 * DAY, last):
                self._short(delivery, settled=at != last)
            at = transfer_before(at + DAY * 1.5)

    def _short(self, delivery: Delivery, *, settled: bool) -> None:
        """A file with fewer rows than usual: the last one, about which nobody has asked, and one that was explained."""
        at = delivery.received_at + timedelta(hours=2)
        alarm = Alarm(
            hub_id=delivery.hub_id, source=delivery.source, day=clocks.london_date(delivery.received_at), due_at=at,
            kind=Alarm.Kind.SHORT, least=delivery.sent + 12, rows=delivery.sent, raised_at=at,
        )  # fmt: skip
        if settled:
            alarm.acknowledged_at, alarm.acknowledged_by = at + timedelta(hours=1), self.cast.officers[0]
            alarm.reason = "nothing_to_send"
        alarm.save(force_insert=True)

    def _morning(self, at: datetime, writer: Writer) -> Delivery:
        name = f"victims-{clocks.london_date(at).isoformat()}.csv"
        extras = [*self._released(at), *self._amiss(at)]
        decided = [(extra, self._decide(extra, at)) for extra in extras]
        held = Counter(one.reason for _, one in decided if one.outcome is Outcome.HELD)
        refused = Counter(one.reason for _, one in decided if one.outcome is Outcome.REJECTED)
        warned = Counter(str(flag) for _, one in decided for flag in one.flags)
        duplicate = self.random.choice([0, 0, 0, 1, 2])
        delivery = Delivery(
            hub_id=self.cast.hub.pk, source=self.cast.force, file=name, charset="utf-8", received_at=at,
            sha256=hashlib.sha256(name.encode()).hexdigest(), duplicate=duplicate, accepted=self.accepted[at],
            sent=self.accepted[at] + duplicate + len(decided), held=dict(sorted(held.items())),
            rejected=dict(sorted(refused.items())), warnings=dict(sorted(warned.items())),
        )  # fmt: skip
        writer.add(delivery)
        writer.event("feed.loaded", delivery.pk, at, self.cast.hub.pk, None)
        if at + self.kept_for <= self.until:
            delivery.forgotten = {"closed": len(decided)} if decided else {}
        else:
            lines = sorted(self.random.sample(range(2, delivery.sent + 2), len(decided)))
            for line, (extra, decision) in zip(lines, decided, strict=True):
                self._keep(delivery, line, extra, decision, writer)
        return delivery

    def _again(self, first: Delivery, writer: Writer) -> None:
        """The same file once more: nothing changes, and what was kept is known again."""
        again = Delivery(
            hub_id=first.hub_id, source=first.source, file=first.file, charset=first.charset, sha256=first.sha256,
            received_at=first.received_at + timedelta(hours=3, minutes=22), sent=first.sent, accepted=0,
            duplicate=first.sent,
        )  # fmt: skip
        writer.add(again)
        for kept in self.kept_of[first.pk]:
            writer.add(SentAgain(delivery=again, hub_id=again.hub_id, line=kept.line, kept=kept))

    def _released(self, at: datetime) -> list[Extra]:
        """Rows that were held until somebody found out how to reach the victim; their stories are in the year."""
        return [Extra({**cells(told, ref=referral.source_ref), **NO_WAY}, told, referral.pk)
                for told, referral in self.released[at]]  # fmt: skip

    def _amiss(self, at: datetime) -> list[Extra]:
        codes = [code for code, _, _ in AMISS]
        several = self.random.choices(codes, [weight for _, weight, _ in AMISS], k=self.random.choice([0, 1, 1, 2, 3]))
        return [self._changed(at) if code == "changed" else self._stranger(code, at) for code in several]

    def _stranger(self, code: str, at: datetime) -> Extra:
        """Somebody about whom nothing else is known here."""
        self.made += 1
        told = self.teller.story(self.teller.person(9_000_000 + self.made))
        told.offence, told.crime = self.random.choice(list(EVERYDAY.items()))
        told.reported_at = at - timedelta(hours=self.random.randint(7, 60))
        changes = dict(AMISS_BY_CODE[code])
        if changes.get("date_of_birth") == "child":
            changes["date_of_birth"] = (at - self.random.randint(9 * 366, 15 * 365) * DAY).date().isoformat()
        born = {"date_of_birth": "1984-05-06"} if told.person.born.year > at.year - 19 else {}
        name, mailbox = OFFICERS[self.made % len(OFFICERS)]
        sent_by = {"officer_name": name, "officer_email": mailbox}
        return Extra({**cells(told, ref=f"20SAMPLE/H{self.made:05d}"), **sent_by, **born, **changes})

    def _changed(self, at: datetime) -> Extra:
        """One of the last weeks comes again with another number; where none did, a row without a safe way."""
        near = [one for one in self.recent if at - 20 * DAY < (one[0].delivered_at or at) < at]
        if not near:
            return self._stranger("no_safe_contact", at)
        told, referral = self.random.choice(near)
        self.recent.remove((told, referral))
        changes = {"phone": f"07700 900{self.random.randint(0, 999):03d}", "phone_safe": "yes"}
        if self.random.random() < 0.4:
            changes["offence_code"] = "8L"
        if self.random.random() < 0.3:
            changes["family_name"] = f"{told.person.family}-Sample"
        return Extra({**cells(told, ref=referral.source_ref), **changes}, told, referral.pk)

    def _decide(self, extra: Extra, at: datetime) -> Decision:
        """What the feed's own rules say of a row."""
        row = validate({column: cell for column, cell in extra.cells.items() if cell})
        if not isinstance(row, FeedRow):
            return rejected(row)
        known = extra.story is not None and not extra.story.released
        return decide(row, {row.source_ref: (b"as it came first",)} if known else {}, self.office.rulebook, now=at)

    def _keep(self, delivery: Delivery, line: int, extra: Extra, decision: Decision, writer: Writer) -> None:
        kept = KeptRow(
            delivery=delivery, hub_id=delivery.hub_id, line=line, source_ref=extra.cells["source_ref"],
            content_hash=decision.digest, outcome=str(decision.outcome), reason=str(decision.reason),
            expires_at=delivery.received_at + self.kept_for,
        )  # fmt: skip
        writer.add(crypt.fresh_keys([kept.pk])[0])
        filled = {column: cell for column, cell in extra.cells.items() if cell}
        fields.write(kept, content=json.dumps(filled, ensure_ascii=False))
        self._settle(kept, delivery.received_at, extra, writer)
        writer.add(kept)
        self.kept_of[delivery.pk].append(kept)

    def _settle(self, kept: KeptRow, came: datetime, extra: Extra, writer: Writer) -> None:
        """What came long ago is dealt with; of the last days' some is not."""
        at, how, words = self.teller.after(came, 0.1, 3), "released", FOUND_OUT
        if extra.story and extra.story.released:
            at = extra.story.received_at
        elif at >= self.until or self.random.random() < (0.75 if came > self.until - 9 * DAY else 0.01):
            return
        else:
            how, kept.settled_why, words = self.random.choice(SETTLED.get(kept.reason, REJECTED))
        kept.settled_at, kept.settled_how, kept.settled_by = at, how, self.random.choice(self.cast.officers)
        kept.referral_id = extra.referral if how in ("released", "applied") else None
        fields.write(kept, settled_words=words)
        writer.event(f"feed_row.{how}", kept.pk, at, kept.hub_id, kept.settled_by)


def cells(told: Story, *, ref: str) -> dict[str, str]:
    """A story as the force would have sent it."""
    person, reported = told.person, told.reported_at or told.received_at
    row = {
        "source_ref": ref, "reported_at": f"{reported.astimezone(clocks.LONDON):%Y-%m-%dT%H:%M}",
        "occurred_from": told.occurred_on.isoformat(), "offence_code": told.offence, "victim_kind": "person",
        "given_name": person.given, "family_name": person.family, "date_of_birth": person.born.isoformat(),
        "sex": person.sex, "ethnicity_code": POLICE_CODES[person.ethnicity], "language": person.language,
        "interpreter": "no" if person.language == "en" else "unknown",
        "address_line_1": person.street, "postcode": person.postcode,
        "phone": person.phone, "phone_safe": "yes", "email": person.email, "email_safe": "unknown", "consent": "yes",
    }  # fmt: skip
    return row | {"domestic_abuse": "yes"} if told.crime == "domestic_abuse" else row
