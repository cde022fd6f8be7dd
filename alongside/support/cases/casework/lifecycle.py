"""The moves of a case. It waits until its victim has been reached. A case that was closed by mistake is reopened as it
was, for a while; whoever comes back later is referred again, and counts as received again."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

WAITING, OPEN, CLOSED = "WAITING", "OPEN", "CLOSED"

case = Lifecycle(
    "case",
    Move("start", WAITING, OPEN, P.CASE_WORK),
    Move("unstart", OPEN, WAITING, P.CASE_WORK, undoes=True),  # its only contact was recorded by mistake
    Move("close", (WAITING, OPEN), CLOSED, P.CASE_CLOSE),
    Move("reopen", CLOSED, OPEN, P.CASE_REOPEN, undoes=True),
    Move("reopen_unstarted", CLOSED, WAITING, P.CASE_REOPEN, undoes=True),
    Move("correct_closing", CLOSED, CLOSED, P.CASE_REOPEN),
)
