"""Who sees a fund and what is asked of it: its own organisation. Whoever keeps the books reads of nobody."""

import pytest
from django.db import Error, transaction
from django.test import Client

from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.practical.models import Entry, Fund, Request
from alongside.support.cases.practical.tests.funding import asked, funded, paid
from tests.world import World

pytestmark = pytest.mark.django_db
STRANGERS = ("neighbour_caseworker", "neighbour_manager", "far_caseworker", "triage_officer", "hub_manager",
             "commissioning_officer", "referrer")  # fmt: skip


def rows(world: World, person: str) -> list[int]:
    """How many a person sees with both locks, and with the database's alone; none where it may not even ask."""
    counts = []
    with at_work(world, person) as by:
        for model in (Fund, Entry, Request):
            try:
                with transaction.atomic():
                    counts += [model.objects.visible_to(by).count(), model.objects.count()]
            except Error:
                counts += [0, 0]
    return counts


def finance(world: World, role: str = "finance_officer", name: str = "Testa Finance") -> Client:
    """A finance officer of the provider, or somebody with another role alone, at their browser."""
    user = User.objects.create(email=f"{role}@alongside.example", name=name, created_at=world.now,
                               visible_orgs=[world.provider.pk])  # fmt: skip
    Membership.objects.create(user=user, organisation=world.provider, role=role, since=world.now)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def test_a_provider_alone_sees_its_funds_and_requests(world: World) -> None:
    case, fund = accepted(world), funded(world)
    one = asked(world, case, fund)
    assert rows(world, "caseworker") == rows(world, "service_manager") == [1] * 6
    addresses = [f"/funds/{fund.pk}/", f"/funds/{fund.pk}/year/2026/", f"/funds/{fund.pk}/put-in/",
                 f"/casework/practical-help/{one.pk}/", f"/casework/practical-help/{one.pk}/receipt/",
                 f"/casework/cases/{case.pk}/practical-help/"]  # fmt: skip
    for person in STRANGERS:
        assert rows(world, person) == [0] * 6, person
        for address in addresses:
            assert world.client(person).get(address).status_code in (403, 404), (person, address)
    assert fund.name not in world.client("neighbour_manager").get("/funds/").content.decode()
    assert "H-0001" not in world.client("neighbour_manager").get("/casework/practical-help/").content.decode()


def test_a_caseworker_asks_and_pays_and_neither_approves_nor_keeps_the_books(world: World) -> None:
    case, fund = accepted(world), funded(world)
    one, client = asked(world, case, fund), world.client("caseworker")
    assert client.get(f"/casework/practical-help/{one.pk}/").status_code == 200
    assert client.post(f"/casework/practical-help/{one.pk}/approve/").status_code == 403
    assert client.get(f"/casework/practical-help/{one.pk}/refuse/").status_code == 403
    for address in ("/funds/", f"/funds/{fund.pk}/", "/casework/practical-help/", "/funds/open/"):
        assert client.get(address).status_code == 403, address


def test_a_finance_officer_reads_the_books_ticks_them_and_nothing_of_anybody(world: World) -> None:
    case, fund = accepted(world), funded(world)
    one, client = paid(world, case, fund), finance(world)
    page = client.get(f"/funds/{fund.pk}/").content.decode()
    assert "H-0001" in page and "£100.00" in page
    for telling in (case.reference, "Sampleford", "stronger door", "Put money in", "Close the fund"):
        assert telling not in page, telling
    assert (
        client.post(
            f"/funds/{fund.pk}/reconcile/", {"numbers": ["1"], "on_day": "14", "on_month": "9", "on_year": "2026"}
        ).status_code
        == 302
    )
    assert client.get(f"/funds/{fund.pk}/year/2026/").status_code == 200 and (
        "Practical help funds" in client.get("/home/").content.decode()
    )
    for address in (f"/casework/practical-help/{one.pk}/", f"/casework/cases/{case.pk}/", "/casework/cases/",
                    f"/funds/{fund.pk}/put-in/", "/casework/practical-help/"):  # fmt: skip
        assert client.get(address).status_code in (403, 404), address


def test_in_a_charity_with_one_manager_a_trustee_gives_the_second_approval_and_learns_of_nobody(world: World) -> None:
    case, fund = accepted(world), funded(world, second_above=5_000)
    one, manager = asked(world, case, fund), world.client("service_manager")
    address, listed = f"/casework/practical-help/{one.pk}/", "/casework/practical-help/"
    stuck = manager.post(f"{address}approve/", follow=True).content.decode()
    assert "You gave the first approval" in stuck and "such as a trustee" in stuck and "under people" in stuck.lower()
    client = finance(world, "help_approver", "Testa Trustee")
    assert "such as a trustee" not in manager.get(address).content.decode()
    page = client.get(listed).content.decode()
    assert "H-0001" in page and "£100.00" in page and "First approval" in page
    assert "tell the manager, who refuses it" in page and ">Refuse" not in page
    assert f'href="{listed}"' in client.get("/services/").content.decode(), "from every page there is a way to it"
    for telling in (case.reference, "Sampleford", "stronger door", str(case.pk)):
        assert telling not in page, telling
    assert "Practical help to approve" in client.get("/home/").content.decode()
    for closed in (address, f"/casework/cases/{case.pk}/", "/casework/cases/", "/funds/", f"/funds/{fund.pk}/",
                   f"{address}refuse/", f"{address}receipt/", f"{address}pay/"):  # fmt: skip
        assert client.get(closed).status_code in (403, 404), closed
    assert "Your approval is kept" in client.post(f"{address}approve/", follow=True).content.decode()
    one.refresh_from_db()
    assert one.state == "APPROVED" and one.approved_by != one.first_by
    assert "Nothing waits" in client.get(listed).content.decode()


def test_what_the_only_manager_asked_for_waits_for_the_trustee_and_says_so(world: World) -> None:
    case, fund = accepted(world), funded(world)
    one, manager = asked(world, case, fund, person="service_manager"), world.client("service_manager")
    page = manager.get(f"/casework/practical-help/{one.pk}/").content.decode()
    assert "You asked for this" in page and "such as a trustee" in page
    client = finance(world, "help_approver")
    client.post(f"/casework/practical-help/{one.pk}/approve/")
    one.refresh_from_db()
    assert one.state == "APPROVED"


def test_a_trustee_whom_the_fund_does_not_name_reads_why_and_neighbours_requests_are_not_there(world: World) -> None:
    case, fund = accepted(world), funded(world, approvers=(world.people["service_manager"].pk,))
    one, client = asked(world, case, fund), finance(world, "help_approver")
    page = client.get("/casework/practical-help/").content.decode()
    assert "You are not one of those who approve" in page and "Approve H-0001" not in page
    Membership.objects.filter(role="help_approver").update(organisation=world.organisations["neighbour"])
    assert "H-0001" not in client.get("/casework/practical-help/").content.decode()
    assert client.post(f"/casework/practical-help/{one.pk}/approve/").status_code == 404


def test_the_ledger_is_not_rewritten_in_the_database(world: World) -> None:
    funded(world)
    for change in ({"pence": 1}, {"on": "2026-01-01"}, {"request_number": "H-9999"}):
        with pytest.raises(Error), at_work(world, "service_manager"):
            Entry.objects.update(**change)
    with pytest.raises(Error), at_work(world, "service_manager"):
        Entry.objects.all().delete()
