"""The pages of practical help: on a case, for a manager, and the books of a fund."""

import html
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from alongside.core.models import Event
from alongside.core.pages.paging import page_of
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.practical import ledger, queries
from alongside.support.cases.practical.models import Entry, Fund, Request
from alongside.support.cases.practical.presenters import DUE, TOLD
from alongside.support.cases.practical.tests.funding import approved, asked, funded, paid
from tests.world import World

pytestmark = pytest.mark.django_db
FUND = {"name": "Sample fund", "kinds": ["locks", "food"], "single_most": "£250", "second_above": "100"}


def day(offset: int = 0) -> dict[str, str]:
    on = timezone.localdate() + timedelta(days=offset)
    return {"on_day": str(on.day), "on_month": str(on.month), "on_year": str(on.year)}


def page(world: World, case: Case, person: str = "caseworker") -> str:
    return str(world.client(person).get(f"/casework/cases/{case.pk}/practical-help/").content.decode())


def test_a_manager_opens_a_fund_and_puts_money_in(world: World) -> None:
    client = world.client("service_manager")
    assert "There is no fund yet" in client.get("/funds/").content.decode()
    wrong = client.post("/funds/open/", {"name": "", "single_most": "lots"}).content.decode()
    assert "Name the fund" in wrong and "Choose what it may pay for" in wrong and "not an amount" in wrong
    done = client.post("/funds/open/", FUND, follow=True).content.decode()
    assert "The fund is open" in done and "Only one manager may approve" in done
    fund = Fund.objects.get()
    assert (fund.single_most, fund.second_above, fund.case_most) == (25_000, 10_000, None)
    here = f"/funds/{fund.pk}/"
    assert "Nothing was put in yet" in client.get(here).content.decode()
    wrong = client.post(f"{here}put-in/", {"pence": "0", "source": "Grant", **day()}).content.decode()
    assert "Enter a sum above" in wrong
    shown = client.post(f"{here}put-in/", {"pence": "£1,234.56", "source": "Grant", **day()}, follow=True)
    assert "£1,234.56" in shown.content.decode() and "Any manager" in shown.content.decode()
    client.post(f"{here}take-out/", {"pence": "34.56", "source": "Back", **day()})
    revised = {**FUND, "name": "Other fund", "seen": "1", "case_most": "500"}
    assert 'value="£250.00"' in client.get(f"{here}revise/").content.decode()
    assert "£500.00" in client.post(f"{here}revise/", revised, follow=True).content.decode()
    assert "Somebody else changed" in client.post(f"{here}revise/", revised).content.decode()
    shown = client.post(f"{here}close/", follow=True)
    assert "The fund is closed" in shown.content.decode() and "Take money out" in shown.content.decode()


def test_a_request_goes_from_asking_to_its_receipt(world: World) -> None:
    case, client, manager = accepted(world), world.client("caseworker"), world.client("service_manager")
    assert "There is no fund" in page(world, case)
    ask = f"/casework/cases/{case.pk}/practical-help/ask/"
    assert "There is no fund" in client.get(ask).content.decode()
    fund = funded(world)
    assert "Nothing has been asked for" in page(world, case)
    asked_page = client.get(ask).content.decode()
    assert "£500.00 left" in asked_page and "Up to £300.00" in asked_page
    given: dict[str, Any] = {"fund": str(fund.pk), "kind": "locks", "pence": "120", "what": "A door", "how": "card"}
    assert "most for one request" in client.post(ask, given | {"pence": "301"}).content.decode()
    assert "It is asked for" in client.post(ask, given, follow=True).content.decode()
    one = f"/casework/practical-help/{Request.objects.get().pk}/"
    waiting = manager.get("/casework/practical-help/").content.decode()
    assert "H-0001" in waiting and "A door" in waiting and case.reference in waiting
    assert "Your approval is kept" in manager.post(f"{one}approve/", follow=True).content.decode()
    assert "Nothing waits for you" in manager.get("/casework/practical-help/").content.decode()
    assert 'value="£120.00"' in client.get(f"{one}pay/").content.decode()
    assert "was approved" in client.post(f"{one}pay/", {"pence": "120.01", **day()}).content.decode()
    done = client.post(f"{one}pay/", {"pence": "119.99", **day()}, follow=True).content.decode()
    assert "£119.99 paid" in done and "No receipt yet" in done
    file = SimpleUploadedFile("Testina.pdf", b"%PDF-1.4 sample")
    assert client.get(f"{one}receipt/file/").status_code == 404
    done = client.post(f"{one}receipt/", {"receipt": "R-1", "file": file}, follow=True).content.decode()
    assert "Receipt R-1 seen" in done and "The receipt as it was sent in" in done
    kept = client.get(f"{one}receipt/file/")
    assert kept.content == b"%PDF-1.4 sample" and kept["Content-Disposition"] == 'attachment; filename="H-0001.pdf"'
    done = client.post(f"{one}give-back/", {"pence": "19.99", **day()}, follow=True).content.decode()
    assert "£19.99 came back" in done
    assert "£100.00</span>" in page(world, case)
    assert "£100.00 paid" in client.get(f"/casework/cases/{case.pk}/").content.decode()


def test_the_page_says_why_a_manager_may_not_approve_and_what_became_of_each(world: World) -> None:
    case, fund = accepted(world), funded(world, second_above=5_000)
    own = asked(world, case, fund, person="service_manager")
    manager = world.client("service_manager")
    shown = manager.get(f"/casework/practical-help/{own.pk}/").content.decode()
    assert "You asked for this, so somebody else approves it" in shown and "/approve/" not in shown
    two = approved(world, case, fund, what="Window locks")
    shown = manager.get(f"/casework/practical-help/{two.pk}/").content.decode()
    assert "You gave the first approval" in shown and "First approval" in shown
    refuse = f"/casework/practical-help/{two.pk}/refuse/"
    assert "Choose why it is refused" in manager.post(refuse, {"x": ""}).content.decode()
    assert "Somebody else pays for it" in manager.post(refuse, {"why": "elsewhere"}, follow=True).content.decode()
    done = world.client("caseworker").post(f"/casework/practical-help/{own.pk}/withdraw/", follow=True)
    assert "It is withdrawn" in done.content.decode()
    Request.objects.update(ended_by=None)
    assert "as the case closed" in page(world, case)
    assert page(world, case, "service_manager").count("Withdrawn") >= 1


def test_the_ledger_is_ticked_downloaded_and_summed_for_the_year(world: World) -> None:
    case, fund = accepted(world), funded(world)
    paid(world, case, fund)
    client, here = world.client("service_manager"), f"/funds/{fund.pk}/"
    assert "Tick what the statement shows" in client.post(f"{here}reconcile/", day()).content.decode()
    later = {"numbers": ["1", "4"], **{"on_day": "13", "on_month": "9", "on_year": "2026"}}
    assert "later day than the statement" in client.post(f"{here}reconcile/", later).content.decode()
    shown = client.post(f"{here}reconcile/", later | {"on_day": "14"}, follow=True).content.decode()
    assert "Ticked" in shown and "Untick" in shown
    entry = Entry.objects.get(number=4)
    assert "The tick is taken off" in client.post(f"/funds/entries/{entry.pk}/untick/", follow=True).content.decode()
    assert client.get(f"{here}download/").status_code == 302
    file = client.post(f"{here}download/").content.decode("utf-8-sig")
    assert "4,2026-09-14,Paid,H-0001,Locks and doors,Paid to the supplier,,,100.00,,," in file
    assert "Sampleford" not in file and case.reference not in file and "No names" in file
    assert Event.objects.get(name="export.made").details["about"] == "fund"
    shown = client.get(f"{here}year/2026/").content.decode()
    assert "2026/27" in shown and "£400.00" in shown and "Locks and doors" in shown
    assert "Nothing was paid or promised" in client.get(f"{here}year/2025/").content.decode()
    assert client.get(f"{here}year/1999/").status_code == client.get(f"{here}year/2099/").status_code == 404


def test_a_case_without_help_has_no_card_and_the_hub_reads_nothing(world: World) -> None:
    case, fund = accepted(world), funded(world)
    here = f"/casework/cases/{case.pk}/"
    assert "Every request" not in world.client("caseworker").get(here).content.decode()
    asked(world, case, fund)
    shown = world.client("caseworker").get(here).content.decode()
    assert "£100.00 asked for or approved" in shown and "Every request" in shown
    paid(world, case, fund, 5_000, what="Window locks")
    assert "1 receipt to come" in world.client("caseworker").get(here).content.decode()
    assert "£" not in world.client("triage_officer").get(here).content.decode()


def test_the_words_of_the_timeline_and_the_agenda_are_there(world: World) -> None:
    details = {"number": "H-0001", "kind": "locks", "pence": 1234, "why": "elsewhere"}
    titles = {"locks": "Locks and doors"}
    words = {name: said.words(details, lambda book: titles) for name, said in TOLD.items()}
    assert words["help.paid"] == "Practical help paid: £12.34, locks and doors" and all(words.values())
    assert DUE["practical.receipt"].words(details, lambda book: {}) == "Receipt for practical help: locks"
    assert "locks and doors" in DUE["practical.approve"].words(details, lambda book: titles)


def test_a_long_ledger_is_read_and_ticked_a_page_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "page_of", partial(page_of, size=2))
    fund, by = funded(world, 100), world.actor("service_manager")
    for pence in (200, 300, 400):
        ledger.put_in(fund, by=by, at=world.now, pence=pence, on=world.now.date(), source=f"Gift of {pence}")
    client, here = world.client("service_manager"), f"/funds/{fund.pk}/"
    text = client.get(here).content.decode()
    assert "Showing 2 of 4 lines" in text and "Gift of 400" in text and "Gift of 200" not in text
    assert "£10.00" in text and "£6.00" in text, "what was left after each"
    after = html.unescape(re.search(rf'href="{here}(\?after=[^"]*)"', text)[1])  # type: ignore[index]
    text = client.get(here + after).content.decode()
    assert "Gift of 200" in text and "£3.00" in text and "£1.00" in text and "Previous page" in text
    ticked = client.post(f"{here}reconcile/{after}", {"numbers": ["1", "2"], **day()})
    assert after.removeprefix("?") in ticked["Location"]
    text = client.get(f"{here}?view=unticked").content.decode()
    assert "Gift of 400" in text and "Gift of 200" not in text and "Showing 2 of 2 lines" in text
    client.post(f"{here}reconcile/", {"numbers": ["3", "4"], **day()})
    assert "Everything is ticked" in client.get(f"{here}?view=unticked").content.decode()
