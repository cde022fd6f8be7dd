"""The moves of a request for money: approved by one or by two, refused or withdrawn, paid."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

ASKED, SECOND, APPROVED, PAID = "ASKED", "SECOND", "APPROVED", "PAID"
REFUSED, WITHDRAWN = "REFUSED", "WITHDRAWN"
# What counts towards the limits of a case, and what a fund still has open.
COUNTED, WAITING = (ASKED, SECOND, APPROVED, PAID), (ASKED, SECOND)

request = Lifecycle(
    "request for practical help",
    Move("approve", (ASKED, SECOND), APPROVED, P.HELP_APPROVE),
    Move("approve_first", ASKED, SECOND, P.HELP_APPROVE),
    Move("refuse", (ASKED, SECOND), REFUSED, P.CASE_ASSIGN),
    Move("withdraw", (ASKED, SECOND, APPROVED), WITHDRAWN, P.CASE_WORK),
    Move("pay", APPROVED, PAID, P.CASE_WORK),
    Move("give_back", PAID, PAID, P.CASE_WORK),
    Move("show_receipt", PAID, PAID, P.CASE_WORK),
)
