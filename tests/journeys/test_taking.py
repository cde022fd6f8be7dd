"""Somebody telephones the hub: the officer takes the referral down, and the record says who is known already."""

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import PHONE, Visitor


def when_a_call_is_taken_down(officer: Visitor, **names: str) -> None:
    officer.open("/referrals/")
    officer.follow("Take a referral", within="main")
    officer.look_at_both_widths()
    officer.press("Keep the referral", refused=True)
    officer.look_at_both_widths()
    officer.choose(danger="no", channel="phone", caller="other", consent="yes", kind="person")
    officer.fill(other_name="Testo Placeholder, her brother", postcode="WV11 1AA", phone="07700 900733", **names)
    officer.choose(phone_safe="yes", message="no", reported="no", high_risk="no")
    officer.select(crime_type="Burglary")
    officer.fill(notes="It is worse at weekends.")
    officer.press("Keep the referral")


def then_the_officer_is_the_point_of_contact(officer: Visitor) -> None:
    officer.sees("Kept, and you are their point of contact", "By telephone, by Testo Placeholder, her brother.")
    officer.look_at_both_widths()


def test_somebody_who_telephones_twice_is_recognised(person: Person, site: Site) -> None:
    officer = person("triage")
    when_a_call_is_taken_down(officer, given_name="Telephona", family_name="Placeholder")
    then_the_officer_is_the_point_of_contact(officer)
    site.work()
    when_a_call_is_taken_down(officer, given_name="Telephona", family_name="Placeholdr")
    officer.sees("Perhaps the same person", "Telephona Placeholder", "The same telephone number")


def test_without_agreement_nothing_is_kept(person: Person) -> None:
    officer = person("triage", size=PHONE)
    officer.open("/referrals/new/")
    officer.choose(danger="yes")
    officer.sees("Call 999")
    officer.choose(consent="no")
    officer.press("Keep the referral")
    officer.sees("Nothing that you typed is kept")
    officer.look_at_both_widths()
