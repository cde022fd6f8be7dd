"""Reads about organisations: who acts, for whom, and which council a postcode is in."""

from django.http import HttpRequest

from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.rows.realms import Realm
from alongside.foundation.accounts.permissions import REALM_OF_KIND, permissions_of
from alongside.foundation.organisations.models import Membership, Organisation, Postcode
from alongside.foundation.organisations.rules import postcode_key

ACTING_FOR = "acting_for"


def actor_for(request: HttpRequest) -> Actor:
    """The actor of a request: the person signed in, acting for the organisation that the session names."""
    user = request.user
    request.session.get(ACTING_FOR)
    if not user.is_authenticated or not user.is_active:
        return PUBLIC_ACTOR
    memberships = list(
        Membership.objects.current().filter(user_id=user.pk).select_related("organisation").order_by("since")
    )
    return actor_from(request, memberships)


def actor_from(request: HttpRequest, memberships: list[Membership]) -> Actor:
    """The actor from current memberships; a person with none may only manage their own account."""
    user = request.user
    factor = bool(request.session.get("second_factor"))
    if not memberships:
        return Actor(realm=Realm.AUTH, user_id=user.pk, name=user.get_full_name(), second_factor=factor)
    wanted = request.session.get(ACTING_FOR)
    acting = next((m.organisation for m in memberships if m.organisation_id == wanted), memberships[0].organisation)
    roles = [m.role for m in memberships if m.organisation_id == acting.pk]
    others = {(m.organisation_id, m.organisation.name) for m in memberships if m.organisation_id != acting.pk}
    return Actor(
        realm=REALM_OF_KIND[acting.kind],
        user_id=user.pk,
        organisation_id=acting.pk,
        permissions=permissions_of(roles),
        name=user.get_full_name(),
        organisation=acting.name,
        second_factor=factor,
        others=tuple(sorted(others, key=lambda pair: pair[1])),
    )


def council_of(postcode: str) -> str | None:
    """The statistical code of a postcode's council, or None when it is not known here."""
    found = Postcode.objects.filter(pk=postcode_key(postcode)).first()
    return found.council if found else None


def hub_for_force(force: str) -> Organisation | None:
    """The hub that serves a police area now."""
    return Organisation.objects.filter(kind=Organisation.Kind.HUB, force_id=force, until=None).first()
