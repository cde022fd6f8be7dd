"""Reads of the directory: services that fit a person, where a person is, the lists that staff keep."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from alongside.core import said
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.core.rows.stamps import Stamp, stamp
from alongside.core.said import say
from alongside.foundation.local.atlas import queries as atlas
from alongside.foundation.local.atlas.rules import Drawing
from alongside.foundation.local.directory import rules
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import Fit, Seeker, Titles, fit, outside
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.organisations.queries import council_of, councils_beside, hub_for_force
from alongside.foundation.office.organisations.rules import OpenWork, is_postcode, postcode_key
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow

# Books whose codes a service holds.
BOOKS = ("crime_types", "needs", "languages", "routes", "made_for", "modes", "access_needs")
CRITERIA = "service_criteria"
# What `rules.fit` asks of a service.
SCORED = (
    "name", "crime_types", "needs", "councils", "languages", "specialisms", "sexes", "age_from", "age_to", "made_for",
    "criteria", "modes", "access", "posts", "takes_unreported", "takes_high_risk", "for_business", "wait_days",
    "state", "checked_on",
)  # fmt: skip
UNDER_18 = (0, 17)
CHILD = 18  # a helpline for nobody older is a child's, whatever happened
HUB = "hub"
Choices = list[tuple[str, str]]


def services_for(seeker: Seeker, *, on: date | None = None, hub: int | None = None) -> tuple[Fit, ...]:
    """Services that fit and that referrals may be sent to now, best first, with the rulebook's reason for
    each route. A waiting list is in `notes`. `hub`: those near this hub alone."""
    on = on or timezone.localdate()
    routes = {row.code: row.text("why") for row in _routes(seeker.crime_type, on)}
    services = Service.objects.open().routable()
    near = services if hub is None else services.near(hub, seeker.council)
    titles = Titles(words(on), routes)
    return _fits(near.select_related("provider"), seeker, titles, fresh_from=fresh_from(on))


def help_for(seeker: Seeker, *, on: date | None = None) -> tuple[Fit, ...]:
    """Services to show to the person themselves: those of organisations that work where they are, referrals or
    not; what is not checked any more comes later. Read without what no rule asks of: `whole` fills those shown."""
    on = on or timezone.localdate()
    titles = Titles(words(on), routes_of((seeker.crime_type,), on))
    found = list(may_fit(helping(seeker.council), seeker).order_by().values_list("pk", flat=True))
    read = lean()
    return _fits([read[pk] for pk in found if pk in read], seeker, titles, fresh_from=fresh_from(on))


def fresh_from(on: date) -> date:
    """The first day on which a check still counts."""
    return on - timedelta(days=asked_again_after(on))


def helping(council: str) -> QuerySet[Service]:
    """Services of organisations that work in a council's area, open now; with no council, anywhere."""
    found = Service.objects.open().exclude(provider=None)
    return found.covering(council) if council else found


def may_fit(services: QuerySet[Service], seeker: Seeker) -> QuerySet[Service]:
    """Leaves out, before they are read, services that `rules.fit` would rule out. The rest may still not fit."""
    if seeker.crime_type:
        services = services.filter(Q(crime_types=[]) | Q(crime_types__contains=[seeker.crime_type]))
    if seeker.business:
        return services.filter(for_business=True)
    if seeker.age is not None and seeker.oldest is not None:
        services = services.exclude(age_from__gt=seeker.oldest).exclude(age_to__lt=seeker.age)
    return services


def lean() -> Mapping[UUID, Service]:
    """Every service, with what rules ask of alone; the same for everybody, and read again once any has changed."""
    return _lean(stamp(Service))


@lru_cache(maxsize=2)
def _lean(stamp: Stamp) -> Mapping[UUID, Service]:
    return {one.pk: one for one in Service.objects.order_by().only(*SCORED)}


def whole(fits: Sequence[Fit]) -> tuple[Fit, ...]:
    """The same, with everything that a page says of each service."""
    read = Service.objects.select_related("provider").in_bulk([one.service.pk for one in fits])
    return tuple(replace(one, service=read[one.service.pk]) for one in fits if one.service.pk in read)


def routes_of(crime_types: Iterable[str], on: date) -> dict[str, str]:
    """The specialisms that crime types lead to, as the person themselves reads it: a specialist is named as what it is,
    the hub by what it does."""
    rows = [row for crime_type in crime_types for row in _routes(crime_type, on)]
    return {row.code: route_words(row) for row in rows}


def route_words(row: RuleRow) -> str:
    return row.text("why") if row.code == HUB else row.title


def _fits(services: Iterable[Service], seeker: Seeker, titles: Titles, *, fresh_from: date) -> tuple[Fit, ...]:
    found = [fit(service, seeker, titles=titles, fresh_from=fresh_from) for service in services]
    return tuple(sorted(filter(None, found), key=place_in_list))


def place_in_list(one: Fit) -> tuple[int, str, str]:
    """Best first; the same whatever order the rows came in."""
    return -one.score, one.service.name, str(one.service.pk)


def _routes(crime_type: str, on: date) -> list[RuleRow]:
    crime = rulebook.find("crime_types", crime_type, on)
    found = [rulebook.find("routes", code, on) for code in (crime.codes("routes") if crime else ())]
    return [row for row in found if row]


def words(on: date) -> Mapping[str, str]:
    """A word for each code that a service may hold."""
    named = {code: title for book in BOOKS for code, title in rulebook.titles(book, on).items()}
    notes = {row.code: row.text("note") or row.title for row in rulebook.current(CRITERIA, on)}
    return {**notes, **named, **dict(Council.objects.values_list("code", "name"))}


@dataclass(frozen=True)
class Answers:
    """What somebody told Find help: held for as long as one page takes, and written nowhere."""

    words: str = ""
    postcode: str = ""
    council: str = ""
    happened: str = ""
    who: str = ""
    age: str = ""
    language: str = ""


def carried(sent: Mapping[str, str]) -> dict[str, str]:
    """The answers that a page hands to the next one; empty when there are none."""
    return {one.name: sent[one.name] for one in fields(Answers) if sent.get(one.name)}


def narrowed(sent: Mapping[str, str]) -> dict[str, str]:
    """How a list was narrowed and turned, as a page hands it to the next one; empty when it was not."""
    return {name: sent[name] for name in ("q", "crime", "need", "council", "after", "before") if sent.get(name)}


def place(answers: Answers) -> Council:
    """The council that was chosen or that the postcode is in. Raises RuleBroken, which says what to do."""
    code = answers.council or _council_of(answers.postcode)
    found = Council.objects.filter(pk=code).first()
    if found is None:
        raise RuleBroken(say("That place is outside England and Wales. Choose a council from the list."), "council")
    return found


def _council_of(postcode: str) -> str:
    if not postcode:
        raise RuleBroken(say("Enter a postcode, or choose a council"), "postcode")
    if elsewhere := outside(postcode):
        known = say("{where} We know services in England and Wales. Choose a council there.", where=elsewhere)
        raise RuleBroken(known, "postcode")
    if not is_postcode(postcode):
        whole = say("Enter a whole postcode of England or Wales, such as B1 1BB, or choose a council")
        raise RuleBroken(whole, "postcode")
    found = council_of(postcode)
    if found is None:
        raise RuleBroken(_unknown(postcode), "postcode")
    return found


def _unknown(postcode: str) -> str:
    """Words about a postcode that is not known, perhaps newer than our list: where those that begin alike are."""
    beside = councils_beside(postcode)
    if not beside:
        return say("We do not know that postcode. Check it, or choose a council instead")
    begins = postcode_key(postcode)[:-3]
    return say(
        "We do not know that postcode. Others that begin with {letters} are in {places}: choose one", letters=begins,
        places=said.listed(beside[:3], "or"),
    )  # fmt: skip


def has_hub(council: Council) -> bool:
    """Whether a hub here looks after a council's area, so that somebody can be asked for help."""
    return hub_for_force(council.force_id) is not None


def seeker(answers: Answers, council: Council | None, on: date) -> Seeker:
    """What the answers say of the person, in the rulebook's codes."""
    happened = rulebook.find("plain_crimes", answers.happened, on)
    band = rulebook.find("age_bands", answers.age, on)
    ages = (band.number("first"), band.number("last")) if band else UNDER_18 if answers.who == "child" else None
    return Seeker(
        crime_type=happened.text("crime_type") if happened else "",
        council=council.pk if council else "",
        age=ages[0] if ages else None,
        age_to=ages[1] if ages else None,
        language=answers.language,
        business=answers.who == "business",
    )


def helplines(crime_type: str, on: date, seeker: Seeker | None = None) -> tuple[RuleRow, ...]:
    """National helplines: those for this crime, or for a child's age, first, then those for everybody; none that is for
    other ages, or for the other nation."""
    rows = [row for row in rulebook.current("helplines", on) if seeker is None or _may_call(row, seeker)]
    young = seeker is not None and seeker.age is not None
    named = [row for row in rows if crime_type in row.codes("crime_types") or (young and _is_for_children(row))]
    return (*named, *(row for row in rows if not row.codes("crime_types")))


def _is_for_children(row: RuleRow) -> bool:
    return row.number("age_to") <= CHILD


def _may_call(row: RuleRow, seeker: Seeker) -> bool:
    youngest, oldest = (0, rules.OLDEST) if seeker.age is None else (seeker.age, seeker.oldest or seeker.age)
    nation = "wales" if seeker.council.startswith("W") else "england"
    right_age = row.number("age_from") <= oldest and youngest <= row.number("age_to")
    return right_age and (not seeker.council or row.flag(nation))


def listed_elsewhere(council: Council) -> int:
    """How many services other directories list for a council."""
    return Service.objects.open().filter(provider=None, councils__contains=[council.pk]).count()


def choices(on: date) -> dict[str, Choices]:
    """Every choice of the public forms and of the filters, by book."""
    books = {book: list(rulebook.choices(book, on)) for book in (*BOOKS, CRITERIA, "plain_crimes", "age_bands")}
    return {**books, "councils": list(Council.objects.current().order_by("name").values_list("code", "name"))}


def choices_for(actor: Actor, on: date) -> dict[str, Choices]:
    """The same for staff who write a service: the councils and providers of their own police area."""
    return {**choices(on), "councils": councils_for(actor), "providers": providers_for(actor)}


def councils_for(actor: Actor) -> Choices:
    """The councils of the actor's own police area."""
    areas = Organisation.objects.filter(pk__in=actor.orgs).values("force")
    return list(Council.objects.current().filter(force__in=areas).order_by("name").values_list("code", "name"))


def providers_for(actor: Actor) -> Choices:
    """Those for whom a hub may add a service: itself and the providers of its area."""
    kinds = (Organisation.Kind.PROVIDER, Organisation.Kind.HUB)
    areas = Organisation.objects.filter(pk__in=actor.orgs).values("force")
    found = Organisation.objects.filter(kind__in=kinds, force__in=areas, until=None)
    return [(str(one.pk), one.name) for one in found]


def provider(pk: int | str) -> Organisation:
    return Organisation.objects.get(pk=pk)


def filtered(
    services: QuerySet[Service], *, name: str = "", crime: str = "", council: str = "", need: str = "",
    state: str = "", whose: str = "", actor: Actor = PUBLIC_ACTOR,
) -> QuerySet[Service]:  # fmt: skip
    """A list of services narrowed down. A service that names no crime or need is for any; one that another
    directory lists has not said."""
    for column, code in (("crime_types", crime), ("needs", need)):
        if code:
            anyone = services.filter(**{column: []}).exclude(provider=None)
            services = services.filter(**{f"{column}__contains": [code]}) | anyone
    services = services.filter(pk__in=Service.objects.covering(council)) if council else services
    services = services.filter(name__icontains=name) if name else services
    services = services.filter(state=state) if state else services
    if whose == "listed":
        services = services.filter(provider=None)
    if whose == "own":
        services = services.filter(pk__in=Service.objects.managed_by(actor).exclude(provider=None))
    return services.select_related("provider")


STANDINGS: dict[str, dict[str, Any]] = {
    rules.UNDECIDED: {"provider": None, "signposted_at": None},
    rules.ADOPTED: {"provider__isnull": False},
    rules.SIGNPOSTED: {"signposted_at__isnull": False},
}


def listed(actor: Actor, *, name: str = "", standing: str = "", source: str = "") -> QuerySet[Service]:
    """What other directories list and the actor's hub looks after, by name of service or of who runs it."""
    rows = Service.objects.managed_by(actor).listed()
    if name:
        rows = rows.filter(Q(name__icontains=name) | Q(provider_name__icontains=name))
    rows = rows.filter(source=source) if source else rows
    return rows.filter(**STANDINGS.get(standing, {})).select_related("provider")


def sources() -> list[str]:
    """The lists that services came from."""
    return list(Service.objects.listed().order_by("source").values_list("source", flat=True).distinct())


def namesake(service: Service, actor: Actor) -> str:
    """The key of the one organisation that is called as the list says; empty when none is, or several."""
    asked = service.provider_name.strip().casefold()
    found = [pk for pk, name in providers_for(actor) if name.casefold() == asked]
    return found[0] if len(found) == 1 else ""


def public_services() -> QuerySet[Service]:
    return Service.objects.open()


def public_service(pk: UUID) -> Service | None:
    """A service for anyone to read; one that is closed says so, one whose organisation has ended is gone."""
    return Service.objects.running().select_related("provider__force", "moves_to").filter(pk=pk).first()


@dataclass(frozen=True)
class Where:
    """Where a service works, drawn, and the police area of the map."""

    drawing: Drawing
    area: str


def where(service: Service) -> Where | None:
    """None for what another directory lists, which has not said."""
    drawing = atlas.of_area(service.provider.force_id, service.councils) if service.provider else None
    return Where(drawing, service.provider.force.name) if drawing and service.provider else None


def receiver(service: Service) -> Organisation | None:
    """Whoever is sent referrals to a service now, held until the transaction is over: it cannot end meanwhile."""
    taking = Service.objects.open().routable().filter(pk=service.pk).values("provider")
    return Organisation.objects.select_for_update(no_key=True).filter(pk__in=taking, until=None).first()


def open_work(organisation: int) -> tuple[OpenWork, ...]:
    """Why an organisation cannot end yet: services to which people are still sent."""
    taking = Service.objects.open().routable().filter(provider=organisation).count()
    to_do = "Close each to new referrals, so that nothing new comes."
    found = OpenWork("Services that take referrals", taking, to_do, "directory:services", P.SERVICE_MANAGE)
    return (found,) if taking else ()


def may_manage(actor: Actor, service: Service) -> bool:
    return Service.objects.managed_by(actor).filter(pk=service.pk).exists()


def may_add(actor: Actor) -> bool:
    return actor.realm == Realm.HUB


def asked_again_after(on: date) -> int:
    """Days after which an entry counts as unchecked."""
    return rulebook.rule("limits", "service_checked", on).number("number")
