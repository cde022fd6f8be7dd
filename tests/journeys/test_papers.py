"""A partner's document reaches the charity that accepted: chosen, read, opened, said so, and taken back."""

from playwright.sync_api import FilePayload

from tests.journeys.conftest import Person
from tests.journeys.referring import given_an_offer
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

WHAT = "Risk assessment by the housing partner"


def given_a_document_of_it(partner: Visitor, reference: str) -> None:
    partner.open("/refer/yours/")
    partner.follow_in(partner.page.locator("main tbody tr", has_text=reference))
    chosen: FilePayload = {"name": "Placeholder risk.txt", "mimeType": "text/plain", "buffer": b"Sample words"}
    partner.page.locator("input[type=file]").set_input_files([chosen])
    partner.press("Send to the hub")
    partner.sees("Placeholder risk.txt")


def when_the_officer_passes_it_on(officer: Visitor, address: str) -> None:
    officer.open(address)
    officer.look_at_both_widths()
    officer.follow_in(officer.page.locator("main section[aria-label=Documents] p", has_text="Pass on to Lantern"))
    officer.sees("Once they accept, and never if they decline", "You have not opened this document yet")
    officer.look_at_both_widths()
    with officer.page.expect_download():
        officer.page.get_by_role("link", name="Placeholder risk.txt").click()
    officer.fill(what=WHAT)
    officer.page.get_by_label("I have read it").check()
    officer.press("Pass it on")
    officer.sees("Chosen. They see it once they have accepted", "Waits for the service")
    officer.look_at_both_widths()


def then_the_worker_opens_it(worker: Visitor, site: Site, reference: str) -> None:
    worker.follow("Offers", within="nav[aria-label='Main']")
    worker.follow_in(worker.page.locator("main tbody tr").last)
    worker.does_not_see(WHAT)
    worker.press("Accept")
    site.work()
    worker.open(worker.path)
    worker.sees(reference, "1 document that nobody here has opened", WHAT)
    worker.does_not_see("Placeholder risk.txt")
    worker.look_at_both_widths()
    with worker.page.expect_download() as kept:
        worker.page.get_by_role("link", name=WHAT).click()
    assert kept.value.suggested_filename.startswith(reference)
    assert kept.value.path().read_bytes() == b"Sample words"


def then_the_hub_reads_so_and_takes_it_back(officer: Visitor, address: str) -> None:
    officer.open(address)
    officer.sees("Opened by Lantern Sample Charity")
    officer.look_at_both_widths()
    with officer.going():
        officer.page.get_by_role("button", name="Take back").click()
    officer.sees("The document is taken back", "may have kept it")


def test_a_partners_document_is_passed_on_opened_and_taken_back(person: Person, site: Site) -> None:
    officer = person("triage")
    sent = given_an_offer(person, officer, "Papersworth", "07700 900161")
    given_a_document_of_it(person("housing"), sent.reference)
    when_the_officer_passes_it_on(officer, sent.address)
    worker = person("caseworker")
    then_the_worker_opens_it(worker, site, sent.reference)
    then_the_hub_reads_so_and_takes_it_back(officer, sent.address)
    worker.open(worker.path)
    worker.does_not_see(WHAT)
