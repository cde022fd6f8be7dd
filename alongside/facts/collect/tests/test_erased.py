"""A figure does not shrink when those whom it counted are erased: nobody is in it, and it still adds up."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.facts.collect.tests.test_actions import Rows, read
from alongside.facts.measures.models import TABLES
from alongside.support.keeping.retention import actions
from alongside.support.people.victims.models import Victim
from tests.story import DAY, RECEIVED, Story

pytestmark = pytest.mark.django_db
CLOSED, LATE = RECEIVED + 10 * DAY, RECEIVED + timedelta(weeks=60)
KEYS = {"referral", "person", "offer", "case_key"}


def rows(story: Story, place: Path) -> dict[str, Rows]:
    """Everything that a snapshot of one moment holds, without its keys."""
    code = story.snapshot(LATE).code
    return {
        table.name: sorted(
            ({name: cell for name, cell in row.items() if name not in KEYS} for row in read(place, code, table.name)),
            key=str,
        )
        for table in TABLES
    }


def test_what_led_to_no_support_is_counted_after_its_erasure_as_before(story: Story, snapshot_place: Path) -> None:
    referral = story.referral(first_attempt_at=RECEIVED + DAY, first_contact_at=RECEIVED + 2 * DAY, high_risk=True)
    story.offer(referral, state="DECLINED", answered_at=CLOSED - DAY, declined_why="capacity")
    story.close_referral(referral, CLOSED, "victim_declined")
    unknown = story.referral(source="self", reported=False, reported_at=None, why_not_reported="not_known")
    story.close_referral(unknown, CLOSED, "not_reached")
    before = rows(story, snapshot_place)
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.erase_night(by=SYSTEM_ACTOR, at=LATE).erased == {"no_take_up": 1, "not_reached": 1}
    assert not Victim.objects.exclude(visible_orgs=[]).exists()
    assert rows(story, snapshot_place) == before
