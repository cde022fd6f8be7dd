"""A family that a crime bereaved, two of whom have a record of their own, and a witness whom it did not harm."""

from datetime import datetime

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.kinds import actions
from alongside.support.desk.kinds.models import Part


def name_parts(cast: Cast, *, at: datetime) -> None:
    """The newest of the hub's own whose crime it may be."""
    if Part.objects.exists():
        return
    by = Actor(
        realm=Realm.HUB, user_id=cast.officers[0], organisation_id=cast.hub.pk,
        permissions=permissions_of(["triage_officer"]),
    )  # fmt: skip
    open_now = Referral.objects.filter(hub_id=cast.hub.pk, state="IN_TRIAGE", victim__kind="person")
    newest = open_now.select_related("victim").order_by("-received_at", "id")
    if relative := newest.filter(crime_type__in=("homicide_bereaved", "fatal_road_collision")).first():
        actions.describe(relative, by=by, at=at, kind="bereaved", relation="sibling", died="Placeholder Sampleford")
        actions.add_relative(
            relative, by=by, at=at, given_name="Inventa", family_name="Sampleford", relation="parent"
        )  # fmt: skip
    if witness := newest.filter(crime_type="robbery").first():
        actions.describe(witness, by=by, at=at, kind="witness", harmed="no", side="prosecution")
