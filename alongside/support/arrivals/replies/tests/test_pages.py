"""The officer's page, in a browser without an account; and the hub's preview, which is the same page."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.foundation.office.messages.models import Pointer
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, load, working
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.replies import actions
from alongside.support.arrivals.replies.models import Reply
from alongside.support.arrivals.replies.tests.test_actions import OFFICER, secret
from alongside.support.people.victims.models import Agreement
from tests.world import World

pytestmark = pytest.mark.django_db
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
# All that a page may not say of the row that it is about.
NEVER = ("Sampleford", "Testina", "WM/26/0000001", "07700", "mail.example", "Birmingham", "B16")


def made(world: World, folder: Path, reason: str = "no_safe_contact", **changes: str) -> tuple[Reply, str]:
    load(feed(folder, sample(**{"consent": "no", **OFFICER, **changes})), world.force)
    kept = KeptRow.objects.get()
    with working():
        reply = actions.return_row(kept, by=SYSTEM_ACTOR, at=timezone.now(), reason=reason,
                                   reference=kept.source_ref, mailbox=OFFICER["officer_email"])  # fmt: skip
    return reply, secret()


def opened(client: Client, link: str, reference: str = "WM/26/0000001") -> str:
    client.get(f"/answer/{link}/")
    return client.post("/answer/", {"reference": reference}, follow=True).content.decode()


def test_the_link_leads_on_without_the_secret_and_spends_nothing(world: World, tmp_path: Path) -> None:
    reply, link = made(world, tmp_path)
    for _ in range(3):
        answer = Client().get(f"/answer/{link}/")
        assert answer.headers["Location"] == "/answer/" and link not in answer.content.decode()
    reply.refresh_from_db()
    assert reply.opened_at is None and reply.tries == 0


def test_every_answer_is_kept_from_caches_search_and_other_sites(world: World, tmp_path: Path) -> None:
    _, link = made(world, tmp_path)
    client = Client()
    answers = [client.get(f"/answer/{link}/"), client.get("/answer/"),
               client.post("/answer/", {"reference": "wrong"}), Client().get("/answer/read/")]  # fmt: skip
    for answer in answers:
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert client.cookies["answer"]["httponly"] and client.cookies["answer"]["samesite"] == "Lax"


def test_the_page_says_the_reason_and_nothing_of_anybody(world: World, tmp_path: Path) -> None:
    _, link = made(world, tmp_path)
    shown = opened(Client(), link)
    assert "no way to contact the victim that is known to be safe" in shown and "What to do now" in shown
    assert not [word for word in NEVER if word in shown]
    assert "<title>An answer" in shown


def test_a_wrong_reference_says_so_and_a_spent_link_says_nothing_of_why(world: World, tmp_path: Path) -> None:
    _, link = made(world, tmp_path)
    client = Client()
    assert "not the reference" in opened(client, link, "WM/1")
    assert "What to do now" in opened(client, link)
    spent, never = Client(), Client()
    one, other = MAIN.search(opened(spent, link)), MAIN.search(opened(never, "never-was-a-secret"))
    assert one and other and one[0] == other[0]
    assert spent.post("/answer/", {"reference": "x"}).status_code == 410
    assert Client().get("/answer/").status_code == 410


def test_a_safe_way_is_asked_for_and_an_empty_answer_refused(world: World, tmp_path: Path) -> None:
    _, link = made(world, tmp_path)
    officer = Client()
    assert "telephone number that the victim says is safe" in opened(officer, link)
    assert "Give a safe way" in officer.post("/answer/read/", {"phone": ""}).content.decode()
    officer.post("/answer/read/", {"phone": "07700 900123", "times": "9 to 3"})
    assert Reply.objects.get().answered_at


def test_what_asks_nothing_has_no_form(world: World, tmp_path: Path) -> None:
    _, link = made(world, tmp_path, "outside_service")
    assert "Answer here" not in opened(Client(), link)


def test_the_preview_is_precisely_the_officers_page(world: World, tmp_path: Path) -> None:
    reply, link = made(world, tmp_path, "sent_in_error")
    theirs = MAIN.search(opened(Client(), link))
    ours = MAIN.search(world.client("triage_officer").get(f"/replies/{reply.pk}/").content.decode())
    assert theirs and ours

    def words(page: str) -> str:
        bare = re.sub(r"<form.*?</form>|<div class=\"govuk-inset-text\">.*?</div>", "", page, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", bare).split())

    assert words(ours[0]) == words(theirs[0])


@pytest.mark.parametrize("shares", [True, False])
def test_the_hub_reads_what_the_officer_would_before_it_writes_to_them(
    world: World, tmp_path: Path, shares: bool
) -> None:
    load(feed(tmp_path, sample(**OFFICER)), world.force)
    referral = Referral.objects.get()
    if shares:
        Agreement.objects.create(victim=referral.victim, about="share", with_organisation=world.force.pk, given=True,
                                 recorded_at=timezone.now())  # fmt: skip
    hub, address = world.client("triage_officer"), f"/replies/referrals/{referral.pk}/"
    said = hub.get(address).content.decode()
    assert ("agrees that we share" in said) is shares and "We have received it, thank you." in said
    assert "The officer is written to." in hub.post(address, follow=True).content.decode()
    assert Pointer.objects.count() == 1 and "Written before" in hub.get(address).content.decode()
    shown = opened(Client(), secret())
    assert "We have received it, thank you." in shown and not [word for word in NEVER if word in shown]
    assert "The officer opened it." in hub.get(address).content.decode()


def test_nobody_else_reads_or_writes_a_reply(world: World, tmp_path: Path) -> None:
    reply, _ = made(world, tmp_path)
    for person in ("far_triage_officer", "caseworker", "officer", "board_member"):
        assert world.client(person).get(f"/replies/{reply.pk}/").status_code == 404
