"""How a charity looks after its work: two audits by sample, and supervision of three workers. All of it is made up."""

from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations import actions as organisations
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.support.cases.audits import actions as audits
from alongside.support.cases.audits import queries as audit_queries
from alongside.support.cases.audits.actions import Said
from alongside.support.cases.audits.models import Audit, Item
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.supervision import actions as supervision
from alongside.support.cases.supervision.models import Bond

DAY = timedelta(days=1)
JUDGED = ("good", "enough", "needs_work", "good", "enough", "not_applicable", "good")
COMMENTS = {"needs_work": "The last step has no day. Agree on one with them and write it down."}
WORDS = {
    "wellbeing": "Two hard calls in a week. A walk after such calls helps; no new high-risk cases until next time.",
    "caseload": "Close to the limit. Two cases are ready to close.",
    "training": "Wants to learn about stalking by phone.",
}  # fmt: skip


def look_after(*, at: datetime) -> None:
    """Audits and supervision at one charity, told by its manager."""
    if Audit.objects.exists():
        return
    charity = Organisation.objects.get(code="lantern")
    manager = _at_work(charity, User.objects.get(email="service-manager@alongside.example"), "service_manager")
    worker = _at_work(charity, User.objects.get(email="caseworker@alongside.example"), "caseworker")
    for ago, seed, finished in ((60, "sample-first", True), (3, "sample-second", False)):
        _audited(manager, worker, seed=seed, at=at - ago * DAY, finished=finished)
    _supervised(charity, manager, worker, at=at)
    _limited(charity, manager, at=at)


def _limited(charity: Organisation, manager: Actor, *, at: datetime) -> None:
    """How much each should have at most: one works three days a week, the manager keeps two cases."""
    assert manager.user_id
    held = Membership.objects.current().filter(organisation=charity, user_id__in=casework.workers(charity.pk))
    for one, limit in zip(held.exclude(user_id=manager.user_id).order_by("id"), cycle((20, 24, 14)), strict=False):
        organisations.set_caseload_limit(one, by=manager, at=at, limit=limit)
    for one in held.filter(user_id=manager.user_id):
        organisations.set_caseload_limit(one, by=manager, at=at, limit=2)


def _at_work(charity: Organisation, user: User, role: str) -> Actor:
    return Actor(realm=Realm.PROVIDER, user_id=user.pk, organisation_id=charity.pk, permissions=permissions_of([role]))


def _audited(manager: Actor, worker: Actor, *, seed: str, at: datetime, finished: bool) -> None:
    on = london_date(at)
    known: dict[str, Any] = {"which": "both", "since": on - 200 * DAY, "until": on, "weighted": True}
    if not audit_queries.pool(manager, **known)[0]:
        return
    audit = audits.draw(by=manager, at=at, number=2, of_each=True, seed=seed, **known)
    for item in Item.objects.filter(audit=audit).select_related("case").order_by("position"):
        if finished or item.worker == worker.user_id:
            _told(item, manager, at=at + DAY)
            if finished and item.worker == worker.user_id:
                audits.reply(item, by=worker, at=at + 2 * DAY, words="Thank you. The day is agreed now.")
    if finished:
        audits.finish(audit, by=manager, at=at + 5 * DAY)


def _told(item: Item, manager: Actor, *, at: datetime) -> None:
    rows = audit_queries.questions(item.audit)
    judged = [JUDGED[(place + item.position) % len(JUDGED)] for place in range(len(rows))]
    said = {row.code: Said(one, COMMENTS.get(one, "")) for row, one in zip(rows, judged, strict=True)}
    audits.tell(item, by=manager, at=at, said=said, seen=1)


def _supervised(charity: Organisation, manager: Actor, worker: Actor, *, at: datetime) -> None:
    """The persona: met and signed, then met and not signed yet. Two others: met once, and overdue."""
    assert manager.user_id and worker.user_id
    others = [key for key in casework.workers(charity.pk) if key not in (manager.user_id, worker.user_id)]
    for key in others[:2]:
        supervision.arrange(by=manager, at=at - 90 * DAY, worker=key, manager=manager.user_id)
    bond = supervision.arrange(by=manager, at=at - 90 * DAY, worker=worker.user_id, manager=manager.user_id)
    _met(bond, manager, worker, at=at - 44 * DAY, signed=True)
    _met(bond, manager, worker, at=at - 2 * DAY, signed=False)


def _met(bond: Bond, manager: Actor, worker: Actor, *, at: datetime, signed: bool) -> None:
    on = london_date(at)
    made = supervision.write(bond, by=manager, at=at, on=on, next_on=on + 42 * DAY, words=WORDS)
    supervision.decide(made, by=manager, at=at, words="Book a place on the course about stalking", who="worker",
                       due_on=on + 30 * DAY)  # fmt: skip
    for by in (worker, manager) if signed else ():
        supervision.sign(made, by=by, at=at + DAY, seen=2)
