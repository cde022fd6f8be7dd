"""Writes of learning notes: noted, acted on, taken up again, and taken away as a file."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.lessons import lifecycle, queries, rules
from alongside.support.cases.lessons.models import Lesson

COLUMNS = (
    Column("noted", "Noted"), Column("theme", "Theme"), Column("words", "What was learned"),
    Column("differently", "What we would do differently"), Column("state", "How it stands"),
    Column("done", "What was done"), Column("done_on", "When"),
)  # fmt: skip
NOTE = "No note says who anybody is. One that does is taken out by whoever finds it."


@transaction.atomic
def note(
    *, by: Actor, at: datetime, theme: str, words: str, differently: str = "", holds_no_name: bool = False,
    looked_at: str = "",
) -> Lesson:  # fmt: skip
    """Leaves a note for one's own organisation."""
    if rulebook.find(queries.THEMES, theme, london_date(at)) is None:
        raise RuleBroken("Choose what it is about.", "theme")
    rules.check(words, differently, holds_no_name=holds_no_name, looked_at=looked_at)
    if again := queries.again(words, by=by, at=at):
        return again
    made: Lesson = Lesson.objects.create(
        organisation_id=by.organisation_id or 0, theme=theme, words=words, differently=differently, noted_at=at
    )
    events.record("lesson.noted", made.pk, by=by, at=at, theme=theme)
    return made


def _moved(lesson: Lesson, verb: str) -> Lesson:
    fresh = Lesson.objects.select_for_update().get(pk=lesson.pk)
    fresh.state = lifecycle.lesson.target(fresh.state, verb)
    return fresh


@transaction.atomic
def act_on(lesson: Lesson, *, by: Actor, at: datetime, done_words: str) -> None:
    """Says what was done about it."""
    if not done_words.strip():
        raise RuleBroken("Write what was done.", "done_words")
    rules.check(done_words, "", holds_no_name=True, looked_at=", ".join(rules.names(done_words)))
    fresh = _moved(lesson, "act_on")
    fresh.done_words, fresh.done_at, fresh.done_by = done_words, at, by.user_id
    fresh.save(update_fields=["state", "done_words", "done_at", "done_by"])
    events.record("lesson.acted_on", fresh.pk, by=by, at=at, theme=fresh.theme)


@transaction.atomic
def take_up_again(lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """It is not done after all. What was written of it stays until something else is."""
    fresh = _moved(lesson, "take_up_again")
    fresh.done_at, fresh.done_by = None, None
    fresh.save(update_fields=["state", "done_at", "done_by"])
    events.record("lesson.taken_up_again", fresh.pk, by=by, at=at, theme=fresh.theme)


def export(found: Iterable[Lesson], *, by: Actor, at: datetime) -> documents.Export:
    """Notes as a file. That it left is on record."""
    titles = queries.titles()
    rows = [
        {"noted": london_date(one.noted_at).isoformat(), "theme": titles.get(one.theme, one.theme), "words": one.words,
         "differently": one.differently, "state": one.get_state_display(), "done": one.done_words,
         "done_on": london_date(one.done_at).isoformat() if one.done_at else ""}
        for one in found
    ]  # fmt: skip
    return documents.table("learning", COLUMNS, rows, by=by, at=at, about="learning", notes=[NOTE])
