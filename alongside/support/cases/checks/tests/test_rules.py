"""When a case file falls short."""

from dataclasses import replace
from datetime import date, timedelta

from alongside.support.cases.checks import rules
from alongside.support.cases.checks.rules import Check, Known

ON = date(2026, 9, 14)
OLD = ON - timedelta(days=100)
BARE = Known(closed_on=None, accepted_on=OLD, high_risk=False, crime_type="burglary", contact_on=None,
             unmeasured=False)  # fmt: skip


def check(code: str, days: int = 28, *, high_risk: bool = False, crimes: frozenset[str] = frozenset()) -> Check:
    return Check(code, code, days, high_risk, crimes)


def test_a_check_is_about_the_cases_that_it_names() -> None:
    assert not rules.asked(check("risk", high_risk=True), BARE, ON)
    assert rules.asked(check("risk", high_risk=True), replace(BARE, high_risk=True), ON)
    assert not rules.asked(check("notes", crimes=frozenset({"fraud"})), BARE, ON)
    assert rules.asked(check("notes", crimes=frozenset({"burglary"})), BARE, ON)


def test_a_closed_case_is_asked_about_its_end_and_for_a_while() -> None:
    closed = replace(BARE, closed_on=ON - timedelta(days=5), unmeasured=True)
    assert not rules.asked(check("notes"), closed, ON)
    assert rules.asked(check("closed_bare", 92), closed, ON) and not rules.asked(check("closed_bare", 4), closed, ON)
    assert not rules.asked(check("closed_bare", 92), BARE, ON)
    assert rules.short(check("closed_bare", 92), closed, ON) == 5
    assert rules.short(check("closed_bare", 92), replace(closed, unmeasured=False), ON) is None


def test_what_was_never_done_counts_from_acceptance() -> None:
    for code in ("risk", "contact", "notes", "agreement", "safety_plan", "needs"):
        assert rules.short(check(code), BARE, ON) == 72, code
        assert rules.short(check(code, 100), BARE, ON) is None, code
    for code in ("agreement_old", "plan_review", "another"):
        assert rules.short(check(code), BARE, ON) is None, code


def test_what_was_done_counts_from_its_day_or_for_good() -> None:
    lately = ON - timedelta(days=30)
    done = replace(BARE, risk_on=lately, contact_on=lately, noted_on=lately, agreed_on=lately, review_due_on=lately,
                   scored=True, planned=True)  # fmt: skip
    for code in ("risk", "contact", "notes", "agreement_old", "plan_review"):
        assert rules.short(check(code), done, ON) == 2, code
    for code in ("agreement", "safety_plan", "needs"):
        assert rules.short(check(code), done, ON) is None, code
