"""The synthetic world: whole, locked, and nobody in it could be real."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from alongside.config.demo.world import build
from alongside.config.demo.world.cast import FAMILY
from alongside.core.privacy import fields
from alongside.core.rows import checks
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.cases.casework.models import Case
from alongside.support.people.victims.models import Victim

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
DRAMA = re.compile(r"^(07700 900|01632 960|020 7946 0|0(113|114|115|116|117|118|121|151|161) 496 0)\d{3}$")


@pytest.fixture
def year() -> dict[str, int]:
    return build(scale=0.03, until=UNTIL)


def test_every_table_of_the_spine_has_rows(year: dict[str, int]) -> None:
    assert year["referrals_referral"] == 120
    assert [table for table, rows in year.items() if not rows] == []


def test_nobody_could_be_real(year: dict[str, int]) -> None:
    for victim in Victim.objects.all():
        assert (victim.family_name or victim.business_name.split()[0]) in FAMILY
    for point in ContactPoint.objects.all():
        value = fields.read(point, "value")
        assert {"phone": DRAMA.match(value), "email": value.endswith("@post.example"),
                "address": " Sample Street" in value}[point.kind], point.kind  # fmt: skip


def test_what_victims_say_of_themselves_is_in_the_rulebooks_own_codes(year: dict[str, int]) -> None:
    for book, column in (("ethnic_groups", "ethnicity"), ("sexes", "sex"), ("languages", "language")):
        said = set(Victim.objects.exclude(**{column: ""}).values_list(column, flat=True))
        assert said <= set(rulebook.titles(book, UNTIL.date())), column


def test_a_womens_centre_is_for_women(year: dict[str, int]) -> None:
    centre = Service.objects.get(code="hearth-womens-centre")
    assert centre.sexes == ["female"]
    offered = Offer.objects.filter(service=centre).values("victim_id")
    assert set(Victim.objects.filter(pk__in=offered).values_list("sex", flat=True)) == {"female"}


def test_the_locks_are_back_and_hold(year: dict[str, int]) -> None:
    assert checks.faults(login=False) == []


def test_a_provider_sees_what_it_accepted_and_no_more(year: dict[str, int]) -> None:
    provider = Organisation.objects.get(code="evergreen")
    own = set(Case.objects.filter(provider=provider).values_list("victim_id", flat=True))
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=[provider.pk]):
        assert set(Victim.objects.values_list("pk", flat=True)) == own
        assert set(Offer.objects.values_list("state", flat=True)) <= {"OFFERED", "ACCEPTED"}


def test_nothing_happens_after_the_end(year: dict[str, int]) -> None:
    for column in ("received_at", "first_attempt_at", "first_offer_at", "accepted_at", "closed_at"):
        assert not Referral.objects.filter(**{f"{column}__gt": UNTIL}).exists()


def stories() -> list[tuple[object, ...]]:
    rows = Referral.objects.order_by("received_at", "crime_type", "state")
    return list(rows.values_list("crime_type", "state", "received_at"))


def test_the_same_seed_tells_the_same_stories(year: dict[str, int]) -> None:
    told = stories()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE victims_victim, core_grant, core_personkey, reconciliation_alarm, deliveries_folder, "
            "feeds_sourceversion CASCADE"
        )
    build(scale=0.03, until=UNTIL)
    assert stories() == told
