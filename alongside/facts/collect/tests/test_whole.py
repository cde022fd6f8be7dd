"""Where what is added to could differ from a whole snapshot a whole one is made, and it says why."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from alongside.facts.collect import changes, extract, queries
from alongside.facts.collect.extract import FOLDER
from alongside.facts.collect.models import Snapshot, Touched
from alongside.facts.measures import snapshots
from alongside.foundation.office.organisations.models import Force, Organisation
from tests.story import DAY, LAST, Story

pytestmark = pytest.mark.django_db
Place = Path
ASKED, DAYS = re.compile(r"(\w+) <= :as_at"), re.compile(r"DAY\((.*?)\)")
Happens = Callable[[Snapshot, Place, pytest.MonkeyPatch], object]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def other_program(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    patched.setattr(extract, "version", lambda: "another")


def file_lost(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    (place / base.code / "cases.ids").unlink()


def file_altered(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    with (place / base.code / "cases.parquet").open("ab") as file:
        file.write(b"x")


def key_destroyed(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    Snapshot.objects.filter(pk=base.pk).update(sealed_key=b"")


def loaded_from_a_copy(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    mark = Touched.objects.get(record=base.pk, kind="mark")
    Touched.objects.filter(pk=mark.pk).update(at_xid=mark.at_xid + 7)


def marks_lost(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    Touched.objects.all().delete()


def another_step(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    patched.setattr(queries, "improvement_step", lambda on: 2.0)


def a_code_less(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    told = queries.labels
    patched.setattr(queries, "labels", lambda on: {**told(on), "sex": {}})


def column_added(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    run("ALTER TABLE casework_need ADD COLUMN more int")


def triggers_off(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    run("ALTER TABLE casework_need DISABLE TRIGGER collect_touch_insert")
    run("ALTER TABLE casework_need ENABLE TRIGGER collect_touch_insert")


def place_moved(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    hub = Organisation.objects.filter(kind="hub").exclude(force=None)[0]
    Organisation.objects.filter(pk=hub.pk).update(force=Force.objects.exclude(pk=hub.force_id)[0])


def emptied(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    Touched.objects.create(at_xid=2**60, kind="all")


def too_much(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    patched.setattr(changes, "MOST", -1)


def another_calendar(base: Snapshot, place: Place, patched: pytest.MonkeyPatch) -> None:
    base.made_by["terms"]["calendar"] = "another"
    base.save(update_fields=["made_by"])


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (other_program, "program"), (file_lost, "gone"), (file_altered, "not the one"), (key_destroyed, "key"),
        (loaded_from_a_copy, "copy"), (marks_lost, "copy"), (another_step, "rulebook"), (a_code_less, "list of codes"),
        (column_added, "tables were changed"), (triggers_off, "stood still"), (place_moved, "another code"),
        (emptied, "emptied"), (too_much, "so much"), (another_calendar, "working days"),
    ],
)  # fmt: skip
def test_a_whole_one_is_made_where_it_could_differ(
    story: Story, snapshot_place: Path, monkeypatch: pytest.MonkeyPatch, happens: Happens, why: str
) -> None:
    story.contact(story.case(story.referral()))
    base = story.snapshot()
    connection.check_constraints()
    happens(base, snapshot_place, monkeypatch)
    made = story.snapshot(LAST + DAY)
    assert made.manifest["made_from"] == ""
    assert why in str(made.manifest["whole_why"])
    assert snapshots.manifest(made.code).whole_why == made.manifest["whole_why"]


def test_a_whole_one_is_made_once_a_week_and_for_an_earlier_moment(story: Story) -> None:
    story.referral()
    first = story.snapshot()
    assert "no whole one" in str(first.manifest["whole_why"])
    assert story.snapshot(LAST + 6 * DAY).manifest["made_from"] == first.code
    assert "earlier moment" in str(story.snapshot(LAST - DAY).manifest["whole_why"])
    again = story.snapshot(LAST + 8 * DAY)
    assert again.manifest["whole_why"] == "a whole one is made every 7 days"


def test_the_ids_of_the_last_whole_one_alone_are_kept(story: Story, snapshot_place: Path) -> None:
    story.referral()
    first = story.snapshot()
    assert list((snapshot_place / first.code).glob("*.ids"))
    second = story.snapshot(LAST + 8 * DAY)
    assert not list((snapshot_place / first.code).glob("*.ids"))
    assert list((snapshot_place / second.code).glob("*.ids"))
    assert Snapshot.objects.get(since_xid__isnull=False) == second
    assert Snapshot.objects.get(pk=first.pk).made_by == {}


def test_every_moment_that_a_statement_asks_about_is_looked_at() -> None:
    """What lies after a whole snapshot's moment comes into a later one though nobody writes it again."""
    texts = " ".join(path.read_text() for path in FOLDER.glob("*.sql") if path.stem not in ("reports", "centres"))
    within = " ".join(DAYS.findall(texts))
    asked = {*ASKED.findall(texts), *re.findall(r"\w+_(?:at|on)\b", within)}
    looked_at = {name for moments in changes.MOMENTS.values() for name in moments}
    assert len(asked) > 15
    assert asked - {"first_at"} <= looked_at, "first_at is made of moments that are looked at"
