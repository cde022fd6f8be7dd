"""Services of the demonstration that nobody is sent to: in the directory alone, so that it has gaps, one that closes,
some that nobody can reach."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Organisation

REACHED = {"phone": "01632 960 701", "hours": "Monday to Thursday, 10am to 4pm"}
# By provider: code, name, what it is for, days since it was checked (None: never), other columns.
LISTED: tuple[tuple[str, str, str, str, tuple[str, ...], int | None, Mapping[str, Any]], ...] = (
    ("crossways", "crossways-men", "Crossways line for men",
     "For men who were harmed and have told nobody.", ("sexual_violence", "domestic_abuse"), 200,
     {"sexes": ["male"], "made_for": ["men"], "takes_referrals": False, "where": (1,)}),
    ("evergreen", "evergreen-families", "Evergreen family worker",
     "For families after a killing, through the inquest and the trial.", ("homicide_bereaved",), 20,
     {**REACHED, "where": (0, 3), "award": "SAMPLE-AW-3", "places": 12}),
    ("hearth", "hearth-walsall", "Hearth outreach in Walsall", "For women who cannot come to the centre.",
     ("honour_based_abuse", "forced_marriage"), 35,
     {**REACHED, "sexes": ["female"], "state": "WAITING", "wait_days": 260, "where": (5,)}),
    ("harbour", "harbour-men", "Harbour group for men", "A group of ten evenings.", ("sexual_violence",), 150,
     {**REACHED, "sexes": ["male"], "state": "CLOSED", "closed": -40}),
    ("counterpoint", "counterpoint-rural", "Counterpoint rural crime line",
     "For farms: machines, stock and fuel that were stolen.", ("business_crime", "theft"), None,
     {**REACHED, "for_business": True, "closed": 45, "moves_to": "counterpoint-business"}),
)  # fmt: skip


def add(bodies: Mapping[str, Organisation], councils: list[str], *, at: datetime) -> None:
    """Makes them where they are absent."""
    for provider, code, name, summary, crimes, days, more in LISTED:
        if not Service.objects.filter(code=code).exists():
            columns = _columns(dict(more), councils, at)
            checked = at.date() - timedelta(days=days) if days is not None else None
            Service.objects.create(
                code=code, provider=bodies[provider], name=name, summary=summary, crime_types=list(crimes),
                checked_on=checked, updated_at=at, **columns,
            )  # fmt: skip


def _columns(more: dict[str, Any], councils: list[str], at: datetime) -> dict[str, Any]:
    """The columns, with places and days as they fall today."""
    where, closed, after = more.pop("where", ()), more.pop("closed", None), more.pop("moves_to", "")
    return {
        **more, "councils": [councils[place] for place in where if place < len(councils)],
        "closed_on": at.date() + timedelta(days=closed) if closed is not None else None,
        "moves_to": Service.objects.filter(code=after).first() if after else None,
        "capacity_on": at.date() if "wait_days" in more else None,
    }  # fmt: skip
