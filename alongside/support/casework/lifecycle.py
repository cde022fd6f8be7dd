"""The moves of a case. It waits until its victim has been reached; once closed it stays closed: whoever comes back is
referred again, and counts as received again."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.accounts.permissions import Permission as P

WAITING, OPEN, CLOSED = "WAITING", "OPEN", "CLOSED"

case = Lifecycle(
    "case",
    Move("start", WAITING, OPEN, P.CASE_WORK),
    Move("close", (WAITING, OPEN), CLOSED, P.CASE_CLOSE),
)
