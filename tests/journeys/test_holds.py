"""Contact is held for the police: an officer cannot record a call, and a manager does with a reason."""

from datetime import timedelta

from django.utils import timezone

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor


def given_the_police_asked_us_to_hold(manager: Visitor) -> str:
    """The first referral of the queue stands still for three days. Says where it is."""
    manager.open("/referrals/?view=to_do")
    manager.follow_in(manager.page.locator("main tbody tr").first)
    where = manager.page.url.split("/referrals/")[1].split("/")[0]
    with manager.going():
        manager.page.locator('main form[action$="/take/"] button').first.click()
    manager.open(f"/clocks/{where}/pause/")
    manager.sees("Nobody contacts them meanwhile, and no message leaves.")
    manager.look_at_both_widths()
    day = timezone.localdate() + timedelta(days=3)
    manager.page.get_by_label("The police asked us to hold for somebody's safety").check()
    manager.fill(until_day=str(day.day), until_month=str(day.month), until_year=str(day.year))
    manager.press("Pause the clocks")
    manager.sees("Do not make contact until")
    return f"/referrals/{where}/record-attempt/"


def when_an_officer_records_a_call_it_is_refused(officer: Visitor, where: str) -> None:
    officer.open(where)
    officer.sees("Make no contact before", "a manager records it with the reason")
    officer.does_not_see("Why could this not wait?")
    officer.look_at_both_widths()
    officer.page.get_by_label("No answer").check()
    officer.press("Record the attempt", refused=True)
    officer.sees("There is a problem", "The police asked us to hold for somebody's safety")


def then_a_manager_records_it_with_a_reason(manager: Visitor, where: str) -> None:
    manager.open(where)
    manager.page.get_by_label("No answer").check()
    manager.page.get_by_label("Somebody's safety needs it now").check()
    manager.look_at_both_widths()
    manager.press("Record the attempt")
    manager.sees("The attempt is recorded")


def test_contact_that_is_held(person: Person) -> None:
    manager, officer = person("hub-manager"), person("triage")
    where = given_the_police_asked_us_to_hold(manager)
    when_an_officer_records_a_call_it_is_refused(officer, where)
    then_a_manager_records_it_with_a_reason(manager, where)
