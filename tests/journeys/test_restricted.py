"""A restricted record: an officer who is not named cannot find it, breaks its seal, and the privacy officer judges."""

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor


def given_a_record_is_restricted(manager: Visitor) -> str:
    """The first referral of the queue is put behind the manager and the privacy officer. Says its reference."""
    manager.open("/referrals/?view=to_do")
    manager.follow_in(manager.page.locator("main tbody tr").first)
    reference = manager.page.locator("main").inner_text().split("AL-", 1)[1][:9]
    with manager.going():
        manager.page.locator('main a[href*="/victims/"]').first.click()
    manager.follow("Who may open this record")
    manager.follow("Restrict it to named people")
    manager.look_at_both_widths()
    manager.page.get_by_label("Victim works for one of the agencies").check()
    manager.fill(words="She works at the front desk of this building")
    for box in manager.page.locator("input[name=people]").all():
        box.set_checked(
            checked="Privacyofficer" in manager.page.locator(f"label[for={box.get_attribute('id')}]").inner_text()
        )
    manager.press("Restrict it")
    manager.sees("The record is restricted", "Priya Privacyofficer", "Hattie Hubmanager")
    manager.look_at_both_widths()
    return f"AL-{reference}"


def when_an_officer_cannot_find_it_and_breaks_the_seal(officer: Visitor, reference: str) -> None:
    officer.open("/referrals/")
    officer.fill(q=reference)
    with officer.going():
        officer.page.locator("input[name=q]").press("Enter")
    officer.does_not_see("The person’s record")
    officer.open("/restricted/open/")
    officer.look_at_both_widths()
    officer.fill(reference="AL-2222-2222", words="A wrong letter")
    officer.page.get_by_label("Somebody may be in danger now").check()
    officer.press("Break the seal and open it", refused=True)
    officer.sees("No record that you could open this way has that reference")
    officer.fill(reference=reference, words="She rang and said that he is outside her door")
    officer.press("Break the seal and open it")
    officer.sees("What you opened", reference)
    officer.look_at_both_widths()
    officer.follow("Who it is, and safe ways of contact")
    assert "You have broken the seal of a record" in officer.text(".app-unsealed")
    officer.look_at_both_widths()


def then_the_privacy_officer_judges(privacy: Visitor, reference: str) -> None:
    privacy.open("/restricted/seals/")
    privacy.sees(reference, "Tilly Triage")
    privacy.look_at_both_widths()
    privacy.follow_in(privacy.page.locator("main tbody tr", has_text=reference).first)
    privacy.sees("She rang and said that he is outside her door", "The person’s record")
    privacy.look_at_both_widths()
    privacy.page.get_by_label("Justified", exact=True).check()
    privacy.fill(words="She was in danger, and nobody who is named could be reached")
    privacy.press("Put it on record")
    privacy.sees("Your judgement is on record")
    privacy.open("/restricted/seals/?state=done")
    privacy.sees(reference, "Justified")


def test_a_restricted_record_is_opened_by_breaking_its_seal_and_that_is_judged(person: Person) -> None:
    reference = given_a_record_is_restricted(person("hub-manager"))
    when_an_officer_cannot_find_it_and_breaks_the_seal(person("triage"), reference)
    privacy = person("privacy")
    then_the_privacy_officer_judges(privacy, reference)
    for page in ("/restricted/records/", "/restricted/known/", "/restricted/known/declare/", "/looks/"):
        privacy.open(page)
        privacy.look_at_both_widths()
