"""The moves of words that found nothing."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

OPEN, LEARNT, ASIDE = "OPEN", "LEARNT", "ASIDE"

missed = Lifecycle(
    "missed_search",
    Move("learn", OPEN, LEARNT, needs=P.RULEBOOK_REVISE),
    Move("set_aside", OPEN, ASIDE, needs=P.RULEBOOK_REVISE),
)
