"""Reads about organisations: who acts, for whom; who works where; which council a postcode is in."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string

from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts import queries as accounts
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import REALM_OF_KIND, Permission, permissions_of
from alongside.foundation.office.accounts.rules import GONE
from alongside.foundation.office.organisations.models import Council, Membership, Organisation, Postcode, Reset
from alongside.foundation.office.organisations.rules import OpenWork, manages_people, postcode_key

ACTING_FOR = "acting_for"


class Post(NamedTuple):
    """A role that somebody holds at an organisation now."""

    role: str
    organisation_id: int
    organisation: str
    kind: str
    number: int | None = None
    unsealed: tuple[int, ...] | list[int] = ()
    closed: tuple[UUID, ...] | list[UUID] = ()


# Asked by every request of everybody: as SQL, since putting the same together anew takes longer than asking it.
_POSTS = """
SELECT held.role, held.organisation_id, place.name, place.kind, -seat.number,
       ARRAY(SELECT broken.number FROM core_named broken WHERE broken.breaks = seat.number AND broken.until > now()),
       ARRAY(SELECT person FROM core_closed WHERE core_closed.user_id = held.user_id)
FROM organisations_membership held JOIN organisations_organisation place ON place.id = held.organisation_id
  LEFT JOIN core_seat seat ON seat.user_id = held.user_id AND seat.organisation_id = held.organisation_id
WHERE held.user_id = %s AND held.until IS NULL ORDER BY held.since
"""


def posts_of(user: UUID) -> list[Post]:
    """The roles of a person now, the longest held first."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, [user])
        return [Post(*row) for row in cursor.fetchall()]


def actor_for(request: HttpRequest) -> Actor:
    """The actor of a request: the person signed in, acting for the organisation that the session names."""
    user = request.user
    request.session.get(ACTING_FOR)
    if not user.is_authenticated or not user.is_active:
        return PUBLIC_ACTOR
    found = _actor_from(request, posts_of(user.pk))
    return _on_wall(found) if request.session.get(accounts.ON_WALL) else found


def _on_wall(actor: Actor) -> Actor:
    """Whoever put this session on a wall: it shows counts to everybody in the room, and of no restricted record."""
    return replace(actor, permissions=actor.permissions & {Permission.QUEUE_WATCH}, number=0, unsealed=(), others=())


def _actor_from(request: HttpRequest, posts: list[Post]) -> Actor:
    """The actor from current roles; a person with none may only manage their own account."""
    user = request.user
    assert user.is_authenticated
    factor = accounts.factor_shown(request)
    if not posts:
        return Actor(realm=Realm.AUTH, user_id=user.pk, name=user.get_full_name(), second_factor=factor)
    wanted = request.session.get(ACTING_FOR)
    acting = next((post for post in posts if post.organisation_id == wanted), posts[0])
    roles = [post.role for post in posts if post.organisation_id == acting.organisation_id]
    others = {(p.organisation_id, p.organisation) for p in posts if p.organisation_id != acting.organisation_id}
    return Actor(
        realm=REALM_OF_KIND[acting.kind],
        user_id=user.pk,
        organisation_id=acting.organisation_id,
        permissions=permissions_of(roles),
        name=user.get_full_name(),
        organisation=acting.organisation,
        second_factor=factor,
        others=tuple(sorted(others, key=lambda pair: pair[1])),
        number=acting.number or 0,
        unsealed=tuple(acting.unsealed),
        closed=tuple(acting.closed),
    )


def council_of(postcode: str) -> str | None:
    """The statistical code of a postcode's council, or None when it is not known here."""
    found = Postcode.objects.filter(pk=postcode_key(postcode)).first()
    return found.council if found else None


def councils_beside(postcode: str) -> list[str]:
    """Names of the councils of postcodes that begin alike, most of them first: for one that is newer than our list."""
    alike = Postcode.objects.filter(code__startswith=postcode_key(postcode)[:-3])
    found = [pk for pk, _ in alike.values_list("council").annotate(many=Count("pk")).order_by("-many", "council")]
    names = dict(Council.objects.filter(pk__in=found).values_list("pk", "name"))
    return [names[pk] for pk in found if pk in names]


def replaced_councils() -> dict[str, str]:
    """The codes that councils no longer have, each with the code in its place."""
    return dict(Council.objects.exclude(replaced_by="").values_list("code", "replaced_by"))


def hub_for_force(force: str) -> Organisation | None:
    """The hub that serves a police area now."""
    return Organisation.objects.filter(kind=Organisation.Kind.HUB, force_id=force, until=None).first()


@dataclass(frozen=True)
class Waiting:
    """A reset that waits for a second person, with who asked for it."""

    reset: Reset
    asker: str
    own: bool


def waiting(reset: Reset, actor: Actor) -> Waiting:
    """A reset as its page shows it."""
    asker = User.objects.filter(pk=reset.asked_by).values_list("name", flat=True).first() or ""
    return Waiting(reset, asker, actor.user_id in (reset.asked_by, reset.user_id))


def resets_waiting(actor: Actor, at: datetime) -> list[Waiting]:
    """Resets that this organisation asked for or may confirm, the oldest first."""
    found = Reset.objects.visible_to(actor).waiting_at(at).select_related("user", "membership__organisation")
    return [waiting(reset, actor) for reset in found.order_by("asked_at")]


def who_confirms(reset: Reset) -> list[str]:
    """The addresses of those who may be the second person: they manage people, there or above."""
    held = Membership.objects.current().filter(organisation_id__in=reset.visible_orgs).select_related("user")
    others = held.exclude(user_id__in=[reset.asked_by, reset.user_id])
    return sorted({one.user.email for one in others if manages_people([one.role])})


def resets_to_confirm(actor: Actor, at: datetime) -> int:
    """How many resets wait for this person to be the second."""
    found = Reset.objects.visible_to(actor).waiting_at(at).values_list("asked_by", "user_id")
    return sum(actor.user_id not in people for people in found)


def left_before(moment: datetime) -> "QuerySet[User]":
    """Accounts, locked, of those whose last role ended before a moment, and that still say who it was."""
    working = Membership.objects.filter(Q(until=None) | Q(until__gte=moment)).values("user")
    left = Membership.objects.exclude(user__in=working).values("user")
    named = User.objects.filter(pk__in=left).exclude(email__endswith=f"@{GONE}")
    return named.select_for_update(of=("self",)).order_by("pk")


def bodies_like(found: list[Organisation], *, words: str, kind: str) -> list[Organisation]:
    """Those whose names hold every word, of one kind or of all; in the order of the kinds, then by name."""
    wanted, order = words.casefold().split(), list(Organisation.Kind.values)
    like = [one for one in found if kind in ("", one.kind) and all(word in one.name.casefold() for word in wanted)]
    return sorted(like, key=lambda one: (order.index(one.kind), one.name.casefold()))


@dataclass(frozen=True)
class Body:
    """An organisation with its area and what came before and after it, nearest first."""

    organisation: Organisation
    area: str
    before: tuple[Organisation, ...]
    after: tuple[Organisation, ...]

    @property
    def ended(self) -> date | None:
        return self.organisation.until


def people_of(actor: Actor) -> list[Membership]:
    """The people of the actor's organisation now, with their roles, by name."""
    here = Membership.objects.visible_to(actor).current()
    return list(here.select_related("user", "organisation").order_by("user__name", "role"))


def bodies(force: str | None = None) -> list[Organisation]:
    """The organisations that work now, of one police area or of all; by kind and name."""
    working = Organisation.objects.filter(until=None).select_related("force")
    return list((working.filter(force_id=force) if force else working).order_by("kind", "name"))


def own(actor: Actor) -> Organisation:
    """The organisation that the actor acts for."""
    assert actor.organisation_id is not None
    return Organisation.objects.select_related("force").get(pk=actor.organisation_id)


def body(code: str) -> Body | None:
    """One organisation by its code."""
    found = Organisation.objects.select_related("force", "succeeds").filter(code=code).first()
    if found is None:
        return None
    return Body(found, found.force.name, tuple(_before(found)), tuple(_after(found)))


def open_work(found: Organisation) -> tuple[OpenWork, ...]:
    """What must be finished before an organisation ends, as those say who hold it."""
    checks = [import_string(path) for path in import_string(settings.OPEN_WORK)]
    return tuple(work for check in checks for work in check(found.pk))


def _before(found: Organisation) -> list[Organisation]:
    line: list[Organisation] = []
    while found.succeeds is not None:
        found = found.succeeds
        line.append(found)
    return line


def _after(found: Organisation) -> list[Organisation]:
    line: list[Organisation] = []
    while heir := Organisation.objects.filter(succeeds=found).first():
        line.append(heir)
        found = heir
    return line
