"""The moves of somebody on a waiting list, and of a list. No clock takes anybody off: a person decides."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

WAITING, PAUSED, OFFERED, STARTED = "WAITING", "PAUSED", "OFFERED", "STARTED"
DONE, LEFT, MOVED = "DONE", "LEFT", "MOVED"
OPEN, CLOSED = "OPEN", "CLOSED"

entry = Lifecycle(
    "place on a waiting list",
    Move("pause", WAITING, PAUSED, P.CASE_WORK),
    Move("resume", PAUSED, WAITING, P.CASE_WORK),
    Move("offer", WAITING, OFFERED, P.CASE_WORK),
    Move("take_place", OFFERED, STARTED, P.CASE_WORK),
    Move("decline_place", OFFERED, WAITING, P.CASE_WORK),
    Move("take_back", OFFERED, WAITING, P.CASE_WORK),
    Move("lapse", OFFERED, WAITING, P.CASE_WORK),
    Move("move", (WAITING, PAUSED), MOVED, P.CASE_WORK),
    Move("leave", (WAITING, PAUSED, OFFERED), LEFT, P.CASE_WORK),
    Move("finish", STARTED, DONE, P.CASE_WORK),
)

waiting_list = Lifecycle(
    "waiting list",
    Move("close", OPEN, CLOSED, P.CASE_ASSIGN),
    Move("reopen", CLOSED, OPEN, P.CASE_ASSIGN),
)
