"""The moves of a turn. A day at court is postponed as often as it is, and each of its days is kept."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

DONE, LISTED, POSTPONED, TAKEN_OFF, STRUCK = "DONE", "LISTED", "POSTPONED", "TAKEN_OFF", "STRUCK"
NOT_REPORTED, GOING_ON, ENDED = "NOT_REPORTED", "GOING_ON", "ENDED"

turn = Lifecycle(
    "turn",
    Move("hold", LISTED, DONE, P.CASE_WORK),
    Move("postpone", LISTED, POSTPONED, P.CASE_WORK),
    Move("take_off", LISTED, TAKEN_OFF, P.CASE_WORK),
    Move("strike_out", (DONE, LISTED, POSTPONED, TAKEN_OFF), STRUCK, P.CASE_WORK),
)
proceeding = Lifecycle(
    "proceeding",
    Move("report", NOT_REPORTED, GOING_ON, P.CASE_WORK),
    Move("end", GOING_ON, ENDED, P.CASE_WORK),
    Move("go_on", ENDED, GOING_ON, P.CASE_WORK),
    Move("unreport", (GOING_ON, ENDED), NOT_REPORTED, P.CASE_WORK),
)
