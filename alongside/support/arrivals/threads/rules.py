"""Pure rules of questions and answers: what the hub's words may give away."""

import re
from collections.abc import Iterable
from datetime import timedelta

from alongside.core.privacy.whereabouts import tells_where
from alongside.support.people.victims.rules import name_part

# The same words by the same person within this time are a form that was sent twice.
MOMENTS = timedelta(minutes=2)
SHORTEST_NAME = 3
CAME_WITH = "Sent with the referral."
# Words by which somebody says where another person is, or who helps them: own list, for a warning and no more.
WHERE = re.compile(
    r"\b(refuge|hostel|shelter|staying with|lives? (?:at|in|with)|moved|new address|hospital|her school|his school|"
    r"their school|works? at|support worker|counsell(?:or|ing)|idva|isva)\b",
    re.IGNORECASE,
)
CLOSED = "The hub has closed these questions. If something is urgent, phone the hub."
SURE = "Tick this if the referrer told you so, or must know it"


def gives_away(words: str, names: Iterable[str]) -> tuple[str, ...]:
    """What a text to a referrer seems to tell of a victim, in words; empty where it tells nothing."""
    written = f" {name_part(words)} "
    parts = {part for name in names for part in name_part(name).split() if len(part) >= SHORTEST_NAME}
    found = (
        ("their name", any(f" {part} " in written for part in parts)),
        ("a way to find or reach somebody", tells_where(words)),
        ("where they are or who helps them", WHERE.search(words) is not None),
    )
    return tuple(what for what, holds in found if holds)
