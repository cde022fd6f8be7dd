"""The pages of rows that wait: found, opened, mended, taken in, returned, closed and taken up again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.models import Look
from alongside.foundation.office.messages.models import Pointer
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, load, working
from alongside.support.arrivals.mending import jobs
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.replies.models import Reply
from alongside.support.arrivals.replies.tests.test_actions import secret
from alongside.support.arrivals.replies.tests.test_pages import opened
from tests.world import World

pytestmark = pytest.mark.django_db
OFFICER = {"officer_email": "pc.sample@police.example"}


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def page(client: Client, address: str, **asked: str | int) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def kept(world: World, folder: Path, **changes: str) -> str:
    """The address of a row that was kept."""
    load(feed(folder, sample(**{**OFFICER, **changes})), world.force)
    return f"/feeds/rows/{KeptRow.objects.get().pk}/"


def several(world: World, folder: Path) -> list[KeptRow]:
    rows = (sample(source_ref="WM/1", consent="no"), sample(source_ref="WM/2", phone="none"), sample(source_ref="WM/3",
            consent="no"))  # fmt: skip
    load(feed(folder, *rows), world.force)
    return list(KeptRow.objects.order_by("line"))


def test_rows_that_wait_are_filtered_and_sorted_and_each_reference_shown_is_a_look(
    world: World, officer: Client, tmp_path: Path
) -> None:
    rows = several(world, tmp_path)
    KeptRow.objects.filter(pk=rows[2].pk).update(expires_at=timezone.now() - timedelta(days=1))
    shown = page(officer, "/feeds/held/")
    assert shown.index(">WM/3<") < shown.index(">WM/1<"), "the first to run out of time comes first"
    assert "1 row is near the end" in shown and "Over soon" in shown
    assert Look.objects.get(route="mending:held").subjects
    for asked, refs in (
        ({"state": "rejected"}, {"WM/2"}), ({"reason": "no_consent"}, {"WM/1", "WM/3"}), ({"flag": "near"}, {"WM/3"}),
        ({"source": world.force.pk, "sort": "-came"}, {"WM/1", "WM/2", "WM/3"}),
    ):  # fmt: skip
        found = page(officer, "/feeds/held/", **asked)
        assert {ref for ref in ("WM/1", "WM/2", "WM/3") if f">{ref}<" in found} == refs


def test_chosen_rows_are_closed_or_returned_at_once(world: World, officer: Client, tmp_path: Path) -> None:
    first, second, third = (str(row.pk) for row in several(world, tmp_path))
    address = "/feeds/held/settle/"
    nothing = officer.post(address, {"do": "closed:mistake"}, follow=True)
    assert "Choose the rows first." in nothing.content.decode()
    assert "Choose what to do." in officer.post(address, {"rows": [first]}, follow=True).content.decode()
    done = officer.post(address, {"rows": [first, second, "no-key"], "do": "closed:mistake"}, follow=True)
    assert "2 rows closed." in done.content.decode()
    done = officer.post(address, {"rows": [first, third], "do": "returned:other"}, follow=True)
    assert "1 row returned." in done.content.decode() and "Nothing is held" in done.content.decode()
    assert officer.get(address).status_code == 405


def test_another_hubs_rows_are_not_settled_whoever_names_them(world: World, tmp_path: Path) -> None:
    rows = [str(row.pk) for row in several(world, tmp_path)]
    far = world.client("far_triage_officer")
    done = far.post("/feeds/held/settle/", {"rows": rows, "do": "closed:mistake"}, follow=True)
    assert "0 rows closed." in done.content.decode()
    assert KeptRow.objects.filter(settled_at=None).count() == 3
    assert world.client("caseworker").post("/feeds/held/settle/", {"rows": rows}).status_code == 403


def test_a_rejected_row_is_mended_and_taken_in_by_pages(world: World, officer: Client, tmp_path: Path) -> None:
    address = kept(world, tmp_path, phone="ask at the desk", date_of_birth="31/02/1980")
    opened = page(officer, address)
    assert "Mend it" in opened and "Take it in" not in opened and "ask at the desk" in opened
    form = page(officer, f"{address}mend/")
    assert "What is wrong" in form and "Sent: ask at the desk" in form
    assert form.index('name="phone"') < form.index('name="source_ref"')
    cells = {**sample(**OFFICER), "phone": "07700 900321", "date_of_birth": "30/02/1980"}
    refused = officer.post(f"{address}mend/", cells).content.decode()
    assert "There is a problem" in refused and "Date of birth is not a date" in refused
    assert (
        "Nothing is different"
        in officer.post(
            f"{address}mend/", {**cells, "phone": "ask at the desk", "date_of_birth": "31/02/1980"}
        ).content.decode()
    )
    mended = officer.post(f"{address}mend/", {**cells, "date_of_birth": "28/02/1980"}, follow=True).content.decode()
    assert "the rules would accept it" in mended and "As it was mended" in mended and "07700 900321" in mended
    assert "Testa Triage Officer: Date of birth, Telephone number" in mended
    said = {"consent": "yes", "phone_safe": "yes", "email_safe": "unknown", "words": "Rang the desk"}
    done = officer.post(f"{address}release/", {**said, "phone": "07700 900321"}, follow=True).content.decode()
    assert "taken in as a new referral" in done and "Mend it" not in done
    assert Referral.objects.get().source_ref == "WM/26/0000001"


def test_a_mend_that_leaves_a_row_held_says_why(world: World, officer: Client, tmp_path: Path) -> None:
    address = kept(world, tmp_path, phone="none", consent="no")
    cells = {**sample(**OFFICER), "consent": "no", "phone": "07700 900321"}
    shown = officer.post(f"{address}mend/", cells, follow=True).content.decode()
    assert "it would be held: No consent" in shown


def test_what_the_officer_will_read_is_shown_before_the_row_is_returned(
    world: World, officer: Client, tmp_path: Path
) -> None:
    address = kept(world, tmp_path, consent="no")
    assert "See what the officer reads" in page(officer, f"{address}send-back/")
    before = page(officer, f"{address}send-back/", reason="no_consent")
    assert "We may not contact the victim." in before and "The officer is written to." in before
    assert "See what the officer reads" in page(officer, f"{address}send-back/", reason="none")
    done = officer.post(f"{address}send-back/", {"reason": "no_consent", "words": ""}, follow=True).content.decode()
    assert "Returned. The officer is written to." in done and "The officer was written to" in done
    assert Pointer.objects.count() == 1
    (link,) = {part.split('"')[0] for part in done.split('href="') if part.startswith("/replies/")}
    assert "We may not contact the victim." in page(officer, link)
    again = officer.post(f"{address}send-back/", {"reason": "no_consent"}).content.decode()
    assert "already" in again


def test_where_nobody_can_be_written_to_it_says_so(world: World, officer: Client, tmp_path: Path) -> None:
    address = kept(world, tmp_path, consent="no", officer_email="pc@mail.example")
    assert "nobody is written to" in page(officer, f"{address}send-back/")
    done = officer.post(f"{address}send-back/", {"reason": "other"}, follow=True).content.decode()
    assert "Returned. Nobody is written to" in done and "There is no mailbox of the police" in done


def test_a_row_is_closed_and_taken_up_again_by_pages(world: World, officer: Client, tmp_path: Path) -> None:
    address = kept(world, tmp_path, phone="none")
    assert "There is a problem" in officer.post(f"{address}set-aside/", {"words": "x"}).content.decode()
    assert "Why?" in page(officer, f"{address}set-aside/")
    closed = officer.post(f"{address}set-aside/", {"reason": "mistake", "words": "Seen"}, follow=True).content.decode()
    assert "Sent by mistake" in closed and "Seen" in closed and "Mend it" not in closed
    again = officer.post(f"{address}reopen/", follow=True).content.decode()
    assert "waits for a person again" in again and "Mend it" in again
    assert "Only a row" in officer.post(f"{address}reopen/", follow=True).content.decode()


@pytest.mark.parametrize("verb", ["", "mend/", "release/", "send-back/", "set-aside/", "reopen/"])
def test_a_neighbour_finds_nothing_at_any_address_of_a_row(world: World, tmp_path: Path, verb: str) -> None:
    address = kept(world, tmp_path, consent="no")
    for person in ("far_triage_officer", "caseworker", "officer", "commissioning_officer"):
        answer = world.client(person).post(f"{address}{verb}", {"reason": "mistake", "words": "x"})
        assert answer.status_code in (403, 404)
    assert KeptRow.objects.get().settled_at is None


def test_opening_a_row_to_mend_it_is_a_look(world: World, officer: Client, tmp_path: Path) -> None:
    address = kept(world, tmp_path, phone="none")
    page(officer, f"{address}mend/")
    assert Look.objects.get(route="mending:mend").fields == "content"


def test_the_officer_answers_and_the_row_waits_for_a_person_again(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(consent="no", **OFFICER)), world.force)
    kept, hub = KeptRow.objects.get(), world.client("triage_officer")
    hub.post(f"/feeds/rows/{kept.pk}/send-back/", {"reason": "no_consent", "words": ""})
    officer = Client()
    assert "Does the victim agree" in opened(officer, secret())
    assert "There is a problem" in officer.post("/answer/read/", {"words": "x"}).content.decode()
    done = officer.post("/answer/read/", {"consent": "yes", "words": "Asked today"}, follow=True)
    assert "We have your answer" in done.content.decode() and "Send the answer" not in done.content.decode()
    with working():
        for _ in range(2):
            jobs.take_up_again.func(event="", subject=str(Reply.objects.get().pk))
    assert "The officer answered" in hub.get("/feeds/held/").content.decode()
    shown = hub.get(f"/feeds/rows/{kept.pk}/").content.decode()
    assert "Yes, the victim agrees" in shown and "Asked today" in shown and "Take it in" in shown
