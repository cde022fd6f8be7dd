"""What stands in the way of closing, and what of it a manager may answer for."""

from datetime import date

import pytest

from alongside.core.errors import RuleBroken
from alongside.core.pages.beside import LooseEnd, Stops
from alongside.support.cases.closing import rules
from alongside.support.cases.closing.rules import Tried, Wanted

TODAY = date(2026, 9, 30)
WANTED = Wanted(tries=3, ways=2, days=14)
ENOUGH = ((date(2026, 9, 1), "phone"), (date(2026, 9, 8), "text"), (date(2026, 9, 20), "phone"))


@pytest.mark.parametrize(
    ("tries", "short"),
    [
        (ENOUGH, False), (ENOUGH[:2], True), ((), True),
        (tuple((day, "phone") for day, _ in ENOUGH), True),
        (tuple((date(2026, 9, 29), way) for _, way in ENOUGH), True),
    ],
)  # fmt: skip
def test_contact_is_lost_after_enough_tries_in_enough_ways_over_enough_days(
    tries: tuple[tuple[date, str], ...], short: bool
) -> None:
    assert Tried(tries).falls_short(WANTED, TODAY) is short
    assert bool(rules.too_little(Tried(tries), WANTED, TODAY)) is short


def test_a_reason_that_asks_for_no_tries_never_falls_short() -> None:
    assert rules.too_little(Tried(()), Wanted(0, 0, 0), TODAY) == ""


def test_what_was_tried_is_said_beside_the_rule() -> None:
    assert WANTED.words == "3 tries in 2 ways, the first 14 days ago"
    assert Tried(ENOUGH).words(TODAY) == "3 tries in 2 ways, the first 29 days ago"
    assert Tried(((TODAY, "phone"),)).words(TODAY) == "1 try in 1 way, the first today"
    assert Tried(()).words(TODAY) == "nobody has tried"


ENDS = tuple(LooseEnd(stops.name, "x", stops) for stops in Stops)


def test_a_planned_end_waits_for_more_than_another_and_a_death_for_almost_nothing() -> None:
    def stopped(planned: bool, silent: bool) -> list[str]:
        return [one.words for one in rules.in_the_way(ENDS, planned=planned, silent=silent)]

    assert stopped(planned=True, silent=False) == ["PLANNED", "EVERYTHING"]
    assert stopped(planned=False, silent=False) == ["EVERYTHING"]
    assert stopped(planned=True, silent=True) == ["EVERYTHING"]
    assert rules.for_a_manager(ENDS, "Too few.", silent=False) == ("WITHOUT_A_MANAGER.", "Too few.")
    assert rules.for_a_manager(ENDS, "", silent=False) == ("WITHOUT_A_MANAGER.",)
    assert rules.for_a_manager(ENDS, "Too few.", silent=True) == ()


def test_a_worker_asks_the_manager_and_a_manager_says_why() -> None:
    with pytest.raises(RuleBroken, match="See to it first") as broken:
        rules.check(ENDS[:1], (), manager=True, despite="Because")
    assert broken.value.field == "reason"
    with pytest.raises(RuleBroken, match="Ask your manager"):
        rules.check((), ("Risk is high.",), manager=False, despite="Because")
    with pytest.raises(RuleBroken, match="say below why") as asked:
        rules.check((), ("Risk is high.",), manager=True, despite=" ")
    assert asked.value.field == "despite"
    rules.check((), ("Risk is high.",), manager=True, despite="Agreed with the police")
    rules.check((), (), manager=False, despite="")
