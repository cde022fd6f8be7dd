"""How far a group is with us, and what becomes of what it needs."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.local.community.models import INACTIVE
from alongside.foundation.office.accounts.permissions import Permission as P

MAPPED, IN_TOUCH, BIDDING, WORKING = "MAPPED", "IN_TOUCH", "BIDDING", "WORKING"
ACTIVE = (MAPPED, IN_TOUCH, BIDDING, WORKING)
OPEN, HELPED, MET = "OPEN", "HELPED", "MET"
UNMET = (OPEN, HELPED)

group = Lifecycle(
    "group",
    Move("get_in_touch", MAPPED, IN_TOUCH, needs=P.GROUP_KEEP),
    Move("help_bid", (MAPPED, IN_TOUCH), BIDDING, needs=P.GROUP_KEEP),
    Move("work_together", (MAPPED, IN_TOUCH, BIDDING), WORKING, needs=P.GROUP_KEEP),
    Move("step_back", (BIDDING, WORKING), IN_TOUCH, needs=P.GROUP_KEEP),
    Move("end", ACTIVE, INACTIVE, needs=P.GROUP_KEEP),
    Move("come_back", INACTIVE, MAPPED, needs=P.GROUP_KEEP, undoes=True),
)

need = Lifecycle(
    "need",
    Move("help", OPEN, HELPED, needs=P.GROUP_KEEP),
    Move("meet", UNMET, MET, needs=P.GROUP_KEEP),
    Move("ask_again", MET, OPEN, needs=P.GROUP_KEEP, undoes=True),
)
