"""A snapshot holds what had happened and no identity; it never changes; its key is destroyed in the end."""

import hashlib
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.periods import Quarter
from alongside.core.privacy import crypt
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.facts.collect import actions, jobs, rules
from alongside.facts.collect.models import Snapshot
from alongside.facts.measures import actions as kept
from alongside.facts.measures import queries as measures
from alongside.facts.measures import snapshots
from alongside.facts.measures.models import TABLES
from alongside.facts.measures.rules import Audience
from alongside.support.people.victims.models import SamePerson, Victim
from tests.story import CANARIES, DAY, LAST, RECEIVED, Story

Rows = list[dict[str, object]]


def read(place: Path, code: str, table: str) -> Rows:
    found = duckdb.connect(":memory:").execute(f"SELECT * FROM read_parquet('{place / code / table}.parquet')")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def whole_story(story: Story) -> None:
    referral = story.referral(first_attempt_at=RECEIVED + DAY)
    case = story.case(referral)
    story.contact(case, reached=False)
    story.contact(case)
    story.sitting(case, RECEIVED + 4 * DAY, health=2.0, coping=3.0, safety=None, informed=4.0)
    story.sitting(case, RECEIVED + 30 * DAY, health=4.0, coping=3.5, safety=4.0, informed=2.5)
    story.session(case, RECEIVED + 5 * DAY)
    story.session(case, RECEIVED + 6 * DAY, "MISSED")
    story.group(case, RECEIVED + 7 * DAY, "came")
    story.need(case, "money", RECEIVED + 4 * DAY, "MET", RECEIVED + 29 * DAY)
    story.risk(case, "high", RECEIVED + 4 * DAY)
    story.risk(case, "medium", RECEIVED + 29 * DAY)
    story.help(case, RECEIVED + 8 * DAY, paid_on=(RECEIVED + 9 * DAY).date())
    story.wait(case, (RECEIVED + 3 * DAY).date(), started=RECEIVED + 5 * DAY)
    story.close(case, RECEIVED + 31 * DAY)
    story.offer(story.referral(source="self", reported=False, reported_at=None), "neighbour")
    story.referral(hub="far_hub", council="E06000063")


def test_a_snapshot_tells_one_row_a_referral_offer_case_contact_and_outcome(story: Story, snapshot_place: Path) -> None:
    whole_story(story)
    code = story.snapshot().code
    counts = {table.name: len(read(snapshot_place, code, table.name)) for table in TABLES}
    assert counts == {
        "referrals": 3, "offers": 2, "cases": 1, "contacts": 1, "outcomes": 4, "reports": 0, "centres": 0,
        "sessions": 3, "needs": 1, "risks": 2, "helps": 1, "waits": 1,
    }  # fmt: skip
    case = read(snapshot_place, code, "cases")[0]
    assert (case["provider"], case["service"]) == ("test-provider", "test-provider-support")
    assert (case["contacts"], case["attempts"], case["council"], case["area"]) == (
        2,
        1,
        "E08000031",
        "west-midlands",
    )
    assert case["age_band"] == "35_to_44"
    results = {row["outcome"]: row["result"] for row in read(snapshot_place, code, "outcomes")}
    assert results == {"health": "improved", "coping": "same", "safety": "not_measured", "informed": "worse"}


def test_clocks_are_whole_working_days_and_waits_whole_days(story: Story, snapshot_place: Path) -> None:
    story.case(story.referral(reported_at=RECEIVED - 3 * DAY, first_attempt_at=RECEIVED + 7 * DAY))
    story.contact(story.case(story.referral(reported_at=None, source="partner")), RECEIVED + 5 * DAY)
    rows = read(snapshot_place, story.snapshot().code, "referrals")
    police, partner = (next(row for row in rows if row["source"] == source) for source in ("police_feed", "partner"))
    assert (police["working_days_to_receipt"], police["working_days_to_attempt"]) == (1, 5)
    assert police["from_police"]
    assert police["days_to_first_contact"] is police["working_days_unattempted"] is None
    assert (partner["days_to_first_contact"], partner["working_days_to_receipt"]) == (5, None)
    assert partner["working_days_unattempted"] == 49


def test_what_happened_after_the_moment_has_not_happened(story: Story, snapshot_place: Path) -> None:
    whole_story(story)
    code = story.snapshot(as_at=RECEIVED + timedelta(hours=60)).code
    assert [row["contacts"] for row in read(snapshot_place, code, "cases")] == [0]
    assert read(snapshot_place, code, "outcomes") == read(snapshot_place, code, "contacts") == []
    case = read(snapshot_place, code, "cases")[0]
    assert case["closed_on"] is case["first_contact_on"] is None
    assert case["closed_why"] == ""


def test_not_knowing_whether_it_was_reported_is_neither_yes_nor_no(story: Story, snapshot_place: Path) -> None:
    for reported, why in ((True, ""), (False, "private"), (False, "not_known")):
        story.referral(source="partner", reported=reported, why_not_reported=why)
    rows = read(snapshot_place, story.snapshot().code, "referrals")
    assert sorted(str(row["reported"]) for row in rows) == ["False", "None", "True"]


def test_no_identity_of_anybody_is_in_any_byte_of_a_snapshot(story: Story, snapshot_place: Path) -> None:
    whole_story(story)
    story.referral(crime_type="Canary was here")
    story.snapshot()
    searched = 0
    for path in [each for each in snapshot_place.rglob("*") if each.is_file()]:
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += repr(read(snapshot_place, path.parent.name, path.stem)).encode()
        for word in (*CANARIES, *story.hidden):
            assert word.encode() not in content, (path.name, word)
            searched += 1
    assert searched > 100
    assert any(
        row["crime_type"] == "not_listed" for row in read(snapshot_place, Snapshot.objects.get().code, "referrals")
    )


def test_pseudonyms_are_keyed_and_one_person_has_one(story: Story, snapshot_place: Path) -> None:
    left, right, other = story.many(3)
    SamePerson.objects.create(
        id=left.pk, hub_id=left.hub_id, left=left.victim, right=right.victim, judgement="same",
        judged_by=story.world.people["hub_manager"].pk, judged_at=RECEIVED,
    )  # fmt: skip
    first, second = story.snapshot(), story.snapshot()
    people = [row["person"] for row in read(snapshot_place, first.code, "referrals")]
    assert len(set(people)) == 2
    assert not set(people) & {row["person"] for row in read(snapshot_place, second.code, "referrals")}
    key = crypt.unwrap(first.pk, first.master, bytes(first.sealed_key))
    assert rules.pseudonym(key, "person", other.victim_id) in people


def test_a_witness_is_no_victim_in_any_figure_and_is_counted_apart(story: Story) -> None:
    for kind in ("person", "bereaved", "business", "witness"):
        seen = story.referral()
        Victim.objects.filter(pk=seen.victim_id).update(kind=kind)
        story.contact(story.case(seen))
    story.snapshot()
    asked: dict[str, Any] = {"quarter": Quarter.parse("2026Q2"), "area": "west-midlands", "audience": Audience.OFFICE}
    names = ("referrals_received", "victims_supported", "witnesses_referred")
    assert [measures.figures(name, **asked)[0].value for name in names] == [3, 3, 1]


def test_a_snapshot_from_before_it_was_asked_holds_victims_alone(story: Story, snapshot_place: Path) -> None:
    story.contact(story.case(story.referral()))
    code = story.snapshot().code
    path, manifest = snapshot_place / code / "referrals.parquet", snapshot_place / code / "manifest.json"
    old = path.with_suffix(".old")
    duckdb.sql(f"COPY (SELECT * EXCLUDE witness FROM read_parquet('{path}')) TO '{old}' (FORMAT parquet)")
    told = json.loads(manifest.read_text())
    told["files"]["referrals"]["sha256"] = hashlib.sha256(old.read_bytes()).hexdigest()
    old.replace(path)
    manifest.write_text(json.dumps(told))
    snapshots._opened.cache_clear()
    snapshots._manifest.cache_clear()
    assert snapshots.cursor(code).execute("SELECT witness FROM referrals").fetchall() == [(False,)]


def test_continuing_is_said_of_an_earlier_contact_by_the_same_provider(story: Story, snapshot_place: Path) -> None:
    before = story.case(story.referral(RECEIVED - 30 * DAY))
    story.contact(before)
    story.contact(before, RECEIVED + DAY)
    elsewhere = story.case(story.referral(victim=before.victim), "neighbour")
    story.contact(elsewhere)
    rows = read(snapshot_place, story.snapshot().code, "contacts")
    assert [(row["provider"], row["first_on"] >= RECEIVED.date(), row["continuing"]) for row in rows] == [  # type: ignore[operator]
        ("test-provider", False, False), ("test-provider", True, True), ("test-neighbour", True, False),
    ]  # fmt: skip


def test_the_manifest_says_what_was_written_and_the_files_agree(story: Story, snapshot_place: Path) -> None:
    whole_story(story)
    snapshot = story.snapshot()
    manifest = json.loads((snapshot_place / snapshot.code / "manifest.json").read_text())
    assert json.loads((snapshot_place / "latest.json").read_text()) == {"code": snapshot.code}
    for name, record in manifest["files"].items():
        content = (snapshot_place / snapshot.code / f"{name}.parquet").read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (record["sha256"], record["bytes"])
    assert manifest["labels"]["provider"]["test-provider"] == "Lantern Sample Charity"
    assert snapshot.manifest["files"]["referrals"]["rows"] == 3
    assert Event.objects.get(name="snapshot.written").details["rows"]["cases"] == 1


def test_a_snapshot_never_changes(story: Story, snapshot_place: Path) -> None:
    snapshot = story.snapshot()
    with pytest.raises(RuleBroken, match="never changes"):
        kept.keep_file(snapshot.code, TABLES[0], snapshot_place / "latest.json")


def test_an_earlier_moment_does_not_become_the_one_that_pages_show(story: Story) -> None:
    newest = story.snapshot()
    story.snapshot(as_at=LAST - 30 * DAY)
    found = snapshots.latest()
    assert found is not None
    assert found.code == newest.code
    assert [manifest.as_at for manifest in snapshots.listed()] == [LAST, LAST - 30 * DAY]


def test_a_snapshot_of_the_future_is_refused(story: Story) -> None:
    with pytest.raises(RuleBroken, match="has not come"):
        actions.write_snapshot(by=SYSTEM_ACTOR, at=LAST, as_at=LAST + DAY)


def test_the_worker_alone_may_write_one(story: Story) -> None:
    whole_story(story)
    with realms.inside(Realm.WORKER):
        assert story.snapshot().manifest["files"]["cases"]["rows"] == 1
    for realm in (Realm.HUB, Realm.PROVIDER, Realm.COMMISSIONING):
        with pytest.raises(ProgrammingError), transaction.atomic(), realms.inside(realm):
            story.snapshot()


def test_a_key_is_destroyed_when_its_time_is_over(story: Story) -> None:
    snapshot = story.snapshot()
    assert snapshot.expires_on is not None
    assert actions.expire(by=SYSTEM_ACTOR, at=LAST, on=snapshot.expires_on - DAY) == []
    assert actions.expire(by=SYSTEM_ACTOR, at=LAST, on=snapshot.expires_on) == [snapshot.pk]
    assert bytes(Snapshot.objects.get().sealed_key) == b""
    assert actions.expire(by=SYSTEM_ACTOR, at=LAST, on=snapshot.expires_on) == []


def test_a_snapshot_opens_after_its_master_key_was_rotated_and_retired(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = tmp_path / "keys.json"
    ring.write_text(str(settings.KEY_RING))
    monkeypatch.setattr(settings, "KEY_RING", None)
    monkeypatch.setattr(settings, "KEY_RING_FILE", ring)
    crypt.ring.cache_clear()
    kept, over = story.snapshot(), story.snapshot()
    Snapshot.objects.filter(pk=over.pk).update(sealed_key=b"")
    key = crypt.unwrap(kept.pk, kept.master, bytes(kept.sealed_key))
    for what in ("rotate", "reseal", "retire"):
        call_command("keys", what)
    assert list(crypt.ring().keys) == ["k2"]
    kept.refresh_from_db()
    assert (kept.master, crypt.unwrap(kept.pk, kept.master, bytes(kept.sealed_key))) == ("k2", key)
    assert bytes(Snapshot.objects.get(pk=over.pk).sealed_key) == b""
    crypt.ring.cache_clear()


def test_the_nightly_job_writes_once_a_night(story: Story) -> None:
    jobs.write_snapshot()
    jobs.write_snapshot()
    jobs.expire()
    assert Snapshot.objects.count() == 1


def test_the_command_writes_one_and_says_how_much(story: Story) -> None:
    whole_story(story)
    said = StringIO()
    call_command("snapshot", "--as-at", "2026-09-14", "--json", stdout=said)
    manifest = json.loads(said.getvalue())
    assert manifest["files"]["referrals"]["rows"] == 3
    assert manifest["as_at"].startswith("2026-09-14T23:59")
    said = StringIO()
    call_command("snapshot", "--as-at", "2026-09-14T12:00:00+01:00", stdout=said)
    assert "referrals: 3 rows" in said.getvalue()
    with pytest.raises(CommandError, match="not a day"):
        call_command("snapshot", "--as-at", "yesterday")
