"""The moves of a registration: it becomes a group, joins one that is mapped already, or is declined."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

WAITING, ACCEPTED, MERGED, DECLINED = "WAITING", "ACCEPTED", "MERGED", "DECLINED"

registration = Lifecycle(
    "registration",
    Move("accept", WAITING, ACCEPTED, needs=P.GROUP_KEEP),
    Move("merge", WAITING, MERGED, needs=P.GROUP_KEEP),
    Move("decline", WAITING, DECLINED, needs=P.GROUP_KEEP),
)
