"""The moves of a caseload that is brought along: mapped, brought in, taken back. What is left may come in later."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

UPLOADED, MAPPED, RUNNING, BROUGHT, UNDOING = "UPLOADED", "MAPPED", "RUNNING", "BROUGHT", "UNDOING"

batch = Lifecycle(
    "import",
    Move("choose_sheet", (UPLOADED, MAPPED), UPLOADED, P.CASE_IMPORT),
    Move("map", (UPLOADED, MAPPED), MAPPED, P.CASE_IMPORT),
    Move("bring_in", (MAPPED, BROUGHT), RUNNING, P.CASE_IMPORT),
    Move("finish", RUNNING, BROUGHT, P.CASE_IMPORT),
    Move("stop", RUNNING, BROUGHT, P.CASE_IMPORT),
    Move("undo", BROUGHT, UNDOING, P.CASE_IMPORT),
    Move("take_back", UNDOING, BROUGHT, P.CASE_IMPORT),
    Move("take_back_all", UNDOING, MAPPED, P.CASE_IMPORT),
)
