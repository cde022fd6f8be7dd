"""What may follow what, the Code's clocks over weekends and bank holidays, and what is in time."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from alongside.foundation.office.rulebook.rules import RuleRow, freeze
from alongside.support.cases.justice import rules
from alongside.support.cases.justice.rules import Known, Told

TODAY = date(2026, 9, 16)
BODY: dict[str, Any] = {
    "track": "court", "after": [], "owes": ["police"], "clock": True, "standard": 5, "enhanced": 1, "answer_days": 0,
    "answer_months": 0, "hearing": False, "who": False, "several": False, "reassess": False, "leads_to": "",
}  # fmt: skip


def row(code: str = "arrested", **body: Any) -> RuleRow:
    return RuleRow("justice_turns", code, 1, code, freeze({**BODY, **body}), "Test", TODAY, None, 0, "shipped")


def known(kind: str, on: date = TODAY, state: str = "DONE", leads_to: str = "") -> Known:
    return Known(kind, state, on, leads_to, datetime(2026, 9, 16, tzinfo=UTC))


def test_a_kind_that_names_none_may_come_at_any_time_and_others_after_what_they_follow() -> None:
    assert rules.may_follow(row(), [])
    assert not rules.may_follow(row(after=["reported"]), [])
    assert rules.may_follow(row(after=["reported"]), [known("reported")])


def test_what_may_follow_leaves_out_what_is_said_already() -> None:
    rows = [row("reported"), row("trial"), row("withdrew"), row("takes_part"), row("arrested")]
    standing = [known("reported"), known("trial", state="LISTED")]
    codes = [one.code for one in rules.follows(rows, standing, takes_part=True)]
    assert codes == ["withdrew", "arrested"]
    assert [one.code for one in rules.follows(rows, (), takes_part=False)] == [
        "reported", "trial", "takes_part", "arrested"]  # fmt: skip


@pytest.mark.parametrize(("on", "body", "standing", "words"), [
    (date(2026, 9, 17), {}, (), "has not happened yet"),
    (date(2036, 9, 17), {"hearing": True}, (), "within 60 months"),
    (date(2026, 9, 1), {"after": ["reported"]}, (known("reported", date(2026, 9, 2)),), "before what it follows"),
    (TODAY, {"hearing": True}, (known("arrested", state="LISTED"),), "set for this already"),
    (TODAY, {}, (known("arrested"),), "recorded already"),
])  # fmt: skip
def test_what_cannot_be_recorded_is_refused(
    on: date, body: dict[str, Any], standing: tuple[Known, ...], words: str
) -> None:
    found = rules.turn_obstacle(row(**body), on, standing=standing, today=TODAY, months=60)
    assert found and words in found.words


def test_a_report_is_recorded_once_and_an_arrest_again_on_another_day() -> None:
    again = rules.turn_obstacle(
        row("reported"), date(2026, 9, 1), standing=[known("reported")], today=TODAY, months=60
    )  # fmt: skip
    assert again and "recorded already" in again.words
    earlier = [known("arrested", date(2026, 9, 1))]
    assert rules.turn_obstacle(row(), TODAY, standing=earlier, today=TODAY, months=60) is None


def test_a_day_is_moved_to_another_day_within_the_limit() -> None:
    def move(new: date) -> Any:
        return rules.new_day_obstacle(TODAY, new, today=TODAY, months=12)

    assert "the day that it had" in move(TODAY).words
    assert "within 12 months" in move(date(2036, 1, 1)).words
    assert move(date(2026, 12, 1)) is None


@pytest.mark.parametrize(("since", "enhanced", "due"), [
    (date(2026, 9, 14), False, date(2026, 9, 21)),  # a Monday: the weekend does not count
    (date(2026, 9, 14), True, date(2026, 9, 15)),
    (date(2026, 9, 12), True, date(2026, 9, 15)),  # a Saturday: day 0 is the Monday
    (date(2026, 12, 24), False, date(2027, 1, 5)),  # Christmas, its substitute day and New Year do not count
    (date(2026, 12, 24), True, date(2026, 12, 29)),
])  # fmt: skip
def test_the_clock_of_the_code_counts_working_days(since: date, enhanced: bool, due: date) -> None:
    found = rules.due(row(), since, enhanced=enhanced)
    assert found is not None and found.date() == due and found.hour == 23


def test_where_the_rulebook_gives_no_time_there_is_no_clock() -> None:
    assert rules.due(row(clock=False), TODAY, enhanced=True) is None


def test_a_victim_has_days_and_months_to_answer() -> None:
    assert rules.answer_days(row(), TODAY) == (None, None)
    found = rules.answer_days(row(answer_days=10, answer_months=3), date(2026, 11, 30))
    assert found == (date(2026, 12, 14), date(2027, 2, 28))


def test_an_answer_says_what_a_turn_does_to_the_case_before_its_kind_does() -> None:
    ends = row("not_guilty", leads_to="ends")
    assert rules.leads_to(row(leads_to="goes_on"), [row("other"), ends]) == "ends"
    assert rules.leads_to(row(leads_to="goes_on"), [row("other")]) == "goes_on"


def test_the_latest_turn_that_ends_or_takes_up_decides_where_it_stands() -> None:
    reported = known("reported", date(2026, 9, 1))
    ended = known("no_action_cps", date(2026, 9, 2), leads_to="ends")
    review = known("review_changed", date(2026, 9, 3), leads_to="goes_on")
    assert rules.state_of([]) == "NOT_REPORTED"
    assert rules.state_of([reported]) == "GOING_ON"
    assert rules.state_of([reported, ended]) == "ENDED"
    assert rules.state_of([review, reported, ended]) == "GOING_ON"


def test_whoever_stepped_back_may_take_part_again() -> None:
    away, back = known("withdrew", date(2026, 9, 2)), known("takes_part", date(2026, 9, 5))
    assert rules.takes_part([])
    assert not rules.takes_part([away])
    assert rules.takes_part([back, away])


@pytest.mark.parametrize(("due", "told_on", "now", "state"), [
    (None, None, TODAY, Told.NO_CLOCK),
    (date(2026, 9, 15), date(2026, 9, 15), TODAY, Told.IN_TIME),
    (date(2026, 9, 15), date(2026, 9, 16), TODAY, Told.LATE),
    (date(2026, 9, 15), None, TODAY, Told.OVERDUE),
    (date(2026, 9, 18), None, TODAY, Told.DUE),
])  # fmt: skip
def test_news_is_told_in_time_or_late_or_still_due(
    due: date | None, told_on: date | None, now: date, state: Told
) -> None:
    moment = datetime.combine(due, time(22, 59), tzinfo=UTC) if due else None
    assert rules.told(moment, told_on, datetime.combine(now, time(9), tzinfo=UTC)) == state


@pytest.mark.parametrize(("on", "by", "how", "field"), [
    (date(2026, 9, 17), "police", "phone", "told_on"),
    (date(2026, 9, 13), "police", "phone", "told_on"),
    (TODAY, "", "phone", "told_by"),
    (TODAY, "police", "", "told_how"),
])  # fmt: skip
def test_nobody_can_have_been_told_so(on: date, by: str, how: str, field: str) -> None:
    found = rules.told_obstacle(on, since=date(2026, 9, 14), today=TODAY, by=by, how=how)
    assert found and found.field == field


def test_a_day_at_court_without_a_time_is_from_when_courts_open() -> None:
    assert rules.hearing_at(TODAY, None).hour == 9
    assert rules.hearing_at(TODAY, time(10, 30)).minute == 30
    assert rules.told_obstacle(TODAY, since=TODAY, today=TODAY, by="police", how="phone") is None
