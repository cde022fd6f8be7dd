"""The moves of a group, of somebody's place in it, and of a session. A register can be put right for good."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

RUNNING, ENDED = "RUNNING", "ENDED"
WAITING, IN, LEFT = "WAITING", "IN", "LEFT"
PLANNED, HELD, CANCELLED = "PLANNED", "HELD", "CANCELLED"

group = Lifecycle(
    "group",
    Move("change", RUNNING, RUNNING, P.CASE_ASSIGN),
    Move("end", RUNNING, ENDED, P.CASE_ASSIGN),
)

member = Lifecycle(
    "place in a group",
    Move("join", WAITING, IN, P.CASE_WORK),
    Move("leave", (WAITING, IN), LEFT, P.CASE_WORK),
)

meeting = Lifecycle(
    "session",
    Move("cancel_meeting", PLANNED, CANCELLED, P.CASE_WORK),
    Move("register", (PLANNED, HELD), HELD, P.CASE_WORK),
)
