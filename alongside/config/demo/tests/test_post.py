"""What came and went in the synthetic year: the force's files with their receipts, and messages at the one door."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count

from alongside.config.demo.world import build
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.messages import rules as messages
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.foundation.office.messages.queries import facts, shared_lookups
from alongside.support.arrivals.feeds.models import Delivery, KeptRow
from alongside.support.arrivals.feeds.queries import Office, differences
from alongside.support.arrivals.feeds.rows import FeedRow, validate
from alongside.support.arrivals.feeds.rules import Held, decide, rejected
from alongside.support.arrivals.referrals.models import Addition, Referral, Ticket

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)


@pytest.fixture
def year() -> None:
    build(scale=0.1, until=UNTIL)


@pytest.mark.usefixtures("year")
def test_every_referral_of_the_force_came_with_a_file_and_every_file_has_a_receipt() -> None:
    police = Referral.objects.filter(source="police_feed")
    held_first = KeptRow.objects.filter(settled_how="released").values("referral_id")
    accepted = dict(Delivery.objects.filter(accepted__gt=0).values_list("received_at", "accepted"))
    for at, count in accepted.items():
        assert police.filter(received_at=at).count() == count
    straight = police.filter(received_at__in=list(accepted))
    assert set(police.filter(pk__in=held_first)).isdisjoint(straight)
    assert Delivery.objects.filter(received_at__gt=UNTIL).count() == 0
    assert Delivery.objects.count() > 15 * 30


@pytest.mark.usefixtures("year")
def test_what_was_kept_is_what_the_rules_of_a_feed_keep() -> None:
    office = Office(UNTIL.date())
    for kept in KeptRow.objects.select_related("delivery"):
        crypt.load_keys([kept.pk])
        row = validate(json.loads(fields.read(kept, "content")))
        known = {kept.source_ref: (b"otherwise",)} if kept.reason == "changed" else {}
        said = (
            decide(row, known, office.rulebook, now=kept.delivery.received_at)
            if isinstance(row, FeedRow) else rejected(row)
        )  # fmt: skip
        assert (str(said.outcome), str(said.reason)) == (kept.outcome, kept.reason)
    assert set(KeptRow.objects.filter(outcome="held").values_list("reason", flat=True)) == {str(one) for one in Held}


@pytest.mark.usefixtures("year")
def test_kept_rows_are_as_many_as_their_receipts_say_and_gone_when_their_time_is_over() -> None:
    deliveries = Delivery.objects.order_by("received_at")
    for one in deliveries.filter(received_at__gt=UNTIL - timedelta(days=89)).exclude(accepted=0, held={}):
        assert one.kept.count() == sum(one.held.values()) + sum(one.rejected.values())
    assert not KeptRow.objects.filter(expires_at__lte=UNTIL).exists()
    assert not KeptRow.objects.filter(settled_at__gt=UNTIL).exists()


@pytest.mark.usefixtures("year")
def test_of_held_rows_some_wait_and_some_were_dealt_with_in_each_way() -> None:
    held = KeptRow.objects.filter(outcome="held")
    assert 0 < held.filter(settled_at=None).count() < 40
    assert {"returned", "closed", "applied"} <= set(held.values_list("settled_how", flat=True))


@pytest.mark.usefixtures("year")
def test_what_came_again_differs_from_the_record_by_little() -> None:
    changed = KeptRow.objects.filter(reason="changed").select_related("delivery")
    assert changed
    for kept in changed:
        crypt.load_keys([kept.pk])
        told = {one.what for one in differences(kept, UNTIL.date())}
        assert "Telephone" in told
        safe = {"Safe to telephone", "Safe to e-mail"}  # whoever was reached said so since
        assert told <= safe | {"Telephone", "Offence", "Crime type", "Family name"}


@pytest.mark.usefixtures("year")
def test_one_file_came_twice_and_the_second_time_changed_nothing() -> None:
    (twice,) = Delivery.objects.values_list("sha256", flat=True).annotate(many=Count("pk")).filter(many=2)
    first, again = Delivery.objects.filter(sha256=twice).order_by("received_at")
    assert (again.accepted, again.held, again.rejected, again.duplicate) == (0, {}, {}, first.sent)
    assert again.kept.count() == 0
    assert {one.kept_id for one in again.sent_again.all()} == set(first.kept.values_list("pk", flat=True))


@pytest.mark.usefixtures("year")
def test_nothing_went_but_by_a_safe_way_at_a_safe_hour() -> None:
    went = Outgoing.objects.exclude(state="REFUSED").select_related("contact_point")
    assert went.filter(state="SENT").exists()
    for item in went:
        point = item.contact_point
        assert point is not None and item.not_before is not None
        stranger = bytes(point.lookup) in shared_lookups([point])
        assert messages.why_not_send(facts(point, shared=stranger), at=item.asked_at) == ""
        assert messages.next_safe_moment(item.not_before, point.safe_times) == item.not_before
        assert (item.state == "SENT") == (item.not_before < UNTIL) == (item.sent_at is not None)


@pytest.mark.usefixtures("year")
def test_what_was_refused_says_why_and_names_no_way() -> None:
    refused = Outgoing.objects.filter(state="REFUSED")
    assert set(refused.values_list("refused_why", flat=True)) <= {"not_verified", "not_safe"}
    for item in refused:
        assert item.contact_point is None
        assert not ContactPoint.objects.filter(person_id=item.person_id, verified_at__lte=item.asked_at).exists()


@pytest.mark.usefixtures("year")
def test_everybody_who_asked_for_themselves_may_come_back_and_some_of_their_words_wait() -> None:
    asked = Referral.objects.filter(source="self")
    assert set(Ticket.objects.values_list("referral", flat=True)) == set(asked.values_list("pk", flat=True))
    assert not Addition.objects.filter(added_at__gte=UNTIL).exists()
    unread = Addition.objects.filter(handled_at=None).values("ticket__referral")
    assert set(Referral.objects.filter(unread=True)) == set(Referral.objects.filter(pk__in=unread))
    for added in Addition.objects.all():
        crypt.load_keys([added.victim_id])
        assert fields.read(added, "words").startswith("Sample words: ")
