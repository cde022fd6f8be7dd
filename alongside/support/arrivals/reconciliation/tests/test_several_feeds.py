"""One force sends several feeds: each is set up, loaded, reconciled and missed by itself."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.support.arrivals.deliveries import actions as deliveries
from alongside.support.arrivals.deliveries.models import Connection, Folder
from alongside.support.arrivals.deliveries.tests.calls import System, work
from alongside.support.arrivals.feeds import actions as feeds
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SourceVersion, Upload
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, working
from alongside.support.arrivals.feeds.tests.test_pages import send
from alongside.support.arrivals.reconciliation import actions as reconciliation
from alongside.support.arrivals.reconciliation.models import Alarm
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.sources import actions
from alongside.support.arrivals.sources.models import Draft
from alongside.support.arrivals.sources.tests import steps
from tests.world import World

pytestmark = pytest.mark.django_db
WEEKLY = "Antisocial behaviour, weekly"
CODE = "antisocial-behaviour"
OURS = steps.FEEDS / "01_clean_utf8.csv"


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, settings: Any) -> None:
    settings.SPOOL, settings.FOLDERS = tmp_path / "spool", tmp_path / "folders"
    settings.OUTBOX, settings.NOTIFY_API_KEY = str(tmp_path / "outbox"), ""


@pytest.fixture
def manager(world: World) -> Client:
    return world.client("hub_manager")


@pytest.fixture
def weekly(world: World, manager: Client) -> SourceVersion:
    """A second feed of the force, with our own columns and references of its own."""
    set_up_weekly(world, manager)
    return SourceVersion.objects.get(feed=CODE)


def set_up_weekly(world: World, manager: Client, **changes: str) -> None:
    said = {"name": WEEKLY, "series": "ASB/", **changes}
    assert (
        steps.begin(manager, world.force, OURS.read_bytes(), feed=steps.another(world.force), **said).status_code == 302
    )
    drafted = Draft.objects.get()
    assert manager.post(f"/feeds/sources/{drafted.pk}/columns/", drafted.columns).status_code == 302
    assert steps.codes(manager, go="on").status_code == 302 and steps.keep(manager).status_code == 302


def load(path: Path, world: World, code: str = "", at: Any = None) -> Delivery:
    with working():
        return feeds.load(path, source=world.force, feed=code, by=SYSTEM_ACTOR, at=at or timezone.now())


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_second_feed_is_set_up_by_pages_alone_beside_the_first(world: World, manager: Client) -> None:
    steps.set_up(manager, world.force)
    set_up_weekly(world, manager)
    found = {one.feed: one for one in SourceVersion.objects.all()}
    assert {code: (one.number, one.name, one.series) for code, one in found.items()} == {
        "": (1, "Crime system, daily", ""), CODE: (1, WEEKLY, "ASB/")
    }  # fmt: skip
    assert found[""].columns["source_ref"] == "Crime Reference" and found[CODE].columns["source_ref"] == "source_ref"
    listed = shown(manager, "/feeds/sources/")
    assert "Crime system, daily" in listed and WEEKLY in listed
    page = shown(manager, f"/feeds/sources/versions/{found[CODE].pk}/")
    assert "ASB/" in page and f"?source={world.force.pk}-{CODE}" in page and "Version 2" not in page
    again = shown(manager, f"/feeds/sources/set-up/?source={world.force.pk}-{CODE}")
    assert WEEKLY in again and 'value="ASB/"' in again


def test_what_leaves_out_crimes_in_one_feed_leaves_them_in_in_the_other(world: World, manager: Client) -> None:
    steps.begin(manager, world.force)
    steps.columns(manager)
    steps.codes(manager, excluded=["burglary"])
    steps.keep(manager)
    set_up_weekly(world, manager)
    assert SourceVersion.objects.get(feed="").excluded == ["burglary"]
    assert SourceVersion.objects.get(feed=CODE).excluded == []


def test_references_of_two_series_never_meet(world: World, weekly: SourceVersion, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(source_ref="0001/26")), world)
    other = load(feed(tmp_path, sample(source_ref="0001/26", given_name="Testo"), name="asb.csv"), world, CODE)
    assert (other.feed, other.accepted, other.version) == (CODE, 1, weekly)
    assert set(Referral.objects.values_list("source_ref", flat=True)) == {"0001/26", "ASB/0001/26"}
    again = load(feed(tmp_path, sample(source_ref="0001/26", phone="07700 900777"), name="b.csv"), world, CODE)
    assert again.held == {"changed": 1} and KeptRow.objects.get().source_ref == "ASB/0001/26"


def test_references_of_one_series_are_known_again_in_the_other_feed(
    world: World, manager: Client, tmp_path: Path
) -> None:
    set_up_weekly(world, manager, series="")
    load(feed(tmp_path, sample()), world)
    assert load(feed(tmp_path, sample()), world, CODE).duplicate == 1


def test_the_page_asks_which_feed_a_file_is_of(world: World, manager: Client, weekly: SourceVersion) -> None:
    assert WEEKLY in shown(manager, "/feeds/load/")
    file = SimpleUploadedFile("asb.csv", OURS.read_bytes(), "text/csv")
    answer = manager.post("/feeds/load/", {"source": f"{world.force.pk}-{CODE}", "file": file})
    assert answer.status_code == 302 and Upload.objects.get().feed == CODE
    with working():
        feeds.take_in(Upload.objects.get(), at=timezone.now())
    delivery = Delivery.objects.get()
    assert delivery.feed == CODE and Referral.objects.filter(source_ref__startswith="ASB/").count() == delivery.accepted
    assert f"Testshire Police: {WEEKLY}" in shown(manager, "/feeds/")
    assert send(world, OURS.read_bytes()).status_code == 302
    assert Upload.objects.filter(feed="").count() == 1


def test_a_feed_that_nobody_set_up_takes_nothing(world: World, tmp_path: Path) -> None:
    path = feed(tmp_path, sample())
    with pytest.raises(feeds.FeedRefused, match="no_feed"):
        load(path, world, "elsewhere")
    with pytest.raises(CommandError, match="Nobody has set up this feed"):
        call_command("feed", "load", str(path), "--source", world.force.code, "--feed", "elsewhere", stdout=StringIO())
    assert not Delivery.objects.exists()


def test_each_feed_adds_up_and_is_missed_by_itself(
    world: World, manager: Client, weekly: SourceVersion, tmp_path: Path
) -> None:
    now = clocks.office_time_after(timezone.now(), timedelta(hours=1), clocks.OfficeHours(9, 17))
    day = clocks.london_date(now)
    SourceVersion.objects.filter(pk=weekly.pk).update(
        due_days=[day.weekday()], due_by=(now - timedelta(minutes=30)).time(), saved_at=now - timedelta(hours=1)
    )
    load(feed(tmp_path, sample(), sample(source_ref="WM/2", consent="no")), world, at=now)
    with working():
        assert reconciliation.watch(by=SYSTEM_ACTOR, at=now) == 1
    alarm = Alarm.objects.get()
    assert alarm.feed == CODE, "the daily feed's file is not the weekly one's"
    load(feed(tmp_path, sample(source_ref="7"), name="asb.csv"), world, CODE, at=now)
    with working():
        reconciliation.watch(by=SYSTEM_ACTOR, at=now + timedelta(minutes=10))
    alarm.refresh_from_db()
    assert alarm.over_at is not None


def test_reconciliation_shows_a_line_for_each_feed(
    world: World, manager: Client, weekly: SourceVersion, tmp_path: Path
) -> None:
    load(feed(tmp_path, sample(), sample(source_ref="WM/2")), world)
    load(feed(tmp_path, sample(source_ref="7"), name="asb.csv"), world, CODE)
    day, where = clocks.london_date(timezone.now()).isoformat(), "/feeds/reconciliation/"
    both = shown(manager, where)
    first, second = f"{where}{world.force.pk}/{day}/", f"{where}{world.force.pk}-{CODE}/{day}/"
    assert first in both and second in both and "all 3 rows" in both
    assert "all 1 rows" in shown(manager, f"{where}?source={world.force.pk}-{CODE}")
    assert "asb.csv" in shown(manager, second) and "asb.csv" not in shown(manager, first)
    rows = shown(manager, f"{second}accepted/")
    assert "ASB/7" in rows and "WM/2" not in rows
    Alarm.objects.create(hub_id=world.hub.pk, source=world.force, feed=CODE, day=timezone.now(), kind="missing",
                         due_at=timezone.now(), raised_at=timezone.now())  # fmt: skip
    assert f"Testshire Police: {WEEKLY}: no new file" in shown(manager, where)
    answer = manager.post(f"{where}alarms/{Alarm.objects.get().pk}/", {"reason": "comes_later"})
    assert answer["Location"] == second
    assert world.client("far_triage_officer").get(second).status_code == 404
    assert manager.get(f"{where}{world.force.pk}-elsewhere/{day}/").status_code == 404


def test_a_connection_and_a_folder_are_of_one_feed(world: World, manager: Client, weekly: SourceVersion) -> None:
    by = world.actor("hub_manager")
    made = deliveries.open_connection(by=by, at=timezone.now(), source=world.force, feed=CODE, name="ASB system")
    system = System(*made)
    system.sign_in()
    system.send([sample(source_ref="9")], "asb-weekly-1")
    work()
    assert Delivery.objects.get().feed == CODE and Referral.objects.get().source_ref == "ASB/9"
    ways = shown(manager, "/feeds/ways/")
    assert f"Testshire Police: {WEEKLY}" in ways and f"test-force-{CODE}" in ways
    assert manager.post(f"/feeds/ways/folders/open/test-force-{CODE}/").status_code == 302
    assert (Folder.objects.get().feed, Folder.objects.get().name) == (CODE, f"test-force-{CODE}")
    answer = manager.post("/feeds/ways/connect/", {"source": f"{world.force.pk}-{CODE}", "name": "Another"})
    assert answer.status_code == 302 and Connection.objects.filter(feed=CODE).count() == 2


def test_what_stands_before_references_stays_once_something_came(
    world: World, manager: Client, weekly: SourceVersion, tmp_path: Path
) -> None:
    load(feed(tmp_path, sample()), world, CODE)
    page = steps.begin(manager, world.force, OURS.read_bytes(), feed=f"{world.force.pk}-{CODE}", series="X/")
    assert "must be so still" in page.content.decode()
    with pytest.raises(RuleBroken, match="must be so still"):
        actions.set_up(world.force, by=world.actor("hub_manager"), at=timezone.now(),
                       **{**weekly.settings, "series": ""}, feed=CODE)  # fmt: skip
    load(feed(tmp_path, sample(source_ref="W/1"), name="first.csv"), world)
    page = steps.begin(manager, world.force, series="C/")
    assert "taken as they are" in page.content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": WEEKLY.upper()}, "Another feed of this force has this name"),
        ({"name": "Antisocial behaviour!"}, "Another feed of this force has this name"),
        ({"name": "???"}, "letters or digits"), ({"name": "Third", "series": "/ASB"}, "begin with a letter"),
    ],
)  # fmt: skip
def test_a_name_or_a_prefix_that_cannot_be_is_refused_in_words(
    world: World, manager: Client, weekly: SourceVersion, said: dict[str, str], words: str
) -> None:
    answer = steps.begin(manager, world.force, OURS.read_bytes(), feed=steps.another(world.force), **said)
    assert words in answer.content.decode() and not Draft.objects.exists()


def test_the_first_feed_may_not_take_the_name_of_another(world: World, manager: Client, weekly: SourceVersion) -> None:
    assert "has this name" in steps.begin(manager, world.force, name=WEEKLY).content.decode()
