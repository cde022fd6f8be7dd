"""Reads of what a snapshot needs beside the rows: the words of every code that it may hold."""

from collections.abc import Mapping
from datetime import date

from django.utils.text import slugify

from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Council, Force, Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.cases.outcomes.rules import Change
from alongside.support.desk.centres.models import Centre

BOOKS = {
    "crime_type": "crime_types", "age_band": "age_bands", "closed_why": "closure_reasons",
    "declined_why": "decline_reasons", "outcome": "outcomes", "why_not_reported": "not_reported_reasons",
    "sex": "sexes", "need": "needs", "kind": "appointment_kinds", "risk_kind": "risk_kinds", "level": "risk_levels",
    "was": "risk_levels", "help_kind": "practical_kinds", "modality": "list_modalities",
}  # fmt: skip
NOT_KNOWN = {"not_known": "Not known"}
WENT = {"held": "Happened", "missed": "Did not happen", "cancelled": "Cancelled, or apologies sent"}
BECAME = {"open": "Still open", "met": "Met", "not_met": "Not met", "paid": "Paid", "ended": "Refused or withdrawn"}


def labels(on: date) -> dict[str, Mapping[str, str]]:
    """Every code that may stand in a snapshot, by column, with its words on that day."""
    found: dict[str, Mapping[str, str]] = {name: rulebook.titles(book, on) for name, book in BOOKS.items()}
    kinds = (Organisation.Kind.PROVIDER, Organisation.Kind.HUB)
    return {
        **found,
        "age_band": {**found["age_band"], **NOT_KNOWN},
        "why_not_reported": {**found["why_not_reported"], **NOT_KNOWN},
        "ethnicity": dict(_groups(on)),
        "went": WENT,
        "closed_as": rulebook.titles("status_words", on),
        "became": BECAME,
        "source": {**rulebook.titles("sources", on), **dict(Referral.Source.choices), **_centres()},
        "state": dict(Offer.State.choices),
        "result": {str(change): change.value.replace("_", " ") for change in Change},
        "area": dict(Force.objects.values_list("slug", "name")),
        "council": dict(Council.objects.values_list("code", "name")),
        "provider": dict(Organisation.objects.filter(kind__in=kinds).values_list("code", "name")),
        "service": dict(Service.objects.exclude(provider=None).values_list("code", "name")),
    }


def ethnic_groups(on: date) -> dict[str, str]:
    """For each ethnic group of the rulebook, the code of the census's group of five that it is counted in."""
    return {row.code: slug(row.text("group")) for row in rulebook.current("ethnic_groups", on)}


def _groups(on: date) -> list[tuple[str, str]]:
    return [(slug(row.text("group")), row.text("group")) for row in rulebook.current("ethnic_groups", on)]


def slug(words: str) -> str:
    """A code made of words, as slugs are, with underscores."""
    return slugify(words).replace("-", "_")


def _centres() -> Mapping[str, str]:
    """Reporting centres, which are the source of reports."""
    pairs = Centre.objects.values_list("organisation__code", "organisation__name")
    return {f"centre-{code}": name for code, name in pairs}


def improvement_step(on: date) -> float:
    """From how many points a change counts as improvement."""
    return float(rulebook.rule("limits", "improvement_step", on).number("number"))


def whole_every(on: date) -> int:
    """After how many days a whole snapshot is made at the latest."""
    return int(rulebook.rule("limits", "snapshot_whole", on).number("number"))


def expires_on(on: date) -> date:
    """When a snapshot's key is destroyed, by the rulebook's retention in years."""
    years = rulebook.rule("retention", "snapshot", on).number("keep")
    return on.replace(year=on.year + years, day=min(on.day, 28))
