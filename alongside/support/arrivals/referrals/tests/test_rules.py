"""The sums and tests that need no database."""

import os
from datetime import UTC, date, datetime, time

import pytest

from alongside.core.clocks import LONDON, ClockState
from alongside.core.errors import RuleBroken
from alongside.support.arrivals.referrals import rules
from alongside.support.arrivals.referrals.rules import Closure, Known

FACTORS = {"fear": ("In fear", ("vulnerable_intimidated",)), "caring": ("Cares for someone", ())}
MORNING = ((time(10), time(12)),)
PLAIN = Known(age=40, high_harm="", vulnerable=False, intimidated=False, repeat=False, chosen=(), factors=FACTORS)


def test_a_reference_can_be_read_out() -> None:
    reference = rules.new_reference(os.urandom(16))
    assert len(reference) == 12
    assert reference.startswith("AL-")
    assert set(reference[3:]) <= {*rules.LETTERS, "-"}
    assert not set(rules.LETTERS) & set("AEIOULSZB01258")


def test_a_reference_is_made_of_its_random_bytes_alone() -> None:
    assert rules.new_reference(bytes(16)) == "AL-3333-3333"
    assert rules.new_reference(b"1" * 16) == rules.new_reference(b"1" * 20)


@pytest.mark.parametrize("typed", ["AL-7KGM-P4WX", "al7kgmp4wx", " 7kgm p4wx ", "AL 7KGM P4WX"])
def test_a_reference_is_known_however_it_is_typed(typed: str) -> None:
    assert rules.tidy_reference(typed) == "AL-7KGM-P4WX"


@pytest.mark.parametrize("typed", ["", "AL-7KGM", "Sampleford", "AL-7KGM-P4W1", "AL-7KGM-P4WXX"])
def test_what_is_no_reference_is_not_taken_for_one(typed: str) -> None:
    assert rules.tidy_reference(typed) is None


def test_clocks_run_in_working_days_from_receipt() -> None:
    friday = datetime(2026, 9, 11, 16, tzinfo=UTC)
    attempt, offer = rules.due_times(friday, attempt_days=1, offer_days=2)
    assert (attempt.date(), offer.date()) == (date(2026, 9, 14), date(2026, 9, 15))


@pytest.mark.parametrize(
    ("state", "contacted", "closed_as", "word"),
    [("RECEIVED", False, "", "received"), ("IN_TRIAGE", False, "", "received"),
     ("IN_TRIAGE", True, "", "contacted"), ("OFFERED", True, "", "offered"),
     ("ACCEPTED", True, "", "accepted"),
     ("CLOSED", True, "declined", "declined"), ("CLOSED", False, "", "closed")],
)  # fmt: skip
def test_each_state_has_one_status_word(state: str, contacted: bool, closed_as: str, word: str) -> None:
    assert rules.status_word(state, contacted=contacted, closed_as=closed_as) == word


def test_nothing_known_suggests_nothing() -> None:
    assert rules.suggested_entitlements(PLAIN) == ()


def test_a_child_of_a_grave_crime_who_was_targeted_before_is_owed_more_for_three_reasons() -> None:
    known = Known(age=17, high_harm="Domestic abuse", vulnerable=True, intimidated=True, repeat=True,
                  chosen=("fear", "caring", "unknown"), factors=FACTORS)  # fmt: skip
    found = {suggested.code: suggested.why for suggested in rules.suggested_entitlements(known)}
    assert found == {
        "vulnerable_intimidated": (
            "Under 18", "The source said vulnerable", "The source said intimidated", "In fear",
        ),
        "most_serious_crime": ("Domestic abuse",),
        "persistently_targeted": ("The source said repeat victim",),
    }  # fmt: skip


def test_an_unknown_age_suggests_nothing_by_itself() -> None:
    unknown = Known(None, "", vulnerable=False, intimidated=False, repeat=False, chosen=(), factors={})
    assert rules.suggested_entitlements(unknown) == ()


def test_a_providers_reason_is_refused() -> None:
    with pytest.raises(RuleBroken, match="Only a provider"):
        rules.check_closure(Closure("x", "Lost contact", "closed", "provider"), attempted_days=9, wanted_days=3)


@pytest.mark.parametrize(("tried", "enough"), [(2, False), (3, True)])
def test_nobody_is_given_up_before_enough_attempts(tried: int, enough: bool) -> None:
    closure = Closure("not_reached", "Could not be reached", "not_reached", "both")
    if enough:
        rules.check_closure(closure, attempted_days=tried, wanted_days=3)
    else:
        with pytest.raises(RuleBroken, match="3 different days"):
            rules.check_closure(closure, attempted_days=tried, wanted_days=3)


def test_other_reasons_need_no_attempts() -> None:
    rules.check_closure(Closure("d", "Declined", "declined", "hub"), attempted_days=0, wanted_days=3)


def test_days_are_counted_to_what_is_due_and_from_what_is_late() -> None:
    monday, wednesday = datetime(2026, 9, 14, 9, tzinfo=UTC), datetime(2026, 9, 16, 9, tzinfo=UTC)
    assert rules.days_to(wednesday, monday) == rules.days_to(monday, wednesday) == 2


def test_a_provider_reads_every_flag_once_but_those_that_named_people_alone_may_see() -> None:
    said = {"vulnerable": "yes", "intimidated": "unknown", "repeat": "yes"}
    found = rules.flags(said, ["repeat", "staff", "online"], restricted={"staff", "honour_based"})
    assert found == ("vulnerable", "repeat", "online")


def test_whoever_asked_us_to_stop_is_left_alone() -> None:
    rules.refuse_stopped(None)
    with pytest.raises(RuleBroken, match="asked us to stop on 14 September 2026"):
        rules.refuse_stopped(datetime(2026, 9, 14, 9, tzinfo=UTC))


def test_a_sources_own_reference_is_sought_as_it_was_typed_and_in_one_case() -> None:
    assert rules.as_typed("  Hou/2026  17 ") == ("Hou/2026 17", "HOU/2026 17", "hou/2026 17")
    assert rules.as_typed("17") == ("17",)


def at_nine(day: int) -> datetime:
    """Nine o'clock on a day of September 2026, of which the 14th is a Monday."""
    return datetime(2026, 9, day, 9, tzinfo=LONDON)


def plan_of(*tried: rules.Tried, hours: rules.Hours | None = MORNING, now: int = 14) -> rules.Plan:
    return rules.plan(tried, hours, gap=1, wanted=3, at=at_nine(now))


def test_what_comes_next_follows_from_what_was_tried() -> None:
    vain = [rules.Tried(at_nine(day)) for day in (14, 15, 16)]
    assert plan_of().word == "untried"
    assert plan_of(*vain).word == "enough"
    assert plan_of(vain[0], hours=None).word == "unsafe"
    assert plan_of(vain[0], hours=()).word == "ask"
    assert plan_of(vain[0], rules.Tried(at_nine(15), stops=True)).word == "stop"
    assert plan_of(vain[0], rules.Tried(at_nine(15), reached=True)).word == "reached"
    assert plan_of(vain[0], vain[0]).days == 1, "two tries of one day are one day"


def test_days_are_counted_anew_once_they_were_reached() -> None:
    told = plan_of(*(rules.Tried(at_nine(day), reached=day == 15) for day in (14, 15, 16)))
    assert (told.word, told.days) == ("call", 1)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [(14, 14, 15), (18, 18, 21), (19, 19, 22), (14, 17, 17)],
)  # fmt: skip
def test_the_next_call_is_a_working_day_later_and_never_in_the_past(last: int, now: int, due: int) -> None:
    found = rules.next_window(at_nine(last).date(), MORNING, gap=1, turn=1, at=at_nine(now))
    assert found == rules.window(date(2026, 9, due), time(10), time(12))


def test_hours_that_are_over_today_are_tomorrows() -> None:
    late = datetime(2026, 9, 17, 12, tzinfo=LONDON)
    found = rules.next_window(date(2026, 9, 14), MORNING, gap=1, turn=1, at=late)
    assert found.starts == datetime(2026, 9, 18, 10, tzinfo=LONDON)


def test_each_of_their_hours_has_its_turn() -> None:
    hours = (*MORNING, (time(18), time(20)))
    turns = [rules.next_window(date(2026, 9, 14), hours, gap=1, turn=turn, at=at_nine(14)) for turn in (1, 2)]
    assert [found.starts.hour for found in turns] == [18, 10]


def test_a_call_that_is_set_ends_after_it_begins() -> None:
    asked = rules.window(date(2026, 9, 15), time(12), time(10))
    with pytest.raises(RuleBroken, match="after the start"):
        rules.check_plan(asked, MORNING, at=at_nine(14), ahead=28, sure=False)


def test_hours_that_are_said_in_words_are_to_be_read() -> None:
    asked = rules.window(date(2026, 9, 15), time(10), time(11))
    with pytest.raises(RuleBroken, match="in words"):
        rules.check_plan(asked, (), at=at_nine(14), ahead=28, sure=False)
    rules.check_plan(asked, (), at=at_nine(14), ahead=28, sure=True)


@pytest.mark.parametrize(
    ("day", "words"),
    [(12, "Call missed: it was due 10am to midday on 12 September 2026"),
     (13, "Call missed: it was due 10am to midday yesterday"), (14, "Call due 10am to midday today"),
     (15, "Call due 10am to midday tomorrow"), (16, "Call due 10am to midday on 16 September 2026")],
)  # fmt: skip
def test_a_call_is_said_as_a_person_would(day: int, words: str) -> None:
    assert rules.call_words(rules.window(date(2026, 9, day), time(10), time(12)), at_nine(14)) == words


def test_a_case_of_a_provider_is_not_taken_up_again_by_the_hub() -> None:
    closure = Closure("not_reached", "Could not be reached", "not_reached", "both")
    rules.check_take_up(closure, accepted=False)
    with pytest.raises(RuleBroken, match="provider"):
        rules.check_take_up(closure, accepted=True)


@pytest.mark.parametrize(
    ("state", "days", "words"),
    [("late", 0, "Late"), ("late", 2, "Late by 2 working days"), ("due_today", 0, "Due today"),
     ("due", 0, "Due next working day"), ("due", 1, "1 working day left")],
)  # fmt: skip
def test_how_late_something_is_is_said_in_words(state: str, days: int, words: str) -> None:
    assert rules.clock_word(ClockState(state), days) == words
