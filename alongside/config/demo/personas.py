"""The demonstration's cast: the organisations that personas work for, and about ten people to sign in as."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership, Organisation

AREA = "west-midlands"
SINCE = date(2024, 4, 1)
STARTED = datetime(2024, 4, 1, 9, 0, tzinfo=UTC)
K = Organisation.Kind

# code: (kind, force, name, telephone). Nobody real: names say so, telephones are from the drama ranges.
ORGANISATIONS: dict[str, tuple[str, str, str, str]] = {
    "sample-policing-body": (K.POLICING_BODY, AREA, "West Midlands Sample Policing Body", "0121 496 0100"),
    "sample-hub": (K.HUB, AREA, "West Midlands Sample Victim Hub", "0121 496 0101"),
    "sample-force": (K.FORCE, AREA, "West Midlands Sample Constabulary", "0121 496 0102"),
    "sample-housing": (K.PARTNER, AREA, "Sample Housing Partnership", "0121 496 0103"),
    "sample-library": (K.PARTNER, AREA, "Sample Central Library", "0121 496 0104"),
    "lantern": (K.PROVIDER, AREA, "Lantern Sample Charity", "0121 496 0110"),
    "harbour": (K.PROVIDER, AREA, "Harbour Sample Charity", "0121 496 0111"),
}


@dataclass(frozen=True)
class Persona:
    """Somebody to sign in as: who they are, for whom they work, and what they can do, in plain words."""

    key: str
    name: str
    organisation: str
    role: str
    can: str

    @property
    def email(self) -> str:
        return f"{self.key}@alongside.example"


PERSONAS = (
    Persona(
        "triage",
        "Tilly Triage",
        "sample-hub",
        "triage_officer",
        "Takes new referrals, makes first contact, assesses needs, sends to a service.",
    ),
    Persona(
        "hub-manager",
        "Hattie Hubmanager",
        "sample-hub",
        "hub_manager",
        "Everything a triage officer does; loads police feeds, manages people and services.",
    ),
    Persona(
        "privacy",
        "Priya Privacyofficer",
        "sample-hub",
        "privacy_officer",
        "Answers for restricted records: who is named, which seals were broken, which looks are unusual.",
    ),
    Persona(
        "partnership",
        "Petra Partnership",
        "sample-hub",
        "partnership_officer",
        "Maps community groups and helps them to bid; can never see a victim.",
    ),
    Persona(
        "caseworker",
        "Casey Worker",
        "lantern",
        "caseworker",
        "Accepts offers, supports victims, measures outcomes, closes cases.",
    ),
    Persona(
        "service-manager",
        "Selma Servicemanager",
        "lantern",
        "service_manager",
        "Assigns and covers cases, sees the service's own figures, manages its people.",
    ),
    Persona(
        "finance",
        "Fenella Finance",
        "lantern",
        "finance_officer",
        "Keeps the books of the practical help fund; can never see a victim.",
    ),
    Persona(
        "trustee",
        "Trudy Trustee",
        "lantern",
        "help_approver",
        "Gives practical help its second approval, by number; can never see a victim.",
    ),
    Persona(
        "returns",
        "Rina Returnsofficer",
        "lantern",
        "returns_officer",
        "Fills the quarterly return in and sends it; can never see a victim.",
    ),
    Persona(
        "certifier",
        "Cora Certifier",
        "lantern",
        "return_certifier",
        "Puts their name to the quarterly return; can never see a victim.",
    ),
    Persona(
        "neighbour",
        "Nadia Neighbour",
        "harbour",
        "caseworker",
        "Works for another charity: sees nothing of Lantern's victims. Try it.",
    ),
    Persona(
        "officer",
        "Oscar Officer",
        "sample-force",
        "referrer",
        "Refers a victim and sees where the referral stands, no more.",
    ),
    Persona("housing", "Hugo Housing", "sample-housing", "referrer", "Refers from a partner agency."),
    Persona(
        "centre",
        "Cleo Centreworker",
        "sample-library",
        "centre_worker",
        "Reports hate crimes and incidents for visitors of a library; sees where its own reports stand.",
    ),
    Persona(
        "commissioner",
        "Connie Commissioner",
        "sample-policing-body",
        "commissioning_officer",
        "Reads and exports the quarter's measures; can never see a victim.",
    ),
    Persona(
        "analyst",
        "Anya Analyst",
        "sample-policing-body",
        "analyst",
        "Breaks measures down; every figure with its definition.",
    ),
    Persona(
        "board",
        "Basil Board",
        "sample-policing-body",
        "board_member",
        "Reads protected figures with fixed dimensions.",
    ),
    Persona(
        "administrator",
        "Ada Administrator",
        "sample-policing-body",
        "office_administrator",
        "Manages the office's people, organisations, rulebook and jobs.",
    ),
)


@transaction.atomic
def ensure() -> dict[str, Organisation]:
    """Makes the cast where it is absent. Returns the organisations by code: the world's centre."""
    organisations = {
        code: Organisation.objects.get_or_create(
            code=code,
            defaults={"kind": kind, "force_id": force, "name": name, "phone": phone, "since": SINCE},
        )[0]
        for code, (kind, force, name, phone) in ORGANISATIONS.items()
    }
    for persona in PERSONAS:
        _join(persona, organisations[persona.organisation])
    return organisations


def _join(persona: Persona, organisation: Organisation) -> None:
    user, _ = User.objects.get_or_create(
        email=persona.email,
        defaults={"name": persona.name, "created_at": STARTED, "visible_orgs": [organisation.pk]},
    )
    Membership.objects.get_or_create(
        user=user, organisation=organisation, role=persona.role, until=None, defaults={"since": STARTED}
    )
