"""The lock of the other party, tried by everybody whom it is not for, with each lock taken away in turn."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from alongside.core.models import Event, Look
from alongside.core.rows.realms import Realm, inside
from alongside.core.rows.records import OfParent
from alongside.foundation.office.accounts.permissions import ROLES
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside as inside_of
from alongside.support.cases.others.models import Clash, Condition, Danger, Key, OfKeepers, Party
from alongside.support.cases.others.tests.kept import SECRETS, case_of, kept, looked, ordered, somebody
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db
GUARDED = (Party, Condition, Key)
KEEPERS = ("caseworker", "service_manager")


@pytest.fixture
def case(world: World) -> Case:
    made = case_of(world)
    at = timezone.now()
    ordered(world, kept(world, made, at), at, None, "Testerly may not come near")
    return made


def seen(world: World, person: str) -> list[int]:
    """How many rows row security alone shows; −1 where the realm may not even ask."""
    found = []
    for model in GUARDED:
        try:
            with transaction.atomic(), inside_of(world, person):
                found.append(model._default_manager.all().count())
        except ProgrammingError:
            found.append(-1)
    return found


def test_row_security_shows_it_to_its_keepers_alone(world: World, case: Case) -> None:
    for person in PEOPLE:
        rows = seen(world, person)
        assert (min(rows) > 0) == (person in KEEPERS) and (max(rows) <= 0 or person in KEEPERS), (person, rows)


def test_visible_to_alone_shows_it_to_its_keepers_alone(world: World, case: Case) -> None:
    for person in PEOPLE:
        for model in GUARDED:
            found: Any = model._default_manager.visible_to(world.actor(person))
            assert found.exists() == (person in KEEPERS), (person, model)


def test_no_other_realm_may_touch_it(world: World, case: Case) -> None:
    for realm in (Realm.HUB, Realm.COMMISSIONING, Realm.PUBLIC, Realm.REFERRER, Realm.AUTH):
        for model in (*GUARDED, Danger, Clash):
            refused = pytest.raises(ProgrammingError, match="permission denied")
            with refused, transaction.atomic(), inside(realm, orgs=[world.provider.pk, world.hub.pk]):
                model._default_manager.exists()


def test_a_colleague_who_leaves_the_case_or_its_cover_sees_nothing_more(world: World, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(worker=world.people["other_caseworker"].pk)
    assert seen(world, "caseworker") == [0, 0, 0] and min(seen(world, "other_caseworker")) > 0
    Case.objects.filter(pk=case.pk).update(cover=world.people["caseworker"].pk, cover_until="2020-01-01")
    assert seen(world, "caseworker") == [0, 0, 0]
    Case.objects.filter(pk=case.pk).update(cover_until="2999-01-01")
    assert min(seen(world, "caseworker")) > 0


def test_nobody_else_writes_into_it(world: World, case: Case) -> None:
    for person in ("other_caseworker", "neighbour_manager"):
        with pytest.raises(ProgrammingError), transaction.atomic(), inside_of(world, person):
            Party(case_id=case.pk, victim_id=case.victim_id, written_at=world.now).save(force_insert=True)


def test_the_role_that_the_database_asks_for_is_the_one_that_assigns_cases(world: World) -> None:
    assert [key for key, role in ROLES.items() if P.CASE_ASSIGN in role.permissions] == ["service_manager"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT others_managed(%s)", [world.people["service_manager"].pk])
        assert cursor.fetchone()[0] == [world.provider.pk]
        cursor.execute("SELECT others_managed(%s)", [world.people["caseworker"].pk])
        assert cursor.fetchone()[0] == []


def addresses(case: Case) -> list[str]:
    party, condition = Party.objects.get(), Condition.objects.get()
    pages = ("", "revise/", "remove/", "conditions/add/")
    return [*(f"/casework/others/{party.pk}/{page}" for page in pages), f"/casework/conditions/{condition.pk}/end/"]


def test_whoever_it_is_not_for_gets_what_is_not_there(world: World, case: Case) -> None:
    for where in addresses(case):
        for person in PEOPLE:
            answer = world.client(person).get(where)
            assert answer.status_code == (200 if person in KEEPERS else 404), (where, person)
    add = f"/casework/cases/{case.pk}/people/other/add/"
    assert world.client("other_caseworker").get(add).status_code == 403
    assert world.client("neighbour_caseworker").get(add).status_code == 404


def test_nobody_else_opens_it(world: World, case: Case) -> None:
    where = f"/casework/others/{Party.objects.get().pk}/open/"
    for person in PEOPLE:
        answer = world.client(person).post(where, {"reason": "visit"})
        assert answer.status_code == (200 if person in KEEPERS else 404), person
        assert ("Testerly" in answer.content.decode()) == (person in KEEPERS), person


def test_without_the_first_lock_they_still_get_nothing(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OfKeepers, "visible_to", lambda rows, actor: rows.all())
    monkeypatch.setattr(OfParent, "visible_to", lambda rows, actor: rows.all())
    for where in addresses(case):
        for person in ("other_caseworker", "neighbour_manager", "far_caseworker", "triage_officer", "officer"):
            assert world.client(person).get(where).status_code == 404, (where, person)


PLACES = (
    "/casework/cases/{}/", "/casework/cases/{}/people/", "/casework/cases/{}/people/before/",
    "/casework/cases/{}/people/conflicts/", "/casework/cases/{}/safe/", "/casework/cases/{}/looks/",
    "/casework/cases/{}/contacts/", "/casework/cases/{}/plan/", "/casework/cases/", "/", "/day/", "/referrals/",
    "/victims/{victim}/", "/referrals/{referral}/", "/group-work/",
)  # fmt: skip


def test_no_name_of_the_other_party_is_in_anything_that_anybody_else_is_sent_or_keeps(
    world: World, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    his = case_of(world, "other_caseworker", source_ref="his", identity=somebody("Ana", "Sampling"), points=())
    looked(case, timezone.now())
    for place in PLACES:
        where = place.format(case.pk, victim=case.victim_id, referral=case.referral_id)
        for person in PEOPLE:  # the keepers too: nothing shows it but its own page, once opened
            answer = world.client(person).get(where, follow=True)
            said = answer.content.decode() + str(answer.headers) + str(answer.redirect_chain)
            assert not [word for word in SECRETS if word in said], (where, person)
    assert his.pk and not [word for word in SECRETS if word in caplog.text]
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            held = cursor.fetchone()[0] or ""
            assert not [word for word in SECRETS if word in held], table
    assert Event.objects.filter(name="others.added").exists()


def test_opening_asks_why_and_stands_in_the_list_of_who_looked(world: World, case: Case) -> None:
    party = Party.objects.get()
    shown = world.client("caseworker").get(f"/casework/others/{party.pk}/").content.decode()
    where = f"/casework/others/{party.pk}/open/"
    assert world.client("caseworker").get(where).status_code == 405
    assert not [word for word in SECRETS if word in shown]
    assert "Choose why you open it" in world.client("caseworker").post(where, {"reason": ""}).content.decode()
    shown = world.client("caseworker").post(where, {"reason": "visit"}).content.decode()
    assert "Testerly" in shown and "TE57 VAN" in shown and "Keeps a knife" in shown
    look = Look.objects.filter(route="others:open_party").latest("at")
    assert case.victim_id in look.subjects and "other_party" in look.fields and "plan a visit" in look.reason
    listed = world.client("caseworker").get(f"/casework/cases/{case.pk}/looks/").content.decode()
    assert "other party opened" in listed.lower() and "to plan a visit or a meeting" in listed
