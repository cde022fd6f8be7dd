"""Breaking the seal of a restricted record: whom it opens to, who is told, and how it is judged."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.models import Event, Named
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import received
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.keeping.restricted import actions, jobs, queries
from alongside.support.keeping.restricted.models import Breaking
from alongside.support.keeping.restricted.tests.sealed import acting, break_it, restricted, run, sees, victim_of
from alongside.support.people.matching import actions as matching
from tests.world import World

pytestmark = pytest.mark.django_db


def test_break_seal_opens_by_the_exact_reference_for_an_hour(world: World) -> None:
    case = restricted(world)
    reference = Referral.objects.get(pk=case.referral_id).reference
    opened = break_it(world, reference.lower().replace("-", " "))
    assert opened is not None
    made = Breaking.objects.get()
    assert timedelta(minutes=59) < made.until - made.broken_at <= timedelta(minutes=60)
    assert (made.user_id, made.organisation_id) == (world.people["other_triage_officer"].pk, world.hub.pk)
    assert fields.read(made, "words") == "She rang from outside"
    assert sees(world, "other_triage_officer", case)
    assert not sees(world, "caseworker", case)
    with acting(world, "other_triage_officer") as by:
        assert queries.open_now(by, timezone.now()) == (made,)
    Named.objects.filter(breaks__isnull=False).update(until=timezone.now() - timedelta(minutes=9))
    assert not sees(world, "other_triage_officer", case)


def test_break_seal_tells_the_privacy_officer_and_the_named_at_once(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    case = restricted(world)
    reference = Referral.objects.get(pk=case.referral_id).reference
    break_it(world, reference)
    run(jobs.tell, "seal.broken")
    addresses = {mail.to[0] for mail in mailoutbox}
    assert addresses == {f"{one}@alongside.example" for one in ("hub_manager", "privacy_officer", "triage_officer")}
    assert all(reference not in mail.body and "Sampleford" not in mail.body for mail in mailoutbox)


def test_what_fits_nothing_is_noted_and_soon_refused(world: World) -> None:
    case = accepted(world)  # not restricted: nothing to break
    reference = Referral.objects.get(pk=case.referral_id).reference
    for typed in (reference, "AL-2222-2222", "not a reference", "", "AL-3333-3333"):
        assert break_it(world, typed) is None
    assert Event.objects.filter(name="seal.tried").count() == 5
    with pytest.raises(RuleBroken, match="Too many"):
        break_it(world, "AL-4444-4444")
    assert not Breaking.objects.exists()


@pytest.mark.parametrize("person", ["neighbour_caseworker", "far_triage_officer"])
def test_nobody_breaks_the_seal_of_what_was_never_their_organisations(world: World, person: str) -> None:
    case = restricted(world)
    assert break_it(world, Referral.objects.get(pk=case.referral_id).reference, person) is None


def test_breaking_asks_for_a_reason(world: World) -> None:
    with pytest.raises(RuleBroken, match="why you must"), acting(world, "triage_officer"):
        actions.break_seal("x", by=world.actor("triage_officer"), at=timezone.now(), reason="curious", words="x")


def test_the_words_of_a_broken_seal_are_written_once_and_by_whoever_broke_it(world: World) -> None:
    case = restricted(world)
    break_it(world, Referral.objects.get(pk=case.referral_id).reference)
    made = Breaking.objects.get()
    for person in ("other_triage_officer", "hub_manager"):
        with pytest.raises(Exception, match="no such record"), acting(world, person):
            actions._opened(made.pk, made.referral_id, made.victim_id, by=world.actor(person), at=world.now, words="x")


def test_review_puts_a_judgement_on_record_and_nobody_judges_themselves(world: World) -> None:
    case = restricted(world)
    break_it(world, Referral.objects.get(pk=case.referral_id).reference)
    made, privacy = Breaking.objects.get(), world.actor("privacy_officer")
    with acting(world, "privacy_officer"):
        assert queries.waiting(privacy) == 1
        actions.review(made, by=privacy, at=world.now, move="ask_for_action", words="Talk to her manager")
        actions.review(made, by=privacy, at=world.now, move="find_fault", words="It could have waited")
        assert queries.waiting(privacy) == 0
        with pytest.raises(RuleBroken, match="cannot"):
            actions.review(made, by=privacy, at=world.now, move="justify", words="x")
    made.refresh_from_db()
    assert (made.state, fields.read(made, "outcome")) == ("NOT_JUSTIFIED", "It could have waited")
    Breaking.objects.update(state="WAITING", reviewed_by=None, user_id=privacy.user_id)
    with pytest.raises(RuleBroken, match="Nobody judges"), acting(world, "privacy_officer"):
        actions.review(made, by=privacy, at=world.now, move="justify", words="x")
    assert queries.waiting(world.actor("triage_officer")) == 0


def test_no_realm_writes_that_a_seal_was_broken_or_by_whom(world: World) -> None:
    case = restricted(world)
    break_it(world, Referral.objects.get(pk=case.referral_id).reference)
    changes: list[dict[str, object]] = [{"user_id": uuid4()}, {"until": world.now}, {"words": b""}, {"reason": "x"}]
    for change in changes:
        with pytest.raises(Exception, match="permission denied"), acting(world, "privacy_officer"):
            Breaking.objects.update(**change)
    with pytest.raises(Exception, match="permission denied"), acting(world, "privacy_officer"):
        Breaking.objects.all()._raw_delete("default")


def test_a_broken_seal_lets_nobody_judge_who_the_person_is(world: World) -> None:
    plain, case = received(world, source_ref="plain"), restricted(world)
    break_it(world, Referral.objects.get(pk=case.referral_id).reference)
    for left, right in ((plain, case), (case, plain)):
        with pytest.raises(RuleBroken, match="named on it"), acting(world, "other_triage_officer") as by:
            matching.judge(victim_of(left), victim_of(right), by=by, at=world.now, judgement="not_same")
    with acting(world, "hub_manager") as by:
        matching.judge(victim_of(plain), victim_of(case), by=by, at=world.now, judgement="not_same")
