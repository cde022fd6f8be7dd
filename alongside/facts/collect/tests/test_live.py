"""The corridor adds up: a measure over a snapshot and over the live tables gives the same integers."""

from django.db import connection

from alongside.core.periods import Quarter
from alongside.facts.collect import extract
from alongside.facts.measures import catalogue, queries
from alongside.facts.measures.models import Dimension
from alongside.facts.measures.rules import Counts, gathered
from tests.story import DAY, LAST, RECEIVED, Story

Q2 = Quarter(2026, 2)

NOTHING = Counts((), {"days": 0, "n": 0, "eligible": 0}, {})  # what a measure of days says of nobody


def everything(story: Story) -> None:
    """Something in every table: sessions, needs, risks, practical help and places on a list, alike and not alike."""
    for number in range(3):
        case = story.case(story.referral(source="partner", reported=bool(number), why_not_reported="private"))
        story.session(case, RECEIVED + (6 + number) * DAY)
        story.session(case, RECEIVED + 9 * DAY, "MISSED")
        story.session(case, RECEIVED + 9 * DAY, "CANCELLED", "visit")
        story.group(case, RECEIVED + 10 * DAY, ("came", "absent", "apologies")[number])
        story.need(case, "money", RECEIVED + 4 * DAY, *(("MET", RECEIVED + 20 * DAY) if number else ()))
        story.risk(case, ("high", "medium", "standard")[number], RECEIVED + 4 * DAY)
        story.risk(case, "medium", RECEIVED + 18 * DAY)
        story.help(case, RECEIVED + 8 * DAY, paid_on=(RECEIVED + number * DAY).date() if number else None)
        story.wait(case, (RECEIVED + number * DAY).date(), started=RECEIVED + 30 * DAY if number else None)
        if number:
            story.close(case, RECEIVED + 21 * DAY, ("support_completed", "lost_contact")[number - 1])


def test_the_same_statements_on_the_live_tables_give_the_same_integers(story: Story) -> None:
    story.referral(crime_type="modern_slavery")
    story.referral(council="")
    everything(story)
    story.nine()
    held = queries.snapshot(None)
    extract.live(extract.source(LAST), 1.0)
    for measure in (measure for _, measures in queries.themes() for measure in measures):
        for by in (
            (),
            *((each,) for each in measure.also),
            (Dimension.SERVICE,),
            (Dimension.CRIME_TYPE, Dimension.SOURCE),
            (Dimension.COUNCIL, Dimension.SOURCE),
        ):
            sql = catalogue.statement(measure, by, [], mark="%({})s")
            with connection.cursor() as cursor:
                cursor.execute(sql, {**queries.period(Q2, held), **measure.fixed})
                names = [column[0] for column in cursor.description]
                live = gathered(measure.kind, len(by), names, cursor.fetchall())
            ours = [each for each in queries.counted(held.code, measure.key, Q2, by, ()) if each != NOTHING]
            assert [each for each in live if each != NOTHING] == ours, (measure.name, by)
