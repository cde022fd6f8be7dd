"""Every measure of the catalogue on a story that can be counted by hand, one test for each theme."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import catalogue, queries, snapshots
from alongside.facts.measures.disclosure import Audience
from alongside.facts.measures.models import Dimension
from alongside.facts.measures.rules import Figure
from tests.story import DAY, RECEIVED, Story

Q2 = Quarter(2026, 2)
Counted = tuple[int | None, int | None, float | None]


def total(name: str, quarter: Quarter = Q2) -> Figure:
    return queries.figures(name, quarter=quarter, area="west-midlands", audience=Audience.OFFICE)[0]


def share(name: str) -> Counted:
    found = total(name)
    return found.numerator, found.denominator, found.coverage


def groups(name: str, by: Dimension) -> dict[str, float | None]:
    """A provider's own figures, which are exact in every breakdown."""
    found = queries.figures(name, quarter=Q2, by=[by], provider="test-provider", audience=Audience.PROVIDER)
    return {figure.group[0][1]: figure.value for figure in found}


def test_what_comes_in(story: Story) -> None:
    told = [
        story.referral(source="partner", reported=reported, why_not_reported=why)
        for reported, why in ((True, ""), (False, "private"), (False, "private"), (False, "not_known"))
    ]
    again = story.referral(RECEIVED + 7 * DAY, victim=told[0].victim)
    story.close_referral(story.referral(RECEIVED + DAY, victim=told[1].victim), RECEIVED + DAY, "duplicate")
    linked = story.referral(RECEIVED + 8 * DAY)
    story.same(linked.victim, told[2].victim)
    story.referral(RECEIVED - 500 * DAY, victim=told[3].victim)
    story.snapshot()
    assert again.victim_id == told[0].victim_id
    assert share("not_reported_to_police") == (2, 5, 5 / 6)
    assert share("repeat_victims") == (2, 6, 1.0)
    waits = total("days_report_to_referral")
    assert (waits.value, waits.n, waits.coverage) == (1, 3, 1.0)


def test_who_is_reached(story: Story) -> None:
    story.case(story.referral(accepted_at=RECEIVED + 2 * DAY))
    story.offer(story.referral(), state="DECLINED", declined_why="list_closed", answered_at=RECEIVED + 2 * DAY)
    story.offer(story.referral())
    for why in ("not_reached", "unsafe_to_contact", "victim_declined", "sent_in_error"):
        story.close_referral(story.referral(), RECEIVED + DAY, why)
    story.snapshot()
    assert share("could_not_be_reached") == (2, 4, 4 / 6)
    assert share("offers_accepted") == (1, 2, 2 / 3)
    assert total("offers_declined").value == 1
    assert groups("offers_declined", Dimension.DECLINED_WHY) == {"list_closed": 1}


def test_sessions_and_attendance(story: Story) -> None:
    case = story.case(story.referral())
    for number, state in enumerate(("HELD", "HELD", "MISSED", "CANCELLED", "MOVED")):
        story.session(case, RECEIVED + (5 + number) * DAY, state)
    story.session(case, RECEIVED + 4 * DAY, kind="visit")
    for number, mark in enumerate(("came", "online", "absent", "apologies")):
        story.group(case, RECEIVED + (20 + number) * DAY, mark)
    story.snapshot()
    assert total("sessions_held").value == 4
    assert share("attendance") == (5, 7, 7 / 9)
    assert groups("sessions_held", Dimension.KIND) == {"session": 2, "group": 2}
    first = total("days_referral_to_first_session")
    assert (first.value, first.n) == (5, 1)
    assert total("contacts_made").value == 3


def test_cases_in_hand_opened_and_closed(story: Story) -> None:
    for why in ("support_completed", "lost_contact", "victim_stopped", "needs_met"):
        story.close(story.case(story.referral()), RECEIVED + 20 * DAY, why)
    story.case(story.referral(RECEIVED - 120 * DAY))
    story.case(story.referral())
    story.snapshot()
    assert (total("cases_opened").value, total("caseload").value, total("cases_closed").value) == (5, 2, 4)
    assert share("planned_endings") == (2, 4, 1.0)
    assert groups("cases_closed", Dimension.CLOSED_WHY)["lost_contact"] == 1
    assert total("caseload", Quarter(2026, 1)).value == 1


def test_who_is_helped_by_age_sex_and_ethnic_group(story: Story) -> None:
    for number, (sex, ethnicity) in enumerate((("female", "asian_chinese"), ("female", "asian_other"), ("", ""))):
        victim = story.victim(sex=sex, ethnicity=ethnicity)
        story.contact(story.case(story.referral(victim=victim, age_at_receipt=None if number == 2 else 20 + number)))
    code = story.snapshot().code
    assert groups("victims_supported", Dimension.SEX) == {"female": 2, "": 1}
    asian = "asian_or_asian_british"
    assert groups("victims_supported", Dimension.ETHNICITY) == {asian: 2, "not_known": 1}
    assert set(groups("victims_supported", Dimension.AGE_BAND).values()) == {1, 2}
    assert queries.snapshot(code).words(Dimension.ETHNICITY, asian) == "Asian or Asian British"


def test_waiting_lists(story: Story) -> None:
    first, second, third, fourth = (story.case(story.referral(RECEIVED + timedelta(hours=n))) for n in range(4))
    story.wait(first, RECEIVED.date())
    story.wait(second, (RECEIVED + 10 * DAY).date())
    story.wait(third, RECEIVED.date(), started=RECEIVED + 21 * DAY)
    story.wait(fourth, RECEIVED.date(), left=RECEIVED + 5 * DAY)
    story.snapshot()
    assert total("on_waiting_lists").value == 2
    so_far = total("days_waited_so_far")
    assert (so_far.value, so_far.parts["ninetieth"], so_far.n) == (61, 71, 2)
    started = total("days_waited_to_start")
    assert (started.value, started.n) == (21, 1)
    assert total("left_waiting_list").value == 1
    assert groups("on_waiting_lists", Dimension.MODALITY) == {"counselling": 2}


def test_needs_and_risk(story: Story) -> None:
    cases = [story.case(story.referral()) for _ in range(4)]
    for case, state in zip(cases, ("MET", "NOT_MET", "OPEN", "MET"), strict=True):
        settled = None if state == "OPEN" else RECEIVED + 20 * DAY
        story.need(case, "money", RECEIVED + 4 * DAY, state, settled)
    for case, level in zip(cases, ("high", "high", "medium", "standard"), strict=True):
        story.risk(case, level, RECEIVED + 4 * DAY)
    story.risk(cases[0], "medium", RECEIVED + 10 * DAY)
    story.risk(cases[0], "standard", RECEIVED + 20 * DAY)
    story.risk(cases[1], "high", RECEIVED + 20 * DAY)
    for case in cases[:3]:
        story.close(case, RECEIVED + 21 * DAY)
    story.snapshot()
    assert total("needs_identified").value == 4
    assert share("needs_addressed") == (1, 2, 2 / 3)
    assert groups("needs_identified", Dimension.NEED) == {"money": 4}
    assert total("risk_assessments").value == 7
    assert groups("risk_assessments", Dimension.LEVEL) == {"high": 3, "medium": 2, "standard": 2}
    assert share("high_risk") == (2, 4, 1.0)
    assert share("risk_lowered") == (1, 2, 2 / 3)
    assert total("risk_lowered").parts == {"same": 1, "higher": 0}


def test_practical_help_and_what_was_measured(story: Story) -> None:
    case, other = story.case(story.referral()), story.case(story.referral())
    for number in range(2):
        story.help(case, RECEIVED + 4 * DAY, paid_on=(RECEIVED + (5 + number) * DAY).date())
    story.help(other, RECEIVED + 4 * DAY)
    story.sitting(case, RECEIVED + 4 * DAY, health=2.0)
    story.sitting(case, RECEIVED + 20 * DAY, health=2.0)
    for each in (case, other):
        story.close(each, RECEIVED + 21 * DAY)
    story.snapshot()
    assert (total("practical_help_given").value, total("victims_helped_practically").value) == (2, 1)
    assert groups("practical_help_given", Dimension.HELP_KIND) == {"locks": 2}
    assert share("outcomes_measured") == (1, 2, 1.0)


def test_from_contact_to_assessment(story: Story) -> None:
    for number in range(3):
        seen = story.referral(first_contact_at=RECEIVED + DAY)
        if number:
            story.assessed(seen, RECEIVED + number * 2 * DAY - DAY)
    story.snapshot()
    found = total("days_contact_to_assessment")
    assert (found.value, found.n, found.coverage) == (0, 2, 2 / 3)


def test_a_snapshot_from_before_a_measure_says_so_and_is_no_nought(story: Story) -> None:
    code = story.snapshot().code
    held = queries.snapshot(code)
    old = {name: file for name, file in held.files.items() if name != "waits"}
    snapshots._manifest.cache_clear()
    place = snapshots.storage().path(f"{code}/manifest.json")
    Path(place).write_text(json.dumps({**held.as_json(), "files": {name: vars(one) for name, one in old.items()}}))
    assert not queries.is_told(queries.measure("on_waiting_lists"), queries.snapshot(code))
    with pytest.raises(RuleBroken, match="from before that was counted"):
        queries.figures("on_waiting_lists", quarter=Q2, snapshot_code=code)


def test_a_measure_is_broken_down_by_what_it_says_alone(story: Story) -> None:
    story.snapshot()
    with pytest.raises(RuleBroken, match="cannot be broken down by need"):
        queries.figures("referrals_received", quarter=Q2, by=[Dimension.NEED])


def test_every_measure_in_use_has_a_theme_and_counts_a_table_that_there_is() -> None:
    themed = [measure.name for _, measures in catalogue.themes() for measure in measures]
    assert sorted(themed) == sorted(catalogue.latest())
    assert {catalogue.table_of(measure) for measure in catalogue.every().values()} <= {
        "referrals", "offers", "cases", "contacts", "outcomes", "sessions", "needs", "risks", "helps", "waits",
        "reports", "centres",
    }  # fmt: skip
    assert [measure.version for measure in catalogue.versions("referrals_received")] == [2, 1]


def test_an_empty_snapshot_has_a_figure_for_every_measure(story: Story) -> None:
    story.snapshot()
    for name in catalogue.latest():
        for quarter in (Q2, Quarter(2024, 1)):
            assert total(name, quarter).value in (0, None), name
