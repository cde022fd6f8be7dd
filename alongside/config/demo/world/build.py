"""Builds the world: tells stories, copies their rows in batches, opens grants. Owner only; one transaction."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from alongside.config.demo.world.alarming import ask_of_risk, plan_safety
from alongside.config.demo.world.appointing import plan_work
from alongside.config.demo.world.cast import Cast, assemble
from alongside.config.demo.world.courts import ask_for_records, go_to_court
from alongside.config.demo.world.deliveries import Post
from alongside.config.demo.world.freshening import grow_old
from alongside.config.demo.world.gathering import gather
from alongside.config.demo.world.guarded import guard
from alongside.config.demo.world.handing import hand_on
from alongside.config.demo.world.letters import Desk
from alongside.config.demo.world.occasions import hold_occasions
from alongside.config.demo.world.own_pages import show_pages
from alongside.config.demo.world.papers import name_needs, send_papers
from alongside.config.demo.world.parts import name_parts
from alongside.config.demo.world.peopling import fill_homes
from alongside.config.demo.world.planning import plan
from alongside.config.demo.world.proposing import propose
from alongside.config.demo.world.queueing import queue_up
from alongside.config.demo.world.reporting import open_centres
from alongside.config.demo.world.ringing import ask_for_calls
from alongside.config.demo.world.routes import lay_out
from alongside.config.demo.world.rows import Writer
from alongside.config.demo.world.shelving import fill_shelf
from alongside.config.demo.world.speaking import have_read
from alongside.config.demo.world.spending import spend
from alongside.config.demo.world.story import Teller
from alongside.config.demo.world.supervising import look_after
from alongside.config.demo.world.visits import come_back
from alongside.config.demo.world.ways import open_ways
from alongside.config.demo.world.workbench import set_up
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import crypt
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SentAgain
from alongside.support.arrivals.referrals.models import (
    Addition,
    Attempt,
    NeedsAssessment,
    Offer,
    Referral,
    Standing,
    Ticket,
)
from alongside.support.arrivals.threads.models import Post as Written
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.casework.models import Case, Contact, Need, Step
from alongside.support.cases.notes.models import Note
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.desk.assessment.models import Detail
from alongside.support.people.victims.models import Agreement, Basis, SamePerson, Victim

SEED = 2026
MONTHS = 15
PEOPLE, REFERRALS = 3000, 4000
BATCH = 4000
# Parents before children: foreign keys are checked at the end, triggers at once.
ORDER: tuple[type[Model], ...] = (
    PersonKey, Victim, ContactPoint, Agreement, Basis, Referral, Attempt, NeedsAssessment, Detail, Offer, Standing,
    Written, Ticket, Addition, Case, Contact, Appointment, Need, Step, Note, Assessment, Outgoing, Delivery, KeptRow,
    SentAgain, Event,
)  # fmt: skip
GRANTS = """
INSERT INTO core_grant (kind, subject, organisation, since, until, why)
SELECT kind, subject, organisation, since, until, why FROM (
  SELECT 'offer' AS kind, id AS subject, provider_id AS organisation, offered_at AS since,
         CASE WHEN state IN ('DECLINED', 'WITHDRAWN') THEN answered_at END AS until, 'offered' AS why
  FROM referrals_offer
  UNION ALL SELECT 'referral', referral_id, provider_id, accepted_at, NULL, 'accepted' FROM casework_case
  UNION ALL SELECT 'victim', victim_id, provider_id, accepted_at, NULL, 'accepted' FROM casework_case
  UNION ALL SELECT 'case', id, hub_id, accepted_at, NULL, 'shell' FROM casework_case
) let_in"""
PENDING = """
INSERT INTO core_grant (kind, subject, organisation, since, until, why)
SELECT unnest(ARRAY['referral', 'victim']), unnest(ARRAY[referral_id, victim_id]), provider_id, NULL, NULL, 'offered'
FROM referrals_offer WHERE state = 'OFFERED'"""
SPREAD = """
UPDATE {table} t SET visible_orgs = g.orgs FROM (
  SELECT subject, array_agg(DISTINCT organisation) AS orgs FROM core_grant
  WHERE kind = '{kind}' AND since <= now() AND (until IS NULL OR until > now()) GROUP BY subject HAVING count(*) > 1
) g WHERE t.{key} = g.subject"""


def build(*, scale: float = 1, seed: int = SEED, until: datetime | None = None, lean: bool = False) -> dict[str, int]:
    """Makes the world where there is none. Returns rows by table. `lean`: the spine alone, for benchmarks."""
    moment = until or timezone.now()
    random = Random(seed)
    with transaction.atomic():
        cast = assemble(random, at=moment)
        made: dict[str, int] = {}
        with _copying():
            for writer in _chapters(random, cast, moment, scale=scale, lean=lean):
                for model in ORDER:
                    made[model._meta.db_table] = made.get(model._meta.db_table, 0) + _copy(model, writer.rows[model])
        _let_in()
        if not lean:
            lay_out(cast, at=moment)
            set_up(cast, at=moment)
            open_centres(cast, Random(seed), until=moment)
            open_ways(cast, until=moment)
            hold_occasions(cast, Random(seed), until=moment)
            ask_for_calls(cast, until=moment)
            name_parts(cast, at=moment)
            guard(cast, until=moment)
            grow_old(cast, at=moment)
            fill_shelf(cast, at=moment)
            propose(cast, at=moment)
            have_read(cast, at=moment)
            gather(cast, at=moment)
            send_papers(cast, at=moment)
            name_needs(cast, at=moment)
            _support(cast, seed, moment)
    _analyse()
    return made


def _support(cast: Cast, seed: int, moment: datetime) -> None:
    """What charities do for those whom they support."""
    plan(cast, at=moment)
    spend(cast, at=moment)
    look_after(at=moment)
    plan_work(at=moment)
    ask_of_risk(cast, at=moment)
    plan_safety(cast, at=moment)
    fill_homes(cast, at=moment)
    show_pages(at=moment)
    go_to_court(cast, at=moment)
    ask_for_records(cast, at=moment)
    queue_up(cast, Random(seed), at=moment)
    hand_on(cast, at=moment)


def _chapters(random: Random, cast: Cast, until: datetime, *, scale: float, lean: bool) -> Iterator[Writer]:
    """Writers of some thousands of stories each. A third of the people come more than once."""
    teller = Teller(random, cast, until=until, months=MONTHS)
    post = Post(Random(SEED), cast, since=teller.start, until=until)  # draws of its own: the stories stay the same
    people, total = int(PEOPLE * scale), int(REFERRALS * scale)
    taken: set[str] = set()
    for start in range(0, total, BATCH):
        crypt.forget()
        writer = Writer(random, cast, until=until, taken=taken, lean=lean)
        known = [teller.person(start + number) for number in range(people * min(BATCH, total) // total)]
        for number in range(min(BATCH, total - start)):
            person = known[number] if number < len(known) else random.choice(known)
            told = teller.story(person)
            post.note(told, writer.write(told))
        if not lean:
            Desk(writer, Random(start), until=until).write()
            come_back(writer, Random(start), until=until)
        yield writer
        _judge(writer, random, cast, until)
    writer = Writer(random, cast, until=until, taken=taken, lean=lean)
    post.write(writer)
    yield writer


def _judge(writer: Writer, random: Random, cast: Cast, at: datetime) -> None:
    """The hub has recognised some of those who came again."""
    for records in writer.victims.values():
        for left, right in pairwise(records):
            if random.random() < 0.7:
                SamePerson(
                    id=right, hub_id=cast.hub.pk, left_id=left, right_id=right, judgement="same",
                    judged_by=cast.officers[0], judged_at=at,
                ).save(force_insert=True)  # fmt: skip


class _copying:
    """COPY is refused by row security; the owner lifts FORCE for this transaction and puts it back before its end."""

    def __enter__(self) -> None:
        self._force("NO FORCE")

    def __exit__(self, failed: object, *rest: object) -> None:
        if failed is None:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self._force("FORCE")

    def _force(self, words: str) -> None:
        with connection.cursor() as cursor:
            for model in ORDER:
                if model is not PersonKey:
                    cursor.execute(f"ALTER TABLE {model._meta.db_table} {words} ROW LEVEL SECURITY")


def _copy(model: type[Model], rows: list[Model]) -> int:
    """COPY of unsaved instances."""
    columns = [field for field in model._meta.concrete_fields if field.column]
    names = ", ".join(f'"{field.column}"' for field in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns])
    return len(rows)


def _let_in() -> None:
    """Opens what providers accepted or were offered, and the hub's view of cases."""
    reach: list[Any] = []
    with connection.cursor() as cursor:
        cursor.execute(GRANTS)
        cursor.execute(PENDING)
        cursor.execute("SELECT kind, table_name, key_column FROM core_reach")
        reach = cursor.fetchall()
        for kind, table, key in reach:
            cursor.execute(SPREAD.format(table=table, kind=kind, key=key))
        cursor.execute("SELECT restricted_name_by_rule(victim_id, hub_id) FROM restricted_restriction")
        cursor.execute("SELECT rows_spread(kind, subject) FROM core_sealed")


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
