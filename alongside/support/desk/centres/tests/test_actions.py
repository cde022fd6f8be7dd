"""A report goes exactly as far as whoever made it chose; a centre is set up, changed and closed."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import ContactPoint, Notice
from alongside.foundation.office.rulebook.models import Rule
from alongside.support.arrivals.referrals.models import Referral, Standing, Ticket
from alongside.support.desk.centres import actions, jobs, presenters, queries, rules
from alongside.support.desk.centres.models import Added, Centre, Report, Slip
from alongside.support.desk.centres.tests.reporting import answers, as_hub, as_public, centre, named, sent, worker
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
SECRETS = ("shouted", "named my faith", "number 9", "Testina", "Sampleford", "900123")


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


def everything_stored() -> str:
    """Every row of every table that a report could have reached, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in ("centres_report", "centres_slip", "core_event", "core_personkey", "victims_victim",
                      "referrals_referral", "messages_contactpoint", "intake_visit"):  # fmt: skip
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            found.append(cursor.fetchone()[0])
    return " ".join(found)


def test_an_anonymous_report_makes_nobodys_record_and_keeps_no_word_in_plain(world: World) -> None:
    kept = sent(answers(), centre(world))
    report = Report.objects.get()
    assert kept["reference"] == report.reference and kept["support"] == ""
    assert (Victim.objects.count(), Referral.objects.count(), ContactPoint.objects.count()) == (0, 0, 0)
    assert not any(word in everything_stored() for word in SECRETS)
    assert (report.named, report.support, report.typed_by, bytes(report.who)) == (False, False, None, b"")
    assert fields.read(report, "words") == "Somebody shouted at me."


def test_of_an_anonymous_report_neither_its_key_nor_its_moment_tells_the_hour(world: World) -> None:
    sent(answers(), centre(world))
    report, told = Report.objects.get(), Event.objects.get(name="report.sent")
    assert report.pk.version == 4
    for moment in (report.received_at, report.slip.received_at, report.slip.since, told.at):
        assert timezone.localtime(moment).strftime("%H:%M:%S") == "12:00:00"
    assert (told.user_id, told.organisation_id) == (None, None)


def test_who_wants_support_becomes_a_referral_with_the_safe_contact_that_they_gave(world: World) -> None:
    found = centre(world)
    kept = sent(named(), found)
    report, referral, point = Report.objects.get(), Referral.objects.get(), ContactPoint.objects.get()
    assert kept["support"] == referral.reference and kept["due"]
    assert (referral.source, referral.source_ref, referral.crime_type) == (
        "third_party_centre", report.reference, "hate_crime",
    )  # fmt: skip
    assert referral.hate_strands == ["race", "religion"] and "hate_race" in referral.markers
    assert (point.kind, point.safe, point.safe_times, point.verified_how) == ("phone", "yes", "09:00-12:00", "typed")
    assert [bytes(getattr(report, name)) for name in ("words", "perception", "near", "who")] == [b""] * 4
    assert "They named my faith." in fields.read(referral, "notes")
    assert Ticket.objects.get().referral_id == referral.pk


def test_the_source_of_a_referral_from_a_poster_is_named_by_the_worker_and_the_centre_follows_nothing(
    world: World,
) -> None:
    found = centre(world)
    sent(named(), found)
    assert Referral.objects.get().source_organisation is None
    for _ in range(2):
        jobs.name_source(event="", subject=str(Report.objects.get().pk))
    assert Referral.objects.get().source_organisation == found.organisation_id
    assert not Standing.objects.exists() and Slip.objects.get().organisation_id is None
    assert Event.objects.filter(name="referral.source_named").count() == 1


def test_a_job_of_an_anonymous_report_finds_nothing_to_do(world: World) -> None:
    sent(answers(), centre(world))
    jobs.name_source(event="", subject=str(Report.objects.get().pk))
    jobs.name_source(event="", subject=str(UUID(int=1)))
    assert not Event.objects.filter(name="referral.source_named").exists()


def test_a_name_without_support_is_sealed_in_the_report_and_makes_no_record(world: World) -> None:
    sent(named(support={"support": "no"}, who={"email": "t@sample.example", "email_safe": "unsure", "age": "young"}),
         centre(world))  # fmt: skip
    report = Report.objects.get()
    assert fields.read(report, "who") == (
        "Testina Sampleford\nUnder 18\n07700 900123: safe to use\nt@sample.example: not known to be safe, do not use"
    )
    assert not Victim.objects.exists() and not any(word in everything_stored() for word in SECRETS)


def test_a_worker_sends_for_somebody_and_nothing_counts_as_verified(world: World) -> None:
    found, (by, _) = centre(world), worker(world)
    with transaction.atomic(), inside(Realm.REFERRER, orgs=by.orgs, user=by.user_id):
        kept = actions.make(named(), found, by=by, at=timezone.now())
    referral, report = Referral.objects.get(), Report.objects.get()
    assert kept["support"] == referral.reference and (referral.referred_by, report.typed_by) == (by.user_id,) * 2
    assert (referral.source_organisation, ContactPoint.objects.get().verified_how) == (world.partner.pk, "")
    assert Slip.objects.get().organisation_id == world.partner.pk and not Ticket.objects.exists()


def test_with_no_safe_way_nobody_is_promised_a_call(world: World) -> None:
    assert sent(named(who={"phone_safe": "no"}), centre(world))["due"] == ""
    assert ContactPoint.objects.get().safe == "no"


def test_the_database_refuses_words_beside_a_referral_and_a_name_beside_none(world: World) -> None:
    sent(answers(), centre(world))
    for wrong in ({"support": True}, {"who": b"x"}, {"state": "CLOSED"}, {"police": "no", "passed_at": world.now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.update(**wrong)


def test_one_connection_sends_so_many_in_an_hour_and_another_is_not_stopped(world: World) -> None:
    found = centre(world)
    allowed = queries.sent_allowed(timezone.localdate())
    assert allowed
    for _ in range(allowed):
        sent(answers(), found)
    with pytest.raises(RuleBroken, match="Wait an hour"):
        sent(answers(), found)
    assert sent(answers(), found, caller=b"y")["reference"]


def test_an_office_that_withdraws_the_limit_has_none(world: World) -> None:
    Rule.objects.filter(book="limits", code="reports_sent").delete()
    queries.rulebook._versions.cache_clear()
    queries.rulebook._in_force.cache_clear()
    try:
        assert queries.sent_allowed(timezone.localdate()) is None
        assert sent(answers(), centre(world))["reference"]
    finally:
        queries.rulebook._versions.cache_clear()
        queries.rulebook._in_force.cache_clear()


def test_a_reference_that_is_taken_is_drawn_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = centre(world)
    drawn = iter(["RH-3333-3333", "RH-3333-3333", "RH-4444-4444"])
    monkeypatch.setattr(rules, "reference", lambda random: next(drawn))
    assert [sent(answers(), found)["reference"] for _ in range(2)] == ["RH-3333-3333", "RH-4444-4444"]


def test_a_reference_that_cannot_be_drawn_is_a_fault(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = centre(world)
    monkeypatch.setattr(rules, "reference", lambda random: "RH-3333-3333")
    sent(answers(), found)
    with pytest.raises(IntegrityError):
        sent(answers(), found)


# Coming back.


def test_whoever_comes_back_reads_where_it_stands_and_adds_to_it(world: World) -> None:
    kept = sent(answers(), centre(world))
    with as_public():
        opened = actions.return_(kept["reference"].lower(), kept["phrase"].upper(), caller=b"x", at=timezone.now())
        assert opened is not None
        slip = actions.slip_of(opened)
        assert slip is not None and slip.state == "RECEIVED"
        added = actions.add(slip, at=timezone.now(), words="It was the last bus.")
    assert fields.read(Added.objects.get(), "words") == "It was the last bus."
    assert timezone.localtime(added.added_at).hour == 12
    with as_hub(world) as by:
        for _ in range(2):
            actions.read_added(Report.objects.get(), by=by, at=world.now)
    assert Added.objects.get().read_at and Event.objects.filter(name="report.added_read").count() == 1


def test_a_wrong_phrase_opens_nothing_and_too_many_are_stopped(world: World) -> None:
    kept = sent(answers(), centre(world))
    for _ in range(10):
        with as_public():
            assert actions.return_(kept["reference"], "wrong words all four", caller=b"z", at=timezone.now()) is None
    with as_public(), pytest.raises(RuleBroken, match="Too many tries"):
        actions.return_(kept["reference"], kept["phrase"], caller=b"z", at=timezone.now())


def test_a_visit_that_never_came_back_has_no_slip(world: World) -> None:
    with as_public():
        assert actions.slip_of(actions.intake.begin(at=timezone.now())) is None


# The hub.


def test_the_hub_takes_passes_on_and_answers(world: World) -> None:
    sent(answers(), centre(world))
    report = Report.objects.get()
    with as_hub(world) as by:
        actions.take(report, by=by, at=world.now)
        with pytest.raises(RuleBroken, match="Say first"):
            actions.answer(report, by=by, at=world.now, answer="passed_on")
        actions.pass_on(report, by=by, at=world.now, how="phone", police_ref="S1")
        actions.answer(report, by=by, at=world.now, answer="passed_on")
    report.refresh_from_db()
    slip = Slip.objects.get()
    assert (report.state, report.taken_by, report.passed_how, report.answered_at) == (
        "CLOSED", by.user_id, "phone", world.now,
    )  # fmt: skip
    assert (slip.state, slip.answer) == ("CLOSED", "passed_on")


def test_a_second_answer_keeps_the_moment_of_the_first(world: World) -> None:
    sent(answers(), centre(world))
    report, later = Report.objects.get(), world.now + timedelta(days=3)
    with as_hub(world) as by:
        actions.answer(report, by=by, at=world.now, answer="more_needed")
        actions.answer(report, by=by, at=later, answer="noted")
    report.refresh_from_db()
    assert (report.answer, report.answered_at) == ("noted", world.now)


@pytest.mark.parametrize(
    ("verb", "said", "words"),
    [
        ("answer", {"answer": "nonsense"}, "Choose an answer"),
        ("pass_on", {"how": "pigeon", "police_ref": ""}, "Choose how"),
    ],
)
def test_what_no_list_holds_is_refused(world: World, verb: str, said: dict[str, Any], words: str) -> None:
    sent(answers(), centre(world))
    with as_hub(world) as by, pytest.raises(RuleBroken, match=words):
        getattr(actions, verb)(Report.objects.get(), by=by, at=world.now, **said)


def test_what_was_not_meant_for_the_police_is_not_passed_on(world: World) -> None:
    sent(answers(police={"police": "no"}), centre(world))
    with as_hub(world) as by, pytest.raises(RuleBroken, match="does not go to the police"):
        actions.pass_on(Report.objects.get(), by=by, at=world.now, how="phone", police_ref="")


def test_a_report_that_is_gone_is_said_so(world: World) -> None:
    sent(answers(), centre(world))
    report = Report.objects.get()
    Slip.objects.all().delete()
    Report.objects.all().delete()
    with as_hub(world) as by, pytest.raises(RuleBroken, match="no longer open"):
        actions.take(report, by=by, at=world.now)


def test_a_report_is_erased_with_its_key_when_its_time_is_over(world: World) -> None:
    found = centre(world)
    for _ in range(2):
        sent(answers(), found)
    old, young = Report.objects.order_by("pk")
    with as_hub(world) as by:
        actions.answer(old, by=by, at=world.now, answer="noted")
        actions.answer(young, by=by, at=world.now + timedelta(days=300), answer="noted")
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.forget_old(by=SYSTEM_ACTOR, at=world.now + timedelta(days=400)) == 1
    assert Report.objects.get().pk == Slip.objects.get().pk == young.pk
    assert set(PersonKey.objects.filter(pk__in=[old.pk, young.pk]).values_list("pk", flat=True)) == {young.pk}


def test_the_nightly_job_forgets_nothing_that_is_not_answered(world: World) -> None:
    sent(answers(), centre(world))
    jobs.forget_old()
    assert Report.objects.count() == 1


def unanswered(world: World, **said: Any) -> Report:
    """A report that nobody has looked at."""
    sent(answers(**said), centre(world))
    return Report.objects.get()


def nightly(at: datetime) -> tuple[int, int]:
    """How many were warned of, and how many erased."""
    with transaction.atomic(), inside(Realm.WORKER):
        return actions.warn_of_old(by=SYSTEM_ACTOR, at=at), actions.forget_old(by=SYSTEM_ACTOR, at=at)


def test_an_anonymous_report_that_nobody_answers_is_erased_a_while_after_the_hub_was_warned(world: World) -> None:
    report = unanswered(world)
    day = timedelta(days=1)
    assert nightly(report.received_at + 300 * day) == (0, 0)
    warned = report.received_at + 350 * day
    assert [nightly(warned), nightly(warned)] == [(1, 0), (0, 0)]
    assert Notice.objects.get().user_id == world.people["hub_manager"].pk
    assert Event.objects.get(name="report.warned_of").subject == report.pk
    with as_hub(world):
        shown = presenters.rows([Report.objects.select_related("centre__organisation").get()], warned)
    assert any(tag.startswith("Erased ") for tag in shown[0].tags)
    assert "erased on" in world.client("triage_officer").get(f"/reports/{report.pk}/").content.decode()
    assert nightly(warned + 27 * day) == (0, 0)
    assert nightly(warned + 29 * day) == (0, 1)
    assert not Report.objects.exists() and not Slip.objects.exists()
    assert not PersonKey.objects.filter(pk=report.pk).exists()


def test_after_a_standstill_nothing_is_erased_before_the_hub_was_warned(world: World) -> None:
    report = unanswered(world)
    late = report.received_at + timedelta(days=800)
    assert [nightly(late), nightly(late + timedelta(days=1))] == [(1, 0), (0, 0)]
    with as_hub(world) as by:
        actions.answer(report, by=by, at=late, answer="noted")
    assert queries.erased_on(Report.objects.get(), late.date()) is None
    assert nightly(late + timedelta(days=60)) == (0, 0), "an answer came: its time runs from there"


def test_a_report_with_a_name_is_never_given_up_by_a_machine(world: World) -> None:
    report = unanswered(world)
    Report.objects.update(named=True)
    assert nightly(report.received_at + timedelta(days=900)) == (0, 0)
    assert queries.erased_on(report, world.now.date()) is None


# A centre.


def test_a_partner_agency_becomes_a_centre_once(world: World) -> None:
    made = centre(world)
    assert (made.hub_id, made.organisation) == (world.hub.pk, world.partner)
    with pytest.raises(RuleBroken, match="already"):
        centre(world)


@pytest.mark.parametrize(
    ("said", "field"),
    [({"contact_phone": "ring me"}, "contact_phone"), ({"contact_email": "nobody"}, "contact_email"),
     ({"until": date(2024, 1, 1)}, "until")],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_beside_its_field(world: World, said: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        centre(world, **said)
    assert refused.value.field == field


def test_a_centre_is_changed_and_closes_on_its_last_day(world: World) -> None:
    made = centre(world)
    said = {name: getattr(made, name) for name in ("kind", "address", "council", "contact_name", "contact_phone",
                                                   "contact_email", "since")}  # fmt: skip
    with as_hub(world, "hub_manager") as by:
        actions.change(made, by=by, at=world.now, hours="By appointment", until=date(2026, 10, 1), **said)
    assert Event.objects.get(name="centre.changed").details["changed"] == ["hours", "until"]
    with as_public():
        assert queries.centre_of(made.poster, date(2026, 9, 30)) == made
        assert queries.centre_of(made.poster, date(2026, 10, 1)) is None


def test_a_new_code_makes_the_old_posters_open_nothing(world: World) -> None:
    made = centre(world)
    with as_hub(world, "hub_manager") as by:
        actions.renew_poster(made, by=by, at=world.now)
    with as_public():
        assert queries.centre_of(made.poster, date(2026, 9, 30)) is None
        assert queries.centre_of("", date(2026, 9, 30)) is None
    fresh = Centre.objects.get()
    assert fresh.poster != made.poster
    with as_public():
        assert queries.centre_of(fresh.poster.lower(), date(2026, 9, 30)) == fresh
