"""When a case file falls short of a check of the office."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Check:
    """A row of the book of checks: after how many days, and of which cases."""

    code: str
    title: str
    days: int
    high_risk: bool
    crimes: frozenset[str]


@dataclass(frozen=True)
class Known:
    """What a check looks at in one case. Days are None where there is nothing."""

    closed_on: date | None
    accepted_on: date
    high_risk: bool
    crime_type: str
    contact_on: date | None
    unmeasured: bool
    risk_on: date | None = None
    agreed_on: date | None = None
    review_due_on: date | None = None
    scored: bool = False
    planned: bool = False
    noted_on: date | None = None


def asked(check: Check, known: Known, on: date) -> bool:
    """Whether a check is about this case at all: closed cases are asked about their end alone, and for a while."""
    if check.high_risk and not known.high_risk:
        return False
    if check.crimes and known.crime_type not in check.crimes:
        return False
    if check.code == "closed_bare":
        return known.closed_on is not None and (on - known.closed_on).days <= check.days
    return known.closed_on is None


def short(check: Check, known: Known, on: date) -> int | None:
    """For how many days a case has fallen short of a check, of those for which it is asked; None where it has not."""
    since = _since(check.code, known)
    if since is None:
        return None
    over = (on - since).days - (0 if check.code == "closed_bare" else check.days)
    return over if over > 0 or check.code == "closed_bare" else None


def _since(code: str, known: Known) -> date | None:
    """From which day a check counts; None where all is well."""
    never = known.accepted_on
    return {
        "risk": known.risk_on or never, "contact": known.contact_on or never, "notes": known.noted_on or never,
        "agreement": None if known.agreed_on else never, "agreement_old": known.agreed_on,
        "plan_review": known.review_due_on, "safety_plan": None if known.planned else never,
        "needs": None if known.scored else never, "closed_bare": known.closed_on if known.unmeasured else None,
    }.get(code)  # fmt: skip
