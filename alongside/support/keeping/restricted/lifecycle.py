"""The moves of a restriction, and of a seal that was broken."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission

RESTRICTED, LIFT_ASKED, LIFTED = "RESTRICTED", "LIFT_ASKED", "LIFTED"
WAITING, JUSTIFIED, NOT_JUSTIFIED, NEEDS_ACTION = "WAITING", "JUSTIFIED", "NOT_JUSTIFIED", "NEEDS_ACTION"

restriction = Lifecycle(
    "restriction",
    Move("ask_to_lift", RESTRICTED, LIFT_ASKED, needs=Permission.RECORD_LIFT),
    Move("keep", LIFT_ASKED, RESTRICTED, needs=Permission.RECORD_NAME),
    Move("lift", LIFT_ASKED, LIFTED, needs=Permission.RECORD_LIFT),
)
# What came of a review may be looked at again when action was taken; that it happened stands for good.
breaking = Lifecycle(
    "breaking",
    Move("justify", (WAITING, NEEDS_ACTION), JUSTIFIED, needs=Permission.SEAL_REVIEW),
    Move("find_fault", (WAITING, NEEDS_ACTION), NOT_JUSTIFIED, needs=Permission.SEAL_REVIEW),
    Move("ask_for_action", WAITING, NEEDS_ACTION, needs=Permission.SEAL_REVIEW),
)
