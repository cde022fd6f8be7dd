"""Reads of learning notes: as their filters leave them, and how many there are of each theme."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.lessons.models import Lesson

THEMES = "learning_themes"
BACK = 8  # quarters that can be chosen
MOMENTS = timedelta(minutes=2)


def themes(on: date) -> tuple[tuple[str, str], ...]:
    return rulebook.choices(THEMES, on)


def titles() -> dict[str, str]:
    """The words of every theme that there ever was."""
    return {row.code: row.title for row in rulebook.every_version(THEMES)}


def quarters(on: date) -> tuple[tuple[str, str], ...]:
    found, one = [], Quarter.containing(on)
    for _ in range(BACK):
        found.append((str(one), one.label))
        one = one.previous
    return tuple(found)


def listed(rows: QuerySet[Lesson], *, theme: str, quarter: str, state: str) -> QuerySet[Lesson]:
    """The notes that the filters leave; what makes no sense is left out."""
    if theme:
        rows = rows.filter(theme=theme)
    if state:
        rows = rows.filter(state=state)
    try:
        start, end = Quarter.parse(quarter).bounds
    except RuleBroken:
        return rows
    return rows.filter(noted_at__gte=start, noted_at__lt=end)


def by_theme(rows: QuerySet[Lesson]) -> list[tuple[str, int]]:
    """How many of each theme, the most first."""
    known = titles()
    found = Counter(rows.values_list("theme", flat=True))
    return [(known.get(code, code), count) for code, count in found.most_common()]


def again(words: str, *, by: Actor, at: datetime) -> Lesson | None:
    """The same words, noted in this organisation moments ago: the form was sent twice."""
    recent = Lesson.objects.filter(organisation_id=by.organisation_id or 0, noted_at__gt=at - MOMENTS)
    return recent.filter(words=words).first()
