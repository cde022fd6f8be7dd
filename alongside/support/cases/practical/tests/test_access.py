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


def finance(world: World) -> Client:
    """A finance officer of the provider, at their browser."""
    user = User.objects.create(email="finance@alongside.example", name="Testa Finance", created_at=world.now,
                               visible_orgs=[world.provider.pk])  # fmt: skip
    Membership.objects.create(user=user, organisation=world.provider, role="finance_officer", since=world.now)
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


def test_the_ledger_is_not_rewritten_in_the_database(world: World) -> None:
    funded(world)
    for change in ({"pence": 1}, {"on": "2026-01-01"}, {"request_number": "H-9999"}):
        with pytest.raises(Error), at_work(world, "service_manager"):
            Entry.objects.update(**change)
    with pytest.raises(Error), at_work(world, "service_manager"):
        Entry.objects.all().delete()
