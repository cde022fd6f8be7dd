"""What two write is theirs: signed by both, amended after, and read by nobody else whatever the code forgets."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.cases import inside as realm_of
from alongside.support.cases.supervision import actions, jobs, queries, rules
from alongside.support.cases.supervision.models import Bond, Decision, Meeting, Talked, Writing
from alongside.support.cases.tasks.models import Task
from tests.world import World

pytestmark = pytest.mark.django_db
SECRET = "He cries on Sundays"


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


def key(world: World, person: str) -> UUID:
    found = world.actor(person).user_id
    assert found
    return found


def second_manager(world: World) -> UUID:
    """Another manager of the same organisation."""
    user = User.objects.create(email="second@alongside.example", name="Testa Second", created_at=world.now,
                               visible_orgs=[world.provider.pk])  # fmt: skip
    Membership.objects.create(user=user, organisation=world.provider, role="service_manager", since=world.now)
    found: UUID = user.pk
    return found


@pytest.fixture
def bond(world: World) -> Bond:
    return actions.arrange(by=world.actor("service_manager"), at=timezone.now(), worker=key(world, "caseworker"),
                           manager=key(world, "service_manager"))  # fmt: skip


@pytest.fixture
def meeting(world: World, bond: Bond) -> Meeting:
    now = timezone.now()
    return actions.write(bond, by=world.actor("service_manager"), at=now, on=london_date(now), next_on=None,
                         words={"wellbeing": SECRET, "caseload": ""})  # fmt: skip


@pytest.fixture
def case(world: World) -> Case:
    now, by = timezone.now(), world.actor("caseworker")
    made = accepted(world, at=now)
    casework.assign(made, by=by, at=now, worker=by.user_id)
    return Case.objects.get(pk=made.pk)


def fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.get(pk=meeting.pk)


def sign(world: World, meeting: Meeting, person: str) -> Meeting:
    return actions.sign(meeting, by=world.actor(person), at=timezone.now(), seen=fresh(meeting).stamp)


def changed(world: World, meeting: Meeting, person: str, words: str, seen: int | None = None) -> Meeting:
    return actions.change(
        meeting, by=world.actor(person), at=timezone.now(), on=meeting.met_on, next_on=None, words={"wellbeing": words},
        seen=fresh(meeting).stamp if seen is None else seen,
    )  # fmt: skip


def test_it_is_signed_by_both_and_then_stays(world: World, meeting: Meeting) -> None:
    changed(world, meeting, "caseworker", "Better now")
    assert not sign(world, meeting, "service_manager").signed
    with pytest.raises(RuleBroken, match="has signed this"):
        changed(world, meeting, "caseworker", "No")
    again = changed(world, meeting, "service_manager", "Much better now")
    assert again.manager_signed_at is None
    sign(world, meeting, "service_manager")
    assert sign(world, meeting, "caseworker").signed and sign(world, meeting, "caseworker").signed
    for person in ("caseworker", "service_manager"):
        with pytest.raises(RuleBroken, match="has signed this"):
            changed(world, meeting, person, "No")
    assert queries.written(meeting)["wellbeing"].words == "Much better now"
    assert Writing.objects.filter(topic="wellbeing").count() == 3
    assert Event.objects.filter(name="supervision.signed").count() == 3


def test_what_was_read_is_what_is_signed(world: World, meeting: Meeting) -> None:
    changed(world, meeting, "caseworker", "Otherwise")
    with pytest.raises(RuleBroken, match="changed since you read it"):
        actions.sign(meeting, by=world.actor("service_manager"), at=timezone.now(), seen=1)
    with pytest.raises(RuleBroken, match="another window"):
        changed(world, meeting, "caseworker", "Again", seen=1)


def test_nothing_is_signed_that_says_nothing(world: World, bond: Bond) -> None:
    now = timezone.now()
    empty = actions.write(bond, by=world.actor("caseworker"), at=now, on=london_date(now), next_on=None, words={})
    with pytest.raises(RuleBroken, match="nothing to sign"):
        sign(world, empty, "caseworker")


def test_an_amendment_stands_beside_what_was_signed(world: World, meeting: Meeting) -> None:
    by, at = world.actor("caseworker"), timezone.now()
    with pytest.raises(RuleBroken, match="change it instead"):
        actions.amend(meeting, by=by, at=at, words="x")
    sign(world, meeting, "service_manager")
    first = actions.amend(meeting, by=by, at=at, words="I see it otherwise")
    assert actions.amend(meeting, by=by, at=at, words="I see it otherwise").pk == first.pk
    assert [one.words for one in queries.amendments(meeting)] == ["I see it otherwise"]


def test_days_that_were_typed_wrong_are_refused(world: World, bond: Bond) -> None:
    now, day = timezone.now(), timedelta(days=1)
    today, by = london_date(now), world.actor("caseworker")
    for on, next_on in ((today + day, None), (today, today), (today, today + 400 * day)):
        with pytest.raises(RuleBroken):
            actions.write(bond, by=by, at=now, on=on, next_on=next_on, words={"wellbeing": "x"})


def test_a_form_sent_twice_is_one_note(world: World, bond: Bond, meeting: Meeting) -> None:
    again = actions.write(bond, by=world.actor("service_manager"), at=timezone.now(), on=meeting.met_on, next_on=None,
                          words={"wellbeing": SECRET})  # fmt: skip
    assert again.pk == meeting.pk and Meeting.objects.count() == 1


def test_those_who_did_not_meet_do_nothing(world: World, bond: Bond, meeting: Meeting) -> None:
    by, now = world.actor("other_caseworker"), timezone.now()
    decision = actions.decide(meeting, by=world.actor("caseworker"), at=now, words="x", due_on=london_date(now),
                              who="worker")  # fmt: skip
    assert isinstance(decision, Decision)
    acts: list[Any] = [
        lambda: actions.name_second(bond, by=by, at=now, second=None),
        lambda: actions.write(bond, by=by, at=now, on=meeting.met_on, next_on=None, words={}),
        lambda: changed(world, meeting, "other_caseworker", "x"), lambda: sign(world, meeting, "other_caseworker"),
        lambda: actions.amend(meeting, by=by, at=now, words="x"), lambda: actions.finish(decision, by=by, at=now),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(RuleBroken, match="Only the two"):
            act()


def test_who_supervises_whom_is_arranged_with_care(world: World, bond: Bond) -> None:
    by, now, worker, manager = (world.actor("service_manager"), timezone.now(), key(world, "caseworker"),
                                key(world, "service_manager"))  # fmt: skip
    wrong = [{"worker": uuid4(), "manager": manager}, {"worker": manager, "manager": manager},
             {"worker": worker, "manager": key(world, "other_caseworker")}, {"worker": worker, "manager": manager},
             {"worker": key(world, "other_caseworker"), "manager": manager, "second": manager}]  # fmt: skip
    for given in wrong:
        with pytest.raises(RuleBroken):
            actions.arrange(by=by, at=now, **given)
    other = second_manager(world)
    made = actions.arrange(by=by, at=now, worker=worker, manager=other, second=manager)
    assert Bond.objects.get(pk=bond.pk).ended_at == now and made.readers == [worker, other, manager]
    with pytest.raises(RuleBroken, match="Somebody else supervises"):
        actions.write(bond, by=by, at=now, on=london_date(now), next_on=None, words={})
    with pytest.raises(IntegrityError), transaction.atomic():
        Bond.objects.filter(pk=made.pk).update(manager=worker)


def test_a_second_reads_until_another_is_named(world: World, bond: Bond) -> None:
    second, by, now = second_manager(world), world.actor("caseworker"), timezone.now()
    assert second in actions.name_second(bond, by=by, at=now, second=second).readers
    actions.name_second(bond, by=by, at=now, second=second)
    assert second not in actions.name_second(bond, by=by, at=now, second=None).readers
    assert Event.objects.filter(name="supervision.second_named").count() == 2


def test_a_case_is_talked_about_for_those_who_may_open_it(world: World, meeting: Meeting, case: Case) -> None:
    by, manager, now = world.actor("caseworker"), world.actor("service_manager"), timezone.now()
    actions.talk(meeting, by=by, at=now, case=str(case.pk), words="Frightens me")
    assert [one.words for one in queries.talked(meeting, manager)] == ["Frightens me"]
    page = body(world.client("service_manager").get(reverse("supervision:meeting", args=[meeting.pk])))
    assert "Frightens me" in page and case.reference in page
    assert "Frightens me" not in body(world.client("caseworker").get(reverse("casework:show", args=[case.pk])))
    with pytest.raises(RuleBroken, match="one of their cases"):
        actions.talk(meeting, by=by, at=now, case=str(uuid4()), words="x")
    actions.talk(meeting, by=by, at=now, case=str(case.pk), words="")
    assert queries.talked(meeting, manager) == ()
    actions.talk(meeting, by=by, at=now, case=str(case.pk), words="Frightens me")
    Case.objects.filter(pk=case.pk).update(visible_orgs=[world.numbers["caseworker"]])
    assert queries.talked(meeting, manager) == () and len(queries.talked(meeting, by)) == 1


def test_what_is_agreed_stands_with_a_day_and_of_a_case_on_its_agenda(
    world: World, meeting: Meeting, case: Case
) -> None:
    by, now = world.actor("caseworker"), timezone.now()
    today = london_date(now)
    made = actions.decide(meeting, by=by, at=now, words="Book the course", due_on=today, who="worker")
    assert isinstance(made, Decision)
    assert [one.words for one in queries.to_do(by)] == ["Book the course"]
    assert "1 thing that you agreed to do" in body(world.client("caseworker").get(reverse("day:mine")))
    task = actions.decide(meeting, by=by, at=now, words="Ring the school", due_on=today, who="worker",
                          case=str(case.pk))  # fmt: skip
    assert isinstance(task, Task) and Item.objects.get(kind="task.due").about == task.pk
    wrong: list[dict[str, Any]] = [{"who": "x"}, {"case": str(uuid4())}, {"due_on": today - timedelta(days=1)}]
    for given in wrong:
        with pytest.raises(RuleBroken):
            actions.decide(meeting, by=by, at=now, **{"words": "x", "due_on": today, "who": "worker", **given})
    actions.finish(made, by=by, at=now)
    actions.finish(made, by=by, at=now)
    assert queries.to_do(by) == () and Event.objects.filter(name="supervision.finished").count() == 1


def test_pages_lead_through_it(world: World, bond: Bond, case: Case) -> None:
    manager, worker, today = world.client("service_manager"), world.client("caseworker"), london_date(timezone.now())
    days = {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    where = reverse("supervision:write", args=[bond.pk])
    assert "What has stayed with you" in body(manager.get(where))
    assert "There is a problem" in body(manager.post(where, {"on_day": "40"}))
    page = body(manager.post(where, {**days, "topic_wellbeing": SECRET}, follow=True))
    assert "then both sign" in page and SECRET in page
    meeting = Meeting.objects.get()
    change = reverse("supervision:change", args=[meeting.pk])
    assert SECRET in body(worker.get(change))
    done = worker.post(change, {**days, "topic_wellbeing": "Fine", "seen": "1"}, follow=True)
    assert "Whoever had signed it" in body(done)
    stale = body(worker.post(change, {**days, "topic_wellbeing": "Bad", "seen": "1"}))
    assert "What it says now" in stale and 'name="seen" value="2"' in stale and "Bad" in stale
    due = {"due_on_day": today.day, "due_on_month": today.month, "due_on_year": today.year}
    agree = reverse("supervision:decide", args=[meeting.pk])
    assert "Is it about a case?" in body(worker.get(agree))
    worker.post(agree, {"words": "Book the course", "who": "worker", **due})
    talk = reverse("supervision:talk", args=[meeting.pk])
    assert case.reference in body(worker.get(talk))
    worker.post(talk, {"case": str(case.pk), "words": "Slow"})
    worker.post(reverse("supervision:finish", args=[Decision.objects.get().pk]))
    stamp = {"seen": fresh(meeting).stamp}
    assert worker.post(reverse("supervision:sign", args=[meeting.pk]), {}).status_code == 404
    assert "to read and sign" in body(manager.get(reverse("day:mine")))
    for client in (worker, manager):
        client.post(reverse("supervision:sign", args=[meeting.pk]), stamp)
    assert "Signed by both" in body(manager.get(reverse("supervision:show", args=[bond.pk])))
    amend = reverse("supervision:amend", args=[meeting.pk])
    assert "want to add" in body(worker.get(amend))
    assert "One more thing" in body(worker.post(amend, {"words": "One more thing"}, follow=True))
    assert "Testa Caseworker" in body(worker.get(reverse("supervision:mine")))


def test_a_manager_arranges_and_names_a_second_on_pages(world: World) -> None:
    second, manager = second_manager(world), world.client("service_manager")
    assert "without a supervisor" in body(manager.get(reverse("day:team")))
    where = reverse("supervision:arrange")
    assert "Who is supervised?" in body(manager.get(where))
    given = {"worker": str(key(world, "caseworker")), "manager": str(key(world, "service_manager")), "second": ""}
    assert "Arranged" in body(manager.post(where, given, follow=True))
    bond = Bond.objects.get()
    where = reverse("supervision:name_second", args=[bond.pk])
    assert "Testa Second" in body(manager.get(where))
    assert "They read everything" in body(manager.post(where, {"second": str(second)}, follow=True))


def test_managers_see_who_is_overdue_and_nothing_of_what_was_said(world: World, bond: Bond, meeting: Meeting) -> None:
    second_manager(world)
    other = world.client("service_manager")
    Bond.objects.filter(pk=bond.pk).update(begun_at=timezone.now() - timedelta(days=200))
    Meeting.objects.update(met_on=london_date(timezone.now()) - timedelta(days=100))
    page = body(other.get(reverse("supervision:report")))
    assert "1 of 4" in page and "Late" in page and "Testa Caseworker" in page and SECRET not in page
    assert "was due" in body(other.get(reverse("day:team")))
    file = body(other.post(reverse("supervision:download")))
    assert "Testa Caseworker" in file and SECRET not in file
    assert other.get(reverse("supervision:download")).status_code == 302
    assert world.client("caseworker").get(reverse("supervision:report")).status_code == 403


def test_the_report_counts_cases_by_whoever_had_them_then(world: World, case: Case) -> None:
    ends = rules.month_ends(london_date(timezone.now()))
    Case.objects.filter(pk=case.pk).update(accepted_at=timezone.now() - timedelta(days=400))
    Event.objects.filter(name="case.assigned").update(at=timezone.now() - timedelta(days=300))
    _, found = queries.report(world.actor("service_manager"), now=timezone.now())
    (line,) = [one for one in found if one.name == "Testa Caseworker"]
    assert line.past == (1,) * len(ends) and line.expected == 0 and line.due_on is None


def nobody_else(world: World, bond: Bond, meeting: Meeting, decision: Decision) -> list[str]:
    by_bond = [reverse(f"supervision:{name}", args=[bond.pk]) for name in ("show", "name_second", "write")]
    names = ("meeting", "change", "talk", "decide", "amend", "sign")
    by_meeting = [reverse(f"supervision:{name}", args=[meeting.pk]) for name in names]
    return [*by_bond, *by_meeting, reverse("supervision:finish", args=[decision.pk])]


def test_nobody_else_opens_any_of_it_not_even_another_manager(world: World, bond: Bond, meeting: Meeting) -> None:
    now = timezone.now()
    decision = actions.decide(meeting, by=world.actor("caseworker"), at=now, words="x", due_on=london_date(now),
                              who="worker")  # fmt: skip
    assert isinstance(decision, Decision)
    User.objects.get(pk=second_manager(world))
    Membership.objects.filter(user_id=key(world, "other_caseworker")).update(role="service_manager")
    for person in ("other_caseworker", "neighbour_manager", "far_caseworker", "hub_manager", "officer",
                   "privacy_officer", "commissioning_officer", "board_member"):  # fmt: skip
        client = world.client(person)
        for where in nobody_else(world, bond, meeting, decision):
            assert client.get(where).status_code in (404, 405), (person, where)
            assert client.post(where, {"seen": 1}).status_code == 404, (person, where)
    assert SECRET not in body(world.client("other_caseworker").get(reverse("supervision:mine")))


def test_row_security_keeps_the_words_from_another_manager(world: World, meeting: Meeting) -> None:
    with transaction.atomic(), realm_of(world, "service_manager"):
        assert Writing.objects.count() == 1
    for person in ("other_caseworker", "neighbour_manager"):
        with transaction.atomic(), realm_of(world, person):
            assert (Bond.objects.count(), Meeting.objects.count(), Writing.objects.count()) == (0, 0, 0), person
    Membership.objects.filter(user_id=key(world, "other_caseworker")).update(role="service_manager")
    with transaction.atomic(), realm_of(world, "other_caseworker"):
        assert (Bond.objects.count(), Meeting.objects.count()) == (1, 1), "when they met is for every manager"
        assert (Writing.objects.count(), Talked.objects.count()) == (0, 0)


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.COMMISSIONING, Realm.REFERRER, Realm.PUBLIC, Realm.AUTH])
def test_no_other_realm_may_ask_at_all(realm: Realm, meeting: Meeting) -> None:
    for table in ("bond", "meeting", "writing", "talked", "decision"):
        with pytest.raises(ProgrammingError), transaction.atomic(), realms.inside(realm), connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM supervision_{table}")


def test_who_leaves_reads_nothing_more_and_their_worker_waits_for_another(world: World, bond: Bond) -> None:
    second, now = second_manager(world), timezone.now()
    actions.name_second(bond, by=world.actor("caseworker"), at=now, second=second)
    ended = {"user": str(second), "organisation": world.provider.pk}
    event = Event.objects.create(at=now, name="membership.ended", subject=uuid4(), realm="auth", details=ended)
    jobs.leave.func(event=str(event.pk), subject=str(event.subject))
    found = Bond.objects.get(pk=bond.pk)
    assert second not in found.readers and found.second is None and found.ended_at is None
    actions.leave(bond.manager, organisation_id=world.provider.pk, by=SYSTEM_ACTOR, at=now)
    found = Bond.objects.get(pk=bond.pk)
    assert found.readers == [bond.worker] and found.ended_at == now


def test_what_ended_long_ago_is_forgotten_with_its_key(world: World, bond: Bond, meeting: Meeting) -> None:
    now = timezone.now()
    assert actions.forget(before=now) == 0
    Bond.objects.filter(pk=bond.pk).update(ended_at=now - timedelta(days=9))
    assert actions.forget(before=now) == 1
    assert not Writing.objects.exists() and not PersonKey.objects.filter(person_id=bond.pk).exists()
