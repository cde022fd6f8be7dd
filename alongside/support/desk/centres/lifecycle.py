"""The moves of a report."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

RECEIVED, IN_HAND, CLOSED = "RECEIVED", "IN_HAND", "CLOSED"

report = Lifecycle(
    "report",
    Move("take", RECEIVED, IN_HAND, needs=P.REPORT_ANSWER),
    Move("answer", (RECEIVED, IN_HAND, CLOSED), CLOSED, needs=P.REPORT_ANSWER),
)
