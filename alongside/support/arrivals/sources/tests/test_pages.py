"""A source is set up by the pages alone, tried on a sample, kept in versions, and read that way from then on."""

import re
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from alongside.core.models import Event
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SourceVersion
from alongside.support.arrivals.feeds.tests.test_actions import load, working
from alongside.support.arrivals.feeds.tests.test_pages import send
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.arrivals.routing.tests.lists import live, rule
from alongside.support.arrivals.sources import actions, jobs
from alongside.support.arrivals.sources.forms import field_of
from alongside.support.arrivals.sources.models import Draft
from alongside.support.arrivals.sources.tests import steps
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _spool(tmp_path: Path, settings: Any) -> None:
    settings.SPOOL = tmp_path / "spool"


@pytest.fixture
def manager(world: World) -> Client:
    return world.client("hub_manager")


def test_another_forces_feed_is_set_up_by_pages_alone_and_its_receipt_adds_up(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    delivery = load(steps.SAMPLE, world.force, AT)
    assert delivery.version == SourceVersion.objects.get()
    assert (delivery.sent, delivery.charset) == (50, "windows-1252")
    assert (delivery.accepted, delivery.duplicate, sum(delivery.held.values())) == (46, 0, 2)
    assert delivery.rejected == {"offence_code:unknown_offence": 1, "phone:bad_phone": 1}
    assert "unlisted_value" not in delivery.warnings
    assert Victim.objects.get(given_name="Zoë").family_name == "Sämpleford"
    assert not Victim.objects.filter(sex="").exists() and not Victim.objects.filter(ethnicity="").exists()
    page = manager.get(f"/feeds/{delivery.pk}/").content.decode()
    assert "Crime system, daily, version 1" in page


def test_the_same_file_under_a_changed_set_up_is_all_with_us_already(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    load(steps.SAMPLE, world.force, AT)
    steps.set_up(manager, world.force)
    again = load(steps.SAMPLE, world.force, AT)
    assert again.version is not None and again.version.number == 2
    assert (again.accepted, again.duplicate, again.held, again.rejected) == (0, 50, {}, {})
    assert Referral.objects.count() == 46
    assert not KeptRow.objects.filter(delivery=again).exists() and again.sent_again.rejected().count() == 2


def test_trying_shows_what_would_become_of_each_row_and_keeps_nothing(world: World, manager: Client) -> None:
    steps.begin(manager, world.force)
    steps.columns(manager)
    answer = steps.codes(manager)
    page = manager.get(answer.headers["Location"]).content.decode()
    assert "Save and read every file this way" in page and "In the sample: the sum of these" in page
    assert page.count(">Rejected</strong>") == 2 and page.count(">Held</strong>") == 2
    assert "Columns of theirs that are not taken: Beat, Status. If one" in page
    assert "Sampleford" not in page and "Sämpleford" not in page
    assert not (Referral.objects.exists() or KeptRow.objects.exists() or Delivery.objects.exists())
    assert not SourceVersion.objects.exists()


def test_a_try_knows_what_is_with_us_already(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    load(steps.SAMPLE, world.force, AT)
    steps.begin(manager, world.force)
    page = manager.get(f"/feeds/sources/{steps.draft().pk}/try-out/").content.decode()
    assert page.count(">With us already</strong>") == 48


def test_crimes_that_are_left_out_are_held(world: World, manager: Client) -> None:
    steps.begin(manager, world.force)
    steps.columns(manager)
    page = manager.get(f"/feeds/sources/{steps.draft().pk}/codes/").content.decode()
    steps.codes(manager, excluded=re.findall(r'name="excluded"[^>]* value="([^"]+)"', page))
    steps.keep(manager)
    delivery = load(steps.SAMPLE, world.force, AT)
    assert (delivery.accepted, delivery.held) == (0, {"crime_type_outside_service": 48})


def test_the_sample_and_the_draft_go_when_it_is_saved_or_stopped(
    world: World, manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    for last in ("keep", "throw-away"):
        steps.begin(manager, world.force)
        (sample,) = configured.SPOOL.iterdir()
        assert sample.stat().st_mode & 0o077 == 0
        steps.columns(manager)
        with django_capture_on_commit_callbacks(execute=True):
            assert manager.post(f"/feeds/sources/{steps.draft().pk}/{last}/").status_code == 302
        assert not Draft.objects.exists() and not list(configured.SPOOL.iterdir())
    assert SourceVersion.objects.count() == 1


def test_beginning_again_drops_what_was_left_half_done(
    world: World, manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    steps.begin(manager, world.force)
    with django_capture_on_commit_callbacks(execute=True):
        steps.begin(manager, world.force)
    assert Draft.objects.count() == len(list(configured.SPOOL.iterdir())) == 1


def test_what_nobody_finished_is_forgotten_after_two_days(
    world: World, manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    steps.begin(manager, world.force)
    jobs.forget()
    assert Draft.objects.exists()
    with django_capture_on_commit_callbacks(execute=True), working():
        assert actions.forget(at=timezone.now() + timedelta(hours=49)) == 1
    assert not Draft.objects.exists() and not list(configured.SPOOL.iterdir())


def test_a_version_is_never_changed_and_each_is_shown(world: World, manager: Client) -> None:
    for _ in range(2):
        steps.set_up(manager, world.force)
    second, first = SourceVersion.objects.order_by("-number")
    assert (first.number, second.number) == (1, 2)
    page = manager.get(f"/feeds/sources/versions/{first.pk}/").content.decode()
    assert "Version 1, shown here" in page and "burg-dw" in page and "Crime Reference" in page
    shown = manager.get("/feeds/sources/").content.decode()
    assert "Version 2" in shown and "Testa Hub Manager" in shown
    assert Event.objects.filter(name="feed.set_up").count() == 2


def test_changing_a_source_begins_from_its_version_in_force(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    page = manager.get(f"/feeds/sources/set-up/?source={world.force.pk}").content.decode()
    assert 'value="Crime system, daily"' in page
    steps.begin(manager, world.force)
    draft = steps.draft()
    assert draft.columns["ethnicity_code"] == "Ethn" and draft.codes["offence_code"]["abh"] == "8N"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04", "Excel"),
        (b"Ref|Name|Sex|Born\n1|2|3|4\n", "separated by commas"),
        (b"WM/26/00001,Testina,Sampleford,1988-02-03\n", "not a header"),
    ],
)
def test_what_cannot_be_a_sample_is_refused_and_not_kept(
    world: World, manager: Client, content: bytes, words: str
) -> None:
    answer = steps.begin(manager, world.force, content)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not Draft.objects.exists() and not list(configured.SPOOL.iterdir())


def test_columns_that_are_needed_and_columns_chosen_twice_are_asked_again(world: World, manager: Client) -> None:
    steps.begin(manager, world.force)
    assert "no row can be taken in without it" in steps.columns(manager, source_ref="").content.decode()
    both = steps.columns(manager, source_ref="", reported_at="").content.decode()
    assert "needed and not chosen yet: 2" in both
    assert "is chosen twice" in steps.columns(manager, town="Street", address_line_2="Street").content.decode()


def test_an_offence_that_nobody_knows_is_asked_again(world: World, manager: Client) -> None:
    steps.begin(manager, world.force)
    steps.columns(manager)
    answer = steps.codes(manager, **{field_of("offence_code", "abh"): "999Z"})
    assert "not an offence code that we know" in answer.content.decode()


def test_without_the_needed_columns_nothing_is_saved(world: World, manager: Client) -> None:
    steps.begin(manager, world.force, b"One,Two,Three,Four\na,b,c,d\n")
    answer = steps.keep(manager)
    assert answer.headers["Location"].endswith("/columns/") and not SourceVersion.objects.exists()


def test_a_sample_that_is_gone_is_asked_for_again(world: World, manager: Client) -> None:
    steps.begin(manager, world.force)
    for sample in configured.SPOOL.iterdir():
        sample.unlink()
    for step in ("columns", "codes", "try-out"):
        assert manager.get(f"/feeds/sources/{steps.draft().pk}/{step}/").headers["Location"] == "/feeds/sources/set-up/"


def test_a_feed_in_our_own_columns_needs_no_codes(world: World, manager: Client) -> None:
    steps.begin(manager, world.force, (steps.FEEDS / "01_clean_utf8.csv").read_bytes())
    manager.post(f"/feeds/sources/{steps.draft().pk}/columns/", steps.draft().columns)
    assert "We know every code" in manager.get(f"/feeds/sources/{steps.draft().pk}/codes/").content.decode()


def test_a_file_that_is_loaded_by_the_page_is_checked_as_its_source_is_set_up(world: World, manager: Client) -> None:
    assert send(world, steps.SAMPLE.read_bytes()).status_code == 200
    steps.set_up(manager, world.force)
    assert send(world, steps.SAMPLE.read_bytes()).status_code == 302
    assert "has no" in send(world, b"DOB,Surname\n").content.decode()


def test_the_command_says_how_the_file_was_read(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    out = StringIO()
    call_command("feed", "load", str(steps.SAMPLE), "--source", world.force.code, stdout=out)
    assert f"read as    {world.force.code}, version 1" in out.getvalue()


def test_a_code_that_was_given_a_meaning_before_is_asked_again_though_the_sample_has_it_not(
    world: World, manager: Client
) -> None:
    steps.set_up(manager, world.force)
    steps.begin(manager, world.force, b"\n".join(steps.SAMPLE.read_bytes().splitlines()[:2]))
    page = manager.get(f"/feeds/sources/{steps.draft().pk}/codes/").content.decode()
    assert "Not in this sample." in page and "In one place of the sample." in page


def test_when_a_file_is_due_is_kept_with_the_version_and_shown(world: World, manager: Client) -> None:
    due: Any = {"due_days": ["0", "4"], "due_by": "07:30", "least_rows": "20"}
    steps.begin(manager, world.force, **due)
    for step in (steps.columns, steps.codes, steps.keep):
        step(manager)
    version = SourceVersion.objects.get()
    assert (version.due_days, version.due_by, version.least_rows) == ([0, 4], time(7, 30), 20)
    page = manager.get(f"/feeds/sources/versions/{version.pk}/").content.decode()
    assert "Monday, Friday, by 7:30am, of 20 rows or more" in page


def test_reschedule_saves_a_version_that_reads_as_before(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    first = SourceVersion.objects.get()
    address = f"/feeds/sources/versions/{first.pk}/reschedule/"
    assert f'href="{address}"' in manager.get(f"/feeds/sources/versions/{first.pk}/").content.decode()
    said: Any = {"contact": "Night desk", "due_days": list("0123456"), "due_by": "6.05", "least_rows": ""}
    assert manager.post(address, said).status_code == 302
    second = SourceVersion.objects.get(number=2)
    assert {**second.settings, **{name: first.settings[name] for name in ("contact", "due_days", "due_by")}} == (
        first.settings
    )
    assert (second.contact, second.due_days, second.due_by) == ("Night desk", [*range(7)], time(6, 5))
    page = manager.get(f"/feeds/sources/versions/{second.pk}/").content.decode()
    assert "Every day, by 6:05am" in page and "rows or more" not in page
    assert f'href="{address}"' not in manager.get(f"/feeds/sources/versions/{first.pk}/").content.decode()
    assert "newer version" in manager.post(address, said).content.decode()
    assert SourceVersion.objects.count() == 2


@pytest.mark.parametrize(("said", "refused"), [
    ({"due_days": ["0"]}, "Say by when"), ({"due_by": "07:30"}, "Choose the days"),
    ({"least_rows": "5"}, "Choose the days"), ({"due_days": ["0"], "due_by": "half past seven"}, "such as 07:30"),
])  # fmt: skip
def test_a_schedule_is_whole_or_not_at_all(world: World, manager: Client, said: Any, refused: str) -> None:
    assert refused in steps.begin(manager, world.force, **said).content.decode()
    assert not Draft.objects.exists() and not configured.SPOOL.exists()


def test_a_source_says_which_rules_name_it(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    address = f"/feeds/sources/versions/{SourceVersion.objects.get().pk}/"
    assert "No rule names this force or this feed" in manager.get(address).content.decode()
    other = rule("Another feed", feeds=("not_known",))
    ours, whole = rule("This feed", feeds=(f"{world.force.pk}-",)), rule("The force", senders=(str(world.force.pk),))
    with at_work(world, "hub_manager") as by:
        live(world.hub.pk, other, ours, by=by, at=world.now - timedelta(days=1))
        live(world.hub.pk, whole, by=by, at=world.now, since=timezone.now() + timedelta(days=3))
    shown = manager.get(address).content.decode()
    assert "in force now" in shown and "in force from" in shown
    assert [name for name in ("This feed", "The force", "Another feed") if name in shown] == [
        "This feed", "The force",
    ]  # fmt: skip


def test_a_kept_row_names_each_column_as_its_source_does(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    delivery = load(steps.SAMPLE, world.force, AT)
    kept, theirs = delivery.kept.get(reason="phone:bad_phone"), SourceVersion.objects.get().columns
    own = f"Their column: {theirs['phone']}."
    shown = manager.get(f"/feeds/rows/{kept.pk}/").content.decode()
    assert f"Telephone number is not a phone number. {own}" in shown
    assert f'<span class="app-under">Their column: {theirs["source_ref"]}.</span>' in shown
    mend = manager.get(f"/feeds/rows/{kept.pk}/mend/").content.decode()
    assert own in mend and f"Their column: {theirs['consent']}." in mend
    assert own in manager.get(f"/feeds/{delivery.pk}/").content.decode()
