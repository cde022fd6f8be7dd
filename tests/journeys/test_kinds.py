"""A bereaved relative is recorded as one, and another relative of whoever died gets a record of their own."""

from tests.journeys.conftest import Person


def test_relatives_of_one_death_stand_beside_each_other(person: Person) -> None:
    officer = person("triage")
    officer.open("/referrals/")
    officer.follow_in(officer.page.locator("main tbody tr").last)
    officer.follow("Bereaved, or a witness?")
    officer.choose(kind="witness", harmed="yes", side="defence")
    officer.press("Record it", refused=True)
    officer.sees("is a victim of it by law")
    officer.choose(kind="bereaved")
    officer.page.locator("select[name=relation]").select_option("sibling")
    officer.fill(died="Fictiona Sampleford")
    officer.look_at_both_widths()
    officer.press("Record it")
    officer.sees("Knew whoever died as: Brother or sister", "National homicide service")
    officer.look_at_both_widths()
    officer.follow("Add another relative")
    officer.fill(given_name="Inventa", family_name="Sampleford")
    officer.page.locator("select[name=relation]").select_option("child")
    officer.look_at_both_widths()
    officer.press("Add them to the queue")
    officer.sees("Also bereaved", "Inventa Sampleford")
