"""The moves of an entry that a phone sent."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

WAITING, TAKEN_IN, QUARANTINED, SET_ASIDE = "WAITING", "TAKEN_IN", "QUARANTINED", "SET_ASIDE"

entry = Lifecycle(
    "on-the-spot entry",
    Move("take_in", WAITING, TAKEN_IN, needs=P.OCCASION_READ),
    Move("quarantine", WAITING, QUARANTINED, needs=P.OCCASION_READ),
    Move("mend", QUARANTINED, TAKEN_IN, needs=P.OCCASION_READ),
    Move("set_aside", QUARANTINED, SET_ASIDE, needs=P.OCCASION_READ),
    Move("try_again", QUARANTINED, WAITING, needs=P.OCCASION_READ),
)
