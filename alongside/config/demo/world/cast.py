"""Who is in the world: eight fictional charities with twelve services, their workers, agencies that refer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from uuid import UUID

from alongside.config.demo import personas
from alongside.foundation.accounts.models import User
from alongside.foundation.directory.models import Service
from alongside.foundation.organisations.models import Council, Membership, Organisation, Postcode

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


@dataclass(frozen=True)
class Kind:
    """A service of the demonstration, in the words of the directory."""

    code: str
    provider: str
    name: str
    crimes: tuple[str, ...]
    summary: str
    ages: tuple[int | None, int | None] = (18, None)
    high_risk: bool = False
    business: bool = False
    waiting: bool = False
    weeks: tuple[int, int] = (4, 22)
    first_contact_days: tuple[int, int] = (1, 7)
    languages: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("health", "outlook")


SERVICES = (
    Kind("lantern-advocates", "lantern", "Lantern domestic abuse advocates", ("domestic_abuse", "stalking"),
         "An advocate who helps you stay safe, deals with agencies with you and is beside you at court.",
         ages=(16, None), high_risk=True, first_contact_days=(0, 2), needs=("accommodation", "outlook", "family"),
         specialisms=("domestic_abuse_specialist", "stalking_specialist")),
    Kind("lantern-outreach", "lantern", "Lantern outreach", ("domestic_abuse", "harassment"),
         "Support in your own area, at your own pace, wherever it is safe to meet.", ages=(16, None)),
    Kind("harbour-advocates", "harbour", "Harbour sexual violence advocates", ("sexual_violence",),
         "Somebody who believes you and explains every choice, whether or not you report.",
         high_risk=True, weeks=(12, 60), first_contact_days=(1, 9), specialisms=("sexual_violence_specialist",)),
    Kind("harbour-counselling", "harbour", "Harbour counselling",
         ("sexual_violence", "child_sexual_abuse", "domestic_abuse"),
         "Talking with a trained counsellor. There is a waiting list, and we stay in touch while you wait.",
         waiting=True, weeks=(10, 30), first_contact_days=(40, 190), needs=("health",)),
    Kind("beacon-young-people", "beacon", "Beacon young people's service",
         ("child_sexual_abuse", "child_abuse", "violence", "robbery", "domestic_abuse", "child_criminal_exploitation"),
         "Support for children and young people up to 18, at school, at home or online.", ages=(None, 17),
         high_risk=True, needs=("health", "family", "work_learning"), specialisms=("young_peoples_service",)),
    Kind("crossways-hate-crime", "crossways", "Crossways hate crime support", ("hate_crime", "hate_incident"),
         "For anyone harmed for who they are. You do not need to have told the police.", ages=(None, None),
         specialisms=("hate_crime_service",), needs=("social", "outlook")),
    Kind("crossways-lgbt", "crossways", "Crossways LGBT+ support", ("hate_crime", "violence", "domestic_abuse"),
         "Support by and for LGBT+ people.", specialisms=("LGBT+",), needs=("social", "health")),
    Kind("roadside-bereaved", "roadside", "Roadside support after a collision",
         ("fatal_road_collision", "serious_road_injury"),
         "For people bereaved or badly hurt on the road, for as long as it takes.", ages=(None, None),
         weeks=(10, 50), needs=("health", "money", "family"), specialisms=("road_victim_charity",)),
    Kind("counterpoint-business", "counterpoint", "Counterpoint business crime advice", ("business_crime",),
         "A visit, advice on making your premises safe, and somebody to ring.", business=True, weeks=(1, 8),
         needs=("money", "outlook"), specialisms=("business_crime_service",)),
    Kind("evergreen-over-55s", "evergreen", "Evergreen support for over-55s",
         ("burglary", "fraud_cyber", "robbery", "adult_at_risk_abuse", "theft"),
         "Practical and emotional help for people over 55, at home if you like.", ages=(55, None),
         needs=("money", "social", "health")),
    Kind("hearth-womens-centre", "hearth", "Hearth women's centre",
         ("honour_based_abuse", "forced_marriage", "fgm", "domestic_abuse", "modern_slavery"),
         "A women's centre with workers who speak Punjabi, Urdu, Polish and Romanian.", ages=(16, None),
         high_risk=True, languages=("pa", "ur", "pl", "ro"), sexes=("female",),
         needs=("accommodation", "family", "money"), specialisms=("harmful_practices_specialist",)),
    Kind("evergreen-neighbours", "evergreen", "Evergreen support after crime",
         ("violence", "robbery", "burglary", "theft", "criminal_damage_arson", "vehicle_crime", "harassment",
          "antisocial_behaviour", "public_order", "fraud_cyber", "other"),
         "Practical help and a listening ear after any crime.", ages=(None, None), weeks=(2, 12),
         needs=("outlook", "health", "accommodation")),
)  # fmt: skip


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
    return Cast(
        hub=hub, force=base["sample-force"], partners=[found[code] for code in (*PARTNERS, "sample-housing")],
        services=[(kind, _service(kind, found[kind.provider], at=at)) for kind in SERVICES],
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
            "updated_at": at,
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
