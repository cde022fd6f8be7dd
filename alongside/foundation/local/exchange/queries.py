"""Reads of what is published: services that are written here, whoever runs them, their places, the vocabularies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from alongside.core.errors import RuleBroken
from alongside.core.privacy.whereabouts import tells_place
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.exchange import rules
from alongside.foundation.local.exchange.rules import Asked
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.organisations.queries import council_of
from alongside.foundation.office.rulebook import queries as rulebook

CALLS = "directory_calls"


@dataclass(frozen=True)
class Term:
    """A code of one of our books, as a term of the standard."""

    id: UUID
    taxonomy: UUID
    book: str
    code: str
    title: str
    meaning: str


@dataclass(frozen=True)
class Taxonomy:
    """One of our books."""

    id: UUID
    book: str
    title: str
    about: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Words:
    """Every name that a service's codes stand for, read once for a whole answer."""

    taxonomies: tuple[Taxonomy, ...]
    terms: Mapping[tuple[str, str], Term]
    languages: Mapping[str, str]
    access: Mapping[str, str]
    councils: Mapping[str, str]


def published() -> QuerySet[Service]:
    """Running services of organisations that work here. What another directory lists is published by that one, adopted
    here or not: under two ids it would be taken for two services."""
    return Service.objects.running().filter(provider__isnull=False, source="").select_related("provider__force")


def services(asked: Asked, words: Words) -> QuerySet[Service]:
    """What a caller asks for, in an order that stays. Raises RuleBroken."""
    found = _of_terms(_of_organisation(published(), asked), asked, words)
    if asked.since:
        found = found.filter(updated_at__gte=asked.since)
    if asked.postcode:
        found = found.filter(pk__in=Service.objects.covering(_council(asked.postcode)))
    if asked.search:
        found = found.filter(_matching(asked.search))
    return found.order_by("pk")


def _of_organisation(found: QuerySet[Service], asked: Asked) -> QuerySet[Service]:
    if asked.organisation is None:
        return found
    body = organisation(asked.organisation)
    return found.filter(provider=body) if body else found.none()


def _of_terms(found: QuerySet[Service], asked: Asked, words: Words) -> QuerySet[Service]:
    if asked.taxonomy:
        book = next((one.book for one in words.taxonomies if one.id == asked.taxonomy), "")
        found = found.exclude(**{book: []}) if book else found.none()
    if asked.term:
        term = next((one for one in words.terms.values() if one.id == asked.term), None)
        found = found.filter(**{f"{term.book}__contains": [term.code]}) if term else found.none()
    return found


def _council(postcode: str) -> str:
    found = council_of(postcode)
    if found is None:
        raise RuleBroken("This postcode is not one of an area that this directory knows.", "postcode")
    return found


def _matching(search: str) -> Q:
    """Services that hold every word. Words that do not leave cannot be found out by searching for them either."""
    hidden = [pk for pk, name in published().filter(location_protected=True).values_list("pk", "name")
              if tells_place(name)]  # fmt: skip
    wanted = Q()
    for word in search.split():
        named = Q(name__icontains=word) & ~Q(pk__in=hidden)
        wanted &= Q(provider__name__icontains=word) | named | Q(summary__icontains=word, location_protected=False)
    return wanted


def places(asked: Asked, words: Words) -> list[Service]:
    """Services of which a place may be shown. A protected one is not even looked at."""
    somewhere = ~Q(sites=[]) | Q(location_public=True)
    return list(services(asked, words).filter(somewhere, location_protected=False))


def service(key: str) -> Service | None:
    pk = rules.as_id(key)
    return published().filter(pk=pk).first() if pk else None


def organisations() -> list[Organisation]:
    """Those that run a published service, in an order that stays."""
    runners = published().values("provider")
    return list(Organisation.objects.filter(pk__in=runners).select_related("force").order_by("pk"))


def organisation(pk: UUID | None) -> Organisation | None:
    return next((one for one in organisations() if organisation_id(one) == pk), None)


@lru_cache(maxsize=1024)
def _organisation_id(force: str, code: str) -> UUID:
    return rules.organisation_id(force, code)


def organisation_id(body: Organisation) -> UUID:
    return _organisation_id(body.force_id, body.code)


def run_by(bodies: list[Organisation]) -> Mapping[int, list[Service]]:
    """The published services of each organisation."""
    found: dict[int, list[Service]] = {}
    for one in published().filter(provider__in=bodies).order_by("pk"):
        found.setdefault(one.provider_id or 0, []).append(one)
    return found


def words(on: date) -> Words:
    taxonomies = tuple(_taxonomy(book, on) for book in rules.TAXONOMIES)
    terms = {(term.book, term.code): term for one in taxonomies for term in one.terms}
    councils = dict(Council.objects.values_list("code", "name"))
    return Words(
        taxonomies, terms, rulebook.titles("languages", on), rulebook.titles("access_needs", on), councils
    )  # fmt: skip


def _taxonomy(book: str, on: date) -> Taxonomy:
    shipped = rulebook.books()[book]
    return Taxonomy(rules.taxonomy_id(book), book, shipped.title, shipped.about.strip(), tuple(_terms(book, on)))


def _terms(book: str, on: date) -> Iterator[Term]:
    for row in rulebook.current(book, on):
        meaning = str(row.body.get("examples") or row.title)
        yield Term(rules.term_id(book, row.code), rules.taxonomy_id(book), book, row.code, row.title, meaning)


def calls_allowed(on: date) -> int:
    """How often one connection may ask in a minute."""
    return rulebook.rule("limits", CALLS, on).number("number")
