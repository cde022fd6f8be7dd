"""The moves of a return. A provider writes, sends and certifies; the office asks back, accepts and opens again."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

OPEN, SENT, QUERIED, CERTIFIED, LOCKED = "OPEN", "SENT", "QUERIED", "CERTIFIED", "LOCKED"
WRITTEN = (OPEN, QUERIED)  # its answers may still be changed

returned = Lifecycle(
    "return",
    Move("send", WRITTEN, SENT, needs=P.RETURN_WRITE),
    Move("take_back", SENT, OPEN, needs=P.RETURN_WRITE),
    Move("certify", SENT, CERTIFIED, needs=P.RETURN_CERTIFY),
    Move("ask_back", (SENT, CERTIFIED), QUERIED, needs=P.RETURN_REVIEW),
    Move("lock", CERTIFIED, LOCKED, needs=P.RETURN_REVIEW),
    Move("reopen", LOCKED, OPEN, needs=P.RETURN_REVIEW, undoes=True),
)
WORDS = {OPEN: "To be filled in", SENT: "Sent, not certified", QUERIED: "Asked back", CERTIFIED: "Certified",
         LOCKED: "Accepted"}  # fmt: skip
