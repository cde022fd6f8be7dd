"""A partner's referral on its way to a charity: the steps with which several journeys begin."""

from dataclasses import dataclass

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor

SERVICE = "Lantern domestic abuse advocates"
MAIN = "nav[aria-label='Main']"


@dataclass(frozen=True)
class Referred:
    """Somebody made up, whom a partner referred and an officer works on."""

    reference: str
    name: str
    address: str


def given_a_referral(person: Person, family: str, phone: str) -> str:
    """The reference of a referral for domestic abuse, by a housing officer who says that calling is safe."""
    partner = person("housing")
    partner.follow("Refer", within=MAIN)
    partner.choose(consent="yes", kind="person")
    partner.fill(given_name="Madeup", family_name=family, postcode="WV11 1AA", phone=phone)
    partner.choose(phone_safe="yes", reported="no", high_risk="no")
    partner.select(crime_type="Domestic abuse")
    partner.press("Send to the hub")
    return partner.text(".app-flash .app-ref")


def when_the_officer_takes(officer: Visitor, reference: str) -> str:
    """The address of the referral."""
    officer.open(f"/referrals/?q={reference}")
    officer.follow_in(officer.page.locator("main tbody tr", has_text=reference))
    officer.press("Take this referral")
    officer.sees("single point of contact")
    return officer.path


def when_the_officer_sends(officer: Visitor) -> None:
    officer.follow("Assess needs", within="main")
    officer.choose(danger="no", level_health="some")
    officer.press("Save and read it through")
    officer.follow("Choose a service")
    officer.page.get_by_role("radio", name=SERVICE).check()
    officer.choose(agreed="yes")
    officer.press("Send")
    officer.sees(f"Sent to {SERVICE}")


def given_an_offer(person: Person, officer: Visitor, family: str, phone: str) -> Referred:
    """A referral that waits for the answer of Lantern."""
    reference = given_a_referral(person, family, phone)
    address = when_the_officer_takes(officer, reference)
    when_the_officer_sends(officer)
    return Referred(reference, f"Madeup {family}", address)


def when_the_worker_opens_the_latest_offer(worker: Visitor) -> str:
    """The address of the offer. It shows no name."""
    worker.follow("Offers", within=MAIN)
    worker.follow_in(worker.page.locator("main tbody tr").last)
    worker.sees("Domestic abuse", "Why the hub chose this service")
    return worker.path
