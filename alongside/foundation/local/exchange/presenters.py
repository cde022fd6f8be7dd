"""Services, places, organisations and vocabularies in the words and shapes of Open Referral UK 3.0."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from functools import lru_cache
from uuid import UUID

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Site
from alongside.foundation.local.directory.rules import waiting_list
from alongside.foundation.local.exchange import rules
from alongside.foundation.local.exchange.queries import Taxonomy, Term, Words, organisation_id
from alongside.foundation.local.exchange.rules import Json, as_email, as_link, may_leave, part_id, strict
from alongside.foundation.office.organisations.models import Organisation

NAMELESS = "Support service"
COUNCIL_URI = "http://statistics.data.gov.uk/id/statistical-geography/{}"


def about() -> Json:
    return {"version": rules.VERSION, "profile": rules.PROFILE, "openapi_url": rules.OPENAPI}


def organisation(body: Organisation) -> Json:
    return {
        "id": str(organisation_id(body)), "name": body.name,
        "description": f"Works with people harmed by crime in the area of {body.force.name}.",
    }  # fmt: skip


def organisation_whole(body: Organisation, services: Iterable[Service], words: Words, *, whole: bool) -> Json:
    """With its services: their ids and names alone, or everything."""
    told = [service_whole(one, words) if whole else {"id": str(one.pk), "name": _name(one)} for one in services]
    return {**organisation(body), "services": told}


def minimal(service: Service) -> Json:
    """What tells a caller that it has to look again. A name and a status too: the standard's schema asks for them."""
    modified = _modified(service)
    return {"id": str(service.pk), "name": _name(service), "status": _status(service), "last_modified": modified,
            "modified_date": modified}  # fmt: skip


def service_basic(service: Service) -> Json:
    """What there is one of. A protected service says nothing that seems to tell a place."""
    body = _runner(service)
    return strict({
        "id": str(service.pk),
        "organization_id": str(organisation_id(body)),
        "name": _name(service),
        "description": _said(service, "\n\n".join(filter(None, (service.summary, service.what_happens)))),
        "url": as_link(_said(service, service.web)),
        "email": as_email(_said(service, service.email)),
        "status": _status(service),
        "fees": _said(service, service.cost),
        "minimum_age": service.age_from,
        "maximum_age": service.age_to,
        "assured_date": service.checked_on.isoformat() if service.checked_on else None,
        "alert": _alert(service),
        "last_modified": _modified(service),
        "organization": organisation(body),
    })  # fmt: skip


def service_whole(service: Service, words: Words) -> Json:
    """A service with all that belongs to it."""
    return strict({
        **service_basic(service),
        "schedules": _schedules(service),
        "service_areas": list(_areas(service, words)),
        "service_at_locations": [
            {"id": str(place_id(service, location)), "service_id": str(service.pk), "location_id": location["id"],
             "location": location} for location in locations(service, words)
        ],
        "languages": [
            {"id": _part(service, f"language:{code}"), "service_id": str(service.pk), "name": words.languages[code],
             "code": code} for code in service.languages if code in words.languages
        ],
        "contacts": _contacts(service),
        "attributes": list(_attributes(service, words)),
    })  # fmt: skip


def locations(service: Service, words: Words) -> list[Json]:
    """The places that may be shown to anybody. A protected service has none, whatever its row holds."""
    if service.location_protected:
        return []
    told = [_site(service, site, words) for site in Site.read(service.sites)]
    if not told and service.location_public and service.location:
        told = [{"id": _part(service, "location"), "location_type": "physical", "description": service.location}]
    return list({one["id"]: one for one in told}.values())


def place(service: Service, location: Json, *, whole: bool) -> Json:
    """A service at one of its places."""
    shown = location if whole else {name: part for name, part in location.items() if name not in MANY}
    return {
        "id": str(place_id(service, location)), "service_id": str(service.pk), "location_id": location["id"],
        "location": shown, "service": service_basic(service),
    }  # fmt: skip


MANY = ("addresses", "accessibility")


def _site(service: Service, site: Site, words: Words) -> Json:
    key = _part(service, f"site:{site.postcode}|{site.address_1}|{site.name}".casefold())
    needs = [code for code in site.access if code in words.access]
    return strict({
        "id": key, "location_type": "physical", "name": site.name or site.address_1, "description": site.line,
        "addresses": _addresses(service, site, key),
        "accessibility": [
            {"id": str(part_id(UUID(key), f"access:{code}")), "location_id": key, "description": words.access[code],
             "accessibility": words.access[code]} for code in needs
        ],
    })  # fmt: skip


def _addresses(service: Service, site: Site, location: str) -> list[Json]:
    """The standard wants an address whole or not at all; the description has what there is."""
    if not (site.address_1 and site.city and site.postcode):
        return []
    return [strict({
        "id": str(part_id(UUID(location), "address")), "location_id": location, "attention": site.name,
        "address_1": ", ".join(filter(None, (site.address_1, site.address_2))), "city": site.city,
        "state_province": _runner(service).force_id.replace("-", " ").title(), "postal_code": site.postcode,
        "country": "GB", "address_type": "physical",
    })]  # fmt: skip


def place_id(service: Service, location: Json) -> UUID:
    return part_id(service.pk, f"at:{location['id']}")


def _part(service: Service, name: str) -> str:
    return str(part_id(service.pk, name))


def _runner(service: Service) -> Organisation:
    assert service.provider is not None  # only those are published
    return service.provider


def _said(service: Service, text: str) -> str:
    return text if may_leave(text, protected=service.location_protected) else ""


def _name(service: Service) -> str:
    return _said(service, service.name) or NAMELESS


def _modified(service: Service) -> str:
    return service.updated_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _status(service: Service) -> str:
    """Closed for good where its people go to another service; else it may open again."""
    if service.state != Service.State.CLOSED:
        return "active"
    return "inactive" if service.moves_to_id else "temporarily closed"


def _alert(service: Service) -> str:
    if service.state == Service.State.CLOSED:
        return "Closed to new people."
    if service.state == Service.State.WAITING:
        return f"There is{waiting_list(service.wait_days).removeprefix('It has')}."
    return ""


def _schedules(service: Service) -> list[Json]:
    """Hours as people say them: no rule is guessed from words."""
    hours = _said(service, service.hours)
    return [{"id": _part(service, "hours"), "service_id": str(service.pk), "description": hours}] if hours else []


def _areas(service: Service, words: Words) -> Iterator[Json]:
    """The councils that it helps; the whole police area where it names none."""
    for code in service.councils:
        if code in words.councils:
            yield {
                "id": _part(service, f"area:{code}"), "service_id": str(service.pk), "name": words.councils[code],
                "service_area": words.councils[code], "uri": COUNCIL_URI.format(code),
            }  # fmt: skip
    if not service.councils:
        force = _runner(service).force
        named = f"The area of {force.name}"
        yield {"id": _part(service, f"area:{force.pk}"), "service_id": str(service.pk), "name": named,
               "service_area": named}  # fmt: skip


def _contacts(service: Service) -> list[Json]:
    number = _said(service, service.phone)
    if not number:
        return []
    contact = _part(service, "contact")
    phone = {"id": _part(service, "phone"), "contact_id": contact, "number": number}
    return [{"id": contact, "service_id": str(service.pk), "name": _name(service), "phones": [phone]}]


def _attributes(service: Service, words: Words) -> Iterator[Json]:
    """What it is for, as terms of our taxonomies; a code that no rule knows any more is left out."""
    for book in rules.TAXONOMIES:
        for code in getattr(service, book):
            known = words.terms.get((book, code))
            if known:
                yield {
                    "id": _part(service, f"{book}:{code}"), "link_id": str(service.pk), "link_type": book,
                    "taxonomy_term_id": str(known.id), "taxonomy_term": term(known),
                }  # fmt: skip


def taxonomy(one: Taxonomy) -> Json:
    return {
        "id": str(one.id), "name": one.title, "description": one.about or one.title, "version": rules.VERSION,
        "taxonomy_terms": [term(part) for part in one.terms],
    }  # fmt: skip


@lru_cache(maxsize=1024)
def term(one: Term) -> Json:
    """Made once: each stands in many services. Nobody writes into it."""
    return {
        "id": str(one.id), "name": one.title, "description": one.meaning, "taxonomy": one.book, "term": one.code,
        "taxonomy_id": str(one.taxonomy),
    }  # fmt: skip
