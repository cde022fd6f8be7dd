"""The moves of a proposal. Whoever proposes sends and drops it; the hub gives it back, agrees and calls off."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

DRAFT, SENT, RETURNED, AGREED, LIVE, DROPPED = "DRAFT", "SENT", "RETURNED", "AGREED", "LIVE", "DROPPED"
WRITTEN = (DRAFT, RETURNED)  # its words may still be changed
OPEN = (DRAFT, SENT, RETURNED)  # at most one of each kind for a service
WAITING = (DRAFT, SENT, RETURNED, AGREED)

proposal = Lifecycle(
    "proposal",
    Move("send", WRITTEN, SENT, needs=P.SERVICE_MANAGE),
    Move("take_back", SENT, DRAFT, needs=P.SERVICE_MANAGE),
    Move("give_back", SENT, RETURNED, needs=P.SERVICE_MANAGE),
    Move("agree", OPEN, AGREED, needs=P.SERVICE_MANAGE),
    Move("publish", AGREED, LIVE, needs=P.SERVICE_MANAGE),
    Move("call_off", AGREED, DRAFT, needs=P.SERVICE_MANAGE),
    Move("drop", WRITTEN, DROPPED, needs=P.SERVICE_MANAGE),
)
