"""One table: which event starts which jobs. Jobs run after commit, at least once, and are idempotent."""

SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "membership.ended": (
        "alongside.support.referrals.jobs.let_go",
        "alongside.support.casework.jobs.hand_over",
    ),
    "referral.received": ("alongside.support.referrals.jobs.note_consent",),
    "referral.self_sent": ("alongside.support.intake.jobs.note_agreements",),
    "referral.added_to": ("alongside.support.intake.jobs.stop_using",),
    "feed.uploaded": ("alongside.support.feeds.jobs.take_in",),
    "victim.corrected": ("alongside.support.referrals.jobs.reckon_age",),
    "message.asked": ("alongside.support.victims.jobs.send",),
    "snapshot.written": ("alongside.commissioning.returns.jobs.prepare",),
}
