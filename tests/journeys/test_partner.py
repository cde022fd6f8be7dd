"""Those who refer: a partner's form, and a police file."""

from pathlib import Path

from playwright.sync_api import FilePayload, Route, expect

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

FEED = Path(__file__).parents[2] / "demo" / "feeds" / "01_clean_utf8.csv"
SUMS = ("Accepted", "Duplicate", "Held", "Rejected")


def when_they_refer(partner: Visitor) -> None:
    partner.follow("Refer", within="nav[aria-label='Main']")
    when_they_fill_in_a_referral(partner)
    partner.press("Send to the hub")


def when_they_fill_in_a_referral(partner: Visitor) -> None:
    partner.choose(consent="yes", kind="person")
    partner.fill(given_name="Invented", family_name="Placeholder", postcode="WV11 1AA", phone="07700 900155")
    partner.choose(phone_safe="yes", reported="no", high_risk="no")
    partner.select(crime_type="Burglary")


def then_they_see_where_it_stands_and_no_name(partner: Visitor) -> str:
    partner.sees("Sent to the hub")
    reference = partner.text(".app-flash .app-ref")
    row = partner.page.locator("main tbody tr", has_text=reference)
    assert "Received" in row.inner_text()
    partner.does_not_see("Placeholder")
    return reference


def when_the_file_is_loaded(manager: Visitor, site: Site) -> dict[str, int]:
    """The receipt: what became of each row."""
    manager.follow("Feeds", within="nav[aria-label='Main']")
    manager.follow("Load a file", within="main")
    manager.page.locator("main input[type=radio]").first.check()
    manager.page.locator("input[type=file]").set_input_files(FEED)
    manager.page.get_by_role("button", name="Load the file").click()
    manager.page.wait_for_url("**/feeds/loading/**")
    site.work()
    manager.open("/feeds/")
    manager.follow_in(manager.page.locator("main tbody tr").first)
    cells = [row.inner_text().split("\t") for row in manager.page.locator("main table").first.locator("tbody tr").all()]
    return {words.strip(): int(count.replace(",", "")) for words, count in cells}


def then_the_receipt_adds_up(receipt: dict[str, int]) -> None:
    *parts, total = receipt.values()
    assert sum(parts) == total > 0


def test_partner_refers_and_sees_where_it_stands(person: Person) -> None:
    partner = person("housing")
    when_they_refer(partner)
    reference = then_they_see_where_it_stands_and_no_name(partner)

    officer = person("triage")
    officer.open(f"/referrals/?q={reference}")
    officer.sees("Invented Placeholder", "Partner")


def test_partner_sends_a_document_with_a_referral_and_triage_reads_it(person: Person) -> None:
    partner = person("housing")
    partner.open("/refer/")
    partner.fill(given_name="Invented")
    for name in ("Sample risk assessment.txt", "Wrong one.txt"):
        chosen: FilePayload = {"name": name, "mimeType": "text/plain", "buffer": b"Sample words"}
        partner.page.locator("input[type=file]").set_input_files([chosen])
        partner.press("Add the document")
        partner.sees(name)
    partner.look_at_both_widths()
    partner.press("Take out Wrong one.txt")
    partner.does_not_see("Wrong one.txt")
    when_they_refer(partner)
    reference = then_they_see_where_it_stands_and_no_name(partner)
    officer = person("triage")
    officer.open(f"/referrals/?q={reference}")
    officer.follow_in(officer.page.locator("main tbody tr").first)
    officer.sees("Sample risk assessment.txt")
    officer.look_at_both_widths()


def test_a_draft_on_its_way_does_not_outlive_the_referral_that_it_was_of(person: Person) -> None:
    partner = person("housing")
    sent: list[str] = []
    waiting: list[Route] = []

    def hold(draft: Route) -> None:
        waiting.append(draft)
        if len(waiting) > 1:
            draft.continue_()

    partner.page.on("requestfinished", lambda done: sent.append(done.url) if done.method == "POST" else None)
    partner.page.route("**/drafts/**", hold)
    partner.open("/refer/")
    with partner.page.expect_request("**/drafts/**"):
        when_they_fill_in_a_referral(partner)
    with partner.going():
        partner.page.get_by_role("button", name="Send to the hub").click(no_wait_after=True)
        partner.page.wait_for_timeout(500)
        waiting[0].continue_()
    partner.sees("Sent to the hub")
    *drafts, last = [url.removeprefix(partner.origin).split("/")[1] for url in sent]
    assert last == "refer" and set(drafts) == {"drafts"}
    partner.open("/refer/")
    expect(partner.page.locator("[name=given_name]")).to_have_value("")


def test_officer_cannot_open_what_partners_referred(person: Person) -> None:
    partner, officer = person("housing"), person("officer")
    when_they_refer(partner)
    reference = then_they_see_where_it_stands_and_no_name(partner)
    officer.open("/refer/yours/")
    officer.does_not_see(reference)


def test_manager_loads_a_police_file_twice_and_nothing_changes(person: Person, site: Site) -> None:
    manager = person("hub-manager")
    first = when_the_file_is_loaded(manager, site)
    then_the_receipt_adds_up(first)
    again = when_the_file_is_loaded(manager, site)
    then_the_receipt_adds_up(again)
    assert again["Accepted"] == 0 and again["With us already"] >= first["Accepted"] > 0
