"""A provider with a quarter behind it, a snapshot of its end, and a return that has opened by itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from alongside.commissioning.returns import actions, setting
from alongside.commissioning.returns.models import Return
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.periods import Quarter
from alongside.core.rows.realms import Realm, inside
from tests.story import DAY, RECEIVED, Story
from tests.world import World

QUARTER = Quarter.containing(RECEIVED)
AUTUMN = datetime(2026, 10, 1, 4, 20, tzinfo=UTC)  # the first night after the quarter


@dataclass
class Desk:
    """Who works on a return, each in their own realm."""

    story: Story

    @property
    def world(self) -> World:
        return self.story.world

    def act(self, person: str, verb: str, *about: Any, at: datetime = AUTUMN, **words: Any) -> Any:
        actor = self.world.actor(person)
        with transaction.atomic(), inside(actor.realm, orgs=actor.orgs, user=actor.user_id):
            return getattr(actions if hasattr(actions, verb) else setting, verb)(*about, by=actor, at=at, **words)

    def arrange(self, template: str = "quarterly", size: str = "standard", since: Quarter = QUARTER) -> Any:
        return self.act("commissioning_officer", "arrange", self.world.provider, template=template, size=size,
                        since=since)  # fmt: skip

    def open(self, at: datetime = AUTUMN) -> Return:
        with transaction.atomic(), inside(Realm.WORKER):
            actions.open_quarter(by=SYSTEM_ACTOR, at=at)
        return Return.objects.latest("opened_at")

    def now(self, filing: Return) -> Return:
        return Return.objects.get(pk=filing.pk)

    def answer(self, filing: Return, said: dict[str, dict[str, Any]], person: str = "service_manager") -> Return:
        filing = self.now(filing)
        return self.act(person, "answer", filing, said=said, stamp=filing.stamp)


def tell(story: Story, supported: int = 9, at: datetime = RECEIVED) -> None:
    """So many people supported, whose cases closed in the quarter with outcomes."""
    for _ in range(supported):
        case = story.case(story.referral(at, first_attempt_at=at + DAY))
        story.contact(case)
        story.sitting(case, at + 4 * DAY, health=2.0, coping=3.0, safety=3.0, informed=4.0)
        story.sitting(case, at + 30 * DAY, health=4.0, coping=3.0, safety=1.0, informed=4.0)
        story.close(case, at + 31 * DAY)


@pytest.fixture
def desk(story: Story) -> Desk:
    tell(story)
    story.snapshot(AUTUMN)
    return Desk(story)


@pytest.fixture
def filing(desk: Desk) -> Return:
    desk.arrange()
    return desk.open()
