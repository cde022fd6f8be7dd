"""The whole way of a return: it opens filled in, is answered, sent, asked back, sent again, certified, accepted."""

from datetime import timedelta
from typing import Any

import pytest

from alongside.commissioning.returns import actions, lifecycle, queries, rules
from alongside.commissioning.returns.models import Answer, Query, Return, Round
from alongside.commissioning.returns.tests.conftest import AUTUMN, QUARTER, Desk, tell
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from tests.story import RECEIVED

pytestmark = pytest.mark.django_db
WORDS: dict[str, dict[str, Any]] = {
    "q18": {"value": "no"}, "q20": {"rows": [{"post": "Caseworker", "funded": "2", "filled": "1.5"}]},
    "q22": {"value": "12500"}, "q23": {"rows": [{"line": "Wages", "budget": "50000", "spent": "12500"}]},
    "q24": {"value": "All of it spent"}, "q27": {"value": "More people came than we had places for."},
}  # fmt: skip


def whole(desk: Desk, filing: Return) -> Return:
    """Everything that stops it from being sent, answered."""
    template = queries.template_of(filing)
    held = queries.held(filing, template)
    why = {code: {"value": "", "why": "The first quarter of the service."} for code, one in held.items()
           if rules.must_explain(one, template.explain)}  # fmt: skip
    return desk.answer(filing, {**WORDS, **why})


def sent(desk: Desk, filing: Return) -> Return:
    filing = whole(desk, filing)
    desk.act("service_manager", "send", filing, stamp=desk.now(filing).stamp)
    return desk.now(filing)


def certified(desk: Desk, filing: Return) -> Return:
    filing = sent(desk, filing)
    desk.act("service_manager", "certify", filing, name="Testa Manager", post="Chief executive", agreed=True,
             stamp=filing.stamp)  # fmt: skip
    return desk.now(filing)


def test_a_return_opens_by_itself_filled_in_from_the_casework(desk: Desk, filing: Return) -> None:
    assert (filing.quarter, filing.state, filing.due_on) == ("2026Q2", lifecycle.OPEN, QUARTER.end + timedelta(27))
    answers = {one.question: one for one in Answer.objects.filter(filing=filing)}
    assert answers["q1"].figures[0]["value"] == 9
    assert answers["q1"].before[0]["value"] == 0
    assert answers["q3"].figures[0]["words"] == "9"
    assert answers["q5"].figures[0]["words"] == "10"  # by crime: protected
    assert answers["q4"].figures[0]["words"] == "9"  # by service: exact for the office
    assert answers["q11"].figures[0]["words"] == "100%"
    assert filing.snapshot
    assert desk.open().pk == filing.pk, "a second night opens nothing again"


def test_without_a_snapshot_it_opens_empty_and_is_filled_in_when_there_is_one(story: Any) -> None:
    tell(story)
    desk = Desk(story)
    desk.arrange()
    filing = desk.open()
    assert filing.snapshot == ""
    held = queries.held(filing, queries.template_of(filing))
    assert "not there yet" in rules.problems(queries.template_of(filing), filing.size, held)[0].words
    assert actions.fill_empty(by=desk.world.actor("hub_manager"), at=AUTUMN) == 0
    story.snapshot(AUTUMN)
    assert actions.fill_empty(by=desk.world.actor("hub_manager"), at=AUTUMN) == 1
    assert Answer.objects.get(filing=filing, question="q1").figures[0]["value"] == 9


def test_small_awards_are_asked_less(desk: Desk) -> None:
    desk.arrange(size="small")
    small = desk.open()
    asked = set(queries.held(small, queries.template_of(small)))
    assert {"q1", "q3", "q22"} <= asked
    assert asked.isdisjoint({"q4", "q5", "q20", "q23"})


def test_it_is_not_sent_while_something_is_missing_and_what_was_typed_stays(desk: Desk, filing: Return) -> None:
    filing = desk.answer(filing, {"q22": {"value": "12500"}})
    with pytest.raises(RuleBroken, match="still to be mended"):
        desk.act("service_manager", "send", filing, stamp=filing.stamp)
    assert desk.now(filing).state == lifecycle.OPEN
    assert Answer.objects.get(filing=filing, question="q22").said == {"value": "12500"}


def test_two_people_do_not_write_over_each_other(desk: Desk, filing: Return) -> None:
    stamp = filing.stamp
    desk.answer(filing, {"q22": {"value": "1"}})
    with pytest.raises(RuleBroken, match="Somebody else changed"):
        desk.act("service_manager", "answer", filing, said={"q22": {"value": "2"}}, stamp=stamp)
    assert Answer.objects.get(filing=filing, question="q22").said == {"value": "1"}


def test_sent_certified_and_accepted(desk: Desk, filing: Return) -> None:
    filing = certified(desk, filing)
    assert (filing.state, filing.certifier, filing.round) == (lifecycle.CERTIFIED, "Testa Manager", 1)
    with pytest.raises(RuleBroken, match="cannot be changed now"):
        desk.answer(filing, {"q22": {"value": "2"}})
    desk.act("commissioning_officer", "lock", filing)
    assert desk.now(filing).state == lifecycle.LOCKED
    names = set(Event.objects.filter(subject=filing.pk).values_list("name", flat=True))
    assert {"return.opened", "return.filled", "return.answered", "return.sent", "return.certified",
            "return.locked"} <= names  # fmt: skip


def test_asked_back_changed_and_sent_again_with_what_is_different(desk: Desk, filing: Return) -> None:
    filing = certified(desk, filing)
    query = desk.act("commissioning_officer", "ask_back", filing, question="q22", words="Is this the whole sum?")
    assert desk.now(filing).state == lifecycle.QUERIED
    desk.act("service_manager", "remark", query, words="No: 13,000.")
    desk.answer(filing, {"q22": {"value": "13000"}})
    desk.act("commissioning_officer", "settle", query)
    with pytest.raises(RuleBroken, match="You cannot lock"):
        desk.act("commissioning_officer", "lock", filing)
    desk.act("service_manager", "send", filing, stamp=desk.now(filing).stamp)
    filing = desk.now(filing)
    assert (filing.round, filing.certifier, filing.certified_at) == (2, "", None), "what changed is certified anew"
    last, first = queries.rounds(filing)
    assert [(one.question, one.before["said"]["value"], one.now["said"]["value"])
            for one in rules.changes(first.answers, last.answers)] == [("q22", "12500", "13000")]  # fmt: skip


def test_it_is_not_accepted_while_something_is_asked(desk: Desk, filing: Return) -> None:
    filing = certified(desk, filing)
    desk.act("commissioning_officer", "ask_back", filing, question="q22", words="Is this the whole sum?")
    desk.act("service_manager", "send", filing, stamp=desk.now(filing).stamp)
    filing = desk.now(filing)
    desk.act("service_manager", "certify", filing, name="A", post="B", agreed=True, stamp=filing.stamp)
    with pytest.raises(RuleBroken, match="still open"):
        desk.act("commissioning_officer", "lock", filing)
    query = Query.objects.get()
    desk.act("commissioning_officer", "settle", query)
    desk.act("commissioning_officer", "settle", query)
    desk.act("commissioning_officer", "lock", filing)
    assert Event.objects.filter(name="return.settled").count() == 1
    with pytest.raises(RuleBroken, match="been settled"):
        desk.act("service_manager", "remark", Query.objects.get(), words="Late")


def test_opened_again_with_a_reason_and_what_was_accepted_stays(desk: Desk, filing: Return) -> None:
    filing = certified(desk, filing)
    desk.act("commissioning_officer", "lock", filing)
    with pytest.raises(RuleBroken, match="Say why"):
        desk.act("commissioning_officer", "reopen", filing, why=" ")
    desk.act("commissioning_officer", "reopen", filing, why="The sum was of the year.")
    filing = desk.now(filing)
    assert (filing.state, filing.locked_at, filing.reopened_why) == (lifecycle.OPEN, None, "The sum was of the year.")
    assert Round.objects.get(filing=filing).answers["q22"]["said"]["value"] == "12500"


def test_another_figure_needs_a_reason_and_both_are_kept(desk: Desk, filing: Return) -> None:
    filing = whole(desk, filing)
    desk.answer(filing, {"q3": {"value": "11", "why": ""}})
    held = queries.held(filing, queries.template_of(filing))
    assert (held["q3"].value, held["q3"].told) == (9, 11)
    with pytest.raises(RuleBroken, match="One thing is"):
        desk.act("service_manager", "send", filing, stamp=desk.now(filing).stamp)
    desk.answer(filing, {"q3": {"value": "11", "why": "Two cases are on paper."}})
    desk.act("service_manager", "send", filing, stamp=desk.now(filing).stamp)
    kept = Round.objects.get(filing=filing).answers["q3"]
    assert (kept["figures"][0]["value"], kept["said"]["value"]) == (9, "11")


def test_figures_taken_anew_leave_what_was_typed(desk: Desk, filing: Return) -> None:
    desk.answer(filing, {"q3": {"value": "11", "why": "Two cases are on paper."}})
    with pytest.raises(RuleBroken, match="newest figures"):
        desk.act("service_manager", "fill_again", filing)
    tell(desk.story, 3, RECEIVED + timedelta(days=2))
    desk.story.snapshot(AUTUMN + timedelta(days=1))
    desk.act("service_manager", "fill_again", filing)
    answer = Answer.objects.get(filing=filing, question="q3")
    assert (answer.figures[0]["value"], answer.said["value"]) == (12, "11")


def test_a_return_is_read_when_its_snapshot_is_gone(desk: Desk, filing: Return) -> None:
    assert queries.manifest_of(filing, sent=False) is not None
    filing.snapshot = "20200101-0000-abcdef"
    assert queries.manifest_of(filing, sent=False) is None
    filing.snapshot = ""
    assert queries.manifest_of(filing, sent=True) is None


def test_a_provider_takes_back_what_nobody_certified(desk: Desk, filing: Return) -> None:
    filing = sent(desk, filing)
    desk.act("service_manager", "take_back", filing)
    assert desk.now(filing).state == lifecycle.OPEN


@pytest.mark.parametrize(("words", "match"), [
    ({"agreed": False, "name": "A", "post": "B"}, "Tick"),
    ({"agreed": True, "name": " ", "post": "B"}, "your name"),
    ({"agreed": True, "name": "A", "post": ""}, "what you are"),
])  # fmt: skip
def test_whoever_certifies_says_who_they_are(desk: Desk, filing: Return, words: Any, match: str) -> None:
    filing = sent(desk, filing)
    with pytest.raises(RuleBroken, match=match):
        desk.act("service_manager", "certify", filing, stamp=filing.stamp, **words)


def test_who_may_not_is_refused(desk: Desk, filing: Return) -> None:
    filing = certified(desk, filing)
    with pytest.raises(RuleBroken, match="somebody else to do"):
        desk.act("analyst", "lock", filing)
    with pytest.raises(RuleBroken, match="somebody else to do"):
        desk.act("analyst", "reopen", filing, why="x")
    with pytest.raises(RuleBroken, match="no such return"):
        desk.act("neighbour_manager", "take_back", filing)
