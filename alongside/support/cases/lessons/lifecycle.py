"""The moves of a learning note."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

NEW, DONE = "NEW", "DONE"

lesson = Lifecycle(
    "learning note",
    Move("act_on", NEW, DONE, P.CASE_ASSIGN),
    Move("take_up_again", DONE, NEW, P.CASE_ASSIGN, undoes=True),
)
