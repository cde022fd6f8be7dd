"""The hub asks, whoever referred answers, each is told and neither learns more than it should."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client

from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.messages.models import Notice
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.arrivals.referrals.tests.arrivals import at_work, received, taken
from alongside.support.arrivals.threads import actions, jobs, presenters, queries
from alongside.support.arrivals.threads.models import Attachment, Post
from tests.world import World

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"


@pytest.fixture(autouse=True)
def _outbox(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


def standing(world: World, **changes: Any) -> Standing:
    referral = taken(world, referred_by=world.people["referrer"].pk, **changes)
    return Standing.objects.get(pk=referral.pk)


def ask(world: World, about: Standing, words: str = "Did you agree a time?", **more: Any) -> Post:
    with at_work(world, "triage_officer") as officer:
        return actions.ask(about, by=officer, at=more.pop("at", world.now), words=words, **more)


def answer(world: World, about: Standing, words: str = "Mornings", **more: Any) -> Post:
    with at_work(world, "referrer") as referrer:
        return actions.answer(
            about, by=referrer, at=more.pop("at", world.now + timedelta(minutes=5)), words=words, **more
        )


def unread(world: World, person: str) -> int:
    with at_work(world, person) as actor:
        return queries.unread_count(actor)


def test_a_question_is_answered_and_each_side_sees_what_is_new(world: World) -> None:
    about = standing(world)
    ask(world, about)
    assert (unread(world, "referrer"), unread(world, "triage_officer")) == (1, 0)
    answer(world, about)
    assert (unread(world, "referrer"), unread(world, "triage_officer")) == (0, 1)
    with at_work(world, "triage_officer") as officer:
        waiting = queries.waiting(officer, most=9)
        assert [(one.standing.reference, one.count) for one in waiting] == [(about.reference, 1)]
        actions.read(about, by=officer, at=world.now)
        actions.read(about, by=officer, at=world.now)
        assert queries.waiting(officer, most=9) == ()
    assert Event.objects.filter(name="thread.read").count() == 1
    assert b"Mornings" not in b"".join(bytes(post.words) for post in Post.objects.all())


def test_the_hub_is_warned_before_it_gives_something_away(world: World) -> None:
    about = standing(world)
    with pytest.raises(RuleBroken, match="their name") as broken:
        ask(world, about, "Is Testina there?")
    assert broken.value.field == "sure"
    assert ask(world, about, "Is Testina there?", sure=True).pk
    assert Event.objects.get(name="thread.asked").details["sure"] is True


def test_what_was_sent_twice_is_one_and_nothing_is_no_answer(world: World) -> None:
    about = standing(world)
    assert ask(world, about).pk == ask(world, about, at=world.now + timedelta(seconds=30)).pk
    with pytest.raises(RuleBroken, match="Write something"):
        answer(world, about, "  ")


def test_a_closed_thread_takes_no_answer_until_the_hub_asks_again(world: World) -> None:
    about = standing(world)
    answer(world, about)
    with at_work(world, "triage_officer") as officer:
        actions.close(about, by=officer, at=world.now + timedelta(hours=1))
        with pytest.raises(RuleBroken, match="closed already"):
            actions.close(about, by=officer, at=world.now + timedelta(hours=1))
    with pytest.raises(RuleBroken, match="closed these questions"):
        answer(world, about, "One more", at=world.now + timedelta(hours=2))
    ask(world, about, at=world.now + timedelta(hours=3))
    answer(world, about, "One more", at=world.now + timedelta(hours=4))


def test_a_document_is_sealed_and_opened_by_the_hub_alone(world: World) -> None:
    about = standing(world)
    post = answer(world, about, "", file=PDF, called="Testina Sampleford.pdf")
    held = Attachment.objects.get(post=post)
    assert (held.kind, held.size) == ("pdf", len(PDF))
    assert b"Testina" not in bytes(held.called) and PDF not in bytes(held.content)
    assert fields.read(held, "called") == "Testina Sampleford.pdf"
    page = world.client("triage_officer").get(f"/referrals/documents/{held.pk}/")
    assert page.content == PDF
    assert "Testina" not in page["Content-Disposition"] and page["Content-Disposition"].startswith("attachment")
    for person in ("referrer", "officer", "far_triage_officer", "caseworker"):
        assert world.client(person).get(f"/referrals/documents/{held.pk}/").status_code in (403, 404), person


def test_a_document_that_runs_or_is_no_document_writes_nothing(world: World) -> None:
    about = standing(world)
    with pytest.raises(RuleBroken, match="PDF holds"):
        answer(world, about, "See", file=PDF + b"/JavaScript", called="x.pdf")
    assert not Post.objects.exists()


# Who is told.


def test_whoever_referred_is_told_of_a_question_and_colleagues_where_they_left(world: World, tmp_path: Path) -> None:
    about = standing(world)
    post = ask(world, about)
    asked = Event.objects.get(name="thread.asked")
    for _ in range(2):
        jobs.tell(event=str(asked.pk), subject=str(about.pk))
    assert Notice.objects.get().user_id == world.people["referrer"].pk
    sent = json.loads(next(tmp_path.iterdir()).read_text())
    assert sent["to"] == "referrer@alongside.example" and about.reference not in str(sent)
    Referral.objects.update(referred_by=None)
    assert queries.referrers(post.standing) == (world.people["referrer"].pk,)
    User.objects.filter(pk=world.people["referrer"].pk).update(is_active=False)
    assert queries.referrers(post.standing) == ()


def test_whoever_has_the_referral_is_told_of_an_answer_or_whoever_is_on_duty(world: World) -> None:
    about = standing(world)
    answer(world, about)
    jobs.tell(event=str(Event.objects.get(name="thread.answered").pk), subject=str(about.pk))
    assert Notice.objects.get().user_id == world.people["triage_officer"].pk
    Referral.objects.update(worker=None)
    assert len(queries.officers(about, world.now)) == 1
    User.objects.filter(pk__in=[world.people[who].pk for who in ("triage_officer", "other_triage_officer",
                                "hub_manager")]).update(is_active=False)  # fmt: skip
    assert queries.officers(about, world.now) == ()


# Who may see what.


def text(client: Client, address: str, **posted: Any) -> str:
    page = client.post(address, posted, follow=True) if posted else client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def test_the_hub_asks_on_its_page_and_is_warned_there(world: World) -> None:
    about, officer = standing(world), world.client("triage_officer")
    address = f"/referrals/{about.pk}/questions/"
    assert "Ask something" in text(officer, f"/referrals/{about.pk}/")
    assert "Write your question" in text(officer, address, words="")
    page = text(officer, address, words="Is Testina in a refuge?")
    assert "their name and where they are" in page and 'name="sure"' in page
    page = text(officer, address, words="Is Testina in a refuge?", sure="on")
    assert "told by e-mail" in page and "Testa Triage Officer" in page
    assert "Closed: the hub has no more" in text(officer, f"{address}close/", x=1)
    assert "This is closed already" in text(officer, f"{address}close/", x=1)


def test_the_referrer_answers_on_its_own_page_and_reads_no_name(world: World) -> None:
    about, partner = standing(world), world.client("referrer")
    ask(world, about)
    assert "questions to answer" in text(partner, "/home/")
    listed = text(partner, "/refer/yours/")
    assert "1 new" in listed
    address = f"/refer/yours/{about.pk}/"
    page = text(partner, address)
    assert "Did you agree a time?" in page and "The hub" in page
    for hidden in ("Testina", "Sampleford", "Testa Triage Officer"):
        assert hidden not in page
    assert "Write something, or choose a document" in text(partner, address, words="")
    assert "1 new" not in text(partner, f"{address}read/", x=1)
    file = SimpleUploadedFile("note.txt", b"Seen on Monday")
    assert "Sent to the hub" in text(partner, address, words="Mornings", file=file)
    officer = world.client("triage_officer")
    assert "answers from referrers" in text(officer, "/home/")
    assert about.reference in text(officer, "/referrals/questions/")
    page = text(officer, f"/referrals/{about.pk}/questions/")
    assert "Mornings" in page and "note.txt" in page and "The referrer" in page
    assert "Mark as read" not in text(officer, f"/referrals/{about.pk}/questions/read/", x=1)
    assert "Nothing to read" in text(officer, "/referrals/questions/")


def test_a_closed_thread_shows_no_form_to_the_referrer(world: World) -> None:
    about = standing(world)
    with at_work(world, "triage_officer") as officer:
        actions.close(about, by=officer, at=world.now)
    page = text(world.client("referrer"), f"/refer/yours/{about.pk}/")
    assert "no more questions" in page and "<textarea" not in page
    assert "closed these questions" in text(world.client("referrer"), f"/refer/yours/{about.pk}/", words="Hello")


def test_nobody_else_reads_the_thread(world: World) -> None:
    about = standing(world)
    ask(world, about)
    for person in ("officer", "caseworker", "neighbour_manager", "far_triage_officer", "commissioning_officer"):
        for address in (f"/refer/yours/{about.pk}/", f"/referrals/{about.pk}/questions/"):
            assert world.client(person).get(address).status_code in (403, 404), (person, address)
    with transaction.atomic(), inside(Realm.REFERRER, orgs=[world.force.pk]):
        assert Post.objects.count() == 0
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        inside(Realm.PROVIDER, orgs=[world.provider.pk]),
    ):
        Post.objects.count()
    with pytest.raises(ProgrammingError, match="permission denied"), at_work(world, "referrer"):
        Post.objects.update(words=b"")


def test_a_self_referral_has_nobody_to_ask(world: World) -> None:
    referral = received(world, source="self", source_organisation=None)
    assert world.client("triage_officer").get(f"/referrals/{referral.pk}/questions/").status_code == 404
    assert list(presenters.beside(referral, by=world.actor("caseworker"), at=world.now)) == []


def test_the_threads_own_key_is_made_once(world: World) -> None:
    about = standing(world)
    ask(world, about)
    answer(world, about)
    assert PersonKey.objects.filter(person_id=about.pk).count() == 1
