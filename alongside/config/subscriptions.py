"""One table: which event starts which jobs. Jobs run after commit, at least once, and are idempotent."""

SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "referral.received": ("alongside.support.referrals.jobs.note_consent",),
    "message.asked": ("alongside.foundation.messages.jobs.send",),
}
