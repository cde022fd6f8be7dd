"""The moves of a document that was chosen for a provider: shown once it accepts, taken back, or never shown."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

CHOSEN, PASSED, TAKEN_BACK, LAPSED = "CHOSEN", "PASSED", "TAKEN_BACK", "LAPSED"

paper = Lifecycle(
    "document passed on",
    Move("hand_over", CHOSEN, PASSED, P.REFERRAL_TRIAGE),
    Move("take_back", (CHOSEN, PASSED), TAKEN_BACK, P.REFERRAL_TRIAGE),
    Move("lapse", CHOSEN, LAPSED, P.REFERRAL_TRIAGE),
)
