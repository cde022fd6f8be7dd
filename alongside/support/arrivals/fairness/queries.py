"""Reads of the fairness report: offers of a period, counted in the database by one thing at a time."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncDate

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import NEVER_BY_COUNCIL
from alongside.support.arrivals.fairness.rules import Counted
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.arrivals.routing.models import Decision, Override
from alongside.support.arrivals.routing.rules import TO_A_SERVICE
from alongside.support.people.victims.models import Victim

# What the report is broken down by, one at a time.
BY = {
    "council": "Council", "provider": "Provider", "service": "Service", "age_band": "Age", "sex": "Sex",
    "ethnicity": "Ethnic group", "language": "Language",
}  # fmt: skip
BOOKS = {"age_band": "age_bands", "sex": "sexes", "ethnicity": "ethnic_groups", "language": "languages"}
UNKNOWN = ("", "not_known")


def _column(by: str) -> Combinable:
    """The group of an offer. A crime too rare to be placed counts without its council (decision 14)."""
    if by == "council":
        rare = Q(crime_type__in=sorted(NEVER_BY_COUNCIL))
        return Case(When(rare, then=Value("")), default="council", output_field=CharField())
    if by in ("sex", "ethnicity"):
        found = Victim.objects.filter(pk=OuterRef("victim_id")).values(by)[:1]
        return Coalesce(Subquery(found), Value(""), output_field=CharField())
    return Coalesce({"provider": "provider__code", "service": "service__code"}.get(by, by), Value(""))


def counted(actor: Actor, *, by: str, first_on: date, last_on: date) -> list[Counted]:
    """The offers that the hub sent from the first to the last day, counted by group and by how each ended."""
    starts, ends = (
        datetime.combine(day, time.min, tzinfo=clocks.LONDON) for day in (first_on, last_on + clocks.ONE_DAY)
    )
    named = Decision.objects.filter(referral=OuterRef("referral_id"), does__in=TO_A_SERVICE, offered_at=None)
    earlier = Offer.objects.filter(referral_id=OuterRef("referral_id"), offered_at__lt=OuterRef("offered_at"))
    against = Override.objects.filter(offer_id=OuterRef("pk"))
    sent = Offer.objects.visible_to(actor).filter(
        hub_id=actor.organisation_id or 0, offered_at__gte=starts, offered_at__lt=ends
    )
    rows = sent.annotate(
        of=_column(by), why=Coalesce("declined_why", Value("")), recalled=Coalesce("recalled_why", Value("")),
        sent_on=TruncDate("offered_at", tzinfo=clocks.LONDON), done_on=TruncDate("answered_at", tzinfo=clocks.LONDON),
        pointed=Exists(named) & ~Exists(earlier), against=Exists(against),
    ).values("of", "state", "why", "recalled", "sent_on", "done_on", "pointed", "against")  # fmt: skip
    return [
        Counted(
            row["of"], row["state"], row["why"] or row["recalled"],
            (row["done_on"] - row["sent_on"]).days if row["done_on"] else None, row["pointed"], row["against"],
            row["number"],
        )
        for row in rows.annotate(number=Count("pk")).order_by()
    ]  # fmt: skip


def words(by: str, on: date) -> Mapping[str, str]:
    """The words of a group's codes."""
    if by == "council":
        return dict(Council.objects.values_list("code", "name"))
    if by == "provider":
        return dict(Organisation.objects.values_list("code", "name"))
    if by == "service":
        return dict(Service.objects.exclude(provider=None).values_list("code", "name"))
    return rulebook.titles(BOOKS[by], on)


def reasons(on: date) -> Mapping[str, str]:
    return rulebook.titles("decline_reasons", on)
