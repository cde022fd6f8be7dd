"""Where what is added to could differ from a whole snapshot a whole one is made, and it says why."""

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from alongside.core.ids import uuid7
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.facts.collect import changes, extract, jobs, queries
from alongside.facts.collect.extract import FOLDER
from alongside.facts.collect.models import Snapshot, Touched
from alongside.facts.collect.tests.test_actions import read
from alongside.facts.measures import snapshots
from alongside.foundation.office.organisations.models import Force, Organisation
from tests.story import DAY, LAST, Story

pytestmark = pytest.mark.django_db
Place = Path
REACHED_BY = ("dbname", "user", "password", "host", "port")
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


def test_the_worker_may_read_all_that_one_is_added_to_from(story: Story) -> None:
    story.contact(story.case(story.referral()))
    with realms.inside(Realm.WORKER):
        base = story.snapshot()
    story.referral()
    with realms.inside(Realm.WORKER):
        added = story.snapshot(LAST + DAY)
    assert added.manifest["made_from"] == base.code
    assert added.manifest["files"]["referrals"]["rows"] == 2
    for realm in (Realm.HUB, Realm.PROVIDER, Realm.COMMISSIONING, Realm.PUBLIC):
        with pytest.raises(ProgrammingError), transaction.atomic(), realms.inside(realm):
            Touched.objects.count()


def asked_for() -> Snapshot:
    """One by the worker's job, in a transaction of its own that sees one moment."""
    made = uuid7()
    jobs.write_asked.func(event=str(uuid7()), subject=str(made))
    return Snapshot.objects.get(pk=made)


@pytest.mark.django_db(transaction=True)
def test_a_write_that_began_before_a_whole_one_and_ended_after_it_is_told_by_the_next(
    story: Story, snapshot_place: Path
) -> None:
    referral = story.referral(crime_type="burglary")
    told = {name: value for name, value in connection.get_connection_params().items() if name in REACHED_BY and value}
    with psycopg.connect(**told) as late:
        late.execute("UPDATE referrals_referral SET crime_type = 'stalking' WHERE id = %s", [referral.pk])
        base = asked_for()
        late.commit()
    added = asked_for()
    assert added.manifest["made_from"] == base.code
    crimes = [read(snapshot_place, each.code, "referrals")[0]["crime_type"] for each in (base, added)]
    assert crimes == ["burglary", "stalking"]
