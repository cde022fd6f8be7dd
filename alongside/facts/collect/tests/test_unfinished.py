"""A snapshot that could not be finished leaves nothing behind: at once, or by the next night."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Event
from alongside.facts.collect import actions, jobs
from alongside.facts.collect.models import Snapshot
from alongside.facts.measures import actions as kept
from alongside.facts.measures import snapshots
from tests.story import Story


def files(place: Path) -> list[str]:
    return sorted(str(path.relative_to(place)) for path in place.rglob("*"))


@pytest.mark.parametrize("fails", ["keep_file", "publish"])
def test_what_fails_half_way_leaves_no_file(
    story: Story, snapshot_place: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    before = files(snapshot_place)
    asked: list[object] = []

    def breaks(*words: object) -> None:
        asked.append(words)
        if fails == "publish" or len(asked) == 3:
            raise OSError("no room")
        snapshots.keep_file(words[0], f"{words[1].name}.parquet", words[2])  # type: ignore[arg-type, attr-defined]

    monkeypatch.setattr(kept, fails, breaks)
    with pytest.raises(OSError, match="no room"):
        story.snapshot()
    assert files(snapshot_place) == before
    assert not Snapshot.objects.exists()
    monkeypatch.undo()
    assert snapshots.manifest(story.snapshot().code)


def forsaken(place: Path, code: str, *, hours: int) -> None:
    """As a process leaves it that was killed so long ago."""
    (place / code).mkdir(parents=True)
    file = place / code / "cases.parquet"
    file.write_bytes(b"x")
    then = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(file, (then, then))
    os.utime(place / code, (then, then))


def test_the_next_night_clears_away_what_was_left_a_day_ago(
    story: Story, snapshot_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = story.snapshot().code
    forsaken(snapshot_place, "old", hours=25)
    forsaken(snapshot_place, "young", hours=1)
    (snapshot_place / "empty").mkdir()
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)
    monkeypatch.setattr(actions, "write_snapshot", lambda **words: None)
    jobs.write_snapshot.func()
    assert not (snapshot_place / "old").exists() and not (snapshot_place / "empty").exists()
    assert (snapshot_place / "young").exists() and snapshots.manifest(code)
    assert Event.objects.get(name="snapshot.cleared_away").details == {"codes": ["empty", "old"]}


def test_rows_on_their_way_are_cleared_away_too(db: None, snapshot_place: Path, tmp_path: Path) -> None:
    within = tmp_path / "tmp"
    for name, hours in ((f"{actions.PREFIX}old", 25), (f"{actions.PREFIX}young", 1), ("another", 25)):
        forsaken(within, name, hours=hours)
    assert actions.clear_away(by=SYSTEM_ACTOR, at=timezone.now(), within=within) == 0
    assert sorted(path.name for path in within.iterdir()) == [f"{actions.PREFIX}young", "another"]


def test_where_nothing_was_ever_written_nothing_is_cleared(db: None, snapshot_place: Path) -> None:
    snapshot_place.rename(snapshot_place.parent / "gone") if snapshot_place.exists() else None
    assert actions.clear_away(by=SYSTEM_ACTOR, at=timezone.now()) == 0
    kept.discard("nothing")
    assert not Event.objects.filter(name="snapshot.cleared_away").exists()
