"""The moves of a request for records. Whoever decides is a manager; counselling records take a second one."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

OPEN, ASKED_BACK, TO_APPROVE = "OPEN", "ASKED_BACK", "TO_APPROVE"
PROVIDED, PART, REFUSED, WITHDRAWN = "PROVIDED", "PART", "REFUSED", "WITHDRAWN"
WAITING = (OPEN, ASKED_BACK, TO_APPROVE)

request = Lifecycle(
    "request",
    Move("ask_back", (OPEN, ASKED_BACK), ASKED_BACK, P.CASE_WORK),
    Move("complete", (OPEN, ASKED_BACK), OPEN, P.CASE_WORK),
    Move("provide", OPEN, PROVIDED, P.CASE_ASSIGN),
    Move("provide_part", OPEN, PART, P.CASE_ASSIGN),
    Move("refuse", (OPEN, ASKED_BACK), REFUSED, P.CASE_ASSIGN),
    Move("propose", OPEN, TO_APPROVE, P.CASE_ASSIGN),
    Move("approve", TO_APPROVE, PROVIDED, P.CASE_ASSIGN),
    Move("approve_part", TO_APPROVE, PART, P.CASE_ASSIGN),
    Move("send_back", TO_APPROVE, OPEN, P.CASE_ASSIGN),
    Move("take_back", WAITING, WITHDRAWN, P.CASE_WORK),
)
