"""Calls for tests: what a browser sends at each step. Everybody is made up."""

from typing import Any

from django.test import Client

from alongside.support.arrivals.referrals.models import Referral

WORDS: dict[str, Any] = {
    "speaking": "them", "safe": "yes", "danger": "no", "needs": ["money", "health"], "language": "pl",
    "interpreter": "yes", "support": "yes", "contact": "no", "note_what_happened": "The sample words that they said.",
}  # fmt: skip


def at_step(client: Client, referral: Referral, step: str, **said: Any) -> Any:
    """One step sent, with everything that was said so far."""
    return client.post(f"/referrals/{referral.pk}/call/step/{step}/", {"go": "next", **said})
