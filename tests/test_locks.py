"""The locks of the database, tried as each realm on real PostgreSQL."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import expire_grants
from alongside.core.models import Grant, Look
from alongside.core.rows import checks, declared, records
from alongside.core.rows.declared import RowsMissing, Table
from alongside.core.rows.realms import Realm, enter, inside, intend_for, leave
from alongside.core.rows.scopes import Open
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.people.victims.models import Agreement, Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def make_victim(world: World) -> Victim:
    return Victim.objects.create(
        hub_id=world.hub.pk, given_name="Testina", family_name="Sampleford", birth_date=date(1990, 1, 1),
        created_at=world.now,
    )  # fmt: skip


def seen_by(realm: Realm, *orgs: int) -> int:
    with transaction.atomic(), inside(realm, orgs=orgs):
        return Victim.objects.count()


def test_the_holder_sees_its_record_and_a_neighbour_sees_nothing(world: World) -> None:
    make_victim(world)
    assert seen_by(Realm.HUB, world.hub.pk) == 1
    assert seen_by(Realm.HUB, world.far_hub.pk) == 0
    assert seen_by(Realm.PROVIDER, world.provider.pk) == 0


def test_no_context_sees_nothing(world: World) -> None:
    make_victim(world)
    assert seen_by(Realm.HUB) == 0


def test_the_commissioning_role_is_refused(world: World) -> None:
    make_victim(world)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        seen_by(Realm.COMMISSIONING, world.body.pk)


def test_a_pending_grant_shows_nothing_until_taken_up(world: World) -> None:
    victim = make_victim(world)
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        records.offer("victim", victim.pk, world.provider.pk, why="offered")
    assert seen_by(Realm.PROVIDER, world.provider.pk) == 0
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.provider.pk]):
        records.take_up("victim", victim.pk)
    assert seen_by(Realm.PROVIDER, world.provider.pk) == 1
    assert seen_by(Realm.PROVIDER, world.neighbour.pk) == 0


def test_a_neighbour_cannot_take_up_what_was_offered_to_another(world: World) -> None:
    victim = make_victim(world)
    records.offer("victim", victim.pk, world.provider.pk, why="offered")
    with pytest.raises(ProgrammingError), transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.neighbour.pk]):
        records.take_up("victim", victim.pk)


def test_nobody_can_let_themselves_in(world: World) -> None:
    victim = make_victim(world)
    for realm in (Realm.PROVIDER, Realm.HUB):
        with pytest.raises(ProgrammingError), transaction.atomic(), inside(realm, orgs=[world.far_hub.pk]):
            records.share("victim", victim.pk, world.far_hub.pk, why="curious")


def test_what_was_given_back_is_no_longer_seen(world: World) -> None:
    victim = make_victim(world)
    records.share("victim", victim.pk, world.provider.pk, why="accepted")
    assert seen_by(Realm.PROVIDER, world.provider.pk) == 1
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.provider.pk]):
        records.give_back("victim", victim.pk)
    assert seen_by(Realm.PROVIDER, world.provider.pk) == 0


def test_what_was_withdrawn_is_no_longer_seen(world: World) -> None:
    victim = make_victim(world)
    records.share("victim", victim.pk, world.provider.pk, why="wrong send")
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        records.withdraw("victim", victim.pk, world.provider.pk)
    assert seen_by(Realm.PROVIDER, world.provider.pk) == 0


def test_a_grant_that_has_run_out_is_closed_by_the_hourly_job(world: World) -> None:
    victim = make_victim(world)
    records.share("victim", victim.pk, world.provider.pk, why="cover", until=timezone.now() + timedelta(hours=1))
    assert seen_by(Realm.PROVIDER, world.provider.pk) == 1
    Grant.objects.filter(organisation=world.provider.pk).update(until=timezone.now() - timedelta(minutes=1))
    with inside(Realm.WORKER):
        assert records.expire() == 1
    assert seen_by(Realm.PROVIDER, world.provider.pk) == 0
    assert seen_by(Realm.HUB, world.hub.pk) == 1


def test_visible_orgs_cannot_be_forged_or_changed(world: World) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), inside(Realm.HUB, orgs=[world.far_hub.pk]):
        Victim.objects.create(hub_id=world.hub.pk, visible_orgs=[world.far_hub.pk], created_at=world.now)
    victim = make_victim(world)
    with pytest.raises(ProgrammingError), transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        Victim.objects.filter(pk=victim.pk).update(visible_orgs=[world.far_hub.pk])


def test_the_public_may_leave_a_record_for_a_hub_and_read_none(world: World) -> None:
    with transaction.atomic(), inside(Realm.PUBLIC):
        intend_for(world.hub.pk)
        Victim(id=uuid4(), hub_id=world.hub.pk, created_at=world.now).save(force_insert=True)
    assert seen_by(Realm.HUB, world.hub.pk) == 1
    with pytest.raises(ProgrammingError), transaction.atomic():
        seen_by(Realm.PUBLIC)


def left_by_the_public(world: World, person: UUID) -> ContactPoint:
    with transaction.atomic(), inside(Realm.PUBLIC):
        intend_for(world.hub.pk)
        return ContactPoint.objects.create(
            person_id=person, recorded_by=world.hub.pk, kind="phone", safe="yes", recorded_at=world.now
        )


def test_the_public_may_hang_nothing_on_a_record_that_was_there_before(world: World) -> None:
    fresh, known = make_victim(world), make_victim(world)
    Grant.objects.filter(subject=known.pk).update(since=world.now)
    assert left_by_the_public(world, fresh.pk).pk
    for person in (known.pk, uuid4()):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            left_by_the_public(world, person)


@pytest.mark.parametrize("realm", [realm for realm in Realm if realm != Realm.WORKER])
@pytest.mark.parametrize("function", ["rows_visible", "rows_spread", "rows_may", "rows_expire"])
def test_no_realm_may_ask_who_is_let_into_a_record(world: World, realm: Realm, function: str) -> None:
    words = "" if function == "rows_expire" else f"'victim', '{make_victim(world).pk}'"
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
        connection.cursor().execute(f"SELECT {function}({words})")


@pytest.mark.parametrize("realm", [Realm.COMMISSIONING, Realm.REFERRER, Realm.PUBLIC, Realm.AUTH])
def test_who_counts_or_refers_cannot_read_who_looked(world: World, realm: Realm) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), inside(realm, orgs=[world.body.pk]):
        Look.objects.count()


@pytest.mark.parametrize("column", ["victim_id", "provider_id", "referral_id", "reference"])
def test_a_provider_cannot_make_its_case_anothers(world: World, column: str) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.provider.pk]):
        connection.cursor().execute(f"UPDATE casework_case SET {column} = {column}")


def test_events_and_looks_are_append_only(world: World) -> None:
    for table in ("core_event", "core_look"):
        for verb in ("UPDATE {} SET at = now()", "DELETE FROM {}"):
            with pytest.raises(ProgrammingError), transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
                connection.cursor().execute(verb.format(table))


def test_leaving_a_realm_leaves_nothing_behind(world: World) -> None:
    with transaction.atomic():
        enter(Realm.HUB, orgs=[world.hub.pk])
        leave()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role'), current_setting('app.orgs', true)")
            assert cursor.fetchone() == ("none", "")


def test_every_lock_holds() -> None:
    assert checks.faults(login=False) == []


def test_an_owner_may_not_serve() -> None:
    assert any("owns tables" in fault for fault in checks.check_login())


@pytest.mark.django_db(transaction=True)
def test_the_applications_own_login_may_serve_and_see_nothing_by_itself(world: World) -> None:
    """On a connection of its own, as in production: no role taken, no row; a realm taken, its own rows."""
    make_victim(world)
    held = connection.settings_dict
    owner, application = held["USER"], f"{held['NAME']}_app"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {application} PASSWORD %s", [held["PASSWORD"] or None])
    connection.close()
    held["USER"] = application
    try:
        checks.refuse_if_open()
        with pytest.raises(ProgrammingError, match="permission denied"):
            Victim.objects.count()
        assert seen_by(Realm.HUB, world.hub.pk) == 1
        assert seen_by(Realm.HUB, world.far_hub.pk) == 0
    finally:
        connection.close()
        held["USER"] = owner


def test_a_process_that_owns_its_tables_refuses_to_serve() -> None:
    with pytest.raises(checks.LockOpen, match="owns tables"):
        checks.refuse_if_open()


def test_a_table_that_is_declared_and_absent_is_found() -> None:
    absent = Table("no_such_table", Open("x"), {})
    assert "run `alongside migrate`" in checks._table_fault(absent, None)


def test_an_open_scope_has_no_condition() -> None:
    with pytest.raises(TypeError, match="no row security"):
        Open("x").expression("a_table")


def test_the_first_lock_alone_shows_an_organisation_its_own_and_the_worker_all(world: World) -> None:
    victim = make_victim(world)
    Agreement.objects.create(victim=victim, about="contact", given=True, recorded_at=world.now)
    for model in (Victim, Agreement):
        assert model.objects.visible_to(world.actor("triage_officer")).count() == 1
        assert model.objects.visible_to(world.actor("far_triage_officer")).count() == 0
        assert model.objects.visible_to(SYSTEM_ACTOR).count() == 1


def test_a_model_that_says_nothing_of_its_rows_is_refused() -> None:
    with pytest.raises(RowsMissing, match="class Rows"):
        declared._of(ContentType)


def test_the_hourly_job_expires_grants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)
    expire_grants(timestamp=1)


def test_the_check_command_says_whether_the_locks_hold(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check")
    assert "Every lock holds" in capsys.readouterr().out
    with transaction.atomic():
        connection.cursor().execute("ALTER TABLE victims_victim NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(CommandError, match="victims_victim"):
            call_command("check")
        transaction.set_rollback(True)


def test_an_empty_database_has_nothing_to_check_yet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])
    call_command("check")
    assert "alongside migrate" in capsys.readouterr().out


def test_migrate_writes_the_locks_and_a_plan_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("migrate", plan=True)
    assert "Locks written" not in capsys.readouterr().out
    call_command("migrate", verbosity=1)
    assert "Locks written" in capsys.readouterr().out
    call_command("migrate", verbosity=0)


def test_a_table_without_forced_row_security_is_found(world: World) -> None:
    with transaction.atomic():
        connection.cursor().execute("ALTER TABLE victims_victim NO FORCE ROW LEVEL SECURITY")
        assert any("victims_victim" in fault for fault in checks.check_tables())
        transaction.set_rollback(True)


def test_a_policy_that_is_always_true_is_found(world: World) -> None:
    with transaction.atomic():
        connection.cursor().execute("ALTER POLICY alongside_hub ON victims_victim USING (true) WITH CHECK (true)")
        assert any("victims_victim" in fault for fault in checks.check_policies())
        transaction.set_rollback(True)


def test_a_row_that_follows_a_record_is_seen_as_widely_as_the_record_unless_the_worker_says_less(world: World) -> None:
    victim = make_victim(world)
    records.share("victim", victim.pk, world.provider.pk, why="accepted")
    words = {"person_id": victim.pk, "recorded_by": world.hub.pk, "kind": "phone", "recorded_at": world.now}
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        wide = ContactPoint.objects.create(visible_orgs=[world.hub.pk], **words)
    with transaction.atomic(), inside(Realm.WORKER):
        narrow = ContactPoint.objects.create(visible_orgs=[world.hub.pk], **words)
        forged = ContactPoint.objects.create(visible_orgs=[world.far_hub.pk], **words)
    both = sorted([world.hub.pk, world.provider.pk])
    seen = [sorted(ContactPoint.objects.get(pk=point.pk).visible_orgs) for point in (wide, narrow, forged)]
    assert seen == [both, [world.hub.pk], both]
