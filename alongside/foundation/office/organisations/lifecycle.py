"""The moves of a reset: one person asks, a second one answers."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

ASKED, APPROVED, REFUSED = "ASKED", "APPROVED", "REFUSED"

reset = Lifecycle(
    "reset",
    Move("approve", ASKED, APPROVED, P.PEOPLE_MANAGE),
    Move("refuse", ASKED, REFUSED, P.PEOPLE_MANAGE),
)
