"""The moves of a referral through the hub, and of an offer to a provider."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

RECEIVED, IN_TRIAGE, OFFERED, ACCEPTED, CLOSED = "RECEIVED", "IN_TRIAGE", "OFFERED", "ACCEPTED", "CLOSED"
DECLINED, WITHDRAWN = "DECLINED", "WITHDRAWN"

referral = Lifecycle(
    "referral",
    Move("take", (RECEIVED, IN_TRIAGE), IN_TRIAGE, P.REFERRAL_TRIAGE),
    Move("take_over", IN_TRIAGE, IN_TRIAGE, P.REFERRAL_TRIAGE),
    Move("allocate", (RECEIVED, IN_TRIAGE), IN_TRIAGE, P.REFERRAL_ALLOCATE),
    Move("allocate", OFFERED, OFFERED, P.REFERRAL_ALLOCATE),
    Move("put_back", IN_TRIAGE, IN_TRIAGE, P.REFERRAL_ALLOCATE),
    Move("put_back", OFFERED, OFFERED, P.REFERRAL_ALLOCATE),
    Move("undo_allocation", IN_TRIAGE, RECEIVED, P.REFERRAL_ALLOCATE, undoes=True),
    Move("record_attempt", IN_TRIAGE, IN_TRIAGE, P.REFERRAL_TRIAGE),
    Move("plan_attempt", IN_TRIAGE, IN_TRIAGE, P.REFERRAL_TRIAGE),
    Move("assess", IN_TRIAGE, IN_TRIAGE, P.REFERRAL_TRIAGE),
    Move("offer", IN_TRIAGE, OFFERED, P.REFERRAL_TRIAGE),
    Move("offer_at_once", RECEIVED, OFFERED, P.REFERRAL_TRIAGE),
    Move("record_attempt", OFFERED, OFFERED, P.REFERRAL_TRIAGE),
    Move("call_back", OFFERED, IN_TRIAGE, P.REFERRAL_TRIAGE),
    Move("decline", OFFERED, IN_TRIAGE, P.OFFER_ANSWER),
    Move("accept", OFFERED, ACCEPTED, P.OFFER_ANSWER),
    Move("close", IN_TRIAGE, CLOSED, P.REFERRAL_TRIAGE),
    Move("take_up_again", CLOSED, IN_TRIAGE, P.REFERRAL_TRIAGE, undoes=True),
    Move("bring_along", RECEIVED, ACCEPTED, P.CASE_IMPORT),
    Move("complete", ACCEPTED, CLOSED, P.CASE_CLOSE),
    Move("reopen", CLOSED, ACCEPTED, P.CASE_REOPEN, undoes=True),
    Move("correct_closing", CLOSED, CLOSED, P.CASE_REOPEN),
)

offer = Lifecycle(
    "offer",
    Move("accept", OFFERED, ACCEPTED, P.OFFER_ANSWER),
    Move("decline", OFFERED, DECLINED, P.OFFER_ANSWER),
    Move("call_back", OFFERED, WITHDRAWN, P.REFERRAL_TRIAGE),
)
