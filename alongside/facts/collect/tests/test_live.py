"""The corridor adds up: a measure over a snapshot and over the live tables gives the same integers."""

from django.db import connection

from alongside.core.periods import Quarter
from alongside.facts.collect import extract
from alongside.facts.measures import catalogue, queries
from alongside.facts.measures.models import Dimension
from alongside.facts.measures.rules import gathered
from tests.story import LAST, Story

Q2 = Quarter(2026, 2)


def test_the_same_statements_on_the_live_tables_give_the_same_integers(story: Story) -> None:
    story.referral(crime_type="modern_slavery")
    story.referral(council="")
    story.nine()
    held = queries.snapshot(None)
    extract.live(extract.source(LAST), 1.0)
    for measure in queries.catalogue():
        for by in (
            (),
            (Dimension.SERVICE,),
            (Dimension.CRIME_TYPE, Dimension.SOURCE),
            (Dimension.COUNCIL, Dimension.SOURCE),
        ):
            sql = catalogue.statement(measure, by, [], mark="%({})s")
            with connection.cursor() as cursor:
                cursor.execute(sql, {**queries.period(Q2, held), **measure.fixed})
                names = [column[0] for column in cursor.description]
                live = gathered(measure.kind, len(by), names, cursor.fetchall())
            assert live == list(queries.counted(held.code, measure.key, Q2, by, ())), (measure.name, by)
