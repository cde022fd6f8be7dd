"""A reply is made, found by a secret kept nowhere, opened once by one browser, and answered once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import Error, IntegrityError, connection, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import Pointer
from alongside.foundation.office.rulebook import actions as book
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import NOW, feed, load, working
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.arrivals.replies import actions, jobs, queries
from alongside.support.arrivals.replies.models import Answer, Reply
from alongside.support.people.victims.models import Agreement
from tests.world import World

pytestmark = pytest.mark.django_db
OFFICER = {"officer_name": "PC Sample", "officer_email": "pc.sample@police.example"}


@contextmanager
def at_the_hub(world: World) -> Iterator[None]:
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        yield


@contextmanager
def outside() -> Iterator[None]:
    with transaction.atomic(), inside(Realm.PUBLIC):
        yield


def kept(world: World, folder: Path, **changes: str) -> KeptRow:
    load(feed(folder, sample(**{"consent": "no", **OFFICER, **changes})), world.force)
    return KeptRow.objects.get()


def returned(world: World, row: KeptRow, reason: str = "no_consent", **more: str) -> Reply:
    said = {"reference": row.source_ref, "mailbox": OFFICER["officer_email"], **more}
    with at_the_hub(world):
        return actions.return_row(row, by=world.actor("triage_officer"), at=NOW, reason=reason, **said)


def secret() -> str:
    """What is in the link that goes out, as the officer alone has it."""
    found = re.search(r"/answer/([\w-]+)/", fields.read(Pointer.objects.latest("asked_at"), "link"))
    assert found
    return found[1]


def referral(world: World, folder: Path, *, shares: bool | None = None, word: str = "accepted") -> Referral:
    load(feed(folder, sample(**OFFICER)), world.force)
    made = Referral.objects.get()
    Standing.objects.update(word=word)
    if shares is not None:
        Agreement.objects.create(victim=made.victim, about="share", with_organisation=world.force.pk, given=shares,
                                 recorded_at=NOW)  # fmt: skip
    return made


def test_the_secret_is_in_the_link_alone(world: World, tmp_path: Path) -> None:
    reply = returned(world, kept(world, tmp_path))
    assert (reply.told, reply.asks, reply.reason) == ("asked", "consent", "no_consent")
    with connection.cursor() as cursor:
        for table in ("replies_reply", "core_event", "procrastinate_jobs"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t")
            assert secret() not in cursor.fetchone()[0]


def test_it_opens_once_for_one_browser_and_is_read_again_for_half_an_hour(world: World, tmp_path: Path) -> None:
    returned(world, kept(world, tmp_path))
    link = secret()
    with outside():
        browser = actions.open_(link, reference="wm 26 0000001", at=NOW)
        assert browser
        with pytest.raises(RuleBroken), transaction.atomic():
            actions.open_(link, reference="WM/26/0000001", at=NOW)
        assert actions.opened(link, browser, at=NOW + timedelta(minutes=29))
        assert actions.opened(link, browser, at=NOW + timedelta(minutes=31)) is None
        assert actions.opened(link, "another", at=NOW) is None
        assert actions.opened("another", browser, at=NOW) is None


def test_a_wrong_reference_is_counted_and_five_shut_it_for_good(world: World, tmp_path: Path) -> None:
    returned(world, kept(world, tmp_path))
    link = secret()
    with outside():
        assert [actions.open_(link, reference=f"WM/{number}", at=NOW) for number in range(5)] == [""] * 5
        with pytest.raises(RuleBroken), transaction.atomic():
            actions.open_(link, reference="WM/26/0000001", at=NOW)
    assert Event.objects.filter(name="reply.not_opened").count() == 5


def test_it_does_not_open_when_its_time_is_over_nor_with_a_secret_that_is_none(world: World, tmp_path: Path) -> None:
    returned(world, kept(world, tmp_path))
    with outside():
        for link, at in ((secret_of_hub(), NOW + timedelta(days=14)), ("none", NOW)):
            with pytest.raises(RuleBroken), transaction.atomic():
                actions.open_(link, reference="WM/26/0000001", at=at)


def secret_of_hub() -> str:
    """Read as the owner, whatever role is taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (role,) = cursor.fetchone()
        cursor.execute("RESET ROLE")
    found = secret()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
    return found


def test_a_row_without_a_reference_opens_without_one(world: World, tmp_path: Path) -> None:
    returned(world, kept(world, tmp_path), reference="")
    link = secret()
    with outside():
        assert actions.open_(link, reference="", at=NOW)


def test_nobody_is_written_to_where_the_mailbox_is_no_polices(world: World, tmp_path: Path) -> None:
    reply = returned(world, kept(world, tmp_path), mailbox="sample@mail.example")
    assert reply.told == "no_mailbox" and not Pointer.objects.exists()


def test_an_answer_is_sealed_and_given_once(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path)
    returned(world, row)
    link = secret()
    with outside():
        reply = actions.opened(link, actions.open_(link, reference=row.source_ref, at=NOW), at=NOW)
        assert reply
        with pytest.raises(RuleBroken, match="first"), transaction.atomic():
            actions.answer(reply, at=NOW, said={"words": " "})
        actions.answer(reply, at=NOW, said={"consent": "yes", "words": "Testina agrees", "phone": ""})
        with pytest.raises(RuleBroken, match="already"), transaction.atomic():
            actions.answer(reply, at=NOW, said={"words": "more"})
    assert b"Testina" not in bytes(Answer.objects.get().said)
    (found,) = queries.answers(world.actor("triage_officer"), kept=row.pk)
    assert found.said == {"consent": "yes", "words": "Testina agrees"}
    assert queries.answers(world.actor("far_triage_officer"), kept=row.pk) == []
    assert queries.answered([row.pk]) == {row.pk}


def test_a_page_that_asks_nothing_takes_no_answer(world: World, tmp_path: Path) -> None:
    reply = returned(world, kept(world, tmp_path), "outside_service")
    with pytest.raises(RuleBroken), transaction.atomic():
        actions.answer(reply, at=NOW, said={"words": "x"})


@pytest.mark.parametrize(("shares", "word"), [(None, "received"), (False, "received"), (True, "accepted")])
def test_without_agreement_to_share_the_officer_reads_that_it_was_received_and_no_more(
    world: World, tmp_path: Path, shares: bool | None, word: str
) -> None:
    made = referral(world, tmp_path, shares=shares)
    with at_the_hub(world):
        reply = actions.tell(made, by=world.actor("triage_officer"), at=NOW)
    assert (reply.word, reply.asks) == (word, "nothing")
    assert queries.of_referral(made) == [reply]
    assert queries.answers(world.actor("triage_officer"), referral=made.pk) == []


def test_an_agreement_that_was_taken_back_is_none(world: World, tmp_path: Path) -> None:
    made = referral(world, tmp_path, shares=True)
    Agreement.objects.filter(about="share").update(withdrawn_at=NOW)
    assert not queries.shares_with(made)


def test_only_what_came_by_a_feed_with_a_mailbox_of_the_police_is_told(world: World, tmp_path: Path) -> None:
    made = referral(world, tmp_path)
    fields.write(made, officer="PC Sample, sample@mail.example")
    made.save(update_fields=["officer"])
    by = world.actor("triage_officer")
    with at_the_hub(world), pytest.raises(RuleBroken, match="nobody to write to"), transaction.atomic():
        actions.tell(made, by=by, at=NOW)
    made.source = Referral.Source.PARTNER
    with pytest.raises(RuleBroken, match="police feed"), transaction.atomic():
        actions.tell(made, by=by, at=NOW)


def test_a_standing_that_is_not_there_reads_as_received(world: World, tmp_path: Path) -> None:
    made = referral(world, tmp_path)
    Standing.objects.all().delete()
    assert queries.standing_of(made) == "received"


def test_words_that_left_the_rulebook_still_read(world: World) -> None:
    for reply in (Reply(reason="gone", made_at=NOW), Reply(word="gone", made_at=NOW)):
        assert queries.page(reply, NOW.date()).words


def test_a_page_is_called_back_before_and_after_it_was_opened(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path)
    by = world.actor("triage_officer")
    link = (returned(world, row), secret())[1]
    with outside():
        browser = actions.open_(link, reference=row.source_ref, at=NOW)
    with at_the_hub(world):
        reply = queries.of_row(row)
        assert reply
        actions.call_back(reply, by=by, at=NOW + timedelta(minutes=1))
    with outside():
        assert actions.opened(link, browser, at=NOW + timedelta(minutes=2)) is None
    with at_the_hub(world):
        later = actions.return_row(row, by=by, at=NOW, reason="other", reference="", mailbox="")
        actions.call_back(later, by=by, at=NOW)
    assert Reply.objects.get(pk=later.pk).opens_until == NOW


def test_replies_are_forgotten_with_their_answers_and_keys(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path)
    reply = returned(world, row)
    actions.answer(reply, at=NOW, said={"words": "Sample"})
    key = Answer.objects.get().pk
    with working():
        assert actions.forget(at=NOW + timedelta(days=43)) == 0
        assert actions.forget(at=NOW + timedelta(days=44)) == 1
        jobs.forget.func()
    assert not Reply.objects.exists() and not PersonKey.objects.filter(pk=key).exists()


def test_the_public_sees_only_the_reply_that_it_presents_and_changes_nothing_of_what_it_says(
    world: World, tmp_path: Path
) -> None:
    reply = returned(world, kept(world, tmp_path))
    with outside():
        assert Reply.objects.count() == 0
        refused = pytest.raises(Error, match=r"permission denied|row-level security")
        with refused, transaction.atomic():
            Reply.objects.update(reason="other")
        refused = pytest.raises(Error, match=r"permission denied|row-level security|violates")
        with refused, transaction.atomic():
            Answer.objects.create(reply_id=reply.pk, hub_id=world.hub.pk, answered_at=NOW)


def test_a_reply_is_about_a_row_or_a_referral(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(hub_id=world.hub.pk, source=world.force, lookup=b"1", told="asked", made_at=NOW,
                             opens_until=NOW)  # fmt: skip


def test_the_system_may_make_one_too(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path)
    with working():
        made = actions.return_row(row, by=SYSTEM_ACTOR, at=NOW, reason="other", reference="", mailbox="")
    assert made.made_by is None


def by_itself(at: datetime = NOW) -> Reply | None:
    with working():
        return actions.tell_by_itself(Referral.objects.get(), by=SYSTEM_ACTOR, at=at)


def test_the_officer_hears_by_itself_of_each_stand_once_while_the_victim_agrees(world: World, tmp_path: Path) -> None:
    referral(world, tmp_path, shares=True, word="offered")
    first = by_itself()
    assert first is not None and (first.word, first.told, first.made_by) == ("offered", "asked", None)
    assert by_itself() is None, "of one stand they hear once"
    for word, heard in (("accepted", "accepted"), ("contacted", None), ("not_reached", "not_reached"),
                        ("declined", "closed"), ("closed", None)):  # fmt: skip
        Standing.objects.update(word=word)
        made = by_itself()
        assert (made.word if made else None) == heard, word
    assert Pointer.objects.count() == 4


@pytest.mark.parametrize("shares", [None, False])
def test_without_agreement_nobody_hears_by_itself(world: World, tmp_path: Path, shares: bool | None) -> None:
    referral(world, tmp_path, shares=shares, word="received")
    assert by_itself() is None and not Reply.objects.exists()


def test_what_is_restricted_or_has_no_mailbox_or_came_otherwise_is_left_to_a_person(
    world: World, tmp_path: Path
) -> None:
    made = referral(world, tmp_path, shares=True)
    Referral.objects.update(markers=["honour_based"])
    assert by_itself() is None
    Referral.objects.update(markers=[], source="partner")
    assert by_itself() is None
    Referral.objects.update(source="police_feed")
    fields.write(made, officer="PC Sample, pc.sample@home.example")
    made.save(update_fields=["officer"])
    assert by_itself() is None and not Reply.objects.exists()


def test_the_office_says_of_what_the_officer_hears(world: World, tmp_path: Path) -> None:
    referral(world, tmp_path, shares=True, word="accepted")
    row = rulebook.rule("officer_words", "accepted", NOW.date())
    book.revise("officer_words", row.code, by=SYSTEM_ACTOR, at=NOW, title=row.title,
                body={**row.body, "told": False}, source="Office decision", since=NOW.date())  # fmt: skip
    assert by_itself() is None
    with at_the_hub(world):
        assert actions.tell(Referral.objects.get(), by=world.actor("triage_officer"), at=NOW).word == "accepted"


def test_jobs_tell_after_an_offer_and_after_an_agreement(world: World, tmp_path: Path) -> None:
    made = referral(world, tmp_path, shares=True)
    with working():
        jobs.tell_of_victim.func(event="", subject=str(made.victim_id))
        jobs.tell_of_victim.func(event="", subject=str(made.pk))
        jobs.tell_of_offer.func(event="", subject=str(made.pk))
        jobs.tell.func(event="", subject=str(made.pk))
    assert Reply.objects.get().word == "accepted"
