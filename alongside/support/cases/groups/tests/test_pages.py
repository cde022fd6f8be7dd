"""Pages of group work as a worker, a manager, a neighbour and somebody not named on a record meet them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from alongside.core.models import Event
from alongside.core.rows.realms import Realm
from alongside.core.rows.realms import inside as in_realm
from alongside.support.arrivals.referrals.tests.arrivals import PHONE
from alongside.support.cases.appointments.tests.planned import DAY, at_ten
from alongside.support.cases.casework.models import Case, Contact
from alongside.support.cases.casework.tests.cases import accepted, inside, service_of
from alongside.support.cases.groups import actions
from alongside.support.cases.groups.models import Group, Mark, Meeting, Member
from alongside.support.cases.groups.rules import Marked
from alongside.support.cases.groups.tests.gathered import case_of, gathered, joined, met
from tests.world import World

pytestmark = pytest.mark.django_db
OF_GROUP, OF_MEETING, OF_MEMBER = ("show", "change", "plan_meetings"), ("register",), ("leave",)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets what the views take for now."""

    def to(at: datetime) -> None:
        monkeypatch.setattr("alongside.support.cases.groups.views.timezone.now", lambda: at)

    to(at_ten(hour=11, minute=45))
    return to


def where(view: str, *about: Any) -> str:
    return reverse(f"groups:{view}", args=[one.pk for one in about])


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(client: Client, address: str, **said: Any) -> str:
    return client.post(address, said, follow=True).content.decode()


def day(name: str = "day", at: Any = DAY) -> dict[str, str]:
    return {f"{name}_day": str(at.day), f"{name}_month": str(at.month), f"{name}_year": str(at.year)}


def test_a_manager_sets_a_group_up_plans_it_changes_it_and_ends_it(world: World, clock: Any) -> None:
    client, service = world.client("service_manager"), service_of(world)
    assert "No group matches" in text(client, where("groups"))
    said = {"name": "Tuesday group", "places": "8", "leaders": [str(world.people["caseworker"].pk)], "place": "ours"}
    page = sent(client, where("set_up"), service=str(service.pk), kind="coping", **said, **day("starts_on"))
    assert "Plan its sessions next." in page and "Nobody is in it yet" in page
    group = Group.objects.get()
    assert "Tuesday group" in text(client, where("groups"), kind="coping", service=str(service.pk))
    assert "No group matches" in text(client, where("groups"), state="ended")
    christmas = datetime(2026, 12, 18).date()
    planned = {"from_time": "10:00", "minutes": "90", "repeats": "weekly", "times": "2", **day(at=christmas)}
    page = sent(client, where("plan_meetings", group), **planned)
    assert "The sessions are planned" in page and "1 session of this group on a bank holiday" in page
    mine = text(world.client("caseworker"), reverse("appointments:calendar"), day=christmas.isoformat())
    assert "Group session" in mine and where("register", Meeting.objects.earliest("starts_at")) in mine
    assert "The session is cancelled." in sent(client, where("cancel_meeting", Meeting.objects.latest("starts_at")))
    assert "The group is changed." in sent(client, where("change", group), seen="1", **{**said, "places": "5"})
    page = sent(client, where("change", group), seen="1", **{**said, "places": "4"})
    assert "Somebody else changed this" in page and 'value="4"' in page
    assert "It cannot be taken up again." in text(client, where("end", group))
    assert "The group has ended" in sent(client, where("end", group))
    assert "Tuesday group" in text(client, where("groups"), state="all")


def test_without_a_service_no_group_is_set_up(world: World, clock: Any) -> None:
    assert "has no service yet" in sent(world.client("service_manager"), where("set_up"))


def test_a_caseworker_gives_a_place_and_takes_a_register(world: World, clock: Any) -> None:
    group, client, case = gathered(world), world.client("caseworker"), case_of(world, 0)
    assert "In no group" in text(client, where("of_case", case))
    assert "They have a place." in sent(client, where("of_case", case), group=str(group.pk), now="yes")
    assert "No other group runs now" in text(client, where("of_case", case))
    member, meeting = Member.objects.get(), met(world, group)
    key = member.pk.hex
    assert "Callista Sampleford" in text(client, where("register", meeting))
    page = sent(client, where("register", meeting), seen="1", minutes="90", note="Sleep")
    assert "1 person not marked yet" in page
    page = sent(client, where("register", meeting), seen="2", minutes="90", note="Sleep", **{f"mark_{key}": "came"})
    assert "The register is taken." in page and "Put right" in page and Contact.objects.count() == 1
    page = sent(client, where("register", meeting), seen="1", minutes="90", **{f"mark_{key}": "absent"})
    assert "Somebody else changed this" in page
    paper = client.post(where("print_register", meeting)).content.decode()
    assert "C.S." in paper and "Sampleford" not in paper and "✓" in paper
    assert client.get(where("print_register", meeting)).status_code == 302
    assert "Their place is free again." in sent(client, where("leave", member), reason="completed")
    overview = text(client, reverse("casework:show", args=[case.pk]))
    assert "Groups" in overview


def test_the_list_of_interest_leads_into_the_group(world: World, clock: Any) -> None:
    group, client, case = gathered(world, places=1), world.client("caseworker"), case_of(world, 0)
    assert "list of interest." in sent(client, where("of_case", case), group=str(group.pk), now="no")
    assert "Give them a place" in text(client, where("show", group))
    assert "They have a place." in sent(client, where("join", Member.objects.get()))
    other = case_of(world, 1)
    page = sent(client, where("of_case", other), group=str(group.pk), now="yes")
    assert "Every place is taken" in page


def test_what_is_known_against_it_is_said_before_somebody_is_put_in(world: World, clock: Any) -> None:
    group, client = gathered(world), world.client("caseworker")
    joined(world, group, accepted(world, points=(PHONE,)))
    other = accepted(world, source_ref="other", points=(PHONE,))
    said = {"group": str(group.pk), "now": "yes"}
    page = sent(client, where("of_case", other), **said)
    assert "in common with them" in page and 'name="sure"' in page
    assert "They have a place." in sent(client, where("of_case", other), **said, sure="on")


@pytest.mark.parametrize("person", ["neighbour_caseworker", "neighbour_manager", "far_caseworker", "triage_officer"])
def test_a_neighbour_and_the_hub_find_no_group(world: World, clock: Any, person: str) -> None:
    group = gathered(world)
    member, meeting, client = joined(world, group, case_of(world, 0)), met(world, group), world.client(person)
    found = [where(view, group) for view in (*OF_GROUP, "end")]
    found += [where(view, meeting) for view in (*OF_MEETING, "cancel_meeting", "print_register")]
    found += [where(view, member) for view in (*OF_MEMBER, "join")]
    for address in found:
        assert client.post(address).status_code == 404, address
    listed = client.get(where("groups"), {"state": "all"})
    assert listed.status_code == 403 or "Tuesday group" not in listed.content.decode()


@pytest.mark.parametrize("model", [Group, Meeting, Member, Mark])
def test_the_database_shows_a_neighbour_nothing_without_the_first_lock(world: World, clock: Any, model: Any) -> None:
    group = gathered(world)
    member, meeting = joined(world, group, case_of(world, 0)), met(world, group)
    with transaction.atomic(), inside(world, "caseworker"):
        actions.register(
            meeting, by=world.actor("caseworker"), at=at_ten(hour=11, minute=45), seen=1, minutes=90,
            marks={member.pk: Marked("came")},
        )  # fmt: skip
        assert model.objects.count() == 1
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert model.objects.count() == 0
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), in_realm(Realm.HUB):
        model.objects.count()


def test_a_register_holds_no_word_about_anybody_in_the_log(world: World, clock: Any) -> None:
    group = gathered(world)
    member, meeting, client = joined(world, group, case_of(world, 0)), met(world, group), world.client("caseworker")
    key = member.pk.hex
    sent(client, where("register", meeting), seen="1", minutes="90", note="Slept badly",
         **{f"mark_{key}": "came", f"note_{key}": "Left in tears"})  # fmt: skip
    logged = str(list(Event.objects.values_list("details", flat=True)))
    assert "badly" not in logged and "tears" not in logged and "Sampleford" not in logged
    assert "Left in tears" in text(client, where("register", meeting))
    clock(at_ten(hour=12))
    assert Case.objects.get().last_contact_at == at_ten()
