"""The moves of an appointment. What is moved to another time stays as it was, and the new one names it."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

PLANNED, HELD, MISSED, CANCELLED, MOVED = "PLANNED", "HELD", "MISSED", "CANCELLED", "MOVED"

appointment = Lifecycle(
    "appointment",
    Move("revise", PLANNED, PLANNED, P.CASE_WORK),
    Move("book_interpreter", PLANNED, PLANNED, P.CASE_WORK),
    Move("move", PLANNED, MOVED, P.CASE_WORK),
    Move("cancel", PLANNED, CANCELLED, P.CASE_WORK),
    Move("record", PLANNED, HELD, P.CASE_WORK),
    Move("miss", PLANNED, MISSED, P.CASE_WORK),
    Move("take_back", (HELD, MISSED), PLANNED, P.CASE_WORK, undoes=True),
    Move("take_back_new", HELD, CANCELLED, P.CASE_WORK, undoes=True),
)
