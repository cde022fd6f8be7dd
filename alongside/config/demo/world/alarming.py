"""Risk questions asked over some months: a case that rose and was acted on, one that rose today, one half asked; and a
safety plan, some of it on paper."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.support.cases.casework.models import Case
from alongside.support.cases.risk import actions, queries, rules
from alongside.support.cases.risk.models import Alert, Sitting
from alongside.support.cases.safety import actions as safety
from alongside.support.cases.safety.models import Entry, Paper

SET = "domestic_abuse"
SAID = {
    "fears": "Made up: that he waits outside the school again.",
    "followed": "Made up: forty messages in one night.",
}
DAY = timedelta(days=1)
# Section, words, who, whether it may be printed; all of it made up.
PLAN = (
    ("home", "Sleep in the back room, with the chair under the handle and the phone in my slipper.", "victim", False),
    ("home", "Next door bangs on the wall and rings 999 if they hear shouting.", "other", False),
    ("leaving", "The blue bag is at work. Keys, card, the children's coats by the door.", "victim", True),
    ("leaving", "Bins go out on Thursday evening: that is when nobody asks.", "victim", False),
    ("children", "Nana collects on Tuesdays. School knows that it is only Nana or me.", "victim", True),
    ("online", "Change the e-mail password from the library, not from the tablet.", "worker", True),
    ("money", "Passports and the tenancy are with the health visitor.", "other", True),
    ("people", "My sister first, then the school office.", "victim", True),
    ("myself", "Walk the long way round the park. Breathe out slowly. It is not my fault.", "victim", True),
)


def cases(cast: Cast) -> list[Case]:
    """Open cases of domestic abuse of one charity, of adults, those of its first worker first."""
    lantern = Organisation.objects.get(code="lantern")
    first = cast.workers[lantern.pk][0]
    found = Case.objects.filter(
        provider=lantern, state=Case.State.OPEN, crime_type="domestic_abuse", worker__isnull=False,
        victim__restrictions=None, visible_orgs__contains=[lantern.pk],
    ).select_related("victim")  # fmt: skip
    adults = [
        one for one in found.order_by("accepted_at", "id") if queries.age(one, one.accepted_at.date()) in range(19, 59)
    ]
    return sorted(adults, key=lambda one: one.worker != first)


def ask_of_risk(cast: Cast, *, at: datetime) -> None:
    """Asks of the first three cases."""
    if Sitting.objects.exists():
        return
    for number, case in enumerate(cases(cast)[:3]):
        by = worker(case)
        if number == 2:
            _begun(case, by=by, at=at - 2 * DAY)
            continue
        span = max(at - case.accepted_at - DAY, DAY)
        counts = (11, 8, 6, 16, 12) if number == 0 else (3, 15)
        for place, count in enumerate(counts):
            moment = case.accepted_at + timedelta(hours=3) + span * place / (len(counts) - (number == 1))
            _asked(case, count, by=by, at=min(moment, at - timedelta(hours=2)))
        if number == 0:
            _acted(case, by=by, at=at)


def worker(case: Case) -> Actor:
    return Actor(
        realm=Realm.PROVIDER, user_id=case.worker, organisation_id=case.provider_id,
        permissions=permissions_of(["caseworker"]),
    )  # fmt: skip


def manager(case: Case) -> Actor:
    held = Membership.objects.filter(organisation_id=case.provider_id, role="service_manager", until=None).earliest(
        "pk"
    )
    return Actor(
        realm=Realm.PROVIDER, user_id=held.user_id, organisation_id=case.provider_id,
        permissions=permissions_of(["service_manager"]),
    )  # fmt: skip


def _answers(sitting: Sitting, count: int) -> Mapping[str, str]:
    codes = [item.code for item in queries.as_asked(sitting).items]
    order = sorted(codes, key=lambda code: (code not in SAID, codes.index(code) * 7 % 11))
    rest = (rules.NO, rules.NO, rules.NOT_KNOWN, rules.NO, rules.NOT_ASKED)
    return {code: rules.YES if place < count else rest[place % 5] for place, code in enumerate(order)}


def _begun(case: Case, *, by: Actor, at: datetime, count: int = 4, half: bool = True) -> Sitting:
    sitting = actions.begin(case, by=by, at=at, set_code=SET)
    answers = dict(_answers(sitting, count))
    if half:
        answers = dict(list(answers.items())[:9])
    said = queries.Said(answers=answers, comments=SAID, incidents=None if half else count // 6, asked_how="by_phone")
    return actions.keep(sitting, by=by, at=at, said=said, seen=sitting.stamp)


def _asked(case: Case, count: int, *, by: Actor, at: datetime) -> None:
    sitting = _begun(case, by=by, at=at, count=count, half=False)
    level = queries.reckoned(sitting, at).level
    actions.finish(sitting, by=by, at=at, level=level, seen=sitting.stamp)


def _acted(case: Case, *, by: Actor, at: datetime) -> None:
    for alert in Alert.objects.filter(case=case):
        moment = min(alert.raised_at + timedelta(hours=4), at)
        actions.see(alert, by=manager(case), at=moment)
        actions.answer(alert, by=by, at=moment, did=["safety_plan", "police"], words="Made up: stays with a friend.")


def plan_safety(cast: Cast, *, at: datetime) -> None:
    """A plan that one of them wrote with their worker, changed once, and printed for a trusted friend to keep."""
    if Entry.objects.exists():
        return
    for case in cases(cast)[:1]:
        by, moment = worker(case), max(case.accepted_at, at - 20 * DAY)
        for section, words, who, _ in PLAN:
            again_on = (moment + 25 * DAY).date()
            safety.add(case, by=by, at=moment, section=section, words=words, who=who, review_on=again_on)
        entry = Entry.objects.get(case=case, section="money")
        later = moment + timedelta(days=6)
        said = "Passports, birth certificates and the tenancy are with the health visitor."
        safety.revise(entry, by=by, at=later, words=said, who="other", review_on=entry.review_on, seen=1)
        for section in {section for section, _, _, may_print in PLAN if may_print}:
            for piece in Entry.objects.filter(case=case, section=section, superseded_at=None).order_by("-piece")[:1]:
                safety.mark(piece, by=by, at=later, may_print=True, seen=piece.number)
        safety.print_out(
            case, by=by, at=later, home_shared=Paper.Home.YES, kept_how="friend", checked=True
        )  # fmt: skip
