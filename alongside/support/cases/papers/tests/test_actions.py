"""A document is passed on by a person who has read it, to one provider, once it has accepted; and can be taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import fields
from alongside.foundation.office.messages.models import Notice
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Standing
from alongside.support.arrivals.referrals.tests.arrivals import added, at_work
from alongside.support.arrivals.threads.models import Attachment
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, offered
from alongside.support.cases.papers import actions, jobs, queries
from alongside.support.cases.papers.models import Passed
from alongside.support.cases.papers.tests.passing import TEXT, WHAT, attached, on_a_case, passed, read, run
from tests.world import World

pytestmark = pytest.mark.django_db
State = Passed.State


def pass_on(world: World, document: Attachment, person: str = "triage_officer") -> Passed:
    with at_work(world, person) as by:
        return actions.pass_on(document, by=by, at=world.now, what=WHAT)


def opens(world: World, one: Passed, person: str = "caseworker") -> int:
    return world.client(person).get(f"/casework/documents/{one.pk}/").status_code


def test_nothing_is_passed_on_by_itself(world: World) -> None:
    case = accepted(world)
    attached(world, case.referral_id)
    assert not Passed.objects.exists()
    with at_work(world, "caseworker") as by:
        assert queries.on_case(case, by) == ()


def test_pass_on_says_who_and_when_and_seals_it_for_the_victim(world: World) -> None:
    case, one = on_a_case(world)
    assert (one.state, one.provider_id, one.chosen_by) == (
        State.PASSED, world.provider.pk, world.people["triage_officer"].pk,
    )  # fmt: skip
    assert one.chosen_at == one.passed_at == world.now + timedelta(hours=2)
    assert TEXT not in bytes(one.content) and WHAT.encode() not in bytes(one.what)
    assert fields.read(one, "what") == WHAT and queries.content(one) == TEXT
    told = Event.objects.get(name="document.passed_on")
    assert told.details == {"provider": world.provider.pk, "shown": True} and told.subject == one.pk
    PersonKey.objects.filter(person_id=case.referral_id).delete()  # the referrer's own; the copy needs the victim's
    assert opens(world, one) == 200


def test_pass_on_is_refused_until_whoever_does_it_has_read_the_document(world: World) -> None:
    document = attached(world, accepted(world).referral_id)
    read(world, document, "other_triage_officer")
    with pytest.raises(RuleBroken, match="have not opened"):
        pass_on(world, document)
    assert pass_on(world, document, "other_triage_officer").pk


def test_pass_on_is_refused_where_no_service_has_the_referral_or_its_case_is_closed(world: World) -> None:
    case = accepted(world)
    document = attached(world, case.referral_id)
    read(world, document)
    Case.objects.update(state="CLOSED", closed_at=world.now)
    with pytest.raises(RuleBroken, match="nobody to pass"):
        pass_on(world, document)
    Case.objects.all().delete()
    Offer.objects.update(state="DECLINED")
    with pytest.raises(RuleBroken, match="nobody to pass"):
        pass_on(world, document)


def test_pass_on_loses_to_an_offer_that_ended_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = offered(world)
    document = attached(world, offer.referral_id)
    read(world, document)
    monkeypatch.setattr(queries, "receiver", lambda referral, by: offer)
    Offer.objects.update(state="WITHDRAWN")
    with pytest.raises(RuleBroken, match="nobody to pass"):
        pass_on(world, document)


def test_pass_on_is_refused_twice_and_for_whoever_asked_us_to_stop(world: World) -> None:
    case, one = on_a_case(world)
    document = Attachment.objects.get(pk=one.attachment_id)
    with pytest.raises(RuleBroken, match="already"):
        pass_on(world, document)
    added(case.referral, at=timezone.now(), kind="withdraw")
    with pytest.raises(RuleBroken, match="asked us to stop"):
        pass_on(world, document)


def test_what_is_chosen_at_the_offer_is_shown_at_acceptance_and_not_before(world: World) -> None:
    offer = offered(world)
    one = passed(world, attached(world, offer.referral_id))
    assert (one.state, bytes(one.content)) == (State.CHOSEN, b"") and opens(world, one) == 404
    with at_work(world, "caseworker") as by:
        assert not Passed.objects.exists()
        case = casework.accept(offer, by=by, at=world.now + timedelta(hours=3))
        assert not Passed.objects.exists()
    run(jobs.settle, "offer.accepted")
    run(jobs.settle, "offer.accepted")
    one.refresh_from_db()
    assert one.state == State.PASSED and opens(world, one) == 200
    with at_work(world, "caseworker") as by:
        assert [what for _, what in queries.on_case(case, by)] == [WHAT]
    assert Event.objects.filter(name="document.handed_over").count() == 1


def test_the_provider_that_declines_never_sees_it_and_the_next_is_chosen_for_anew(world: World) -> None:
    offer = offered(world)
    one = passed(world, attached(world, offer.referral_id))
    with at_work(world, "caseworker") as by:
        casework.decline(offer, by=by, at=world.now, reason="no_capacity")
    run(jobs.settle, "offer.declined")
    one.refresh_from_db()
    assert (one.state, bytes(one.content)) == (State.LAPSED, b"") and opens(world, one) == 404
    with at_work(world, "triage_officer") as by:
        assert queries.receiver(offer.referral_id, by) is None
        (paper,) = queries.papers(Standing.objects.get(pk=offer.referral_id), by)
        assert [given.passed.state for given in paper.given] == [State.LAPSED]
    assert Event.objects.filter(name="document.lapsed").count() == 1


def test_what_was_chosen_for_an_offer_that_is_called_back_is_never_shown(world: World) -> None:
    offer = offered(world)
    one = passed(world, attached(world, offer.referral_id))
    run_before = Passed.objects.get().state
    actions.settle(offer, by=world.actor("triage_officer"), at=world.now)  # nothing was answered yet
    assert Passed.objects.get().state == run_before == State.CHOSEN
    with at_work(world, "triage_officer") as by:
        referrals.call_back(offer, by=by, at=world.now)
    run(jobs.settle, "offer.called_back")
    one.refresh_from_db()
    assert one.state == State.LAPSED


def test_take_back_before_it_was_opened_and_pass_on_again(world: World) -> None:
    _, one = on_a_case(world)
    with at_work(world, "other_triage_officer") as by:
        actions.take_back(one, by=by, at=world.now + timedelta(hours=3))
        with pytest.raises(RuleBroken):
            actions.take_back(one, by=by, at=world.now + timedelta(hours=3))
    one.refresh_from_db()
    assert (one.state, bytes(one.content)) == (State.TAKEN_BACK, b"")
    assert one.ended_by == world.people["other_triage_officer"].pk and opens(world, one) == 404
    assert Event.objects.get(name="document.taken_from_provider").details == {"opened": 0}
    assert pass_on(world, Attachment.objects.get()).state == State.PASSED


def test_take_back_after_it_was_opened_says_so_for_good(world: World) -> None:
    _, one = on_a_case(world)
    assert opens(world, one) == opens(world, one, "service_manager") == 200
    with at_work(world, "triage_officer") as by:
        actions.take_back(one, by=by, at=world.now + timedelta(hours=3))
        (paper,) = queries.papers(Standing.objects.get(), by)
    assert len(paper.given[0].opened) == 2
    assert Event.objects.get(name="document.taken_from_provider").details == {"opened": 2}


def test_take_back_of_what_was_only_chosen(world: World) -> None:
    offer = offered(world)
    one = passed(world, attached(world, offer.referral_id))
    with at_work(world, "triage_officer") as by:
        actions.take_back(one, by=by, at=world.now)
    with at_work(world, "caseworker") as by:
        casework.accept(offer, by=by, at=world.now)
    run(jobs.settle, "offer.accepted")
    one.refresh_from_db()
    assert one.state == State.TAKEN_BACK and one.passed_at is None


def test_the_worker_of_the_case_is_told_and_nobody_where_nobody_works_on_it(world: World) -> None:
    case, one = on_a_case(world)
    run(jobs.tell, "document.passed_on")
    assert not Notice.objects.exists()
    Case.objects.filter(pk=case.pk).update(worker=world.people["caseworker"].pk)
    run(jobs.tell, "document.passed_on")
    assert Notice.objects.get().user_id == world.people["caseworker"].pk
    Passed.objects.update(state="TAKEN_BACK", content=b"", ended_at=world.now)
    Notice.objects.all().delete()
    run(jobs.tell, "document.passed_on")
    assert one.pk and not Notice.objects.exists()
