"""A case that was closed by mistake is closed in no figure that is made once it is open again."""

from pathlib import Path

import pytest

from alongside.facts.collect.tests.test_actions import Rows, read
from alongside.support.cases.casework import actions
from alongside.support.cases.casework.models import Case
from tests.story import DAY, RECEIVED, Story

pytestmark = pytest.mark.django_db
CLOSED = RECEIVED + 10 * DAY


def closings(story: Story, place: Path) -> tuple[Rows, int]:
    """When and why the one case and its referral were closed, and how many outcomes of closed cases there are."""
    code = story.snapshot(CLOSED + 5 * DAY).code
    told = [read(place, code, table)[0] for table in ("cases", "referrals")]
    return [{name: row[name] for name in ("closed_on", "closed_why")} for row in told], len(
        read(place, code, "outcomes")
    )


def test_a_reopened_case_counts_as_open_and_a_corrected_reason_as_corrected(story: Story, snapshot_place: Path) -> None:
    referral = story.referral(state="ACCEPTED")
    case = story.case(referral)
    story.contact(case)
    manager, day = story.world.actor("service_manager"), CLOSED.date()
    actions.close(case, by=manager, at=CLOSED, reason="moved_away", unmeasured_why="lost_contact")
    assert closings(story, snapshot_place) == ([{"closed_on": day, "closed_why": "moved_away"}] * 2, 4)
    actions.correct_closing(case, by=manager, at=CLOSED + DAY, reason="lost_contact")
    assert closings(story, snapshot_place) == ([{"closed_on": day, "closed_why": "lost_contact"}] * 2, 4)
    actions.reopen(case, by=manager, at=CLOSED + 2 * DAY, reason="closed_by_mistake")
    assert closings(story, snapshot_place) == ([{"closed_on": None, "closed_why": ""}] * 2, 0)
    assert Case.objects.get().first_contact_at is not None
