"""A night's snapshot goes after five weeks; a quarter's first and one that is needed stay, and one that is a base."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.facts.collect import actions, jobs
from alongside.facts.collect.models import Snapshot
from alongside.facts.measures import actions as kept
from alongside.facts.measures import queries, snapshots
from alongside.facts.measures.models import TABLES
from tests.story import DAY, LAST, Story

pytestmark = pytest.mark.django_db
LATER = LAST + 60 * DAY
Capture = Callable[..., AbstractContextManager[object]]


def left(place: Path) -> set[str]:
    return {path.parent.name for path in place.glob("*/manifest.json")}


def codes(story: Story, *days: int) -> list[str]:
    return [story.snapshot(LAST + day * DAY).code for day in days]


def test_what_nothing_keeps_goes_with_its_key(
    story: Story, snapshot_place: Path, django_capture_on_commit_callbacks: Capture
) -> None:
    def gone() -> list[str]:
        with django_capture_on_commit_callbacks(execute=True):
            found = actions.discard(by=SYSTEM_ACTOR, at=LATER)
        snapshots.forget()
        return sorted(found)

    story.referral()
    first, night, needed, base, latest = codes(story, -70, 0, 1, 8, 9)
    kept.need(needed, "return")
    kept.need(needed, "return")
    told = {each.manifest.code: (str(each.why), each.needed, each.until is None) for each in queries.kept(LATER.date())}
    assert told == {
        first: ("quarter", (), False), night: ("night", (), False), needed: ("needed", ("return",), False),
        base: ("night", (), False), latest: ("latest", (), True),
    }  # fmt: skip
    assert gone() == [night], "the base is past its time as well, but others are made of it"
    more, still = codes(story, 16, 17)
    assert Snapshot.objects.get(since_xid__isnull=False).code == more
    assert gone() == [base, latest]
    assert left(snapshot_place) == {first, needed, more, still}
    assert not Snapshot.objects.filter(code__in=(night, base, latest)).exclude(sealed_key=b"").exists()
    assert Event.objects.filter(name="snapshot.discarded").count() == 3
    with pytest.raises(RuleBroken, match="no snapshot called"):
        snapshots.manifest(base)


def test_a_snapshot_that_is_asked_for_is_written_once_and_says_how_far_it_is(
    story: Story, snapshot_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.referral()
    told, made, note = [], uuid7(), snapshots.note_making

    def noting(words: dict[str, object]) -> None:
        note(words)
        told.append(queries.making(timezone.now()))

    monkeypatch.setattr(snapshots, "note_making", noting)
    for _ in range(2):
        jobs.write_asked(event=str(uuid7()), subject=str(made))
    assert [UUID(str(pk)) for pk in Snapshot.objects.values_list("pk", flat=True)] == [made]
    assert told == [(done, len(TABLES)) for done in range(len(TABLES) + 1)]
    assert queries.making(timezone.now()) is None


def test_nobody_is_told_of_what_stands_still(story: Story, snapshot_place: Path) -> None:
    at = datetime(2026, 9, 1, tzinfo=UTC)
    kept.note_progress(3, 12, at=at)
    assert queries.making(at + timedelta(minutes=9)) == (3, 12)
    assert queries.making(at + timedelta(minutes=11)) is None
