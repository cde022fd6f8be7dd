"""Reporting centres with reports of hate, for tests of wings that may not know who reported."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from alongside.foundation.office.organisations.models import Organisation
from alongside.support.desk.centres.models import Centre, Report
from tests.story import LAST, Story


def centre(story: Story, code: str, *, since: date = date(2025, 1, 1), hub: str = "hub") -> Centre:
    held = story.world.organisations[hub]
    body = Organisation.objects.create(
        code=code, kind="partner", force_id=held.force_id, name=f"Sample {code}", since=date(2024, 1, 1)
    )
    return Centre.objects.create(
        organisation=body, hub_id=held.pk, kind="library", address="1 Sample Street", council="E08000025", since=since,
        poster=code[:6].upper(), lookup=code.encode(), poster_since=LAST,
    )  # fmt: skip


def reports(found: Centre, number: int, *, answered: int | None = None, days_ago: int = 20) -> None:
    at = LAST - timedelta(days=days_ago)
    said: dict[str, Any] = {}
    if answered is not None:
        said = {"state": "CLOSED", "answer": "noted", "answered_at": at + timedelta(days=answered)}
    for _ in range(number):
        Report.objects.create(
            id=uuid4(), reference=uuid4().hex[:12], hub_id=found.hub_id, centre=found, via="poster", received_at=at,
            strands=["race"], kind="crime", whose="me", named=False, support=False, police="no", **said,
        )  # fmt: skip
