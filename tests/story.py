"""A small story told straight into the tables: referrals, offers, cases, contacts, answers, and canaries.

Every identity in it holds the word Canary or a number that nothing else holds, so that a leak can be found.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from pytest_django import Settings

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.facts.collect import actions
from alongside.facts.collect.models import Snapshot
from alongside.facts.measures import queries as measures
from alongside.facts.measures import snapshots
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.referrals.models import NeedsAssessment, Offer, Referral
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.casework.models import Case, Contact, Need
from alongside.support.cases.groups.models import Group, Mark, Meeting, Member
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.practical.models import Fund, Request
from alongside.support.cases.risk.models import Sitting
from alongside.support.cases.waiting.models import Entry, WaitingList
from alongside.support.people.victims.models import SamePerson, Victim
from tests.world import World

RECEIVED = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)  # a Monday of 2026Q2
LAST = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CANARIES = ("Canary", "07700900", "canary@", "WV1 1CN", "AL-CNRY", "SRC-CANARY")
_numbers = count(1)


@dataclass
class Story:
    """Makes rows as their owner would; every method returns what it made."""

    world: World
    services: dict[str, Service] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)

    def service(self, place: str = "provider") -> Service:
        if place not in self.services:
            organisation = self.provider(place)
            self.services[place] = Service.objects.create(
                provider=organisation, code=f"{organisation.code}-support", updated_at=RECEIVED,
                name=f"{organisation.name} support",
            )  # fmt: skip
        return self.services[place]

    def victim(self, hub: str = "hub", **words: object) -> Victim:
        number = next(_numbers)
        victim = Victim(
            hub_id=getattr(self.world, hub).pk, given_name=f"Canary{number}", family_name="Canaryson",
            name_key=f"canary{number} canaryson", birth_date=date(1991, 2, 3), created_at=RECEIVED, **words,
        )  # fmt: skip
        fields.write(victim, access_needs="Canary needs")
        victim.save(force_insert=True)
        self.hidden += [str(victim.pk), victim.pk.hex, victim.given_name]
        return victim

    def referral(self, at: datetime = RECEIVED, hub: str = "hub", **words: object) -> Referral:
        number = next(_numbers)
        victim = words.pop("victim", None) or self.victim(hub)
        assert isinstance(victim, Victim)
        told: dict[str, object] = {
            "source": "police_feed", "source_ref": f"SRC-CANARY-{number}", "crime_type": "burglary",
            "council": "E08000031", "age_at_receipt": 35, "reported_at": at - DAY,
            "source_organisation": self.world.force.pk,
        }  # fmt: skip
        referral = Referral(
            reference=f"AL-CNRY-{number}", hub_id=getattr(self.world, hub).pk, victim=victim, received_at=at,
            attempt_due_at=at + 2 * DAY, offer_due_at=at + 2 * DAY, **{**told, **words},
        )  # fmt: skip
        fields.write(referral, notes="Canary lives at WV1 1CN, 07700900123, canary@alongside.example")
        referral.save(force_insert=True)
        self.hidden += [str(referral.pk), referral.pk.hex, referral.reference]
        return referral

    def same(self, left: Victim, right: Victim) -> SamePerson:
        """The hub's judgement that two records are one person."""
        return SamePerson.objects.create(
            id=uuid7(), hub_id=left.hub_id, left=left, right=right, judgement="same", judged_at=RECEIVED,
            judged_by=self.world.people["hub_manager"].pk,
        )  # fmt: skip

    def provider(self, place: str) -> Organisation:
        return getattr(self.world, place)

    def offer(self, referral: Referral, place: str = "provider", at: datetime | None = None, **words: object) -> Offer:
        at = at or referral.received_at + DAY
        service = self.service(place)
        referral.first_offer_at = referral.first_offer_at or at
        referral.save(update_fields=["first_offer_at"])
        return Offer.objects.create(
            referral_id=referral.pk, victim_id=referral.victim_id, hub_id=referral.hub_id, service=service,
            provider=self.provider(place), crime_type=referral.crime_type, council=referral.council,
            offered_at=at, **words,
        )  # fmt: skip

    def case(self, referral: Referral, place: str = "provider", **words: object) -> Case:
        """An offer that was accepted the day after it was made, and its case."""
        offer = self.offer(referral, place, state="ACCEPTED", answered_at=referral.received_at + 2 * DAY)
        service = self.service(place)
        case = Case.objects.create(
            reference=f"CNRY-{next(_numbers)}", provider=self.provider(place), hub_id=referral.hub_id,
            service=service, referral=referral, victim=referral.victim, offer_id=offer.pk,
            crime_type=referral.crime_type, accepted_at=referral.received_at + 2 * DAY, **words,
        )  # fmt: skip
        self.hidden += [str(case.pk), case.reference]
        return case

    def contact(self, case: Case, at: datetime | None = None, *, reached: bool = True) -> Contact:
        at = at or case.accepted_at + DAY
        if reached and (case.first_contact_at is None or at < case.first_contact_at):
            case.first_contact_at = at
            case.save(update_fields=["first_contact_at"])
        contact = Contact(
            case=case, victim_id=case.victim_id, channel="phone", result="spoke" if reached else "no_answer",
            reached=reached, happened_at=at, recorded_at=at,
        )  # fmt: skip
        fields.write(contact, note="Canary words")
        contact.save(force_insert=True)
        return contact

    def sitting(self, case: Case, at: datetime, **scores: float | None) -> Assessment:
        return Assessment.objects.create(
            case_id=case.pk, provider_id=case.provider_id, stage="review", question_set="adult",
            set_version=1, scores=scores, assessed_at=at,
        )  # fmt: skip

    def assessed(self, referral: Referral, at: datetime) -> NeedsAssessment:
        assessment = NeedsAssessment(referral=referral, victim_id=referral.victim_id, assessed_at=at)
        fields.write(assessment, reason="Canary words")
        assessment.save(force_insert=True)
        return assessment

    def session(self, case: Case, at: datetime, state: str = "HELD", kind: str = "session") -> Appointment:
        """An appointment that was settled an hour after it began."""
        told: dict[str, object] = {}
        if state == "HELD":
            told = {"contact_id": self.contact(case, at).pk, "minutes": 50}
        appointment = Appointment(
            case=case, victim_id=case.victim_id, provider_id=case.provider_id, kind=kind, kind_ref=kind,
            starts_at=at, ends_at=at + timedelta(hours=1), place="ours", state=state, planned_at=case.accepted_at,
            settled_at=at + timedelta(hours=1), **told,
        )  # fmt: skip
        fields.write(appointment, whereabouts="Canary house", note="Canary words", booking="Canary")
        appointment.save(force_insert=True)
        return appointment

    def group(self, case: Case, at: datetime, mark: str) -> Mark:
        """A meeting of a group of its own, with this person's mark in the register."""
        group = Group.objects.create(
            provider_id=case.provider_id, service=case.service, kind="group", kind_ref="group", name="Canary group",
            starts_on=at.date(), places=8, place="ours", made_at=at,
        )  # fmt: skip
        meeting = Meeting(group=group, provider_id=case.provider_id, starts_at=at, ends_at=at + timedelta(hours=1))
        meeting.planned_at = at
        fields.write(meeting, note="Canary words")
        meeting.save(force_insert=True)
        member = Member.objects.create(
            group=group, case=case, victim_id=case.victim_id, state="IN", asked_at=at, joined_at=at
        )
        found = Mark(meeting=meeting, member=member, case=case, victim_id=case.victim_id, mark=mark, marked_at=at)
        fields.write(found, note="Canary words")
        found.save(force_insert=True)
        return found

    def need(
        self, case: Case, code: str, at: datetime, state: str = "OPEN", settled_at: datetime | None = None
    ) -> Need:
        need = Need(case=case, victim_id=case.victim_id, code=code, state=state, found_at=at, settled_at=settled_at)
        fields.write(need, goal="Canary sleeps again")
        need.save(force_insert=True)
        return need

    def risk(self, case: Case, level: str, at: datetime) -> Sitting:
        sitting = Sitting(
            case=case, victim_id=case.victim_id, kind="domestic_abuse", set_code="domestic_abuse", set_version=1,
            state="DONE", score=9, reckoned=level, level=level, begun_at=at, saved_at=at, done_at=at,
        )  # fmt: skip
        fields.write(sitting, comments="Canary words", judgement="Canary words")
        sitting.save(force_insert=True)
        return sitting

    def help(self, case: Case, at: datetime, pence: int = 4_500, *, paid_on: date | None = None) -> Request:
        fund, _ = Fund.objects.get_or_create(
            organisation=case.provider, name="Canary fund", defaults={"kinds": ["locks"], "opened_at": at}
        )
        request = Request(
            case=case, victim_id=case.victim_id, fund=fund, number=f"C-{next(_numbers)}", kind="locks", rule="locks",
            pence=pence, how="supplier", asked_at=at, state="PAID" if paid_on else "ASKED", paid_on=paid_on,
            paid_pence=pence if paid_on else 0,
        )  # fmt: skip
        fields.write(request, what="Canary's door", receipt="Canary locks", file="Canary")
        request.save(force_insert=True)
        return request

    def wait(self, case: Case, joined: date, *, started: datetime | None = None, left: datetime | None = None) -> Entry:
        waiting, _ = WaitingList.objects.get_or_create(
            provider=case.provider, service=case.service, modality="counselling",
            defaults={"review_weeks": 8, "contact_weeks": 4, "answer_days": 7, "declines_talk": 2,
                      "made_at": RECEIVED},
        )  # fmt: skip
        return Entry.objects.create(
            list=waiting, case=case, victim_id=case.victim_id, joined_on=joined, need="some",
            state="LEFT" if left else "STARTED" if started else "WAITING", started_at=started, ended_at=left,
            review_due_on=joined, contact_due_on=joined, added_at=case.accepted_at,
        )  # fmt: skip

    def close(self, case: Case, at: datetime, why: str = "support_completed") -> Case:
        case.state, case.closed_at, case.closed_why = Case.State.CLOSED, at, why
        case.save(update_fields=["state", "closed_at", "closed_why"])
        return case

    def close_referral(self, referral: Referral, at: datetime, why: str) -> Referral:
        referral.state, referral.closed_at, referral.closed_why = Referral.State.CLOSED, at, why
        referral.save(update_fields=["state", "closed_at", "closed_why"])
        return referral

    def many(self, number: int, **words: object) -> list[Referral]:
        return [self.referral(**words) for _ in range(number)]  # type: ignore[arg-type]

    def snapshot(self, as_at: datetime = LAST) -> Snapshot:
        return actions.write_snapshot(by=SYSTEM_ACTOR, at=max(as_at, LAST), as_at=as_at)

    def nine(self) -> None:
        """Nine referrals that a reader can count, and a snapshot of them."""
        for number in range(3):
            case = self.case(self.referral(first_attempt_at=RECEIVED + DAY))
            self.contact(case, RECEIVED + (3 + number) * DAY)
            self.sitting(case, RECEIVED + 4 * DAY, health=2.0, coping=3.0, safety=3.0, informed=4.0)
            if number:
                self.sitting(case, RECEIVED + 30 * DAY, health=4.0, coping=3.0, safety=1.0, informed=None)
            self.close(case, RECEIVED + 31 * DAY)
        self.case(self.referral(reported_at=RECEIVED - 8 * DAY, first_attempt_at=RECEIVED + 5 * DAY))
        self.offer(self.referral(source="self", reported_at=None, source_organisation=None), "neighbour")
        self.close_referral(self.referral(source="partner", reported_at=None), RECEIVED + DAY, "victim_declined")
        self.close_referral(self.referral(), RECEIVED + DAY, "duplicate")
        self.referral(LAST - timedelta(hours=1))
        self.referral(hub="far_hub", council="E06000063")
        self.snapshot()


@pytest.fixture
def story(world: World, snapshot_place: Path) -> Story:
    """A teller of stories, with a place of its own for snapshots."""
    return Story(world)


@pytest.fixture
def snapshot_place(settings: Settings, tmp_path: Path) -> Path:
    """Snapshots and what is worked out from them lie in the test's own folder."""
    place = tmp_path / "snapshots"
    options = {"location": place}
    held = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "snapshots": held}
    settings.VAR = tmp_path
    snapshots.forget()
    measures.counted.cache_clear()
    return place
