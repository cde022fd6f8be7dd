"""What each verb of intake writes, under the realm that calls it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import crypt, fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.rulebook.models import Edition, Rule
from alongside.support.arrivals.intake import actions, jobs, queries, questions
from alongside.support.arrivals.intake.forms import Refer
from alongside.support.arrivals.intake.models import Sent, Visit
from alongside.support.arrivals.intake.tests.visitors import OTHER, Typed, as_public, known_postcode, typed
from alongside.support.arrivals.referrals.models import Addition, Referral, Ticket
from alongside.support.people.victims.models import Agreement, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
CALLER = b"somewhere-in-the"
FORM = {
    "consent": "yes", "kind": "person", "given_name": "Testina", "family_name": "Sampleford", "phone": "07700 900123",
    "phone_safe": "unknown", "crime_type": "burglary", "reported": "yes", "high_risk": "no", "language": "en",
    "flags": ["vulnerable"], "notes": "Prefers mornings.", "postcode": "B1 1AA",
}  # fmt: skip


def sent(world: World, **changed: Typed) -> actions.Opened:
    """A visit that was sent."""
    answers = questions.read(typed(changed), on=world.now.date())
    with as_public():
        opened = actions.begin(at=world.now)
        actions.send(opened, answers, at=world.now)
    return opened


def back(world: World, opened: actions.Opened) -> Ticket:
    """The ticket of what was sent, as its own realm sees it."""
    found = actions.return_(opened.sent["reference"], opened.sent["phrase"], caller=CALLER, at=world.now)
    assert found is not None
    ticket = actions.ticket_of(found)
    assert ticket is not None
    return ticket


def referred(**changed: Any) -> dict[str, Any]:
    known_postcode()
    boxes = {**FORM, **changed}
    form = Refer(
        MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in boxes.items()}),
        on=Visit._meta.get_field("started_at").to_python("2026-09-14").date(),
    )
    assert form.is_valid(), form.errors
    return form.cleaned_data


# A visit


def test_what_is_typed_is_kept_sealed_and_opens_with_its_secret_alone(world: World) -> None:
    with as_public():
        opened = actions.begin(at=world.now)
        actions.answer(opened, "name", {"given_name": ["Testina"]})
        again = actions.resume(opened.secret, at=world.now + timedelta(minutes=14))
        assert again is not None
        assert again.texts("name") == MultiValueDict({"given_name": ["Testina"]})
        assert again.texts("born") is None
    with as_public():
        assert actions.resume("another secret", at=world.now) is None
    kept = Visit.objects.get()
    assert b"Testina" not in bytes(kept.body)
    with pytest.raises(crypt.SealBroken):
        crypt.unseal_under("another secret", actions.SEALED_FOR, bytes(kept.body))


def test_an_answer_takes_back_what_it_undoes(world: World) -> None:
    with as_public():
        opened = actions.begin(at=world.now)
        actions.answer(opened, "how", {"how": ["phone"]})
        actions.answer(opened, "quiet", {"quiet": ["again"]}, undone=("how", "quiet"))
        assert opened.answers == {}


def test_a_visit_that_is_over_is_deleted_when_it_is_asked_for(world: World) -> None:
    with as_public():
        opened = actions.begin(at=world.now)
    with as_public():
        assert actions.resume(opened.secret, at=world.now + timedelta(minutes=15)) is None
    assert not Visit.objects.exists()


def test_leaving_deletes_it_at_once(world: World) -> None:
    with as_public():
        opened = actions.begin(at=world.now)
        actions.leave(opened.secret)
    assert not Visit.objects.exists()


def test_the_worker_forgets_visits_that_are_over(world: World) -> None:
    with as_public():
        actions.begin(at=world.now - timedelta(minutes=20))
        fresh = actions.begin(at=world.now)
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.forget_old(at=world.now) == 1
    assert Visit.objects.get().pk == fresh.visit.pk


# Sending


def test_sending_makes_one_referral_however_often(world: World) -> None:
    opened = sent(world)
    with as_public():
        again = actions.resume(opened.secret, at=world.now)
        assert again is not None
        actions.send(again, {}, at=world.now)
    referral, victim, point = Referral.objects.get(), Victim.objects.get(), ContactPoint.objects.get()
    assert (referral.hub_id, referral.source, referral.crime_type) == (world.hub.pk, "self", "domestic_abuse")
    assert (referral.reported, referral.why_not_reported, referral.consent) == (False, "private", "yes")
    assert (victim.given_name, victim.council, victim.interpreter) == ("Testina", "E08000025", "no")
    assert fields.read(victim, "access_needs") == "Easy read or large print; Large print"
    assert "It is worse at weekends." in fields.read(referral, "notes")
    assert (point.safe, point.safe_times, point.verified_how, point.leave_message) == (
        "yes", "09:00-12:00", "typed", False,
    )  # fmt: skip
    assert again.sent == opened.sent
    assert again.answers == {}


def test_danger_is_marked_and_a_childs_record_says_so(world: World) -> None:
    opened = sent(world, now={"danger": "yes"}, stop={}, who={"who": "young"}, born={"age": "15"},
                  what={"what": "unwanted_sexual"}, told={"reported": "yes"})  # fmt: skip
    referral = Referral.objects.get()
    assert (referral.high_risk, referral.markers, referral.crime_type) == (True, ["child"], "child_sexual_abuse")
    assert referral.why_not_reported == ""
    assert opened.sent["audience"] == "young"
    assert (referral.victim.age_said, referral.victim.said_under) == (15, 18)


def test_whoever_asks_for_another_agrees_to_nothing_for_them(world: World) -> None:
    sent(world, **OTHER)
    referral, point = Referral.objects.get(), ContactPoint.objects.get()
    assert referral.consent == "no"
    assert point.verified_at is None
    any_time = {"day": "", "hours": "", "never": []}
    told = Event.objects.get(name="referral.self_sent").details
    assert told == {"channels": ["phone"], "own": False, "call": any_time}


def test_nobody_is_contacted_who_will_contact_us(world: World) -> None:
    opened = sent(world, how={"how": ["me"]})
    assert opened.sent["due"] == ""
    assert not ContactPoint.objects.exists()


def test_a_place_that_no_hub_serves_is_refused(world: World) -> None:
    answers = questions.read(typed({}), on=world.now.date())
    answers["place"]["council"] = "W06000015"
    with as_public(), pytest.raises(RuleBroken, match="which area"):
        actions.send(actions.begin(at=world.now), answers, at=world.now)


# Coming back


def test_reference_and_phrase_open_the_one_ticket(world: World) -> None:
    opened, other = sent(world), sent(world)
    with as_public():
        ticket = back(world, opened)
        assert (ticket.word, Ticket.objects.count()) == ("received", 1)
        assert actions.ticket_of(other) is None
    assert ticket.referral.reference == opened.sent["reference"]


def test_wrong_words_and_unknown_references_are_told_alike_and_counted(world: World) -> None:
    cache.clear()
    opened = sent(world)
    for reference, phrase in ((opened.sent["reference"], "tulip anchor bread cloud"), ("AL-3333-3333", "tulip")) * 5:
        with as_public():
            assert actions.return_(reference, phrase, caller=CALLER, at=world.now) is None
    with as_public(), pytest.raises(RuleBroken, match="Too many"):
        actions.return_(opened.sent["reference"], opened.sent["phrase"], caller=CALLER, at=world.now)
    with as_public():
        assert actions.may_try(b"somewhere-else-s")


def test_what_somebody_adds_waits_sealed_for_the_hub(world: World) -> None:
    opened = sent(world)
    with as_public():
        actions.add(back(world, opened), at=world.now, words="I have moved.")
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        addition = Addition.objects.get()
        assert (addition.kind, addition.handled_at) == ("words", None)
        assert fields.read(addition, "words") == "I have moved."
    assert Event.objects.get(name="referral.added_to").details == {"kind": "words"}


@pytest.mark.parametrize(
    ("unsafe", "words", "kept"),
    [(["phone"], "", "No longer safe: phone."), ([], "E-mail me", "E-mail me"),
     (["phone"], "E-mail me", "No longer safe: phone.\nE-mail me")],
)  # fmt: skip
def test_what_is_no_longer_safe_is_stopped_by_the_worker(
    world: World, unsafe: list[str], words: str, kept: str
) -> None:
    opened = sent(world)
    with as_public():
        addition = actions.change(back(world, opened), at=world.now, unsafe=unsafe, words=words)
    assert fields.read(addition, "words") == kept
    told = Event.objects.get(name="referral.added_to")
    for _ in range(2):
        jobs.stop_using(event=str(told.pk), subject=str(told.subject))
    assert ContactPoint.objects.get().safe == ("no" if unsafe else "yes")


def test_asking_us_to_stop_stops_every_way_and_is_dated_once(world: World) -> None:
    opened = sent(world)
    with as_public():
        ticket = back(world, opened)
        actions.withdraw(ticket, at=world.now, words="")
        actions.withdraw(ticket, at=world.now + timedelta(minutes=1), words="Please.")
    assert Ticket.objects.get().withdrawn_at == world.now
    words = [fields.read(addition, "words") for addition in Addition.objects.order_by("added_at")]
    assert words == ["They ask us to stop.", "Please."]
    told = Event.objects.filter(name="referral.added_to").first()
    assert told is not None
    jobs.stop_using(event=str(told.pk), subject=str(told.subject))
    assert ContactPoint.objects.get().safe == "no"


def test_agreement_to_be_contacted_is_recorded_by_channel_once(world: World) -> None:
    sent(world)
    told = Event.objects.get(name="referral.self_sent")
    for _ in range(2):
        jobs.note_agreements(event=str(told.pk), subject=str(told.subject))
    agreement = Agreement.objects.get(about="contact")
    assert (agreement.channel, agreement.given, agreement.how) == ("phone", True, "self")


def test_jobs_for_what_is_gone_do_nothing(world: World) -> None:
    nothing = {"event": str(uuid4()), "subject": str(uuid4())}
    jobs.stop_using(**nothing)
    jobs.note_agreements(**nothing)
    jobs.forget_visits()
    assert not Agreement.objects.exists()


def test_one_connection_starts_so_many_visits_in_an_hour_and_another_is_free(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setattr(queries, "visits_allowed", lambda on: 2)
    with as_public():
        for _ in range(2):
            actions.start(caller=CALLER, at=world.now)
        with pytest.raises(RuleBroken, match="this internet connection"):
            actions.start(caller=CALLER, at=world.now)
        actions.start(caller=b"somewhere-else-x", at=world.now)
        actions.start(caller=CALLER, at=world.now + timedelta(hours=1))
    assert Visit.objects.count() == 4


def test_an_office_without_the_limit_turns_nobody_away(world: World) -> None:
    on = world.now.date()
    assert queries.visits_allowed(on) == 60
    Rule.objects.filter(book="limits", code="visits_started").update(until=on)
    Edition.objects.update(stamp=uuid4())
    with as_public():
        actions.start(caller=CALLER, at=world.now)
    assert queries.visits_allowed(on) is None


def test_counts_hold_no_address_and_go_when_their_time_is_over(world: World) -> None:
    cache.clear()
    with as_public():
        actions.start(caller=b"192.0.2.7", at=world.now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM core_cache")
        ((key,),) = cursor.fetchall()
    assert "192.0.2.7" not in key
    assert b"192.0.2.7".hex() not in key
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.forget_counts(at=timezone.now()) == 0
        assert actions.forget_counts(at=timezone.now() + timedelta(minutes=61)) == 1


# A referrer


def test_a_partner_sends_one_referral_however_often(world: World) -> None:
    by, token = world.actor("referrer"), uuid4()
    references, said = set(), referred()
    for _ in range(2):
        with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
            references.add(actions.refer(said, by=by, at=world.now, token=token))
    referral = Referral.objects.get()
    assert references == {referral.reference}
    assert (referral.source, referral.source_organisation, referral.vulnerable) == ("partner", world.partner.pk, "yes")
    assert (referral.council, referral.hub_id, referral.consent) == ("E08000025", world.hub.pk, "yes")
    assert ContactPoint.objects.get().verified_at is None


def test_two_windows_that_send_at_once_make_one_referral(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    by, token = world.actor("referrer"), uuid4()
    first = actions.refer(referred(), by=by, at=world.now, token=token)
    monkeypatch.setattr(actions, "_sent_before", lambda token: None)
    assert actions.refer(referred(), by=by, at=world.now, token=token) == first
    assert Referral.objects.count() == Sent.objects.count() == 1


def test_somebody_who_could_not_be_asked_is_high_risk_with_the_reason(world: World) -> None:
    said = referred(
        consent="not_asked", why_not_asked="In hospital", postcode="", kind="business", business_name="Test Ltd"
    )
    actions.refer(said, by=world.actor("officer"), at=world.now, token=uuid4())
    referral = Referral.objects.get()
    assert (referral.high_risk, referral.consent, referral.hub_id) == (True, "unknown", world.hub.pk)
    assert fields.read(referral, "notes").startswith("Could not be asked: In hospital")
    assert Victim.objects.get().business_name == "Test Ltd"


def test_a_person_who_does_not_agree_is_never_sent(world: World) -> None:
    said = referred() | {"consent": "no"}
    with pytest.raises(RuleBroken, match="cannot be sent"):
        actions.refer(said, by=world.actor("referrer"), at=world.now, token=uuid4())
    assert not Referral.objects.exists()


def test_an_area_without_a_hub_is_refused_in_words(world: World) -> None:
    by = world.actor("referrer")
    said = referred(postcode="")
    world.hub.until = world.now.date()
    world.hub.save(update_fields=["until"])
    with pytest.raises(RuleBroken, match="No hub"):
        actions.refer(said, by=by, at=world.now, token=uuid4())


def test_tries_of_one_caller_wait_for_each_other(world: World) -> None:
    cache.clear()
    with as_public(), connection.cursor() as cursor:
        actions.return_("AL-XXXX-XXXX", "four wrong words here", caller=CALLER, at=world.now)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (1,)


def test_not_being_sure_is_kept_apart_from_no_and_raises_what_may_be_danger(world: World) -> None:
    sent(world, now={"danger": "unsure"}, stop={}, told={"reported": "unsure"})
    referral = Referral.objects.get()
    assert (referral.high_risk, referral.markers) == (True, ["danger_not_known"])
    assert (referral.reported, referral.why_not_reported) == (False, "not_known")
