"""Files that a source leaves in its folder: taken when they lie still, once, whole, or refused with a reason."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from alongside.core.ids import uuid7
from alongside.core.privacy.crypt import SealBroken
from alongside.support.arrivals.deliveries import actions, folders, jobs
from alongside.support.arrivals.deliveries.models import Folder
from alongside.support.arrivals.feeds import jobs as feeds
from alongside.support.arrivals.feeds.models import Delivery, Upload
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, working
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
# Looks into the folders as the worker does, and is killed once the first file is claimed.
KILLED = """
import os, signal
import django
django.setup()
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.deliveries import actions
actions._hand_over = lambda *words: os.kill(os.getpid(), signal.SIGKILL)
with transaction.atomic(), inside(Realm.WORKER):
    actions.look_into_folders(at=timezone.now() + timedelta(minutes=5))
"""


@pytest.fixture
def drop(world: World, tmp_path: Path, settings: Any) -> Path:
    """The folder of the force, looked into."""
    settings.SPOOL, settings.FOLDERS = tmp_path / "spool", tmp_path / "folders"
    (settings.FOLDERS / "test-force").mkdir(parents=True)
    actions.open_folder(world.force, by=world.actor("hub_manager"), at=timezone.now())
    return Path(settings.FOLDERS / "test-force")


def leave(drop: Path, name: str, *refs: str, **changes: str) -> Path:
    made = feed(drop.parent.parent, *(sample(source_ref=ref, **changes) for ref in refs))
    return made.rename(drop / name)


def look(minutes: int = 0) -> int:
    with working():
        return actions.look_into_folders(at=timezone.now() + timedelta(minutes=minutes))


def looked() -> int:
    """Two looks, a minute apart."""
    look()
    return look(1)


def work() -> None:
    for upload in Upload.objects.filter(state="WAITING"):
        feeds.take_in(event="", subject=str(upload.pk))


def ours(part: str) -> list[Path]:
    folder = configured.FOLDERS / ".alongside" / "test-force" / part
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_file_that_lies_still_is_taken_once_and_accounted_for(world: World, drop: Path) -> None:
    leave(drop, "Sampleford crimes.csv", "WM/1", "WM/2")
    assert (look(), look()) == (0, 0), "two looks within moments are not enough"
    assert look(1) == 1
    assert not list(drop.iterdir()) and not ours("taken")
    work()
    delivery = Delivery.objects.get()
    assert (delivery.accepted, delivery.file) == (2, "Sampleford crimes.csv")
    assert "Sampleford" not in str([*configured.FOLDERS.rglob("*"), *configured.SPOOL.rglob("*")])
    assert looked() == 0 and Referral.objects.count() == 2
    assert Folder.objects.get().looked_at is not None and not Folder.objects.get().trouble


def test_a_file_that_still_grows_waits(world: World, drop: Path) -> None:
    path = leave(drop, "feed.csv", "WM/1")
    look()
    with path.open("a") as file:
        file.write("\n")
    assert look(1) == 0
    assert look(2) == 1


def test_a_file_that_changes_as_it_is_claimed_is_given_back(world: World, drop: Path) -> None:
    path = leave(drop, "feed.csv", "WM/1")
    with (
        folders.source(configured.FOLDERS, "test-force") as there,
        folders.ours(configured.FOLDERS, "test-force", folders.TAKEN) as taken,
    ):
        (found,) = folders.look(there).files
        path.write_text("more")
        assert not folders.claim(there, found, taken, uuid7())
        assert path.read_text() == "more" and not folders.claimed(taken)
        path.unlink()
        assert not folders.claim(there, found, taken, uuid7())


@pytest.mark.parametrize("name", [".hidden.csv", "feed.csv.part", "feed.tmp", "feed.CSV.filepart", "feed.csv~"])
def test_hidden_and_unfinished_names_are_left(world: World, drop: Path, name: str) -> None:
    leave(drop, name, "WM/1")
    assert looked() == 0 and (drop / name).exists() and not Folder.objects.get().trouble


def test_links_folders_and_pipes_are_never_taken_and_said_to_be_there(world: World, drop: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("source_ref\n1\n")
    (drop / "link.csv").symlink_to(secret)
    (drop / "hard.csv").hardlink_to(secret)
    (drop / "inner.csv").mkdir()
    os.mkfifo(drop / "pipe.csv")
    assert looked() == 0 and not Upload.objects.exists()
    assert Folder.objects.get().trouble == "4 that are no plain files are left there."
    assert secret.exists()


def test_a_file_that_is_too_large_is_left_and_said_to_be(world: World, drop: Path, settings: Any) -> None:
    leave(drop, "large.csv", "WM/1")
    settings.FEED_MAX_BYTES = 10
    assert looked() == 0
    assert Folder.objects.get().trouble == "1 too large to be taken and left there."


def test_a_folder_that_is_not_there_or_is_a_link_is_said_to_be(world: World, drop: Path, tmp_path: Path) -> None:
    drop.rmdir()
    look()
    assert "not there" in Folder.objects.get().trouble
    (tmp_path / "elsewhere").mkdir()
    drop.symlink_to(tmp_path / "elsewhere")
    leave(tmp_path / "elsewhere", "feed.csv", "WM/1")
    assert looked() == 0 and "not there" in Folder.objects.get().trouble


def test_a_folder_that_was_closed_is_not_looked_into(world: World, drop: Path) -> None:
    leave(drop, "feed.csv", "WM/1")
    actions.close_folder(Folder.objects.get(), by=world.actor("hub_manager"), at=timezone.now())
    assert looked() == 0 and (drop / "feed.csv").exists()


def test_a_bad_file_is_refused_with_a_reason_and_kept_sealed(world: World, drop: Path) -> None:
    (drop / "bad.csv").write_text("Sampleford,1988\n")
    leave(drop, "good.csv", "WM/1")
    assert looked() == 2
    refused = Upload.objects.get(state="REFUSED")
    assert "not the header" in refused.refused_why and "Sampleford" not in refused.refused_why
    assert refused.refused_why in world.client("triage_officer").get("/feeds/").content.decode().replace("&#39;", "'")
    sealed = next(path for path in ours("kept") if path.stem == str(refused.pk))
    assert b"Sampleford" not in sealed.read_bytes() and sealed.stat().st_mode & 0o077 == 0
    work()
    assert Delivery.objects.get().file == "good.csv"


def test_a_sealed_copy_opens_for_the_operator_and_goes_after_its_days(
    world: World, drop: Path, capsysbinary: Any
) -> None:
    (drop / "bad.csv").write_text("Sampleford,1988\n")
    looked()
    (sealed,) = ours("kept")
    call_command("folders", "open", "test-force", sealed.stem)
    assert capsysbinary.readouterr().out == b"Sampleford,1988\n"
    for wrong in (sealed.read_bytes()[:-9], sealed.read_bytes()[:-40], sealed.read_bytes()[:-1] + b"x"):
        sealed.write_bytes(wrong)
        with folders.ours(configured.FOLDERS, "test-force", folders.KEPT) as kept, pytest.raises(SealBroken):
            list(folders.unseal(kept, Upload.objects.get().pk))
    with pytest.raises(CommandError, match="no such copy"):
        call_command("folders", "open", "test-force", str(uuid7()))
    assert actions.forget_copies(at=timezone.now() + timedelta(days=6)) == 0
    assert actions.forget_copies(at=timezone.now() + timedelta(days=8)) == 1
    assert not ours("kept")


def test_no_copy_is_kept_where_the_setting_says_so(world: World, drop: Path, settings: Any) -> None:
    settings.FOLDER_KEEP_DAYS = 0
    leave(drop, "feed.csv", "WM/1")
    assert looked() == 1 and not ours("kept") and not ours("taken")


def test_six_files_at_once_are_all_taken_each_once(world: World, drop: Path) -> None:
    for number in range(6):
        leave(drop, f"{number}.csv", "WM/0", f"WM/{number + 1}")
    assert looked() == 6
    work()
    assert Delivery.objects.count() == 6 and Referral.objects.count() == 7


def test_the_same_file_again_is_with_us_already(world: World, drop: Path) -> None:
    for _ in range(2):
        leave(drop, "feed.csv", "WM/1")
        looked()
        work()
    assert sorted(Delivery.objects.values_list("accepted", "duplicate")) == [(0, 1), (1, 0)]


def test_a_look_killed_after_a_claim_is_picked_up_again(world: World, drop: Path) -> None:
    leave(drop, "feed.csv", "WM/1")
    look()
    held = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    host = "" if held["HOST"].startswith("%2F") else f"{held['HOST']}:{held['PORT']}"
    url = (
        f"postgresql://{held['USER']}:{held['PASSWORD']}@{host}/{held['NAME']}{'' if host else '?host=' + held['HOST']}"
    )
    place = {"DJANGO_SETTINGS_MODULE": "alongside.config.settings_tests",
             "DATABASE_URL": url, "DATABASE_OWNER_URL": url,
             "ALONGSIDE_FOLDERS": str(configured.FOLDERS), "ALONGSIDE_KEY_RING": str(configured.KEY_RING)}  # fmt: skip
    environ = {**os.environ, **place}
    done = subprocess.run([sys.executable, "-c", KILLED], env=environ, capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()
    assert len(ours("taken")) == 1 and not list(drop.iterdir()) and not Upload.objects.exists()
    look(6)
    work()
    assert Delivery.objects.get().accepted == 1 and Upload.objects.get().file == actions.LOST_NAME
    assert not ours("taken")


def test_what_was_handed_over_and_not_cleared_away_is_so_the_next_time(world: World, drop: Path) -> None:
    leave(drop, "feed.csv", "WM/1")
    looked()
    key = Upload.objects.get().pk
    with folders.ours(configured.FOLDERS, "test-force", folders.TAKEN) as taken:
        os.close(os.open(f"{key}.csv", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=taken))
    look()
    assert Upload.objects.count() == 1 and not ours("taken")


def test_where_there_is_no_room_the_file_waits(world: World, drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(drop, "feed.csv", "WM/1")
    look()
    with monkeypatch.context() as full:

        def no_room(*words: Any) -> None:
            raise OSError(28, "No space left on device")

        full.setattr("alongside.support.arrivals.feeds.reading.put_by", no_room)
        assert look(1) == 0
    assert "tried again" in Folder.objects.get().trouble and len(ours("taken")) == 1
    look(2)
    assert Upload.objects.get().state == "WAITING" and not Folder.objects.get().trouble


def test_a_name_in_no_known_letters_does_no_harm(world: World, drop: Path) -> None:
    os.rename(leave(drop, "feed.csv", "WM/1"), os.fsencode(drop) + b"/\xe9\n.csv")
    assert looked() == 1 and Upload.objects.get().file == "\ufffd\n.csv"


def test_the_job_and_the_command_look(
    world: World, drop: Path, capsys: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.look()
    call_command("folders", "look")
    assert capsys.readouterr().out == "0 taken\n"
    assert isinstance(Folder.objects.get().looked_at, datetime)
    jobs.forget()
    settings.FOLDERS = settings.FOLDERS / "gone"
    jobs.forget()

    def unreadable(folder: int) -> None:
        raise PermissionError(13, "Permission denied")

    settings.FOLDERS = settings.FOLDERS.parent
    monkeypatch.setattr(folders, "look", unreadable)
    jobs.look()
    assert Folder.objects.get().trouble == actions.UNREADABLE
