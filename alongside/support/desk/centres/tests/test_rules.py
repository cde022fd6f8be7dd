"""Which questions are asked, what a report keeps, and when a centre is quiet."""

from datetime import UTC, date, datetime

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.desk.centres import rules
from alongside.support.desk.centres.tests.reporting import answers, named

AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def test_who_stays_anonymous_is_asked_nothing_of_themselves() -> None:
    assert rules.path({"name": {"named": "no"}}) == ("now", "what", "words", "where", "name", "police")
    assert {"support", "who"} <= set(rules.path({"name": {"named": "yes"}}))


def test_danger_is_asked_first_and_stops_the_form_with_what_to_do() -> None:
    assert rules.upcoming({}) == "now"
    for said in ("yes", "unsure"):
        assert rules.upcoming({"now": {"danger": said}}) == "stop"
    assert rules.upcoming({"now": {"danger": "no"}}) == "what"
    assert rules.upcoming(answers()) == rules.CHECK


def test_a_step_opens_when_those_before_it_are_answered() -> None:
    said = {"now": {"danger": "no"}}
    assert rules.may_open("what", said) and not rules.may_open("words", said) and not rules.may_open("stop", said)
    assert (rules.before("now", said), rules.before("what", said)) == ("", "now")
    assert rules.before("stop", said) == "police"


def test_whoever_takes_back_their_name_leaves_nothing_of_it() -> None:
    assert rules.undone("name", {"name": {"named": "no"}}) == ("support", "who", "police")
    assert rules.undone("name", {"name": {"named": "yes"}}) == ("police",)
    assert rules.undone("what", {}) == ()


def test_support_needs_a_name() -> None:
    assert rules.wants_support(named())
    assert not rules.wants_support({**named(), "name": {"named": "no"}})
    assert not rules.wants_support(named(support={"support": "no"}))


@pytest.mark.parametrize("typed", ["RH-7K3M-P4WX", "rh7k3mp4wx", "7k3m p4wx", " rh 7K3M-P4WX "])
def test_a_reference_is_read_however_it_was_typed(typed: str) -> None:
    assert rules.tidy(typed) == "RH-7K3M-P4WX"


@pytest.mark.parametrize("typed", ["", "AL-7K3M-P4WX", "RH-7K3M", "RH-AAAA-AAAA"])
def test_what_is_no_reports_reference_is_none(typed: str) -> None:
    assert rules.tidy(typed) is None


def test_references_and_codes_are_of_letters_that_make_no_word() -> None:
    assert rules.tidy(rules.reference(bytes(range(16)))) == rules.reference(bytes(range(16)))
    assert len(rules.poster_code(bytes(range(8)))) == rules.CODE_LENGTH
    assert rules.tidy_code(" 7k3-mp4 wx") == "7K3MP4"


def test_of_an_anonymous_report_from_a_poster_the_day_is_kept_and_not_the_hour() -> None:
    kept = rules.moment_kept(AT, named=False, by_worker=False)
    assert kept.isoformat() == "2026-11-20T12:00:00+00:00"
    assert (
        rules.moment_kept(AT, named=True, by_worker=False) == rules.moment_kept(AT, named=False, by_worker=True) == AT
    )


def test_the_hostility_makes_contact_that_is_not_known_to_be_safe_unsafe() -> None:
    assert rules.markers(["race"], young=True, danger=True) == ("hate_race", "child", "danger_not_known")
    assert rules.markers(["race"], young=False, danger=False) == ("hate_race",)
    assert (rules.crime_type("incident"), rules.crime_type("crime"), rules.crime_type("unsure")) == (
        "hate_incident", "hate_crime", "hate_crime",
    )  # fmt: skip


def test_the_hub_reads_the_perception_as_the_reporters_own_words() -> None:
    told = rules.notes(named(), ["Race"], "On a bus")
    assert "Why they think so, in their words: They named my faith." in told
    assert "Because of: Race." in told and "do not contact" not in told
    bare = named(who={"phone": ""}) | {"words": {"telling": "", "perception": ""}}
    bare["where"] = {**bare["where"], "near": ""}
    told = rules.notes(bare, [], "Online")
    assert "Will contact us; do not contact them." in told and "In their words" not in told


def test_a_way_of_contact_is_used_only_when_it_was_said_to_be_safe() -> None:
    assert rules.reachable(named()) == ("phone",)
    assert rules.reachable(named(who={"phone_safe": "unsure"})) == rules.reachable(answers()) == ()


@pytest.mark.parametrize(
    ("last", "since", "quiet"),
    [(None, date(2026, 1, 1), True), (date(2026, 8, 23), date(2026, 1, 1), True),
     (date(2026, 8, 24), date(2026, 1, 1), False), (None, date(2026, 11, 1), False),
     (date(2025, 1, 1), date(2026, 11, 1), False)],
)  # fmt: skip
def test_a_centre_is_quiet_after_so_many_days_without_a_report(last: date | None, since: date, quiet: bool) -> None:
    assert rules.is_quiet(last, since, date(2026, 11, 21), days=90) is quiet


def test_the_last_day_of_a_centre_is_after_its_first() -> None:
    rules.check_dates(date(2026, 1, 1), None)
    rules.check_dates(date(2026, 1, 1), date(2026, 1, 2))
    with pytest.raises(RuleBroken, match="after the first"):
        rules.check_dates(date(2026, 1, 1), date(2026, 1, 1))


def test_nothing_is_passed_on_against_the_reporters_choice_or_twice() -> None:
    rules.check_passing("with_name", passed=False)
    with pytest.raises(RuleBroken, match="may not be passed on"):
        rules.check_passing("no", passed=False)
    with pytest.raises(RuleBroken, match="already"):
        rules.check_passing("without_name", passed=True)
