"""The moves of a reading and of a difference. A reading prepares; the office decides."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

WAITING, READ, REFUSED, STOPPED = "WAITING", "READ", "REFUSED", "STOPPED"
OPEN, ACCEPTED, REJECTED, LAPSED = "OPEN", "ACCEPTED", "REJECTED", "LAPSED"

reading = Lifecycle(
    "reading",
    Move("prepare", WAITING, READ, needs=P.LIST_MANAGE),
    Move("refuse", WAITING, REFUSED, needs=P.LIST_MANAGE),
    Move("stop", WAITING, STOPPED, needs=P.LIST_MANAGE),
)
difference = Lifecycle(
    "difference",
    Move("accept", OPEN, ACCEPTED, needs=P.LIST_MANAGE),
    Move("reject", OPEN, REJECTED, needs=P.LIST_MANAGE),
    Move("undo", (ACCEPTED, REJECTED), OPEN, needs=P.LIST_MANAGE, undoes=True),
    Move("lapse", REJECTED, LAPSED, needs=P.LIST_MANAGE),
)
