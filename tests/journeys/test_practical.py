"""Practical help: a fund is opened, a lock is asked for, approved, paid and receipted, and the books name nobody."""

from datetime import date

from playwright.sync_api import FilePayload

from tests.journeys.conftest import Person
from tests.journeys.referring import MAIN
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import Visitor

FUND = "Journey homes fund"


def today() -> dict[str, str]:
    on = date.today()
    return {"on_day": str(on.day), "on_month": str(on.month), "on_year": str(on.year)}


def given_a_fund(manager: Visitor, name: str = FUND, *, second_above: str = "200") -> str:
    """The address of a fund with a hundred pounds in it."""
    manager.follow("Funds", within=MAIN)
    manager.look_at_both_widths()
    manager.follow("Open a fund", within="main")
    manager.look_at_both_widths()
    manager.press("Open a fund", refused=True)
    manager.fill(name=name, single_most="£250", second_above=second_above)
    manager.choose(kinds=["locks", "travel"])
    manager.press("Open a fund")
    manager.follow(name, within="main")
    manager.sees("Nothing was put in yet")
    manager.follow("Put money in", within="main")
    manager.look_at_both_widths()
    manager.fill(pence="£100.00", source="Sample grant", **today())
    manager.press("Put money in")
    manager.sees("£100.00", "Sample grant")
    manager.look_at_both_widths()
    return manager.path


def when_the_worker_asks(worker: Visitor, case: str, fund: str = FUND) -> None:
    worker.open(case)
    worker.follow("Practical help", within="nav[aria-label='This case']")
    worker.look_at_both_widths()
    worker.follow("Ask for practical help", within="main")
    worker.look_at_both_widths()
    worker.page.get_by_role("radio", name=fund).check()
    worker.choose(kind="locks", how="supplier")
    worker.fill(pence="89.50", what="A new lock after the keys were taken")
    worker.press("Ask for it")
    worker.sees("A manager answers it", "Waits for approval", "£89.50")
    worker.look_at_both_widths()


def when_the_manager_approves(manager: Visitor) -> None:
    manager.follow("Funds", within=MAIN)
    manager.follow("What waits for approval", within="main")
    manager.look_at_both_widths()
    manager.follow_in(manager.page.locator("main section", has_text="after the keys were taken"))
    manager.look_at_both_widths()
    manager.press("Approve")
    manager.sees("Your approval is kept", "Approved, to be paid")


def when_the_worker_pays_and_adds_the_receipt(worker: Visitor) -> None:
    worker.follow_in(worker.page.locator("main section", has_text="after the keys were taken"))
    worker.follow("Say that it is paid", within="main")
    worker.look_at_both_widths()
    worker.press("Say that it is paid")
    worker.sees("No receipt yet")
    worker.follow("Add the receipt", within="main")
    worker.look_at_both_widths()
    chosen: FilePayload = {"name": "Madeup.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 sample"}
    worker.page.locator("input[type=file]").set_input_files([chosen])
    worker.press("Keep the receipt")
    worker.sees("Receipt seen")
    with worker.page.expect_download() as kept:
        worker.page.get_by_role("link", name="The receipt as it was sent in").click()
    assert kept.value.suggested_filename.startswith("H-")
    worker.follow("Money came back", within="main")
    worker.fill(pence="9.50", **today())
    worker.press("Money came back")
    worker.sees("£9.50 came back")


def then_the_books_add_up_and_name_nobody(finance: Visitor, fund: str) -> None:
    finance.open(fund)
    finance.sees("£20.00", "£89.50", "H-0001, locks and doors")
    finance.does_not_see("Helped", "keys were taken", "Put money in", "Caseload")
    finance.page.get_by_label("Entry 1 is on the statement").check()
    finance.fill(**today())
    finance.press("Tick them off")
    finance.sees("Ticked", "Untick")
    finance.look_at_both_widths()
    finance.follow("The year: put in, paid, promised and left")
    finance.sees("£80.00", "What these figures mean")
    finance.look_at_both_widths()


def test_a_lock_is_paid_from_a_fund_to_the_penny(person: Person) -> None:
    case = given_a_case(person, "Helped", "07700 900747")
    manager, worker = person("service-manager"), person("caseworker")
    fund = given_a_fund(manager)
    when_the_worker_asks(worker, case)
    when_the_manager_approves(manager)
    when_the_worker_pays_and_adds_the_receipt(worker)
    then_the_books_add_up_and_name_nobody(person("finance"), fund)


def when_a_trustee_gives_the_second_approval(trustee: Visitor, sum_: str) -> None:
    """By number, on a phone's width too; nothing there says for whom."""
    trustee.sees("Practical help to approve")
    trustee.look_at_both_widths()
    trustee.follow("Approvals", within=MAIN)
    trustee.sees(sum_, "Waits for a second approval", "First approval", "tell the manager")
    trustee.does_not_see("Seconded", "keys were taken", "Caseload")
    trustee.look_at_both_widths()
    card = trustee.page.locator("main section", has_text="Seconds fund")
    card.get_by_role("button", name="Approve").click()
    trustee.sees("Your approval is kept")
    trustee.does_not_see("Seconds fund")


def test_in_a_charity_with_one_manager_a_trustee_gives_the_second_approval(person: Person) -> None:
    case = given_a_case(person, "Seconded", "07700 900748")
    manager, worker = person("service-manager"), person("caseworker")
    given_a_fund(manager, "Seconds fund", second_above="50")
    when_the_worker_asks(worker, case, "Seconds fund")
    manager.follow("Approvals", within=MAIN)
    manager.follow_in(manager.page.locator("main section", has_text="Seconds fund"))
    manager.press("Approve")
    manager.sees("Waits for a second approval")
    when_a_trustee_gives_the_second_approval(person("trustee"), "£89.50")
    worker.open(f"{case}practical-help/")
    worker.sees("Approved, to be paid")
