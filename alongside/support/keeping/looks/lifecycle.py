"""The moves of a finding."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission

WAITING, EXPLAINED, CONCERN = "WAITING", "EXPLAINED", "CONCERN"

finding = Lifecycle(
    "finding",
    Move("explain", WAITING, EXPLAINED, needs=Permission.LOOKS_REVIEW),
    Move("take_further", WAITING, CONCERN, needs=Permission.LOOKS_REVIEW),
)
