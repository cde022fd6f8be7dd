"""What happens by itself: reminders once a step, a template that changes in mid-quarter, what is forgotten in time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from alongside.commissioning.returns import actions, jobs, lifecycle, queries
from alongside.commissioning.returns.models import Answer, Reminded, Return
from alongside.commissioning.returns.tests.conftest import AUTUMN, QUARTER, Desk
from alongside.commissioning.returns.tests.test_actions import certified, whole
from alongside.commissioning.templates import queries as templates
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.contents import Content
from alongside.foundation.office.messages.gateway import GatewayFailed
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook.models import Rule

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Post:
    """A gateway that keeps what it was given, or is down."""

    def __init__(self, *, down: bool = False) -> None:
        self.sent: list[str] = []
        self.down = down

    def deliver(self, item: UUID, kind: str, value: str, content: Content) -> str:
        if self.down:
            raise GatewayFailed("gateway_down", again=True)
        self.sent.append(value)
        return "kept"

    def notify(self, item: UUID, mailbox: str, content: Content, link: str) -> str:
        return self.deliver(item, "email", mailbox, content)


@pytest.fixture
def worker(db: None) -> Iterator[None]:
    with transaction.atomic(), inside(Realm.WORKER):
        yield


def remind(at: datetime, post: Post) -> int:
    with transaction.atomic(), inside(Realm.WORKER):
        return actions.remind(by=SYSTEM_ACTOR, at=at, through=post)


def test_each_step_is_told_once_and_the_mail_says_nothing(desk: Desk, filing: Return) -> None:
    post, due = Post(), AUTUMN + timedelta(days=27)
    assert remind(AUTUMN, post) == 1
    assert remind(AUTUMN, post) == 0
    assert remind(due - timedelta(days=7), post) == 1
    assert remind(due + timedelta(days=30), post) == 1, "of steps that were missed only the last"
    assert set(Reminded.objects.values_list("step", flat=True)) == {"opened", "week_before", "week_late"}
    assert set(post.sent) == {desk.world.people["service_manager"].email}


def test_whom_the_mail_could_not_reach_is_told_tomorrow(desk: Desk, filing: Return) -> None:
    assert remind(AUTUMN, Post(down=True)) == 0
    assert not Reminded.objects.exists()
    assert remind(AUTUMN + timedelta(days=1), Post()) == 1


def test_nobody_is_reminded_of_what_was_sent(desk: Desk, filing: Return) -> None:
    filing = whole(desk, filing)
    desk.act("service_manager", "send", filing, stamp=desk.now(filing).stamp)
    assert remind(AUTUMN + timedelta(days=27), Post()) == 0


def test_a_template_that_changes_in_mid_quarter_is_asked_of_the_next(desk: Desk, filing: Return) -> None:
    row = templates.open_version("quarterly")
    rulebook.revise(
        "return_templates", "quarterly", by=desk.world.actor("office_administrator"), at=AUTUMN, title="Newer",
        body=dict(row.body), source="Office decision", since=AUTUMN.date() + timedelta(days=40),
    )  # fmt: skip
    later = QUARTER.next
    found = queries.asked_by("quarterly", later)
    assert found is not None
    assert found.version == 1, "the quarter had begun"
    newer = queries.asked_by("quarterly", later.next)
    assert newer is not None
    assert newer.title == "Newer"
    assert queries.template_of(filing).title == "Quarterly return"
    assert queries.asked_by("nothing", later) is None


def test_a_template_that_is_withdrawn_opens_no_return(desk: Desk) -> None:
    desk.arrange()
    Rule.objects.filter(book="return_templates", code="quarterly").update(until=QUARTER.start)
    rulebook._turn(rulebook._lock())
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.open_quarter(by=SYSTEM_ACTOR, at=AUTUMN) == 0


def test_what_is_past_its_time_is_deleted_with_all_that_hangs_on_it(desk: Desk, filing: Return) -> None:
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.forget(by=SYSTEM_ACTOR, at=AUTUMN + timedelta(days=7 * 365)) == 0
        assert actions.forget(by=SYSTEM_ACTOR, at=AUTUMN + timedelta(days=8 * 366)) == 1
    assert not Return.objects.exists()
    assert not Answer.objects.exists()
    assert Event.objects.filter(name="return.forgotten").count() == 1


def test_jobs_run_as_they_are(desk: Desk, worker: None) -> None:
    for job in (jobs.open_quarter, jobs.remind, jobs.forget):
        job.func()
    jobs.fill.func(event="x", subject="y")


def test_documents_are_held_to_their_rules(desk: Desk, filing: Return) -> None:
    with pytest.raises(RuleBroken, match="does not ask for a document"):
        desk.act("service_manager", "enclose", filing, question="q1", content=PDF)
    with pytest.raises(RuleBroken, match="Choose a PDF"):
        desk.act("service_manager", "enclose", filing, question="q30", content=b"MZ\x00\x01")
    papers = [desk.act("service_manager", "enclose", filing, question="q30", content=PDF) for _ in range(10)]
    with pytest.raises(RuleBroken, match="at most 10"):
        desk.act("service_manager", "enclose", filing, question="q30", content=PDF)
    desk.act("service_manager", "take_out", papers[0])
    desk.act("service_manager", "take_out", papers[0])
    assert Event.objects.filter(name="return.paper_taken_out").count() == 1


def test_what_is_not_asked_is_refused(desk: Desk, filing: Return) -> None:
    with pytest.raises(RuleBroken, match="does not ask that"):
        desk.answer(filing, {"q99": {"value": "1"}})
    done = certified(desk, filing)
    with pytest.raises(RuleBroken, match="Choose the question"):
        desk.act("commissioning_officer", "ask_back", done, question="q99", words="Why?")
    with pytest.raises(RuleBroken, match="Write what you want to say"):
        desk.act("commissioning_officer", "ask_back", done, question="q1", words="  ")
    desk.act("commissioning_officer", "ask_back", done, question="q1", words="Why?")
    desk.act("commissioning_officer", "ask_back", desk.now(done), question="q2", words="And this?")
    assert desk.now(done).state == lifecycle.QUERIED


@pytest.mark.parametrize(("words", "match"), [
    ({"template": "nothing"}, "Choose a template"), ({"size": "huge"}, "Choose the size"), ({}, "already"),
])  # fmt: skip
def test_who_answers_what_is_held_to_its_rules(desk: Desk, words: dict[str, Any], match: str) -> None:
    desk.arrange()
    with pytest.raises(RuleBroken, match=match):
        desk.arrange(**words)


def test_only_providers_of_the_area_answer(desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="your area"):
        desk.act("commissioning_officer", "arrange", desk.world.far_provider, template="quarterly", size="small",
                 since=QUARTER)  # fmt: skip


def test_an_award_changes_its_size_and_ends(desk: Desk) -> None:
    made = desk.arrange()
    with pytest.raises(RuleBroken, match="Choose the size"):
        desk.act("commissioning_officer", "resize", made, size="huge")
    desk.act("commissioning_officer", "resize", made, size="small")
    filing = desk.open()
    assert filing.size == "small"
    with pytest.raises(RuleBroken, match="later quarter"):
        desk.act("commissioning_officer", "end", made, last=QUARTER.previous)
    desk.act("commissioning_officer", "end", made, last=QUARTER)
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.open_quarter(by=SYSTEM_ACTOR, at=AUTUMN + timedelta(days=95)) == 0
    other = desk.arrange(since=QUARTER.next.next)
    with pytest.raises(RuleBroken, match="begins after that"):
        desk.act("commissioning_officer", "end", other, last=QUARTER.next)
    assert date(2026, 10, 1) == QUARTER.end
