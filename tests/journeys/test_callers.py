"""Somebody telephones who is not in the queue; somebody else calls again under another name and is recognised."""

from tests.journeys.conftest import Person
from tests.journeys.visitor import PHONE, Visitor


def given_a_call_that_is_taken_down(officer: Visitor, given_name: str, family_name: str) -> None:
    officer.open("/referrals/")
    officer.follow("Take down a call", within="main")
    officer.look_at_both_widths()
    officer.press("Take it in", refused=True)
    officer.sees("Ask whether anybody is in danger right now", "Without their agreement nothing is kept")
    officer.choose(danger="no", phone_safe="yes", reported="no")
    officer.page.locator("#id_agreed").check()
    officer.fill(given_name=given_name, family_name=family_name, phone="07700 900417",
                 birth_date_day="6", birth_date_month="5", birth_date_year="1987")  # fmt: skip
    officer.page.locator("select[name=happened]").select_option("attacked")
    officer.press("Take it in")


def test_a_call_is_taken_down_and_the_next_of_the_same_person_is_recognised(person: Person) -> None:
    officer = person("triage", size=PHONE)
    given_a_call_that_is_taken_down(officer, "Fictiona", "Callerly")
    officer.sees("Taken down", "Self-referral", "Telephoned the hub")
    given_a_call_that_is_taken_down(officer, "Ficitona", "Marriedname")
    officer.look_at_both_widths()
    officer.sees("Fictiona Callerly", "same telephone number")
