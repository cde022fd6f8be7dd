"""Writes of the directory: services added, revised, confirmed, opened, closed; what other lists say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from alongside.core import events, reach
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory import rules
from alongside.foundation.local.directory.models import Service, Version
from alongside.foundation.local.directory.parts import Part, Post, Site
from alongside.foundation.office.organisations.models import Organisation

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
    _check_steward(by)
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


# What another directory's list says of a service, and a service that nobody here runs says just so.
RELAYED = (
    "name", "provider_name", "summary", "web", "email", "phone", "hours", "cost", "location", "location_public",
    "age_from", "age_to", "state", "languages", "checked_on", "access_notes",
)  # fmt: skip


@dataclass(frozen=True)
class Relayed:
    """A service in another directory's list: its id there, our columns for it, and what was odd about it."""

    source_id: str
    told: Mapping[str, Any]
    digest: str
    oddities: list[dict[str, str]]


@dataclass(frozen=True)
class Credit:
    """Whose list it is and under which licence: words that stand with what the list says."""

    source: str
    listed_by: str = ""
    licence: str = ""


@transaction.atomic
def relay(
    found: Sequence[Relayed], *, by: Actor, at: datetime, credit: Credit, councils: Sequence[str] = (),
    signposted: bool = False,
) -> list[Service]:  # fmt: skip
    """New services as another directory lists them: nobody is sent there. `signposted`: left so for good, at once."""
    _check_steward(by)
    marks = {one.source_id: sha256(one.source_id.encode()).hexdigest()[:16] for one in found}
    made = [
        Service(
            source=credit.source, source_id=one.source_id, code=f"{credit.source[:40]}-{marks[one.source_id]}",
            takes_referrals=False, councils=list(councils), updated_at=at, source_hash=one.digest,
            oddities=one.oddities, listed_by=credit.listed_by, licence=credit.licence,
            signposted_at=at if signposted else None, **one.told,
        ) for one in found
    ]  # fmt: skip
    Service.objects.bulk_create(made, batch_size=500)
    keys = [service.pk for service in made]
    events.record_many("service.added", keys, by=by, at=at, source=credit.source)
    if signposted:
        events.record_many("service.signposted", keys, by=by, at=at)
    return made


@transaction.atomic
def relay_again(told: Mapping[UUID, Mapping[str, Any]], *, by: Actor, at: datetime) -> list[Service]:
    """What lists say anew of services that nobody here runs. Of one whose place is secret no place is taken."""
    _check_steward(by)
    held = list(Service.objects.filter(pk__in=told, provider=None).exclude(source="").select_for_update())
    for service in held:
        new = {name: value for name, value in told[service.pk].items() if name in (*RELAYED, "source_hash", "oddities")}
        for name, value in ({**without_place(new), "oddities": []} if service.location_protected else new).items():
            setattr(service, name, value)
        service.closed_on = (service.closed_on or at.date()) if service.state == State.CLOSED else None
        service.updated_at = at
    Service.objects.bulk_update(held, [*RELAYED, "source_hash", "oddities", "closed_on", "updated_at"], batch_size=200)
    events.record_many("service.revised", [service.pk for service in held], by=by, at=at)
    return held


@transaction.atomic
def say_credit(credit: Credit, *, by: Actor, at: datetime) -> None:
    """Whose list it is, on every service that came from it."""
    _check_steward(by)
    theirs = Service.objects.managed_by(by).filter(source=credit.source)
    theirs.update(listed_by=credit.listed_by, licence=credit.licence)


def _check_steward(by: Actor) -> None:
    if by.realm not in STEWARDS:
        raise RuleBroken("The hub decides about what other directories list.")
