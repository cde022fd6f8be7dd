"""The messages of the last year: asked for by the hub and the services, and what became of each at the one door."""

from datetime import datetime, timedelta
from random import Random

from alongside.config.demo.world.rows import Writer, Written
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.foundation.office.messages.queries import facts, purpose_of
from alongside.foundation.office.messages.rules import next_safe_moment, why_not_send

YEAR = timedelta(days=365)
REMINDED = 0.035  # of meetings, how many were told of beforehand
ASKED_TO_CALL = 0.04  # of people whom nobody could reach
State = Outgoing.State


class Desk:
    """Asks for messages about the stories of one chapter, as the door would have answered."""

    def __init__(self, writer: Writer, random: Random, *, until: datetime) -> None:
        self.writer, self.random, self.until = writer, random, until

    def write(self) -> None:
        holders = self._holders()
        for one in self.writer.written:
            if all(len(holders[bytes(point.lookup)]) == 1 for point in one.points):
                self._reminders(one)
                self._please_call(one)

    def _holders(self) -> dict[bytes, set[object]]:
        """Who has each number or mailbox: the door stops what would go to one that two people have."""
        found: dict[bytes, set[object]] = {}
        for one in self.writer.written:
            for point in one.points:
                found.setdefault(bytes(point.lookup), set()).add(point.person_id)
        return found

    def _reminders(self, one: Written) -> None:
        """A service tells of the next meeting; whoever meets soon may have one waiting for a safe hour."""
        support, point = one.story.support, next((point for point in one.points if point.verified_at), None)
        if support is None or point is None:
            return
        provider = support.attempt.service.provider_id or 0
        for met in support.contacts[1:]:
            if met > self.until - YEAR and self.random.random() < REMINDED:
                self._ask(one, point, "appointment", provider, met - timedelta(hours=self.random.randint(20, 44)))
        if support.closed_at is None and self.random.random() < REMINDED:
            lately = self.until - timedelta(minutes=self.random.randint(60, 540))
            self._ask(one, point, "we_will_call", provider, lately)

    def _please_call(self, one: Written) -> None:
        """The hub would have liked to send word to somebody whom it could not reach; nothing was confirmed as safe."""
        tried = [at for at, reached in one.story.attempts if not reached]
        if one.story.reached_at or not tried or self.random.random() > ASKED_TO_CALL or tried[-1] < self.until - YEAR:
            return
        first = min(one.points, key=lambda point: (point.safe != "yes", point.safe == "no"))
        why = why_not_send(facts(first, shared=False), at=tried[-1])
        self._put(one, None, "call_us", self.writer.cast.hub.pk, tried[-1] + timedelta(minutes=9), why=why)

    def _ask(self, one: Written, point: ContactPoint, template: str, organisation: int, at: datetime) -> None:
        moment = next_safe_moment(at, point.safe_times)
        if moment is not None:
            self._put(one, point, template, organisation, at, moment=moment)

    def _put(
        self, one: Written, point: ContactPoint | None, template: str, organisation: int, at: datetime, *,
        moment: datetime | None = None, why: str = "",
    ) -> None:  # fmt: skip
        waits = moment is not None and moment >= self.until
        state = State.REFUSED if point is None else State.WAITING if waits else State.SENT
        item = Outgoing(
            person_id=one.victim_id, recorded_by=organisation, contact_point=point, template=template,
            purpose=purpose_of(template), state=state, refused_why=why, asked_at=at, not_before=moment,
            sent_at=moment if state == State.SENT else None,
        )  # fmt: skip
        if state == State.SENT:
            item.gateway_id = f"sample:{item.pk}"
        self.writer.add(item)
        self.writer.event(f"message.{'asked' if point else 'refused'}", item.pk, at, organisation, None)
