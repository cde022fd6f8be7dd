"""The moves of a transfer. No clock ends it: whoever offered it takes it back."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

OFFERED, ACCEPTED, DECLINED, TAKEN_BACK = "OFFERED", "ACCEPTED", "DECLINED", "TAKEN_BACK"

transfer = Lifecycle(
    "transfer",
    Move("accept", OFFERED, ACCEPTED, P.OFFER_ANSWER),
    Move("decline", OFFERED, DECLINED, P.OFFER_ANSWER),
    Move("take_back", OFFERED, TAKEN_BACK, P.CASE_CLOSE),
)
