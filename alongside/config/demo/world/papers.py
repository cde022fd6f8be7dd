"""Documents that partners sent with referrals, passed on or not; and what somebody named in a call."""

from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.models import Look
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.arrivals.threads import actions as threads
from alongside.support.arrivals.threads.models import Attachment
from alongside.support.cases.papers import actions as papers
from alongside.support.cases.papers.models import Passed
from alongside.support.cases.papers.queries import OWN_DOOR
from alongside.support.desk.assessment import actions as assessment

WORDS = b"Sample risk assessment.\n\nEverything in this document is made up. It says that more locks would help."
CALLED, WHAT = "Sample risk assessment.txt", "Risk assessment by the housing partner"
MINUTE = timedelta(minutes=1)


def send_papers(cast: Cast, *, at: datetime) -> None:
    """Two cases of one charity, and an offer that waits for its answer."""
    if Attachment.objects.exists():
        return
    came = Referral.objects.filter(hub_id=cast.hub.pk, source="partner", victim__restrictions=None)
    newest = came.exclude(standing=None).order_by("-received_at", "id")
    supported = newest.filter(state="ACCEPTED", cases__provider__code="lantern", cases__worker__isnull=False)
    for number, referral in enumerate([*supported[:2], *newest.filter(state="OFFERED")[:1]]):
        document = _sent(referral, at=max(referral.received_at, at - timedelta(days=3)))
        if number != 1:
            _passed(cast, document, at=at - timedelta(hours=20))


def name_needs(cast: Cast, *, at: datetime) -> None:
    """What somebody named in a call to a colleague's referral, and nobody has assessed."""
    found = Referral.objects.filter(hub_id=cast.hub.pk, state="IN_TRIAGE", victim__restrictions=None, details=None)
    by = Actor(realm=Realm.HUB, user_id=cast.officers[1], organisation_id=cast.hub.pk)
    for referral in found.exclude(heard__isnull=False).order_by("-received_at", "id")[:1]:
        assessment.hear(referral, by=by, at=at, named=(("need", "money"), ("need", "accommodation")))


def _sent(referral: Referral, *, at: datetime) -> Attachment:
    by = Actor(realm=Realm.REFERRER, user_id=referral.referred_by, organisation_id=referral.source_organisation)
    post = threads.answer(
        Standing.objects.get(pk=referral.pk), by=by, at=at, words="", file=WORDS, called=CALLED
    )  # fmt: skip
    return Attachment.objects.get(post=post)


def _passed(cast: Cast, document: Attachment, *, at: datetime) -> Passed:
    """By an officer who has read it."""
    by = Actor(
        realm=Realm.HUB, user_id=cast.officers[0], organisation_id=cast.hub.pk,
        permissions=permissions_of(["triage_officer"]),
    )  # fmt: skip
    Look.objects.create(
        at=at - MINUTE, user_id=by.user_id, organisation_id=cast.hub.pk, route=OWN_DOOR,
        subjects=[document.standing_id, document.pk], fields="document", reason="own caseload",
    )  # fmt: skip
    return papers.pass_on(document, by=by, at=at, what=WHAT)
