"""What a task may be, and by when."""

from datetime import date, timedelta

from alongside.core.errors import RuleBroken

LONGEST = 1000
FURTHEST = timedelta(days=366)
SETTLED = "Somebody has settled this meanwhile."


def check(words: str, due_on: date, *, today: date) -> None:
    if not words.strip():
        raise RuleBroken("Write what is to be done.", "words")
    if not today <= due_on <= today + FURTHEST:
        raise RuleBroken("Choose a day from today on, within a year.", "due_on")
