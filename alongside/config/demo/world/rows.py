"""Turns stories into rows: every identity field sealed, every free text invented and harmless."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import Model

from alongside.config.demo.world.cast import Cast
from alongside.config.demo.world.meeting import sessions
from alongside.config.demo.world.story import Person, Story, Support, Try
from alongside.core import clocks
from alongside.core.models import Event
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.messages.rules import normalise, windows
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook import rules as rulebook_rules
from alongside.support.arrivals.referrals import rules
from alongside.support.arrivals.referrals.models import Attempt, NeedsAssessment, Offer, Referral, Standing
from alongside.support.arrivals.threads.models import Post
from alongside.support.cases.casework.models import Case, Contact, Need, Step
from alongside.support.cases.notes.models import Note
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes import rules as outcome_rules
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.desk.assessment.models import Detail
from alongside.support.people.victims.models import Agreement, Basis, Victim
from alongside.support.people.victims.rules import age_on, name_key

# How a contact was made, what came of it, and how many minutes it took.
CONTACTS = (
    ("phone", "spoke", (10, 20, 30)), ("phone", "spoke", (15, 25, 40)), ("in_person", "met", (45, 60, 75)),
    ("video", "video", (30, 45, 60)), ("text", "replied", (5,)),
)  # fmt: skip
LEVELS = ("some", "some", "lot", "urgent")
SAID = ("I would like somebody to talk to.", "It keeps going round in my head.", "I just want to feel safe.")
SOME_ARE_ASKED = 0.5
CALLED_AGAIN = 2  # days of attempts in vain; after one more nobody is chased
GOALS = ("Feel safe at home again.", "Sleep through the night.", "Sort out the locks and the rent.",
         "Go back to work.", "Know what happens next.", "See friends again.")  # fmt: skip
STEPS = ("talk through the choices and write down the next one.", "ring the housing officer together.",
         "ask the employer about different hours.", "find out when the locks are changed.",
         "write to the court about a screen.")  # fmt: skip
NOTES = ("Sample note: talked through the plan; calmer than last week.", "Sample note: agreed to call on Tuesday.",
         "Sample note: spoke with the housing officer, with agreement.")  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A story whose rows are written, with the ways to reach its victim."""

    story: Story
    victim_id: UUID
    points: list[ContactPoint]


class Writer:
    """Collects the rows of many stories by model, in an order in which they can be inserted."""

    def __init__(
        self, random: Random, cast: Cast, *, until: datetime, taken: set[str], lean: bool = False
    ) -> None:  # fmt: skip
        on = clocks.london_date(until)
        self.until, self.session = until, rulebook.rule("appointment_kinds", "session", on)
        self.random = random
        self.cast = cast
        self.lean = lean
        self.taken = taken
        self.rows: dict[type[Model], list[Model]] = defaultdict(list)
        self.victims: dict[int, list[UUID]] = defaultdict(list)
        self.written: list[Written] = []
        self.tools = {one.code: one for one in outcomes.tools(on)}
        self.bands = rulebook.current("age_bands", on)

    def add(self, row: Model) -> None:
        self.rows[type(row)].append(row)

    def event(self, name: str, subject: UUID, at: datetime, organisation: int, user: UUID | None) -> None:
        if not self.lean:
            self.add(Event(at=at, name=name, subject=subject, user_id=user, organisation_id=organisation,
                           realm="demo", details={}))  # fmt: skip

    def write(self, told: Story) -> Referral:
        """All rows of one story."""
        victim = self._victim(told.person, told)
        referral = self._referral(told, victim)
        self._attempts(told, referral)
        self._next_attempt(told, referral)
        for attempt in told.tries:
            offer = self._offer(told, attempt, referral)
            if told.support and told.support.attempt is attempt:
                self._case(told, told.support, offer, referral)
        self._standing(told, referral)
        return referral

    def _victim(self, person: Person, told: Story) -> Victim:
        business = told.crime == "business_crime"
        victim = Victim(
            hub_id=self.cast.hub.pk, kind="business" if business else "person",
            given_name="" if business else person.given, family_name="" if business else person.family,
            business_name=f"{person.family} Sample Stores" if business else "",
            name_key=name_key("", f"{person.family} Sample Stores") if business
            else name_key(person.given, person.family),
            birth_date=None if business else person.born, sex=person.sex, ethnicity=person.ethnicity,
            language=person.language, interpreter="no" if person.language == "en" else "unknown",
            council=person.council, created_at=told.received_at,
        )  # fmt: skip
        self.add(crypt.fresh_keys([victim.pk])[0])
        self.add(victim)
        self.victims[person.number].append(victim.pk)
        self.written.append(Written(told, victim.pk, self._points(victim, person, told)))
        self._agreements(victim, told)
        return victim

    def _points(self, victim: Victim, person: Person, told: Story) -> list[ContactPoint]:
        spoken = told.spoken_at
        asked = "email" if person.safe == "no" else "phone"  # whoever was reached said which way is safe
        given = [("phone", person.phone, person.safe)]
        if not self.lean:
            address = ", ".join(part for part in (person.street, person.postcode) if part)
            given += [("email", person.email, "unknown"), ("address", address, "unknown")]
        points = []
        for kind, value, said in given:
            verified = spoken if kind == asked else None
            safe = "yes" if verified else said
            point = ContactPoint(
                person_id=victim.pk, recorded_by=self.cast.hub.pk, kind=kind, safe=safe,
                lookup=crypt.blind(kind, normalise(kind, value)), recorded_at=told.received_at,
                verified_at=verified, verified_how="by voice" if verified else "",
                expires_at=verified + timedelta(days=90) if verified else None,
                safe_times=self.random.choice(["", "", "", "09:00-12:00", "17:00-20:00", "09:30-14:30"]),
            )  # fmt: skip
            fields.write(point, value=value)
            self.add(point)
            points.append(point)
        return points

    def _agreements(self, victim: Victim, told: Story) -> None:
        if self.lean:
            return
        for about, given in (("contact", True), ("support", bool(told.tries))):
            if about == "contact" or told.reached_at:
                self.add(Agreement(victim=victim, about=about, given=given, how=told.source,
                                   recorded_at=told.reached_at or told.received_at))  # fmt: skip
        self.add(
            Basis(victim=victim, purpose="give_support", basis="6(1)(e) public task", recorded_at=told.received_at)
        )

    def _referral(self, told: Story, victim: Victim) -> Referral:
        received = told.received_at
        officer = self.random.choice(self.cast.officers) if told.attempts else None
        police, partner = told.source == "police_feed", told.source == "partner"
        answered = [attempt.answered_at for attempt in told.tries if attempt.accepted]
        source_organisation = self.cast.force.pk if police else self.random.choice(self.cast.partners).pk
        attempt_due, offer_due = rules.due_times(received, attempt_days=2, offer_days=2)
        number = f"{told.person.number}-{received:%y%m%d%H%M%S}-{victim.pk.hex[-6:]}"
        referral = Referral(
            reference=self._reference(number), hub_id=self.cast.hub.pk,
            victim=victim, source=told.source, state=_state(told), reported=told.reported,
            source_organisation=source_organisation if police or partner else None,
            source_ref=f"20SAMPLE/{number}" if police else f"SAMPLE-{number}" if partner else "",
            reported_at=told.reported_at, received_at=received,
            content_hash=hashlib.sha256(number.encode()).digest()[:16] if police else b"",
            attempt_due_at=attempt_due, offer_due_at=offer_due, occurred_from=told.occurred_on,
            offence_code=told.offence, crime_type=told.crime, council=told.person.council,
            age_at_receipt=age_on(told.person.born, received.date()), high_risk=told.high_risk, consent="yes",
            why_not_reported="" if told.reported else self.random.choice(["make_it_worse", "not_believed", "private"]),
            needs=list(told.needs), markers=told.markers, worker=officer,
            taken_at=told.attempts[0][0] if told.attempts else None,
            first_attempt_at=told.attempts[0][0] if told.attempts else None, first_contact_at=told.reached_at,
            first_offer_at=told.tries[0].offered_at if told.tries else None,
            accepted_at=answered[0] if answered else None, closed_at=told.closed_at, closed_why=told.closed_why,
            information_left=told.closed_why in ("not_reached", "victim_declined"),
            returned=bool(told.tries) and bool(told.tries[-1].declined_why),
        )  # fmt: skip
        self.add(referral)
        self.event("referral.received", referral.pk, received, self.cast.hub.pk, None)
        return referral

    def _reference(self, seed: str) -> str:
        """A reference that no other referral has: among a million, a dozen would meet."""
        found = rules.new_reference(hashlib.sha256(seed.encode()).digest())
        if found in self.taken:
            return self._reference(f"{seed}+")
        self.taken.add(found)
        return found

    def _attempts(self, told: Story, referral: Referral) -> None:
        for at, reached in [] if self.lean else told.attempts:
            result = "spoke" if reached else self.random.choice(["no_answer", "no_answer", "message_sent"])
            self.add(Attempt(referral=referral, victim_id=referral.victim_id, channel="phone", result=result,
                             reached=reached, attempted_at=at, attempted_by=referral.worker))  # fmt: skip
        if told.needs and told.reached_at and not self.lean:
            self._assessed(told, referral, told.reached_at)

    def _assessed(self, told: Story, referral: Referral, at: datetime) -> None:
        """A first assessment: how much help in which need, in invented words."""
        own = {"referral": referral, "victim_id": referral.victim_id}
        summary = NeedsAssessment(needs=list(told.needs), vulnerability=told.harder, high_risk=told.high_risk,
                                  assessed_at=at, assessed_by=referral.worker, **own)  # fmt: skip
        chance = Random(referral.reference)  # draws of its own: the stories stay the same
        children = chance.choice(("no", "no", "not_asked", "yes"))
        detail = Detail(
            id=summary.pk, levels={code: chance.choice(LEVELS) for code in told.needs}, children=children,
            children_count=2 if children == "yes" else None, assessed_at=at, **own,
        )  # fmt: skip
        fields.write(detail, said=json.dumps({"needs": dict.fromkeys(told.needs[:1], chance.choice(SAID))}))
        self.add(summary)
        self.add(detail)

    def _next_attempt(self, told: Story, referral: Referral) -> None:
        """Whoever was not reached so far, and has a safe telephone, is called again."""
        phone = self.written[-1].points[0]
        days = {clocks.london_date(at) for at, _ in told.attempts}
        if referral.state != "IN_TRIAGE" or told.reached_at or phone.safe != "yes" or len(days) > CALLED_AGAIN:
            return
        hours = windows(phone.safe_times or "09:00-20:00")
        due = rules.next_window(max(days), hours, gap=1, turn=len(days), at=told.attempts[-1][0])
        referral.next_attempt_at, referral.next_attempt_until = due.starts, due.ends

    def _offer(self, told: Story, attempt: Try, referral: Referral) -> Offer:
        state = "OFFERED" if attempt.answered_at is None else "ACCEPTED" if attempt.accepted else "DECLINED"
        offer = Offer(
            referral_id=referral.pk, victim_id=referral.victim_id, hub_id=self.cast.hub.pk, service=attempt.service,
            provider_id=attempt.service.provider_id or 0, state=state, crime_type=told.crime, council=referral.council,
            age_band=rulebook_rules.age_band(self.bands, referral.age_at_receipt), language=told.person.language,
            needs=list(told.needs), vulnerability=told.harder, markers=told.markers, high_risk=told.high_risk,
            reasons=["It is for this kind of crime."],
            offered_at=attempt.offered_at, offered_by=referral.worker, answered_at=attempt.answered_at,
            declined_why=attempt.declined_why,
        )  # fmt: skip
        self.add(offer)
        self.event("referral.offered", referral.pk, attempt.offered_at, self.cast.hub.pk, referral.worker)
        return offer

    def _case(self, told: Story, support: Support, offer: Offer, referral: Referral) -> None:
        provider = offer.provider_id
        worker = self.random.choice(self.cast.workers[provider]) if support.first_contact_at else None
        accepted = offer.answered_at or offer.offered_at
        case = Case(
            reference=referral.reference, provider_id=provider, hub_id=self.cast.hub.pk, service=offer.service,
            referral=referral, victim_id=referral.victim_id, offer_id=offer.pk, crime_type=told.crime,
            state="CLOSED" if support.closed_at else "OPEN" if support.first_contact_at else "WAITING",
            high_risk=told.high_risk, worker=worker, accepted_at=accepted,
            contact_due_at=clocks.due(accepted, 2), first_attempt_at=support.first_contact_at,
            first_contact_at=support.first_contact_at, started_at=support.first_contact_at,
            last_contact_at=support.contacts[-1] if support.contacts else None, closed_at=support.closed_at,
            closed_why=support.closed_why,
        )  # fmt: skip
        self.add(case)
        self.event("offer.accepted", offer.pk, accepted, provider, worker)
        self._assessments(told, support, case)
        if not self.lean:
            self._work(told, support, case)

    def _assessments(self, told: Story, support: Support, case: Case) -> None:
        asked = self.tools["young_person" if (case.referral.age_at_receipt or 18) < 18 else "adult"]
        sittings = (("first", support.first, support.first_contact_at), ("last", support.last, support.closed_at))
        for stage, given, at in sittings:
            if given is None or at is None:
                continue
            seen: dict[str, int] = defaultdict(int)
            answers: dict[str, int | None] = {}
            for question in asked.questions:
                answers[question.code] = given[question.outcome][min(seen[question.outcome], 1)]
                seen[question.outcome] += 1
            self.add(Assessment(
                case_id=case.pk, provider_id=case.provider_id, victim_id=case.victim_id, stage=stage,
                question_set=asked.code, set_version=asked.version, answers=answers,
                scores=outcome_rules.scores(asked.questions, answers), asked=asked.marks(), step=asked.step,
                higher=asked.higher, in_own_words=True, assessed_at=at, assessed_by=case.worker,
            ))  # fmt: skip

    def _work(self, told: Story, support: Support, case: Case) -> None:
        contacts = []
        for at in support.contacts:
            channel, result, lengths = self.random.choice(CONTACTS)
            contacts.append(Contact(case=case, victim_id=case.victim_id, channel=channel, result=result, reached=True,
                                    minutes=self.random.choice(lengths), happened_at=at, recorded_at=at,
                                    recorded_by=case.worker))  # fmt: skip
        for row in (*contacts, *sessions(case, contacts, self.session, until=self.until)):
            self.add(row)
        for code in told.needs if support.first_contact_at else ():
            self._need(code, support, case)
        if support.contacts:
            note = Note(case=case, victim_id=case.victim_id, written_at=support.contacts[0], written_by=case.worker)
            fields.write(note, words=self.random.choice(NOTES))
            self.add(note)

    def _need(self, code: str, support: Support, case: Case) -> None:
        assert support.first_contact_at is not None
        met = support.closed_at is not None and self.random.random() < 0.8
        need = Need(case=case, victim_id=case.victim_id, code=code, found_at=support.first_contact_at,
                    state="MET" if met else "OPEN", settled_at=support.closed_at if met else None)  # fmt: skip
        fields.write(need, goal=self.random.choice(GOALS))
        self.add(need)
        due_on, number = support.first_contact_at.date() + timedelta(days=14), need.pk.int
        done = [at for at in support.contacts if at.date() >= due_on - timedelta(days=10)]
        step = Step(need=need, case=case, victim_id=case.victim_id, added_at=support.first_contact_at, due_on=due_on,
                    done_at=support.closed_at or (done[0] if done and number % 6 else None))  # fmt: skip
        fields.write(step, what=f"Sample step: {STEPS[number % len(STEPS)]}")
        self.add(step)

    def _standing(self, told: Story, referral: Referral) -> None:
        if referral.source_organisation is None:
            return
        word = rules.status_word(referral.state, contacted=told.reached_at is not None)
        self.add(Standing(id=referral.pk, referral=referral, hub_id=referral.hub_id, reference=referral.reference,
                          source_ref=referral.source_ref,
                          organisation_id=referral.source_organisation, word=word, since=referral.received_at,
                          received_at=referral.received_at))  # fmt: skip
        if referral.source == "partner" and not self.lean:
            self._asked(referral)

    def _asked(self, referral: Referral) -> None:
        """The first time, and then now and again, the hub asks whoever referred; some have answered."""
        chance = Random(referral.reference)
        if self.rows.get(Post) and (chance.random() > SOME_ARE_ASKED or referral.closed_at):
            return
        self.add(crypt.fresh_keys([referral.pk])[0])
        said = [(True, "Did you agree with them that we call?", referral.worker)]
        said += [(False, "Yes, in the mornings.", referral.referred_by)] if chance.random() < SOME_ARE_ASKED else []
        for number, (from_hub, words, who) in enumerate(said, start=1):
            at = referral.received_at + timedelta(minutes=30 * number)
            post = Post(standing_id=referral.pk, from_hub=from_hub, written_at=at, written_by=who)
            fields.write(post, words=words)
            self.add(post)


def _state(told: Story) -> str:
    if told.closed_at:
        return "CLOSED"
    if told.support:
        return "ACCEPTED"
    if told.tries and told.tries[-1].answered_at is None:
        return "OFFERED"
    return "IN_TRIAGE" if told.attempts else "RECEIVED"
