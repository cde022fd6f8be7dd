"""The moves of a saved view."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

SAVED, DELETED = "SAVED", "DELETED"

view = Lifecycle(
    "saved view",
    Move("delete", SAVED, DELETED, P.FIGURES_EXPLORE),
    Move("restore", DELETED, SAVED, P.FIGURES_EXPLORE, undoes=True),
)
