"""A worker's day and a manager's team: reads, writes and pages."""

import html
import re
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.pages.paging import page_of
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.organisations.models import Membership
from alongside.support.arrivals.referrals.models import Addition, Ticket
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Need, Step
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.day import actions, queries
from alongside.support.cases.day.models import Absence
from alongside.support.cases.others import actions as others
from alongside.support.cases.others.models import Clash
from tests.world import World

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


def me(world: World, person: str = "caseworker") -> UUID:
    found = world.actor(person).user_id
    assert found
    return found


@pytest.fixture
def client(world: World) -> Client:
    return world.client("caseworker")


@pytest.fixture
def manager(world: World) -> Client:
    return world.client("service_manager")


@pytest.fixture
def case(world: World) -> Case:
    """A case of the caseworker's with a late step, accepted an hour ago."""
    now = timezone.now()
    made, by = accepted(world, at=now - timedelta(hours=1)), world.actor("caseworker")
    casework.assign(made, by=by, at=now, worker=by.user_id)
    need = casework.find_need(made, by=by, at=now, code="money")
    casework.add_step(need, by=by, at=now, what="Ring the bank", who="worker", due_on=london_date(now))
    Step.objects.update(due_on=london_date(now) - timedelta(days=1))
    return Case.objects.get(pk=made.pk)


def test_the_day_shows_first_contacts_late_steps_and_what_domains_put_there(
    world: World, case: Case, client: Client, settings: Any
) -> None:
    page = body(client.get(reverse("day:mine")))
    assert "Make the first contact" in page and "Ring the bank" in page and case.victim.full_name in page
    assert page.index(">Late") < page.index("Ring the bank")
    only = body(client.get(reverse("day:mine"), {"group": "plan"}))
    assert "Ring the bank" in only and "Make the first contact" not in only


def test_a_step_is_done_in_place_and_a_stale_press_says_so(world: World, case: Case, client: Client) -> None:
    step = Step.objects.get()
    where = reverse("day:finish_step", args=[step.pk])
    assert client.post(where, {"seen": "x"}).status_code == 302
    page = body(client.post(where, {"seen": "1"}, follow=True))
    assert "The step is done" in page and "Ring the bank" not in page
    assert "ls" in body(client.post(where, {"seen": "1"}, follow=True))
    assert Step.objects.get().done_at is not None


def test_nothing_of_anybody_elses_is_on_it(world: World, case: Case) -> None:
    for person in ("other_caseworker", "neighbour_caseworker"):
        page = body(world.client(person).get(reverse("day:mine"), {"whose": str(me(world))}))
        assert "Ring the bank" not in page and case.victim.full_name not in page and "Nothing is due" in page


def test_who_covers_has_it_on_their_day(world: World, case: Case) -> None:
    other = me(world, "other_caseworker")
    casework.cover(case, by=world.actor("service_manager"), at=timezone.now(), worker=other,
                   until=london_date(timezone.now()) + timedelta(days=3))  # fmt: skip
    assert "Ring the bank" in body(world.client("other_caseworker").get(reverse("day:mine")))


def test_a_case_given_by_somebody_else_is_new_until_it_is_read(world: World, case: Case, client: Client) -> None:
    other = world.client("other_caseworker")
    casework.assign(case, by=world.actor("service_manager"), at=timezone.now(), worker=me(world, "other_caseworker"))
    assert "New to you" in body(other.get(reverse("day:mine")))
    other.get(reverse("casework:show", args=[case.pk]))
    assert "New to you: read the case" not in body(other.get(reverse("day:mine")))


def test_what_a_victim_added_is_there_until_it_is_read(world: World, case: Case, client: Client) -> None:
    said = {"referral_id": case.referral_id, "victim_id": case.victim_id, "hub_id": case.hub_id}
    ticket = Ticket.objects.create(id=uuid4(), lookup=b"0" * 16, since=timezone.now(), **said)
    Addition.objects.create(id=uuid4(), ticket=ticket, victim_id=case.victim_id, kind="words", added_at=timezone.now())
    assert "They added something" in body(client.get(reverse("day:mine")))
    client.get(reverse("casework:show", args=[case.pk]))
    assert "They added something" not in body(client.get(reverse("day:mine")))


def test_a_manager_reads_the_day_of_somebody_in_the_team(world: World, case: Case, manager: Client) -> None:
    page = body(manager.get(reverse("day:mine"), {"whose": str(me(world))}))
    assert "Ring the bank" in page and "Testa Caseworker’s day" in page and ">Done<" not in page
    assert "My day" in body(manager.get(reverse("day:mine"), {"whose": str(me(world, "neighbour_caseworker"))}))


def test_the_team_shows_who_has_too_much_and_what_is_late(world: World, case: Case, manager: Client) -> None:
    Membership.objects.filter(user_id=me(world), until=None).update(caseload_limit=1)
    Case.objects.filter(pk=case.pk).update(high_risk=True)
    page = body(manager.get(reverse("day:team")))
    assert "2 of 1" in page and "Too much" in page and "1 late" in page
    assert world.client("caseworker").get(reverse("day:team")).status_code == 403
    agenda.put(case, by=SYSTEM_ACTOR, at=timezone.now(), kind="nobody.declares", about=uuid4(), due_at=timezone.now())
    assert manager.get(reverse("day:team")).status_code == 200


def test_several_cases_are_given_out_at_once_by_a_fair_spread(world: World, manager: Client) -> None:
    cases = [accepted(world, at=timezone.now()) for _ in range(3)]
    assert "3 cases with no worker" in body(manager.get(reverse("day:team")))
    page = body(manager.get(reverse("day:allocate"), {"propose": "yes"}))
    assert page.count(" selected>") == 3 and "fair spread" in page
    taken = {f"case-{cases[0].pk}": str(me(world)), f"case-{cases[1].pk}": str(me(world, "other_caseworker"))}
    page = body(manager.post(reverse("day:allocate"), taken, follow=True))
    assert "2 cases have been given out" in page and "1 case with no worker" in page
    assert Case.objects.get(pk=cases[0].pk).worker == me(world)
    bad = body(manager.post(reverse("day:allocate"), {f"case-{cases[2].pk}": str(uuid4())}))
    assert "Give them out" in bad and Case.objects.get(pk=cases[2].pk).worker is None


def test_very_many_cases_are_given_out_a_page_at_a_time(
    world: World, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = [accepted(world, at=world.now + timedelta(minutes=minute)) for minute in range(60, 63)]
    monkeypatch.setattr(queries, "page_of", partial(page_of, size=2))
    page = body(manager.get(reverse("day:allocate"), {"propose": "yes"}))
    assert first.reference in page and second.reference in page and third.reference not in page
    assert "Showing 2 of 3 cases" in page and page.count("selected") == 2
    after = html.unescape(re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', page)[1])  # type: ignore[index]
    page = body(manager.get(reverse("day:allocate") + after))
    assert third.reference in page and first.reference not in page and "propose=yes" in page and "Previous page" in page
    page = body(manager.post(reverse("day:allocate"), {f"case-{third.pk}": str(me(world))}, follow=True))
    assert "given out" in page
    assert Case.objects.get(pk=third.pk).worker == me(world)
    assert Case.objects.filter(worker=None).count() == 2


def test_a_case_that_was_taken_meanwhile_stays_with_whoever_took_it(world: World, case: Case) -> None:
    by, nobodys = world.actor("service_manager"), accepted(world)
    chosen = {case.pk: me(world, "other_caseworker"), nobodys.pk: me(world), uuid4(): me(world)}
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        done = actions.allocate(chosen, by=by, at=timezone.now())
        again = actions.allocate({nobodys.pk: me(world)}, by=by, at=timezone.now())
    assert (done.done, again.done) == (1, 1) and done.refused == ((case.reference, "Somebody else has it meanwhile."),)
    assert Event.objects.filter(name="case.assigned", subject=nobodys.pk).count() == 1


def test_who_is_ill_is_covered_case_by_case_and_comes_back(world: World, case: Case, manager: Client) -> None:
    today = london_date(timezone.now())
    until = today + timedelta(days=4)
    days = {f"{name}_{part}": str(getattr(day, part)) for name, day in (("since", today), ("until", until))
            for part in ("day", "month", "year")}  # fmt: skip
    answer = manager.post(reverse("day:note_absence"), {"worker": str(me(world)), **days})
    absence = Absence.objects.get()
    assert answer["Location"] == reverse("day:cover_all", args=[absence.pk])
    assert " selected>" in body(manager.get(answer["Location"]))
    assert "1 case not covered" in body(manager.get(reverse("day:team")))
    page = body(manager.post(answer["Location"], {f"case-{case.pk}": str(me(world, "other_caseworker"))}, follow=True))
    assert "1 case has been covered" in page and "not covered" not in page
    assert Case.objects.get(pk=case.pk).cover_until == until
    back = reverse("day:come_back", args=[absence.pk])
    assert "They are back" in body(manager.post(back, follow=True))
    assert "not away any more" in body(manager.post(back, follow=True))
    assert world.client("neighbour_manager").post(back).status_code == 404


def test_days_that_make_no_sense_are_refused_beside_their_box(world: World, case: Case, manager: Client) -> None:
    today = london_date(timezone.now())
    days = {f"{name}_{part}": str(getattr(today - timedelta(days=back), part)) for name, back in
            (("since", 1), ("until", 2)) for part in ("day", "month", "year")}  # fmt: skip
    page = body(manager.post(reverse("day:note_absence"), {"worker": str(me(world)), **days}))
    assert "The last day is before the first" in page and not Absence.objects.exists()


def test_an_absence_that_goes_on_is_one(world: World) -> None:
    by, at = world.actor("service_manager"), world.now
    today = london_date(at)
    first = actions.note_absence(me(world), by=by, at=at, since=today, until=today + timedelta(days=2))
    longer = actions.note_absence(
        me(world), by=by, at=at, since=today + timedelta(days=1), until=today + timedelta(days=9)
    )
    assert longer.pk == first.pk and Absence.objects.get().until == today + timedelta(days=9)
    later = actions.note_absence(
        me(world), by=by, at=at, since=today + timedelta(days=30), until=today + timedelta(days=31)
    )
    assert queries.ahead(world.provider.pk, today) == (later,)
    with pytest.raises(RuleBroken, match="works for this organisation"):
        actions.note_absence(me(world, "neighbour_caseworker"), by=by, at=at, since=today, until=today)


def test_a_case_that_cannot_be_covered_spoils_no_other(world: World, case: Case) -> None:
    by, at = world.actor("service_manager"), timezone.now()
    today = london_date(at)
    absence = actions.note_absence(me(world), by=by, at=at, since=today, until=today)
    done = actions.cover_all(absence, by=by, at=at, covers={case.pk: uuid4(), uuid4(): me(world)})
    assert done.done == 0 and done.refused[0][0] == case.reference
    assert queries.spread([case], [], today) == {}
    assert Need.objects.filter(case=case).exists()


def test_a_neighbour_reads_no_absence(world: World) -> None:
    today = london_date(world.now)
    actions.note_absence(me(world), by=world.actor("service_manager"), at=world.now, since=today, until=today)
    by = world.actor("neighbour_manager")
    assert not Absence.objects.visible_to(by).exists()
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        assert not Absence.objects.exists()


def test_a_spread_says_who_would_have_more_than_their_limit(world: World, manager: Client) -> None:
    cases = [accepted(world, at=timezone.now()) for _ in range(9)]
    workers = Membership.objects.filter(
        user_id__in=[me(world), me(world, "other_caseworker"), me(world, "service_manager")]
    )
    workers.update(caseload_limit=50)
    words = "More than their limit, as it is proposed"
    assert words not in body(manager.get(reverse("day:allocate"), {"propose": "yes"}))
    workers.update(caseload_limit=1)
    assert words in body(manager.get(reverse("day:allocate"), {"propose": "yes"}))
    assert words not in body(manager.get(reverse("day:allocate"))), "nothing is proposed yet"
    me_and_all = {case.pk: me(world) for case in cases}
    team = queries.team(world.actor("service_manager"), now=timezone.now())
    over = queries.too_much(me_and_all, cases, team.members, london_date(timezone.now()))
    assert [one.user_id for one in over] == [me(world)] and next(iter(over.values())) > 10


def test_a_risk_stands_before_all_else_that_waits_for_a_manager(world: World, case: Case) -> None:
    now = timezone.now()
    for kind, days in (("practical.approve", -5), ("risk.to_see", 1)):
        due_at = now + timedelta(days=days)
        agenda.put(case, by=SYSTEM_ACTOR, at=now, kind=kind, about=uuid4(), due_at=due_at, details={"kind": "travel"})
    team = queries.team(world.actor("service_manager"), now=now)
    assert [one.line.group for one in team.due] == ["risk", "money"]


def test_two_cases_that_may_be_in_conflict_are_one_line_with_every_reason(
    world: World, case: Case, manager: Client
) -> None:
    other = accepted(world)
    with transaction.atomic(), inside(Realm.WORKER):
        for mine, against in ((case, other), (other, case)):
            for what in (Clash.What.SAME_GROUP, Clash.What.OTHER_IS_CLIENT):
                others.note_clash(mine, against, what, by=SYSTEM_ACTOR, at=timezone.now())
    page = body(manager.get(reverse("day:team")))
    assert page.count("Possible conflict with another case: decide") == 1
    line = page[page.index("Possible conflict") :].split("</li>")[0]
    assert case.reference in line and other.reference in line
    assert "They may be in one group" in line and "The other party of this case may be supported here" in line
