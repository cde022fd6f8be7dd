"""Who worked here is nobody in the end, and who did and saw what is forgotten: each after its time, and not before."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import ProgrammingError, transaction
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Denial, Erasure, Event, Look
from alongside.core.rows import records
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.accounts.models import Invitation, User
from alongside.foundation.office.organisations import actions as organisations
from alongside.foundation.office.organisations import queries as people
from alongside.foundation.office.organisations.models import Membership, Reset
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook import queries as rules
from alongside.foundation.office.rulebook.forms import today
from alongside.support.keeping.retention import actions
from tests.story import Story
from tests.world import World

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YEAR = timedelta(days=366)


def night(at: datetime = NOW) -> Erasure:
    with transaction.atomic(), inside(Realm.WORKER):
        return actions.erase_night(by=SYSTEM_ACTOR, at=at)


def left(world: World, person: str, at: datetime) -> User:
    """Somebody who left then, with everything that an account leaves."""
    user = world.people[person]
    Membership.objects.filter(user=user).update(until=at)
    user.is_active, user.last_login = False, at
    user.save()
    organisations.accounts.invite(
        user.email, by=SYSTEM_ACTOR, at=at, name=user.name, organisation_id=world.provider.pk, role="caseworker"
    )
    EmailAddress.objects.create(user=user, email=user.email)
    Authenticator.objects.create(user=user, type="totp", data={})
    UserSession.objects.create(user=user, ip="192.0.2.1", user_agent="Sample", session_key=uuid4().hex)
    Reset.objects.create(
        membership=Membership.objects.filter(user=user)[0], user=user, asked_by=uuid4(), asked_at=at,
        asked_checked="seen", expires_at=at,
    )  # fmt: skip
    return user


def traces(user: User) -> list[int]:
    return [
        EmailAddress.objects.filter(user=user).count(), Authenticator.objects.filter(user=user).count(),
        UserSession.objects.filter(user=user).count(), Reset.objects.filter(user=user).count(),
    ]  # fmt: skip


def test_who_left_six_years_ago_is_nobody_and_what_they_did_keeps_its_actor(world: World) -> None:
    user = left(world, "caseworker", NOW - 7 * YEAR)
    done = Event.objects.create(at=NOW - YEAR, name="case.closed", subject=uuid4(), user_id=user.pk, realm="provider")
    assert night().erased["staff"] == 1
    user.refresh_from_db()
    assert (user.name, user.email) == ("Somebody who left", f"{user.pk.hex}@gone.invalid")
    assert (user.last_login, user.is_active, user.has_usable_password()) == (None, False, False)
    assert traces(user) == [0, 0, 0, 0] and not Invitation.objects.exists()
    assert Event.objects.get(pk=done.pk).user_id == user.pk
    assert Event.objects.filter(name="account.reduced", subject=user.pk).count() == 1
    assert Membership.objects.filter(user=user).count() == 1
    assert "staff" not in night().erased


def test_who_left_later_or_works_elsewhere_keeps_the_name(world: World) -> None:
    later = left(world, "caseworker", NOW - 5 * YEAR)
    elsewhere = left(world, "other_caseworker", NOW - 7 * YEAR)
    Membership.objects.create(user=elsewhere, organisation=world.force, role="referrer", since=NOW - YEAR)
    again = left(world, "analyst", NOW - 7 * YEAR)
    Membership.objects.create(user=again, organisation=world.body, role="analyst", since=NOW - 6 * YEAR, until=NOW)
    assert "staff" not in night().erased
    for user in (later, elsewhere, again):
        user.refresh_from_db()
        assert user.name.startswith("Testa") and traces(user) == [1, 1, 1, 1]


def test_the_office_says_for_how_long(world: World) -> None:
    user = left(world, "caseworker", NOW - 5 * YEAR)
    row = rules.rule("retention", "staff", clocks.london_date(NOW))
    rulebook.revise(
        "retention", "staff", by=world.actor("office_administrator"), at=NOW, title=row.title,
        body={**row.body, "keep": 4}, source="Office decision", since=clocks.london_date(NOW),
    )  # fmt: skip
    assert night().erased["staff"] == 1
    assert not people.left_before(NOW).filter(pk=user.pk).exists()


def logged(at: datetime, subject: UUID) -> None:
    Event.objects.create(at=at, name="victim.read", subject=subject, realm="hub")
    Look.objects.create(at=at, route="victims:show", subjects=[uuid4(), subject], reason="own caseload")
    Denial.objects.create(at=at, route="victims:show", status=404)


def count(at: datetime) -> list[int]:
    return [table._default_manager.filter(at=at).count() for table in (Event, Look, Denial)]


def test_the_logs_are_forgotten_after_six_years_and_no_sooner(world: World) -> None:
    old, young = NOW - 7 * YEAR, NOW - 5 * YEAR
    for at in (old, young):
        logged(at, uuid4())
    assert night().erased["audit"] == 3
    assert (count(old), count(young)) == ([0, 0, 0], [1, 1, 1])
    assert "audit" not in night().erased


def test_the_log_of_a_record_that_somebody_holds_is_kept_with_it(world: World) -> None:
    story = Story(world)
    referral, old = story.referral(), NOW - 7 * YEAR
    why = rules.current("keep_reasons", today())[0].code
    with transaction.atomic(), inside(Realm.WORKER):
        held = actions.hold(
            referral.victim, by=world.actor("hub_manager"), at=NOW, reason=why, words="Sample",
            review_on=(NOW + YEAR).date(),
        )  # fmt: skip
    for subject in (referral.victim_id, referral.pk):
        logged(old, subject)
    night()
    assert count(old) == [2, 2, 0]
    with transaction.atomic(), inside(Realm.WORKER):
        actions.end_hold(held, by=world.actor("hub_manager"), at=NOW)
    night()
    assert count(old) == [0, 0, 0]


@pytest.mark.parametrize("realm", [realm for realm in Realm if realm != Realm.WORKER])
def test_no_realm_forgets_a_log(world: World, realm: Realm) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
        records.forget_logs(NOW, kept=[])


def test_the_worker_forgets_nothing_of_the_last_year_and_nothing_by_hand(world: World) -> None:
    logged(NOW - timedelta(days=300), uuid4())
    with transaction.atomic(), inside(Realm.WORKER):
        assert records.forget_logs(NOW, kept=[]) == 0
    for table in (Event, Look, Denial):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), inside(Realm.WORKER):
            table._default_manager.all()._raw_delete("default")
