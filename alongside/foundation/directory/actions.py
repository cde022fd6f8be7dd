"""Writes of the directory: services added, revised, confirmed, opened, closed; whole lists imported."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from alongside.core import events, reach
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.foundation.directory import rules
from alongside.foundation.directory.models import Service, Version
from alongside.foundation.directory.openreferral import Feed, Listing
from alongside.foundation.directory.parts import Part, Post, Site
from alongside.foundation.organisations.models import Organisation

State = Service.State
# Who adds services: a hub for its area, and the commands of an operator.
STEWARDS = (Realm.HUB, Realm.WORKER)
RUN_BY = (Organisation.Kind.PROVIDER, Organisation.Kind.HUB)


@dataclass(frozen=True)
class Details:
    """What a service says of itself. An empty list of crimes, needs, councils or languages means any."""

    name: str
    summary: str = ""
    what_happens: str = ""
    crime_types: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    made_for: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    takes_unreported: bool = True
    takes_high_risk: bool = False
    for_business: bool = False
    takes_referrals: bool = True
    phone: str = ""
    email: str = ""
    web: str = ""
    hours: str = ""
    cost: str = "Free"
    access_notes: str = ""
    location_protected: bool = False
    location_public: bool = False
    location: str = ""
    sites: tuple[Site, ...] = ()
    places: int | None = None
    award: str = ""
    opens_on: date | None = None

    def columns(self) -> dict[str, Any]:
        """As the table holds them. A location that is not public is not held at all, nor any of a protected one."""
        held = {one.name: _kept(getattr(self, one.name)) for one in fields(self)}
        if self.location_protected:
            return without_place(held)
        return {**held, "location": self.location if self.location_public else ""}


# What a service of which the place is secret says of it, whatever was said before.
NO_PLACE: Mapping[str, Any] = {"location_public": False, "location": "", "sites": []}


def without_place(held: Mapping[str, Any]) -> dict[str, Any]:
    """Details without any address among them; nothing is added that was not there."""
    return {name: NO_PLACE.get(name, value) for name, value in held.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, tuple):
        return [one.kept() if isinstance(one, Part) else one for one in value]
    return value


def details_from(kept: Mapping[str, Any]) -> Details:
    """Details from what a service, a version or a proposed change holds of them; what is not held has its default."""
    held = {one.name: kept[one.name] for one in fields(Details) if one.name in kept}
    parts = {name: kind.read(held[name]) for name, kind in PARTS.items() if name in held}
    opens = {"opens_on": date.fromisoformat(held["opens_on"])} if isinstance(held.get("opens_on"), str) else {}
    return Details(**{name: _frozen(value) for name, value in {**held, **parts, **opens}.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


PARTS: Mapping[str, type[Post] | type[Site]] = {"posts": Post, "sites": Site}
DETAILS = tuple(field.name for field in fields(Details))
LONGEST_WAIT = 730
REACHED_BY = ("phone", "email", "web")  # checked when typed: what another directory lists stays as it was sent


@transaction.atomic
def add(details: Details, *, by: Actor, at: datetime, provider: Organisation) -> Service:
    """A new service of a provider, open from the start. The hub adds for any provider of its area."""
    if by.realm not in STEWARDS:
        raise RuleBroken("Ask the hub to add a service: it agrees with you what the service is for.")
    if provider.kind not in RUN_BY:
        raise RuleBroken("Choose a provider or the hub.", "provider")
    check(details)
    service = Service(provider=provider, code=_free_code(details.name), updated_at=at, **details.columns())
    service.checked_on = at.date()
    service.save(force_insert=True)
    _keep_version(service, by, at)
    events.record("service.added", service.pk, by=by, at=at, provider=provider.pk)
    return service


@transaction.atomic
def revise(service: Service, details: Details, *, by: Actor, at: datetime) -> Service:
    """What the service says of itself, for the hub to write. Records which fields changed; nothing when none did."""
    if by.realm not in STEWARDS:
        raise RuleBroken("The hub agrees to what a service says of itself. Send it the change.")
    service = _locked(service, by)
    new = details.columns()
    changed = [name for name in DETAILS if getattr(service, name) != new[name]]
    check(details, changed=tuple(changed))
    if changed:
        odd: dict[str, Any] = {"oddities": []} if new["location_protected"] else {}  # they may quote an address
        _write(service, at, **{name: new[name] for name in changed}, **odd)
        _keep_version(service, by, at)
        events.record("service.revised", service.pk, by=by, at=at, fields=changed)
    return service


@transaction.atomic
def confirm(service: Service, *, by: Actor, at: datetime) -> Service:
    """Somebody who knows says that all of it is right today."""
    service = _locked(service, by)
    _write(service, at, checked_on=at.date())
    events.record("service.confirmed", service.pk, by=by, at=at)
    return service


@transaction.atomic
def adopt(
    service: Service, *, by: Actor, at: datetime, provider: Organisation, crime_types: tuple[str, ...],
    takes_referrals: bool,
) -> Service:  # fmt: skip
    """Matches what another directory lists to the organisation here that runs it. No crime types: any."""
    service = _undecided(service, by)
    areas = Organisation.objects.filter(pk__in=by.orgs).values("force")
    if not Organisation.objects.filter(pk=provider.pk, until=None, kind__in=RUN_BY, force__in=areas).exists():
        raise RuleBroken("Choose the hub or a provider of your own area.", "provider")
    _write(service, at, provider=provider, crime_types=list(crime_types), takes_referrals=takes_referrals)
    events.record("service.adopted", service.pk, by=by, at=at, provider=provider.pk)
    return service


@transaction.atomic
def signpost(service: Service, *, by: Actor, at: datetime) -> Service:
    """Leaves it as another directory lists it: shown to whoever looks, and sent nobody."""
    service = _undecided(service, by)
    _write(service, at, signposted_at=at)
    events.record("service.signposted", service.pk, by=by, at=at)
    return service


@transaction.atomic
def release(service: Service, *, by: Actor, at: datetime) -> Service:
    """Takes back that it was adopted or left for signposting; what was sent to it before stays where it is."""
    service = _from_elsewhere(service, by)
    if rules.standing(service) == rules.UNDECIDED:
        raise RuleBroken("Nothing changed: nothing was decided about this service.")
    before = service.provider_id
    _write(service, at, provider=None, takes_referrals=False, crime_types=[], signposted_at=None)
    events.record("service.released", service.pk, by=by, at=at, provider=before)
    return service


def _from_elsewhere(service: Service, by: Actor) -> Service:
    """The row, held, of what came from another directory, for a hub."""
    if by.realm not in STEWARDS:
        raise RuleBroken("The hub decides about what other directories list.")
    service = _locked(service, by)
    if not service.source:
        raise RuleBroken("This service was added here: no other directory lists it.")
    return service


def _undecided(service: Service, by: Actor) -> Service:
    service = _from_elsewhere(service, by)
    if rules.standing(service) != rules.UNDECIDED:
        raise RuleBroken("Somebody decided about this service already. Undo that first.")
    return service


@transaction.atomic
def open(service: Service, *, by: Actor, at: datetime, waiting: bool = False) -> Service:
    """Open to referrals, at once or with a waiting list."""
    return _move(service, State.WAITING if waiting else State.OPEN, "service.opened", by, at, closed_on=None)


@transaction.atomic
def close(service: Service, *, by: Actor, at: datetime) -> Service:
    """Closed to new referrals; those that it has go on."""
    return _move(service, State.CLOSED, "service.closed", by, at, closed_on=at.date())


@transaction.atomic
def hand_on(service: Service, *, by: Actor, at: datetime, to: Service | None) -> Service:
    """Which service helps the people of one that closes; None takes it back."""
    service = _locked(service, by)
    if by.realm not in STEWARDS:
        raise RuleBroken("The hub says where the people of a service go.")
    if to and (to.pk == service.pk or to.state == State.CLOSED):
        raise RuleBroken("Choose another service that is open.", "moves_to")
    _write(service, at, moves_to=to)
    events.record("service.handed_on", service.pk, by=by, at=at, to=str(to.pk) if to else "")
    return service


@transaction.atomic
def say_capacity(
    service: Service, *, by: Actor, at: datetime, places_free: int | None, wait_days: int | None
) -> Service:
    """How many more it can take, and how long a new person waits, as of today. None: not said."""
    service = _locked(service, by)
    if places_free is not None and service.places is not None and places_free > service.places:
        raise RuleBroken(f"It is paid to help {service.places} people at a time, so no more than that can be free.",
                         "places_free")  # fmt: skip
    if wait_days is not None and wait_days > LONGEST_WAIT:
        raise RuleBroken("Nobody can say a wait of more than two years. Close the service to new people instead.",
                         "wait_days")  # fmt: skip
    _write(service, at, places_free=places_free, wait_days=wait_days, capacity_on=at.date())
    events.record("service.capacity_said", service.pk, by=by, at=at, places_free=places_free, wait_days=wait_days)
    return service


def _move(service: Service, state: str, event: str, by: Actor, at: datetime, closed_on: date | None) -> Service:
    service = _locked(service, by)
    if service.state == state:
        raise RuleBroken("Nothing changed: the service is so already.", "state")
    _write(service, at, state=state, closed_on=closed_on)
    events.record(event, service.pk, by=by, at=at, state=state)
    return service


def _locked(service: Service, by: Actor) -> Service:
    """The row, held, for those who look after it."""
    locked = Service.objects.managed_by(by).select_for_update(of=("self",)).filter(pk=service.pk).first()
    if locked is None:
        raise RuleBroken("This is another organisation's service.")
    return locked


def _write(service: Service, at: datetime, **values: Any) -> None:
    for name, value in values.items():
        setattr(service, name, value)
    service.updated_at = at
    service.save(update_fields=[*values, "updated_at"])


def _keep_version(service: Service, by: Actor, at: datetime) -> None:
    """The service's words as they are from now on. Imported lists keep theirs where they come from.

    Where its place must stay secret now, the addresses that earlier versions held go from them.
    """
    last = Version.objects.filter(service=service).order_by("-number").values_list("number", flat=True).first()
    if service.location_protected:
        for earlier in Version.objects.filter(service=service):
            Version.objects.filter(pk=earlier.pk).update(details=without_place(earlier.details))
    Version.objects.create(
        service=service, number=(last or 0) + 1, since=at, details=worded(service), organisation_id=by.organisation_id
    )


def worded(service: Service) -> dict[str, Any]:
    """Every detail of a service, as JSON holds it."""
    return _json({name: getattr(service, name) for name in DETAILS})


def as_json(details: Details) -> dict[str, Any]:
    """Details as JSON holds them."""
    return _json(details.columns())


def plain() -> dict[str, Any]:
    """The details of a service of which nothing is said yet."""
    return as_json(Details(""))


def _json(held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in held.items()}


def check(details: Details, *, changed: tuple[str, ...] = DETAILS) -> None:
    """Refuses details that cannot be; ways of contact are looked at where they change. Raises RuleBroken."""
    _check(details)
    reach.check(**{name: getattr(details, name) for name in REACHED_BY if name in changed})


def _check(details: Details) -> None:
    told: list[tuple[Details | Post, str]] = [(details, "The first age")]
    told += [(post, f"{post.title}: the first age") for post in details.posts]
    for part, words in told:
        if part.age_from is not None and part.age_to is not None and part.age_from > part.age_to:
            raise RuleBroken(f"{words} must not be above the last.", "age_to")


def _free_code(name: str) -> str:
    """A code for the address of its page, from its name; numbered when the name is taken."""
    stem = slugify(name)[:50] or "service"
    taken = set(Service.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if code not in taken)


@dataclass(frozen=True)
class Receipt:
    """What an import did: services = added + changed + unchanged. `absent` came before, and not now."""

    services: int
    added: int
    changed: int
    unchanged: int
    absent: int


@transaction.atomic
def import_services(feed: Feed, *, by: Actor, at: datetime, source: str, councils: tuple[str, ...] = ()) -> Receipt:
    """Takes over a list from elsewhere. What has not changed there is left alone, with whatever was done to
    it here; what has is written anew, but for its provider, crimes, needs, councils and referrals."""
    known = {held.source_id: held for held in Service.objects.filter(source=source).select_for_update()}
    added = [_imported(one, source, councils, at) for one in feed.listings if one.source_id not in known]
    changed = [
        _refreshed(known[one.source_id], one, at) for one in feed.listings
        if one.source_id in known and known[one.source_id].source_hash != one.digest
    ]  # fmt: skip
    Service.objects.bulk_create(added, batch_size=500)
    if changed:
        Service.objects.bulk_update(changed, [*FEED_COLUMNS, "updated_at"], batch_size=200)
    _record("service.added", added, by, at, source)
    _record("service.revised", changed, by, at, source)
    total, sent = len(feed.listings), {one.source_id for one in feed.listings}
    return Receipt(total, len(added), len(changed), total - len(added) - len(changed), len(known.keys() - sent))


FEED_COLUMNS = (
    "name", "provider_name", "summary", "web", "email", "phone", "hours", "cost", "location",
    "location_public", "age_from", "age_to", "state", "languages", "checked_on", "access_notes",
    "source_hash", "oddities",
)  # fmt: skip


def _columns(listing: Listing) -> dict[str, Any]:
    return {
        **listing.fields,
        "source_hash": listing.digest,
        "oddities": [asdict(odd) for odd in listing.oddities],
    }


def _imported(listing: Listing, source: str, councils: tuple[str, ...], at: datetime) -> Service:
    mark = sha256(listing.source_id.encode()).hexdigest()[:16]
    return Service(
        source=source, source_id=listing.source_id, code=f"{source[:40]}-{mark}", takes_referrals=False,
        councils=list(councils), updated_at=at, **_columns(listing),
    )  # fmt: skip


def _refreshed(service: Service, listing: Listing, at: datetime) -> Service:
    told = _columns(listing)
    if service.location_protected:
        told = {**without_place(told), "oddities": []}
    for name, value in told.items():
        setattr(service, name, value)
    service.updated_at = at
    return service


def _record(event: str, services: list[Service], by: Actor, at: datetime, source: str) -> None:
    events.record_many(event, [service.pk for service in services], by=by, at=at, source=source)
