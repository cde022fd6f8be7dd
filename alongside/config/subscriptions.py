"""Which event starts which jobs (after commit, at least once, idempotent); who is asked for open work and for cards."""

from alongside.core.rows.realms import Realm

SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "membership.ended": (
        "alongside.support.referrals.jobs.let_go",
        "alongside.support.casework.jobs.hand_over",
        "alongside.support.restricted.jobs.leave",
        "alongside.foundation.freshness.jobs.leave",
    ),
    "referral.offered": (
        "alongside.support.restricted.jobs.name_provider",
        "alongside.support.callbacks.jobs.settle",
        "alongside.support.replies.jobs.tell",
    ),
    "case.assigned": ("alongside.support.restricted.jobs.name_worker",),
    "case.covered": ("alongside.support.restricted.jobs.name_worker",),
    "referral.allocated": ("alongside.support.restricted.jobs.name_officer",),
    "record.restricted": ("alongside.support.restricted.jobs.name_elsewhere",),
    "message.failed": ("alongside.support.restricted.jobs.tell_crossing",),
    "seal.broken": ("alongside.support.restricted.jobs.tell",),
    "conflict.declared": ("alongside.support.restricted.jobs.hand_on",),
    "referral.received": (
        "alongside.support.referrals.jobs.note_consent",
        "alongside.support.referrals.jobs.describe",
        "alongside.support.routing.jobs.decide",
        "alongside.support.replies.jobs.tell",
    ),
    "referral.closed": (
        "alongside.support.replies.jobs.tell",
        "alongside.support.callbacks.jobs.settle",
    ),
    "referral.completed": ("alongside.support.replies.jobs.tell",),
    "victim.agreed": ("alongside.support.replies.jobs.tell_of_victim",),
    "referral.assessed": ("alongside.support.routing.jobs.decide",),
    "routing.preview_asked": ("alongside.support.routing.jobs.preview",),
    "referral.self_sent": (
        "alongside.support.intake.jobs.note_agreements",
        "alongside.support.callbacks.jobs.schedule",
    ),
    "referral.added_to": (
        "alongside.support.intake.jobs.stop_using",
        "alongside.support.intake.jobs.stop",
    ),
    "call_back.asked": ("alongside.support.callbacks.jobs.schedule",),
    "referral.attempted": ("alongside.support.callbacks.jobs.settle",),
    "referral.attempt_struck_out": ("alongside.support.callbacks.jobs.settle",),
    "victim.refused": ("alongside.support.callbacks.jobs.settle_of",),
    "report.sent": ("alongside.support.centres.jobs.name_source",),
    "spot_entry.arrived": ("alongside.support.onthespot.jobs.open_",),
    "feed.uploaded": ("alongside.support.feeds.jobs.take_in",),
    "feed.loaded": (
        "alongside.support.changes.jobs.pass_on",
        "alongside.support.matching.jobs.describe_delivery",
    ),
    "offer.accepted": (
        "alongside.support.changes.jobs.hand_over",
        "alongside.support.replies.jobs.tell_of_offer",
    ),
    "change.decided": ("alongside.support.changes.jobs.carry_out",),
    "batch.sent": ("alongside.support.deliveries.jobs.take_in",),
    "victim.corrected": (
        "alongside.support.referrals.jobs.reckon_age",
        "alongside.support.matching.jobs.describe_again",
        "alongside.support.assessment.jobs.look_again",
    ),
    "referral.corrected": (
        "alongside.support.assessment.jobs.look_again_at_referral",
        "alongside.support.routing.jobs.decide",
    ),
    "victim.judged": ("alongside.support.assessment.jobs.look_again_at_pair",),
    "victim.judgement_undone": ("alongside.support.assessment.jobs.look_again_at_pair",),
    "thread.asked": ("alongside.support.threads.jobs.tell",),
    "thread.answered": ("alongside.support.threads.jobs.tell",),
    "danger.raised": ("alongside.support.assessment.jobs.tell",),
    "contact_point.added": ("alongside.support.matching.jobs.describe_point",),
    "contact_point.retired": ("alongside.support.matching.jobs.describe_point",),
    "message.asked": ("alongside.support.victims.jobs.send",),
    "pointer.asked": ("alongside.foundation.messages.jobs.bring",),
    "flag.answered": ("alongside.foundation.freshness.jobs.hear_back",),
    "reply.answered": ("alongside.support.mending.jobs.take_up_again",),
    "snapshot.written": ("alongside.commissioning.returns.jobs.prepare",),
}

# In which realm each of them is recorded. The database lets a realm start these jobs and no other.
_ARRIVING = (Realm.PUBLIC, Realm.REFERRER, Realm.HUB, Realm.WORKER)
STARTED_BY: dict[str, tuple[Realm, ...]] = {
    "membership.ended": (Realm.AUTH,),
    "referral.offered": (Realm.HUB, Realm.WORKER),
    "case.assigned": (Realm.PROVIDER,),
    "case.covered": (Realm.PROVIDER,),
    "referral.allocated": (Realm.HUB,),
    "record.restricted": (Realm.HUB, Realm.PROVIDER),
    "message.failed": (Realm.WORKER,),
    "seal.broken": (Realm.HUB, Realm.PROVIDER),
    "conflict.declared": (Realm.HUB, Realm.PROVIDER),
    "referral.received": _ARRIVING,
    "referral.closed": (Realm.HUB, Realm.WORKER),
    "referral.completed": (Realm.PROVIDER,),
    "victim.agreed": (*_ARRIVING, Realm.PROVIDER),
    "referral.assessed": (Realm.HUB,),
    "referral.corrected": (Realm.HUB, Realm.WORKER),
    "routing.preview_asked": (Realm.HUB,),
    "referral.self_sent": (Realm.PUBLIC,),
    "referral.added_to": (Realm.PUBLIC,),
    "call_back.asked": (Realm.PUBLIC,),
    "referral.attempted": (Realm.HUB,),
    "referral.attempt_struck_out": (Realm.HUB,),
    "victim.refused": (Realm.HUB, Realm.PROVIDER, Realm.WORKER),
    "report.sent": (Realm.PUBLIC, Realm.REFERRER),
    "spot_entry.arrived": (Realm.PUBLIC, Realm.HUB),
    "feed.uploaded": (Realm.HUB,),
    "feed.loaded": (Realm.WORKER,),
    "offer.accepted": (Realm.PROVIDER,),
    "change.decided": (Realm.PROVIDER,),
    "batch.sent": (Realm.REFERRER,),
    "victim.corrected": (Realm.HUB, Realm.PROVIDER, Realm.WORKER),
    "victim.judged": (Realm.HUB,),
    "victim.judgement_undone": (Realm.HUB,),
    "thread.asked": (Realm.HUB,),
    "thread.answered": (Realm.REFERRER,),
    "danger.raised": (Realm.HUB,),
    "contact_point.added": (*_ARRIVING, Realm.PROVIDER),
    "contact_point.retired": (Realm.HUB, Realm.PROVIDER, Realm.WORKER),
    "message.asked": (Realm.HUB, Realm.PROVIDER),
    "pointer.asked": (Realm.HUB, Realm.WORKER),
    "flag.answered": (Realm.HUB, Realm.PROVIDER),
    "reply.answered": (Realm.PUBLIC,),
    "snapshot.written": (Realm.WORKER,),
}

# Before an organisation ends, each of these is asked what it still has in hand; foundation may not ask support itself.
OPEN_WORK = (
    "alongside.foundation.directory.queries.open_work",
    "alongside.support.casework.queries.open_work",
)

# What stands beside a record on its own page, made by domains above the one whose page it is.
BESIDE: dict[str, tuple[str, ...]] = {
    "referral": (
        "alongside.support.callbacks.presenters.beside",
        "alongside.support.calls.presenters.beside",
        "alongside.support.kinds.presenters.beside",
        "alongside.support.clocks.presenters.beside",
        "alongside.support.assessment.presenters.beside",
        "alongside.support.matching.presenters.beside",
        "alongside.support.threads.presenters.beside",
        "alongside.support.stalled.views.beside",
        "alongside.support.routing.views.beside",
    ),
    "offer": ("alongside.support.stalled.views.beside_offer",),
    "case": (
        "alongside.support.changes.presenters.beside_case",
        "alongside.support.assessment.presenters.beside_case",
    ),
}
