"""Cases that end well and cases that are handed on: one offered each way, one declined, one taken up; all made up."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.support.cases.casework.models import Case
from alongside.support.cases.closing import actions as closing
from alongside.support.cases.closing.actions import Told
from alongside.support.cases.transfers import actions
from alongside.support.cases.transfers.actions import Along
from alongside.support.cases.transfers.models import Transfer
from alongside.support.people.victims import actions as victims

HOUR = timedelta(hours=1)
# From, to, what came of it, why, and what the worker wrote.
STORIES = (
    ("harbour", "lantern", "", "moved", "Moved across the city last week. Would like somebody near to walk to."),
    ("harbour", "lantern", "accepted", "specialist", "Needs an advocate for court. Trusts people who keep their word."),
    ("lantern", "harbour", "", "wants_another", "Would rather talk with somebody who does not know the family."),
    ("lantern", "harbour", "declined", "age", "Comes of age in spring and asks what happens then."),
)


def hand_on(cast: Cast, *, at: datetime) -> None:
    """Transfers in every state, and a case that ended well."""
    taken = list(Transfer.objects.values_list("case_id", flat=True))
    for number, (sender, receiver, far, why, words) in enumerate(STORIES):
        case = _case(sender, taken)
        service = Service.objects.open().routable().filter(provider__code=receiver).order_by("code").first()
        if case is None or service is None:
            continue
        taken.append(case.pk)
        _hand(cast, case, service, far, why, words, at=at - (number + 2) * HOUR)
    _end_well(cast, _case("lantern", taken), at=at - HOUR)


def _case(code: str, taken: list[UUID]) -> Case | None:
    """The latest case of a charity in which somebody is supported, and of whom nothing else is told."""
    held = Case.objects.filter(provider__code=code, state="OPEN", worker__isnull=False, high_risk=False)
    plain = held.exclude(pk__in=taken).filter(victim__restrictions=None, risk_sittings=None, help_requests=None)
    found: Case | None = plain.order_by("-accepted_at", "id").first()
    return found


def _at_work(cast: Cast, organisation: int) -> Actor:
    user = cast.workers[organisation][0]
    return Actor(
        realm=Realm.PROVIDER, user_id=user, organisation_id=organisation, permissions=permissions_of(["caseworker"])
    )  # fmt: skip


def _hand(cast: Cast, case: Case, service: Service, far: str, why: str, words: str, *, at: datetime) -> None:
    assert service.provider is not None
    by, them = _at_work(cast, case.provider_id), _at_work(cast, service.provider.pk)
    victims.agree(case.victim, by=by, at=at - HOUR, about="share", given=True, with_organisation=service.provider.pk,
                  purpose="share_with_provider", how="asked by a worker")  # fmt: skip
    made = actions.offer(case, by=by, at=at, service=service, why=why, along=Along(words, ("plan", "needs"), (0,)))
    with transaction.atomic(), realms.inside(Realm.PROVIDER, orgs=them.orgs, user=them.user_id):
        if far == "accepted":
            actions.accept(made, by=them, at=at + HOUR)
        elif far == "declined":
            actions.decline(made, by=them, at=at + HOUR, reason="outside_age")
    if far:
        made.refresh_from_db()
        actions.settle(made, by=by, at=at + HOUR)


def _end_well(cast: Cast, case: Case | None, *, at: datetime) -> None:
    if case is not None:
        told = Told(
            unmeasured_why="not_wanted", said="No more calls for now; the group, perhaps, in the new year.",
            knows_how="yes", signposts=("hub", "helpline", "group"), own_words="I know where you are. That helps.",
        )  # fmt: skip
        closing.close(case, by=_at_work(cast, case.provider_id), at=at, reason="victim_stopped", told=told)
