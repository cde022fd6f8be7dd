"""The pages of feeds, as the hub's people get them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from alongside.core.models import Event, Look
from alongside.support.arrivals.feeds import actions, jobs, reading
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, Upload
from alongside.support.arrivals.feeds.tests.samples import sample, text
from alongside.support.arrivals.feeds.tests.test_actions import feed, load, working
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spool(tmp_path: Path, settings: Any) -> None:
    settings.SPOOL = tmp_path / "spool"


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def page(client: Client, address: str, **asked: str | int) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def send(world: World, content: bytes, name: str = "monday.csv") -> Any:
    file = SimpleUploadedFile(name, content, "text/csv")
    return world.client("hub_manager").post("/feeds/load/", {"source": world.force.pk, "file": file})


def test_a_file_is_put_by_for_the_worker_under_a_name_that_says_nothing(world: World) -> None:
    answer = send(world, text([sample()]).encode())
    upload = Upload.objects.get()
    assert answer.headers["Location"] == f"/feeds/loading/{upload.pk}/"
    (path,) = configured.SPOOL.iterdir()
    assert path.name == f"{upload.pk}.csv" and path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    job = ProcrastinateJob.objects.get(task_name="feeds.take_in")
    assert job.args["subject"] == str(upload.pk)


def test_the_worker_loads_it_and_the_page_leads_to_the_receipt(world: World) -> None:
    answer = send(world, text([sample(), sample(source_ref="WM/2", consent="no")]).encode())
    manager, address = world.client("hub_manager"), answer.headers["Location"]
    waiting = manager.get(address)
    assert waiting.headers["Refresh"] == "3" and b"Line 0 of 3" in waiting.content
    upload = Upload.objects.get()
    with working():
        actions.take_in(upload, at=timezone.now() + timedelta(days=0))
        actions.take_in(upload, at=timezone.now())
    delivery = Delivery.objects.get()
    assert (delivery.file, delivery.loaded_by, delivery.accepted) == ("monday.csv", upload.uploaded_by, 1)
    assert manager.get(address).headers["Location"] == f"/feeds/{delivery.pk}/"
    assert "Held for a person to decide" in page(manager, f"/feeds/{delivery.pk}/")


def queue_says(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def failed(world: World) -> Upload:
    """An upload whose job was tried five times and parked."""
    send(world, text([sample()]).encode())
    queue_says("UPDATE procrastinate_jobs SET status = 'failed', attempts = 5")
    return Upload.objects.get()


def test_a_load_that_failed_says_so_and_is_tried_again(world: World, failed: Upload) -> None:
    manager, address = world.client("hub_manager"), f"/feeds/loading/{failed.pk}/"
    shown = manager.get(address)
    assert "Not loaded" in shown.text and "nothing has changed" in shown.text
    assert "Refresh" not in shown.headers
    assert "could not be loaded" in page(manager, "/feeds/")
    again = manager.post(f"{address}try-again/", follow=True)
    assert "Line 0 of 2" in again.text and again.headers["Refresh"] == "3"
    assert list(ProcrastinateJob.objects.values_list("task_name", "status")) == [("feeds.take_in", "todo")]
    assert "already" in manager.post(f"{address}try-again/", follow=True).text
    with working():
        actions.take_in(failed, at=timezone.now())
    assert Delivery.objects.get().accepted == 1
    assert "already" in manager.post(f"{address}give-up/", follow=True).text


def test_a_load_whose_job_is_lost_gets_another(world: World, failed: Upload) -> None:
    queue_says("DELETE FROM procrastinate_jobs")
    manager, address = world.client("hub_manager"), f"/feeds/loading/{failed.pk}/"
    assert "Not loaded" in page(manager, address)
    manager.post(f"{address}try-again/")
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args["subject"]) == ("feeds.take_in", str(failed.pk))


def test_a_load_that_failed_can_be_given_up(
    world: World, failed: Upload, django_capture_on_commit_callbacks: Any
) -> None:
    manager, address = world.client("hub_manager"), f"/feeds/loading/{failed.pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        shown = manager.post(f"{address}give-up/", follow=True).text
    assert "Nothing has changed" in shown
    assert list(configured.SPOOL.iterdir()) == []
    assert "could not be loaded" not in page(manager, "/feeds/")
    with working():
        actions.take_in(failed, at=timezone.now())
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("move", ["try-again", "give-up"])
def test_nobody_elses_failed_load_is_touched(world: World, failed: Upload, move: str) -> None:
    address = f"/feeds/loading/{failed.pk}/{move}/"
    assert world.client("far_triage_officer").post(address).status_code in {403, 404}
    assert world.client("caseworker").post(address).status_code in {403, 404}
    assert ProcrastinateJob.objects.get().status == "failed"


def test_the_file_is_thrown_away_once_it_is_loaded(world: World, django_capture_on_commit_callbacks: Any) -> None:
    send(world, text([sample()]).encode())
    upload = Upload.objects.get()
    reading.tell(reading.spooled(configured.SPOOL, upload.pk), 1)
    assert "Line 1 of 2" in page(world.client("hub_manager"), f"/feeds/loading/{upload.pk}/")
    with django_capture_on_commit_callbacks(execute=True), working():
        jobs.take_in.func(event="", subject=str(upload.pk))
    assert list(configured.SPOOL.iterdir()) == []


def test_a_file_that_is_gone_or_changed_is_refused_with_what_to_do(world: World) -> None:
    send(world, text([sample()]).encode())
    upload = Upload.objects.get()
    reading.throw_away(reading.spooled(configured.SPOOL, upload.pk))
    with working():
        actions.take_in(upload, at=timezone.now())
    shown = page(world.client("hub_manager"), f"/feeds/loading/{upload.pk}/")
    assert "Nothing has changed. The file is no longer here. Send it again." in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04zip", "an Excel workbook or a zip archive"),
        (text([sample()]).replace("source_ref", "reference").encode(), "source_ref"),
        (text([sample()], ("source_ref", "consent")).encode(), "columns"),
        (b"a;b\n1;2\n", "header"),
    ],
)
def test_what_cannot_be_a_feed_is_refused_in_words_before_anything_changes(
    world: World, content: bytes, words: str
) -> None:
    answer = send(world, content)
    assert answer.status_code == 200
    assert words in answer.content.decode() and "There is a problem" in answer.content.decode()
    assert not Upload.objects.exists() and not any(configured.SPOOL.glob("*"))


def test_a_file_that_is_too_big_is_refused_in_words(world: World, settings: Any) -> None:
    settings.FEED_MAX_BYTES = 1_000
    answer = send(world, text([sample(source_ref=f"WM/{n}") for n in range(40)]).encode())
    assert "the most we take is" in answer.content.decode() and not Upload.objects.exists()


def test_the_deliveries_are_listed_with_their_sums(world: World, officer: Client, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(), sample(source_ref="WM/2", consent="no"), name="monday.csv"), world.force)
    shown = page(officer, "/feeds/")
    assert "monday.csv" in shown and "1 to deal with" in shown and "No consent" in shown
    assert "monday.csv" in page(officer, "/feeds/", held="open", source=world.force.pk)
    KeptRow.objects.update(settled_at=timezone.now())
    assert "monday.csv" not in page(officer, "/feeds/", held="open")


def test_a_receipt_says_why_in_words(world: World, officer: Client, tmp_path: Path) -> None:
    rows = (sample(), sample(source_ref="WM/2", consent="no"), sample(source_ref="WM/3", phone="x", postcode=""))
    delivery = load(feed(tmp_path, *rows, sample(source_ref="WM/4", sex="robot")), world.force)
    shown = page(officer, f"/feeds/{delivery.pk}/")
    for words in (
        "No consent",
        "Telephone number is not a phone number.",
        "A sex or ethnicity code",
        "UTF-8",
        delivery.sha256,
    ):
        assert words in shown
    assert "WM/2" in shown and "WM/3" in shown
    only = page(officer, f"/feeds/{delivery.pk}/", reason="no_consent")
    assert "WM/2" in only and "WM/3" not in only
    assert "WM/3" not in page(officer, f"/feeds/{delivery.pk}/", state="open")
    look = Look.objects.filter(route="feeds:delivery").order_by("-id").last()
    assert look and set(KeptRow.objects.values_list("pk", flat=True)) <= set(look.subjects)


def test_opening_a_row_is_logged_and_shows_what_was_sent(world: World, officer: Client, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(consent="no")), world.force)
    kept = KeptRow.objects.get()
    shown = page(officer, f"/feeds/rows/{kept.pk}/")
    assert "Sampleford" in shown and "Take it in" in shown and "Ask the officer" in shown
    look = Look.objects.get(route="mending:row")
    assert (look.subjects, look.fields) == ([kept.pk], "content")


def test_a_changed_row_is_shown_beside_ours_and_both_looks_are_logged(
    world: World, officer: Client, tmp_path: Path
) -> None:
    load(feed(tmp_path, sample()), world.force)
    load(feed(tmp_path, sample(family_name="Changed"), name="two.csv"), world.force)
    kept, referral = KeptRow.objects.get(), Referral.objects.get()
    shown = page(officer, f"/feeds/rows/{kept.pk}/")
    assert "What is different" in shown and "Sampleford" in shown and "Changed" in shown
    assert "Take the new details" in shown and "Take it in" not in shown
    assert set(Look.objects.get(route="mending:row").subjects) == {kept.pk, referral.pk, referral.victim_id}


def test_a_held_row_is_taken_in_by_the_page(world: World, officer: Client, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(phone_safe="no")), world.force)
    kept = KeptRow.objects.get()
    assert "WM/26/0000001" in page(officer, "/feeds/held/", reason="no_safe_contact")
    address = f"/feeds/rows/{kept.pk}/release/"
    assert 'value="+447700900123"' in page(officer, address) or "07700 900123" in page(officer, address)
    words = {"consent": "yes", "phone": "07700 900123", "phone_safe": "no", "email_safe": "no", "words": "Rang"}
    assert "safe to use" in officer.post(address, words).content.decode()
    done = officer.post(address, {**words, "phone_safe": "yes", "safe_times": "10:00-11:00"})
    assert done.headers["Location"] == f"/feeds/rows/{kept.pk}/"
    assert Referral.objects.get().source_ref == "WM/26/0000001"
    after = page(officer, f"/feeds/rows/{kept.pk}/")
    assert "Open the referral" in after and "Rang" in after and "Return it" not in after
    assert "already" in officer.post(address, {**words, "phone_safe": "yes"}).content.decode()


def test_new_details_are_taken_by_the_page(world: World, officer: Client, tmp_path: Path) -> None:
    load(feed(tmp_path, sample()), world.force)
    load(feed(tmp_path, sample(phone="07700 900999"), name="two.csv"), world.force)
    address = f"/feeds/rows/{KeptRow.objects.get().pk}/"
    officer.post(f"{address}take-new-details/", {"words": "Confirmed"})
    assert "New details taken" in page(officer, address)


def test_what_nobody_loaded_is_cleared_away(world: World, tmp_path: Path) -> None:
    send(world, text([sample()]).encode())
    assert actions.clear_spool(now=timezone.now().timestamp()) == 0
    assert actions.clear_spool(now=timezone.now().timestamp() + 49 * 3600) == 1
    with working():
        jobs.forget.func()


def test_rejected_rows_are_handed_back_with_their_reasons_and_nothing_else(
    world: World, officer: Client, tmp_path: Path
) -> None:
    load(feed(tmp_path, sample(), sample(source_ref="=WM/2", phone="none"), sample(source_ref="WM/3")), world.force)
    delivery = Delivery.objects.get()
    assert "Download the rejected rows" in page(officer, f"/feeds/{delivery.pk}/")
    file = officer.post(f"/feeds/{delivery.pk}/rejected.csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Line,Reference,Why it was rejected"
    assert len(lines) == 2 and lines[1].startswith("3,'=WM/2,") and "Testina" not in lines[1]
    assert file.headers["Content-Disposition"] == 'attachment; filename="rejected-rows.csv"'
    made = Event.objects.get(name="export.made")
    assert (made.details["rows"], made.user_id) == (1, world.people["triage_officer"].pk)
    assert world.client("far_triage_officer").post(f"/feeds/{delivery.pk}/rejected.csv").status_code == 404


def test_a_file_that_came_twice_hands_back_the_rejected_rows_of_the_first_time(
    world: World, officer: Client, tmp_path: Path
) -> None:
    path = feed(tmp_path, sample(), sample(source_ref="WM/2", phone="none"))
    for _ in range(2):
        load(path, world.force)
    first, again = Delivery.objects.order_by("received_at", "id")
    shown = page(officer, f"/feeds/{again.pk}/")
    assert "held or rejected when they came first" in shown and "Still waiting, once" in shown
    assert f'href="/feeds/{again.pk}/kept-before/"' in shown and "Download the rejected rows" in shown
    assert "held or rejected when they came first" not in page(officer, f"/feeds/{first.pk}/")
    listed = page(officer, f"/feeds/{again.pk}/kept-before/")
    assert ">WM/2<" in listed and "WM/26/0000001" not in listed
    assert KeptRow.objects.get().pk in Look.objects.get(route="feeds:kept_before").subjects
    lines = officer.post(f"/feeds/{again.pk}/rejected.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "WM/2" in lines[1]


def test_kept_rows_are_found_by_reference_and_state(world: World, officer: Client, tmp_path: Path) -> None:
    rows = (sample(source_ref="WM/77", phone="none"), sample(source_ref="WM/88", consent="no"))
    load(feed(tmp_path, *rows), world.force)
    address = f"/feeds/{Delivery.objects.get().pk}/"
    for place, typed, found in ((address, "wm/77", "WM/77"), ("/feeds/held/", "m/88", "WM/88")):
        answer = officer.post(f"{place}search/", {"q": typed, "reason": ""}, follow=True)
        assert typed not in answer.redirect_chain[-1][0].removeprefix(place), "it could be a name"
        shown = answer.content.decode()
        assert {ref for ref in ("WM/77", "WM/88") if f">{ref}<" in shown} == {found}
    shown = page(officer, address, state="rejected")
    assert ">WM/77<" in shown and ">WM/88<" not in shown
    assert "Search again" in page(officer, "/feeds/held/", q="Sampleford")


def test_a_file_for_which_there_is_no_room_is_refused_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*words: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reading, "put_by", full)
    assert "want of room" in send(world, text([sample()]).encode()).text
    assert not Upload.objects.exists()


def test_a_delivery_is_found_by_the_name_of_its_file(world: World, officer: Client, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(), name="monday.csv"), world.force)
    load(feed(tmp_path, sample(source_ref="WM/2"), name="tuesday.csv"), world.force)
    shown = page(officer, "/feeds/", file="TUES")
    assert "tuesday.csv" in shown and "monday.csv" not in shown


def test_rejected_rows_leave_after_asking(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(phone="none")), world.force)
    user, client = world.people["triage_officer"], world.client("triage_officer")
    user.set_password("three plain sample words")
    user.save(update_fields=["password"])
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["second_factor"] = True
    session.save()
    address = f"/feeds/{Delivery.objects.get().pk}/rejected.csv"
    assert client.post(address).headers["Location"] == f"/sign-in/again/?next={address}"
    assert not Event.objects.filter(name="export.made").exists()


def test_coming_back_from_showing_who_they_are_leads_to_the_receipt(
    world: World, officer: Client, tmp_path: Path
) -> None:
    load(feed(tmp_path, sample(phone="none")), world.force)
    found = Delivery.objects.get()
    assert officer.get(f"/feeds/{found.pk}/rejected.csv").headers["Location"] == f"/feeds/{found.pk}/"
