"""Who is in the world: eight fictional charities with twelve services, their workers, agencies that refer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from uuid import UUID

from alongside.config.demo import personas
from alongside.config.demo.world import listings
from alongside.config.demo.world.offers import SERVICES, Kind
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Council, Membership, Organisation, Postcode

CHARITIES = {
    "lantern": "Lantern Sample Charity", "harbour": "Harbour Sample Charity", "beacon": "Beacon Sample Youth Trust",
    "crossways": "Crossways Sample Alliance", "roadside": "Roadside Sample Care",
    "counterpoint": "Counterpoint Sample Business Support", "evergreen": "Evergreen Sample Network",
    "hearth": "Hearth Sample Women's Centre",
}  # fmt: skip
PARTNERS = {"sample-hospital": "Sample Hospitals Trust", "sample-council": "Sample Council Social Care",
            "sample-college": "Sample College"}  # fmt: skip
GIVEN = {
    "female": "Amira Grace Priya Zofia Nadia Farah Ewa Aisha Mei Leila Hannah Parveen Rosa Megan Yasmin Chloe Fatima "
    "Sioned".split(),
    "male": "Jakub Tomasz Daniel Callum Owen Lewis Samuel Joseph Rhys Kofi Ivan George Imran Dylan Peter Arjun Liam "
    "Marek".split(),
}
STAFF = [name for pair in zip(*GIVEN.values(), strict=True) for name in pair]
FAMILY = (
    "Sampleford Testerley Mockridge Exampleton Fictionby Demonshaw Placeholder Specimenson Trialworth Dummerly "
    "Pretendham Modelby Pseudonymous Imaginer Notareal Fabricant Synthetic Testwell Samplewood Examplar"
).split()


@dataclass
class Cast:
    """Everyone and everything that stories are told about."""

    hub: Organisation
    force: Organisation
    partners: list[Organisation]
    services: list[tuple[Kind, Service]]
    officers: list[UUID]
    workers: dict[int, list[UUID]]
    councils: list[str]
    postcodes: dict[str, list[str]] = field(default_factory=dict)


def assemble(random: Random, *, at: datetime) -> Cast:
    """Makes the cast where it is absent."""
    base = personas.ensure()
    for code, name in {**CHARITIES, **PARTNERS}.items():
        kind = Organisation.Kind.PROVIDER if code in CHARITIES else Organisation.Kind.PARTNER
        Organisation.objects.get_or_create(
            code=code, defaults={"kind": kind, "force_id": personas.AREA, "name": name, "since": date(2024, 4, 1)}
        )
    found = {body.code: body for body in Organisation.objects.filter(force_id=personas.AREA)}
    councils = list(
        Council.objects.current().filter(force_id=personas.AREA).order_by("code").values_list("code", flat=True)
    )
    hub = base["sample-hub"]
    workers = {found[code].pk: _staff(found[code], "caseworker", count=5, at=at) for code in CHARITIES}
    services = [(kind, _service(kind, found[kind.provider], at=at)) for kind in SERVICES]
    listings.add(found, councils, at=at)
    return Cast(
        hub=hub, force=base["sample-force"], partners=[found[code] for code in (*PARTNERS, "sample-housing")],
        services=services,
        officers=_staff(hub, "triage_officer", count=6, at=at), workers=workers, councils=councils,
        postcodes=_postcodes(random, councils),
    )  # fmt: skip


def _staff(organisation: Organisation, role: str, *, count: int, at: datetime) -> list[UUID]:
    """People of a role: whoever is there already, and invented colleagues up to the count."""
    there = Membership.objects.filter(organisation=organisation, role=role, until=None)
    staff = list(there.values_list("user_id", flat=True))
    for number in range(len(staff), count):
        name = f"{STAFF[(number * 7 + organisation.pk) % len(STAFF)]} Worker-{organisation.code.title()}"
        user = User.objects.create(
            email=f"{role}-{number}@{organisation.code}.example", name=name, created_at=at,
            visible_orgs=[organisation.pk],
        )  # fmt: skip
        Membership.objects.create(user=user, organisation=organisation, role=role, since=personas.STARTED)
        staff.append(user.pk)
    return staff


def _service(kind: Kind, provider: Organisation, *, at: datetime) -> Service:
    made, _ = Service.objects.get_or_create(
        code=kind.code,
        defaults={
            "provider": provider, "name": kind.name, "summary": kind.summary, "crime_types": list(kind.crimes),
            "needs": list(kind.needs), "languages": list(kind.languages), "specialisms": list(kind.specialisms),
            "sexes": list(kind.sexes),
            "age_from": kind.ages[0], "age_to": kind.ages[1], "takes_high_risk": kind.high_risk,
            "for_business": kind.business, "phone": "01632 960 700", "hours": "Monday to Friday, 9am to 5pm",
            "email": f"hello@{provider.code}.example", "web": f"https://{provider.code}.example/",
            "what_happens": "We call you at a time you said is safe, listen, and agree with you what would help.",
            "state": Service.State.WAITING if kind.waiting else Service.State.OPEN, "checked_on": at.date(),
            "updated_at": at, **kind.more, **({"capacity_on": at.date()} if "wait_days" in kind.more else {}),
        },
    )  # fmt: skip
    return made


def _postcodes(random: Random, councils: list[str]) -> dict[str, list[str]]:
    """Some real postcodes of each council, where they have been loaded."""
    found = {}
    for council in councils:
        rows = list(Postcode.objects.filter(council=council).order_by("code").values_list("code", flat=True)[:4000])
        found[council] = [f"{code[:-3]} {code[-3:]}" for code in random.sample(rows, min(200, len(rows)))]
    return found
