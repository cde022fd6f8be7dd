"""What the hub has set up for its work: somebody away, a view that everybody sees, clocks that stand still."""

from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.pathways import actions as pathways
from alongside.foundation.local.pathways.actions import Known
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.support.arrivals.clocks import actions as clocks
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.triage import actions as triage
from alongside.support.desk.triage.models import SavedView
from alongside.support.people.duty import actions as duty

DAY = timedelta(days=1)


def set_up(cast: Cast, *, at: datetime) -> None:
    """An officer away with a cover, one shared view, and referrals that wait for their victim and for the police."""
    if SavedView.objects.filter(hub_id=cast.hub.pk).exists():
        return
    cover, gone, today = cast.officers[0], cast.officers[1], london_date(at)
    by = Actor(
        realm=Realm.HUB, user_id=cover, organisation_id=cast.hub.pk, permissions=permissions_of(["hub_manager"])
    )  # fmt: skip
    duty.set_absence(
        cast.hub.pk, by=by, at=at, person=gone, since=today, until=today + 4 * DAY, cover=cover
    )  # fmt: skip
    triage.save_view(
        by=by, at=at, name="High risk, from partners", view="high_risk", filters={"source": "partner"}, shared=True
    )  # fmt: skip
    _professionals(cast, by=by, at=at)
    waits = Referral.objects.filter(hub_id=cast.hub.pk, state="IN_TRIAGE").order_by("-received_at", "id")
    for referral, reason in zip(waits[:2], ("victim_asked", "police_hold"), strict=False):
        clocks.pause(referral, by=by, at=at, reason=reason, until=today + 6 * DAY)


LEADS = (
    Known("Farida Sampleton", "Named midwife for FGM", "Sample Teaching Hospital", "01632 960701",
          "fgm.lead@hospital.example", ("fgm",)),
    Known("Owen Specimen", "Lead for forced marriage", "West Midlands Sample Constabulary", "01632 960702", "",
          ("forced_marriage", "honour_based_abuse")),
    Known("Grace Mockford", "Lead for exploited children", "Sample Council children's services", "01632 960703",
          "exploitation.lead@council.example", ("child_sexual_abuse", "child_criminal_exploitation")),
    Known("Idris Dummett", "Single point of contact for modern slavery", "Sample Council", "01632 960704", "",
          ("modern_slavery",)),
)  # fmt: skip
# Places free, and days that a new person waits; the rest of the services have said nothing yet.
ROOM = ((4, 0), (1, 14), (None, 21), (6, 7))


def _professionals(cast: Cast, *, by: Actor, at: datetime) -> None:
    """Specialist leads by name, and what some services said of their room."""
    for known in LEADS:
        pathways.put_on(known, by=by, at=at)
    for (_, service), (free, wait) in zip(cast.services, ROOM, strict=False):
        directory.say_capacity(service, by=by, at=at, places_free=free, wait_days=wait)
