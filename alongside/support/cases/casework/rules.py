"""Pure rules of casework: who may be given a case, what stands in the way of closing, when work is late."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.pages.filters import date_words, plural
from alongside.core.rows.realms import Realm
from alongside.support.people.victims.rules import is_under

ADULT = 18
LONGEST_COVER = timedelta(days=92)
# The same words by the same person within this time are a form that was sent twice.
MOMENTS = timedelta(minutes=2)
MONTH = 31  # days at most

STALE = (
    "Somebody else changed this while you were writing. What it says now is shown beside what you wrote: "
    "nothing of yours has been lost. Put the two together and save again."
)

WAS_REACHED = (
    "They were reached in this case, so it cannot end as not reached. If they stopped answering, choose the reason "
    "for contact that was lost; if they chose to stop, choose that."
)

# From which lists somebody comes to a case, and what the way back to each is called.
LISTS = {
    "casework:caseload": "Caseload", "day:mine": "My day", "day:team": "Team", "day:allocate": "Give cases out",
    "waiting:lists": "Waiting lists", "waiting:show": "Waiting list", "appointments:calendar": "Calendar",
    "risk:alerts": "Risks that rose", "journey:heard": "What people told us", "justice:ahead": "Court and news owed",
    "material:register": "Requests for records", "practical:approvals": "Practical help to approve",
    "groups:show": "Group", "groups:register": "Register", "blanks:mine": "What is missing",
    "blanks:team": "Complete records", "checks:show": "Case-file checks", "audits:show": "Audit",
    "audits:mine": "Audits of your cases", "supervision:show": "Supervision", "transfers:incoming": "Transfers",
    "transfers:closed_services": "Cases of closed services", "imports:show": "Rows of the file", "home": "Home",
}  # fmt: skip

TRANSFERRED = "transferred"
GONE_OVER = "Another service has taken this over, so it stays closed here. If they come back to you, ask that service."
ERASED = "This case has been erased. If they come back, they are referred again."


@dataclass(frozen=True)
class Obstacle:
    """A reason why something cannot be done yet, and the field of the form that would mend it."""

    words: str
    field: str | None = None


@dataclass(frozen=True)
class Load:
    """How many cases a worker has, and how many they should have at most."""

    name: str
    cases: int
    limit: int | None
    membership: UUID

    @property
    def over(self) -> bool:
        return self.limit is not None and self.cases > self.limit

    @property
    def full(self) -> bool:
        """Whether one more would be one too many."""
        return self.limit is not None and self.cases >= self.limit

    @property
    def words(self) -> str:
        cases = "1 case" if self.cases == 1 else f"{self.cases} cases"
        if self.limit is None:
            return cases
        return f"{cases} of {self.limit}{': over the limit' if self.over else ': full' if self.full else ''}"


def may_assign(*, may_assign_others: bool, chooser: UUID | None, chosen: UUID | None, holder: UUID | None) -> bool:
    """A manager gives a case to anybody; a caseworker takes one that nobody has."""
    return may_assign_others or (chosen is not None and chosen == chooser and holder in (None, chooser))


def may_cover(*, may_assign_others: bool, chooser: UUID | None, holder: UUID | None) -> bool:
    """A worker is covered for by their own asking or a manager's: whoever covers opens what is for the worker alone."""
    return may_assign_others or (holder is not None and chooser == holder)


def not_open(*, restricted: bool) -> str:
    """Why a colleague may not be given a case: told to whoever may open it, and to them no more than they know."""
    name = " Or name them on it first." if restricted else ""
    return f"This record is not open to them. Choose somebody else.{name}"


def sees_inside(by: Actor) -> bool:
    """The provider works inside a case; the hub sees its shell."""
    return by.realm == Realm.PROVIDER


def cover_is_on(until: date | None, today: date) -> bool:
    """Whether cover still holds; the last day counts."""
    return until is not None and today <= until


def cover_obstacle(*, holder: UUID | None, cover: UUID, until: date, today: date) -> Obstacle | None:
    """Why this cover cannot be arranged, if it cannot."""
    if cover == holder:
        return Obstacle("Choose somebody other than the worker who is away.", "worker")
    if until < today:
        return Obstacle("The last day of cover must be today or later.", "until")
    if until > today + LONGEST_COVER:
        return Obstacle("Cover for longer than three months is a new worker: assign the case instead.", "until")
    return None


def closing_obstacles(
    *, planned: bool, open_needs: int, ever_measured: bool, last_measured: bool, unmeasured_why: str,
    unreached_though_reached: bool = False,
) -> tuple[Obstacle, ...]:  # fmt: skip
    """What stands in the way of closing: a last assessment or a reason why not; when planned, unsettled needs; and
    a reason that what is on record contradicts."""
    found = []
    if unreached_though_reached:
        found.append(Obstacle(WAS_REACHED, "reason"))
    if planned and open_needs:
        needs = "1 need is" if open_needs == 1 else f"{open_needs} needs are"
        found.append(Obstacle(f"{needs} still being worked on. Say of each whether it was met, then close.", "reason"))
    if not last_measured and not unmeasured_why:
        words = "Make the last assessment, or say why it was not made." if ever_measured else (
            "No assessment was ever made. Make one, or say why not."
        )  # fmt: skip
        found.append(Obstacle(words, "unmeasured_why"))
    return tuple(found)


def reopens_until(closed_on: date, days: int) -> date:
    """The last day on which a case can be reopened."""
    return closed_on + timedelta(days=days)


def reopening_obstacle(*, closed_on: date, today: date, days: int) -> Obstacle | None:
    """Why a closed case stays closed, if it does."""
    if today <= reopens_until(closed_on, days):
        return None
    return Obstacle(
        f"It was closed on {date_words(closed_on)}, more than {plural(days, 'day')} ago, so it stays closed. If they "
        "came back, ask the hub to refer them again."
    )


def correction_obstacle(*, planned: bool, open_needs: int, unreached_though_reached: bool) -> Obstacle | None:
    """Why this cannot be the reason for which a case was closed, if it cannot."""
    if unreached_though_reached:
        return Obstacle(WAS_REACHED, "reason")
    if planned and open_needs:
        left = f"{plural(open_needs, 'need')} of the plan {'was' if open_needs == 1 else 'were'} not settled"
        return Obstacle(f"{left}, so the end was not a planned one. Reopen the case to settle them first.", "reason")
    return None


def due_obstacle(due: date | None, *, today: date, months: int, before: date | None = None) -> Obstacle | None:
    """Why a step cannot be due on this day, if it cannot. A day that the step had `before` may stay."""
    if due is None or due == before:
        return None
    if due < today:
        return Obstacle("The day must be today or later.", "due_on")
    if due > today + timedelta(days=months * MONTH):
        return Obstacle(f"The day must be within {plural(months, 'month')}. Check the year.", "due_on")
    return None


def question_set_for(age: int | None, said_under: int | None = None) -> str:
    """The steps of need for somebody of this age, or said to be under one; who is neither is asked as an adult."""
    return "young_person" if is_under(ADULT, age, said_under) else "adult"


def age_to_ask(age: int | None, said_under: int | None = None) -> int | None:
    """Whole years by which a tool of outcomes is chosen: of somebody who was said to be under some age, the most that
    they can be; who is neither is asked as an adult."""
    if age is not None:
        return age
    return said_under - 1 if said_under else ADULT


def late(due: date | None, today: date, *, done: bool) -> bool:
    """Whether a step should have been done by now."""
    return not done and due is not None and due < today
