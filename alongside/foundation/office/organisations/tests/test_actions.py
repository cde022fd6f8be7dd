"""Inviting, joining, leaving and succeeding, with the locks of sign-in's role on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import transaction

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.accounts import actions as accounts
from alongside.foundation.office.accounts.models import Invitation, User
from alongside.foundation.office.accounts.queries import must_start_again, open_invitation
from alongside.foundation.office.organisations import actions, queries
from alongside.foundation.office.organisations.models import Council, Force, Membership, Organisation, Postcode
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
PASSWORD = "three plain sample words"


@pytest.fixture
def in_sign_ins_role() -> Iterator[None]:
    with transaction.atomic(), inside(Realm.AUTH):
        yield


def invited(world: World, email: str = "new@alongside.example", role: str = "caseworker") -> tuple[Invitation, str]:
    return actions.invite(
        world.provider, by=world.actor("service_manager"), at=AT, email=email, name="New Sample", role=role
    )


def membership(world: World, person: str) -> Membership:
    return Membership.objects.current().select_related("user", "organisation").get(user=world.people[person])


def names() -> list[str]:
    return list(Event.objects.filter(name__startswith="invitation").order_by("id").values_list("name", flat=True))


def test_an_invitation_is_accepted_once(world: World, in_sign_ins_role: None) -> None:
    _, token = invited(world)
    found = open_invitation(token, AT)
    assert found is not None
    assert token not in found.token_hash
    user = actions.accept(found, at=AT, name="New Sample", password=PASSWORD)
    assert user.check_password(PASSWORD)
    assert user.visible_orgs == [world.provider.pk]
    assert Membership.objects.current().get(user=user).role == "caseworker"
    assert open_invitation(token, AT) is None
    with pytest.raises(RuleBroken, match="no longer works"):
        actions.accept(found, at=AT, name="Again", password=PASSWORD)
    assert names() == ["invitation.sent", "invitation.accepted"]


def test_an_invitation_is_too_old_after_a_week(world: World) -> None:
    _, token = invited(world)
    assert open_invitation(token, AT + timedelta(days=6, hours=23)) is not None
    assert open_invitation(token, AT + timedelta(days=7)) is None
    assert open_invitation("", AT) is None


def test_a_second_invitation_withdraws_the_first(world: World) -> None:
    _, first = invited(world)
    _, second = invited(world)
    assert open_invitation(first, AT) is None
    assert open_invitation(second, AT) is not None


def test_a_withdrawn_invitation_is_not_withdrawn_again(world: World) -> None:
    invitation, token = invited(world)
    accounts.withdraw(invitation, by=world.actor("service_manager"), at=AT)
    assert open_invitation(token, AT) is None
    with pytest.raises(RuleBroken):
        accounts.withdraw(invitation, by=world.actor("service_manager"), at=AT)


def test_a_role_is_given_only_in_its_kind_of_organisation(world: World) -> None:
    with pytest.raises(RuleBroken, match="kind of organisation"):
        invited(world, role="triage_officer")


def test_nobody_is_invited_to_a_role_they_have(world: World) -> None:
    with pytest.raises(RuleBroken, match="already"):
        invited(world, email="CASEWORKER@alongside.example")


def test_a_weak_password_is_refused_with_the_reason(world: World) -> None:
    _, token = invited(world)
    found = open_invitation(token, AT)
    assert found is not None
    with pytest.raises(RuleBroken, match="too short") as refused, transaction.atomic():
        actions.accept(found, at=AT, name="New Sample", password="short")
    assert refused.value.field == "password"
    assert open_invitation(token, AT) is not None


def test_an_invitation_never_sets_the_password_of_a_living_account(world: World) -> None:
    user = world.people["neighbour_caseworker"]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    invitation, _ = invited(world, email=user.email)
    with pytest.raises(RuleBroken, match="sign in to it first"), transaction.atomic():
        actions.accept(invitation, at=AT, name="Thief", password="three other sample words")
    actions.accept(invitation, at=AT, user=user)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.visible_orgs == [world.neighbour.pk, world.provider.pk]


def test_an_invitation_for_another_address_is_refused(world: World) -> None:
    invitation, _ = invited(world)
    with pytest.raises(RuleBroken, match="another address"):
        actions.accept(invitation, at=AT, user=world.people["referrer"])


def test_a_leaver_is_out_everywhere_at_once(world: World, in_sign_ins_role: None) -> None:
    leaver = membership(world, "caseworker")
    TOTP.activate(leaver.user, "JBSWY3DPEHPK3PXP")
    actions.remove(leaver, by=world.actor("service_manager"), at=AT)
    user = User.objects.get(pk=leaver.user_id)
    assert (user.is_active, user.sessions_end_before, must_start_again(user)) == (False, AT, True)
    assert not Membership.objects.current().filter(user=user).exists()
    ended = Event.objects.get(name="membership.ended")
    assert ended.details == {"user": str(user.pk), "organisation": world.provider.pk}
    assert Event.objects.filter(name="account.closed").exists()


def test_a_leaver_who_works_elsewhere_keeps_the_account(world: World) -> None:
    user = world.people["caseworker"]
    Membership.objects.create(user=user, organisation=world.neighbour, role="caseworker", since=AT)
    here = Membership.objects.get(user=user, organisation=world.provider)
    actions.remove(here, by=world.actor("service_manager"), at=AT)
    user.refresh_from_db()
    assert user.is_active
    with pytest.raises(RuleBroken, match="left already"):
        actions.remove(here, by=world.actor("service_manager"), at=AT)


def test_a_leavers_waiting_invitation_goes_with_them(world: World) -> None:
    _, token = invited(world, email="caseworker@alongside.example", role="service_manager")
    actions.remove(membership(world, "caseworker"), by=world.actor("service_manager"), at=AT)
    assert open_invitation(token, AT) is None


def test_nobody_removes_changes_or_resets_themselves(world: World) -> None:
    mine, by = membership(world, "service_manager"), world.actor("service_manager")
    for act in (
        lambda: actions.remove(mine, by=by, at=AT),
        lambda: actions.change_role(mine, by=by, at=AT, role="caseworker"),
        lambda: actions.ask_reset(mine, by=by, at=AT, checked="seen"),
    ):
        with pytest.raises(RuleBroken, match="Ask a colleague"):
            act()


def test_a_changed_role_keeps_its_history_and_signs_out(world: World, in_sign_ins_role: None) -> None:
    before = membership(world, "caseworker")
    after = actions.change_role(before, by=world.actor("service_manager"), at=AT, role="service_manager")
    assert after.role == "service_manager"
    before.refresh_from_db()
    after.user.refresh_from_db()
    assert (before.until, after.user.sessions_end_before) == (AT, AT)
    with pytest.raises(RuleBroken):
        actions.change_role(after, by=world.actor("service_manager"), at=AT, role="triage_officer")


def test_a_succeeded_body_keeps_its_history_and_hands_over_its_people(world: World, in_sign_ins_role: None) -> None:
    by = world.actor("office_administrator")
    heir = actions.succeed(world.body, by=by, at=AT, name="Testshire Mayoral Sample Authority", since=date(2026, 9, 1))
    old = queries.body(world.body.code)
    assert old is not None
    assert (old.ended, [one.pk for one in old.after]) == (date(2026, 9, 1), [heir.pk])
    new = queries.body(heir.code)
    assert new is not None
    assert [one.pk for one in new.before] == [world.body.pk]
    assert not Membership.objects.current().filter(organisation=world.body).exists()
    assert Membership.objects.current().filter(organisation=heir).count() == 4
    assert Membership.objects.filter(organisation=world.body).count() == 4
    with pytest.raises(RuleBroken, match="succeeded already"):
        actions.succeed(world.body, by=by, at=AT, name="Another", since=date(2026, 9, 2))


def test_a_body_begins_after_the_one_it_succeeds(world: World) -> None:
    with pytest.raises(RuleBroken, match="after the body"):
        actions.succeed(
            world.body, by=world.actor("office_administrator"), at=AT, name="Too Early", since=date(2019, 1, 1)
        )


def test_an_ended_organisation_invites_nobody(world: World) -> None:
    Organisation.objects.filter(pk=world.provider.pk).update(until=date(2026, 9, 1))
    world.provider.refresh_from_db()
    with pytest.raises(RuleBroken, match="has ended"):
        invited(world)


def test_two_organisations_do_not_share_a_name(world: World) -> None:
    words: dict[str, Any] = {"kind": "provider", "force": "west-midlands", "since": date(2026, 1, 1)}
    by = world.actor("hub_manager")
    made = actions.add(by=by, at=AT, name="Beacon Sample Charity", **words)
    assert made.code == "beacon-sample-charity"
    with pytest.raises(RuleBroken, match="already"):
        actions.add(by=by, at=AT, name="Beacon sample charity", **words)
    actions.rename(made, by=by, at=AT, name="Beacon Sample Trust", phone="0121 496 0199")
    made.refresh_from_db()
    assert made.name == "Beacon Sample Trust"


def test_a_body_is_reached_by_a_telephone_number_and_by_nothing_that_runs(world: World) -> None:
    words: dict[str, Any] = {"kind": "provider", "force": "west-midlands", "since": date(2026, 1, 1)}
    by = world.actor("hub_manager")
    with pytest.raises(RuleBroken, match="telephone number"):
        actions.add(by=by, at=AT, name="Beacon Sample Charity", phone="javascript:alert(1)", **words)
    with pytest.raises(RuleBroken, match="telephone number"):
        actions.rename(world.provider, by=by, at=AT, name="Lantern", phone="javascript:alert(1)")
    Organisation.objects.filter(pk=world.provider.pk).update(phone="01632 960001, Sam")
    actions.rename(world.provider, by=by, at=AT, name="Lantern", phone="01632 960001, Sam")


def test_a_hub_adds_no_hub(world: World) -> None:
    words: dict[str, Any] = {"force": "west-midlands", "since": date(2026, 1, 1)}
    for kind in ("hub", "policing_body"):
        with pytest.raises(RuleBroken, match="The policing body adds a hub"):
            actions.add(by=world.actor("hub_manager"), at=AT, name="Another Sample", kind=kind, **words)
    assert actions.add(by=world.actor("office_administrator"), at=AT, name="Another Sample", kind="hub", **words).pk


def test_the_shipped_areas_load_twice_alike() -> None:
    actions.load_areas()
    actions.load_areas()
    assert Force.objects.count() == 44
    assert Council.objects.filter(force_id="west-midlands").count() == 7


def test_postcodes_of_one_council_are_loaded_and_found() -> None:
    assert actions.load_postcodes(["E08000031"]) > 5000
    assert queries.council_of("wv1 1rl") == "E08000031"
    assert queries.council_of("ZZ1 1ZZ") is None
    before = Postcode.objects.count()
    actions.load_postcodes(["E08000031"])
    assert Postcode.objects.count() == before


def test_a_council_whose_code_changed_is_offered_once_and_found_by_either() -> None:
    actions.load_areas()
    yorkshire = Council.objects.filter(force_id="south-yorkshire")
    assert list(yorkshire.current().order_by("name").values_list("name", flat=True)) == [
        "Barnsley", "Doncaster", "Rotherham", "Sheffield",
    ]  # fmt: skip
    assert yorkshire.count() == 6
    names = list(Council.objects.current().values_list("name", flat=True))
    assert len(names) == len(set(names))
    assert actions.load_postcodes(["E08000038"]) > 4000
    assert queries.council_of("S70 2TA") == "E08000038"
    Postcode.objects.filter(pk="S702TA").update(council="E08000016")
    actions.load_areas()
    assert queries.council_of("S70 2TA") == "E08000038"


def test_the_first_administrator_is_invited_from_the_command_line(world: World) -> None:
    said = StringIO()
    call_command(
        "people", "invite", f"{uuid4().hex}@alongside.example", name="First Sample", role="office_administrator",
        organisation="Newshire Sample Body", found="policing_body", force="west-midlands", stdout=said,
    )  # fmt: skip
    token = said.getvalue().strip().split("/invitation/")[1].strip("/")
    assert open_invitation(token, datetime.now(UTC)) is not None
    call_command("people", "list", stdout=said)
    assert "caseworker@alongside.example\ttest-provider\tcaseworker" in said.getvalue()
    call_command("people", "reset", "caseworker@alongside.example", stdout=said)
    assert said.getvalue().count("/invitation/") == 2


def test_the_command_line_refuses_what_the_rules_refuse(world: World) -> None:
    with pytest.raises(CommandError, match="no organisation nowhere"):
        call_command("people", "invite", "a@b.example", name="A", role="caseworker", organisation="nowhere")
    with pytest.raises(CommandError, match="kind of organisation"):
        call_command("people", "invite", "a@b.example", name="A", role="analyst", organisation="test-provider")
    with pytest.raises(CommandError, match="Nobody"):
        call_command("people", "reset", "nobody@alongside.example")
