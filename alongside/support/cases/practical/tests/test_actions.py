"""Requests are asked for, approved by somebody else, paid, receipted and given back; a ledger always adds up."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.papers.tests.passing import run
from alongside.support.cases.practical import actions, jobs, ledger, queries
from alongside.support.cases.practical.ledger import Terms
from alongside.support.cases.practical.models import Entry, Fund, Request
from alongside.support.cases.practical.tests.funding import KINDS, approved, asked, funded, paid
from tests.world import World

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PDF = b"%PDF-1.4 sample receipt"


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


@pytest.fixture
def fund(world: World) -> Fund:
    return funded(world)


def adds_up(fund: Fund) -> int:
    """The balance, which is the sum of the ledger and never below zero."""
    fresh = Fund.objects.get(pk=fund.pk)
    entries = list(Entry.objects.filter(fund=fund).order_by("number"))
    assert fresh.balance == sum(entry.pence for entry in entries) >= 0
    assert [entry.number for entry in entries] == list(range(1, fresh.last_entry + 1))
    return int(fresh.balance)


def second_manager(world: World) -> None:
    """A colleague who manages too."""
    Membership.objects.create(user=world.people["other_caseworker"], organisation=world.provider,
                              role="service_manager", since=world.now)  # fmt: skip


def test_ask_promises_nothing_and_waits_for_a_manager(world: World, case: Case, fund: Fund) -> None:
    one = asked(world, case, fund)
    assert one.number == "H-0001" and one.rule == "locks@1" and adds_up(fund) == 50_000
    assert b"stronger" not in bytes(one.what) and fields.read(one, "what") == "A stronger door"
    item = Item.objects.get()
    assert (item.kind, item.about, item.details) == ("practical.approve", one.pk, {"kind": "locks"})
    told = Event.objects.get(name="help.asked")
    assert told.subject == case.pk and told.details == {"number": "H-0001", "kind": "locks", "pence": 10_000}
    assert asked(world, case, fund, at=world.now + timedelta(seconds=5)) == one
    assert asked(world, case, fund, 9_000).number == "H-0002"


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [({"pence": 30_001}, "most for one request", "pence"), ({"pence": 0}, "above", "pence"),
     ({"kind": "moving"}, "not for help of this kind", "kind"), ({"kind": "pets"}, "not for help", "kind"),
     ({"how": "barter"}, "how it is paid", "how"), ({"what": "To 12-34-56"}, "bank details are not kept", "what")],
)  # fmt: skip
def test_ask_is_refused_past_its_limits(
    world: World, case: Case, fund: Fund, changes: dict[str, Any], words: str, field: str
) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        asked(world, case, fund, **changes)
    assert refused.value.field == field and not Request.objects.exists()


def test_ask_counts_what_the_case_had_and_not_what_was_refused_or_came_back(world: World, case: Case) -> None:
    fund = funded(world, case_most=35_000)
    one = paid(world, case, fund, 20_000)
    actions.withdraw(asked(world, case, fund, 5_000), by=world.actor("caseworker"), at=world.now)
    with pytest.raises(RuleBroken, match="from this fund"):
        asked(world, case, fund, 16_000)
    actions.give_back(one, by=world.actor("caseworker"), at=world.now, pence=5_000, on=world.now.date())
    assert asked(world, case, fund, 16_000).pence == 16_000
    assert queries.totals(case) == queries.Totals(15_000, 16_000, 1)


def test_ask_takes_no_fund_that_is_closed_or_somebody_elses_and_no_closed_case(
    world: World, case: Case, fund: Fund
) -> None:
    theirs = funded(world, person="neighbour_manager")
    with pytest.raises(RuleBroken, match="fund is closed"):
        asked(world, case, theirs)
    ledger.close_fund(fund, by=world.actor("service_manager"), at=world.now)
    with pytest.raises(RuleBroken, match="fund is closed"):
        asked(world, case, fund)
    Case.objects.update(state="CLOSED", closed_at=world.now)
    with pytest.raises(RuleBroken, match="case is closed"):
        asked(world, case, fund)


def test_approve_promises_the_money_once(world: World, case: Case, fund: Fund) -> None:
    one = approved(world, case, fund)
    assert one.state == "APPROVED" and adds_up(fund) == 40_000 and not Item.objects.exists()
    entry = Entry.objects.get(kind="promised")
    assert (entry.pence, entry.request_number, entry.spends, entry.source) == (-10_000, "H-0001", "locks", "")
    with pytest.raises(RuleBroken, match="no longer so"):
        actions.approve(one, by=world.actor("service_manager"), at=world.now)
    assert adds_up(fund) == 40_000


def test_nobody_approves_their_own_request(world: World, case: Case, fund: Fund) -> None:
    one = asked(world, case, fund, person="service_manager")
    with pytest.raises(RuleBroken, match="somebody else approves"):
        actions.approve(one, by=world.actor("service_manager"), at=world.now)


def test_above_a_limit_two_managers_approve(world: World, case: Case) -> None:
    fund = funded(world, second_above=9_999)
    one = approved(world, case, fund)
    assert one.state == "SECOND" and adds_up(fund) == 50_000
    assert Event.objects.filter(name="help.first_approved").count() == 1 and Item.objects.exists()
    with pytest.raises(RuleBroken, match="somebody else gives the second"):
        actions.approve(one, by=world.actor("service_manager"), at=world.now)
    one = actions.approve(one, by=world.actor("other_caseworker"), at=world.now)
    assert one.state == "APPROVED" and adds_up(fund) == 40_000
    assert approved(world, case, fund, 9_999, what="Window locks").state == "APPROVED"


def test_only_those_who_are_named_approve_or_refuse(world: World, case: Case) -> None:
    second_manager(world)
    fund = funded(world, approvers=[world.people["other_caseworker"].pk])
    one, by = asked(world, case, fund), world.actor("service_manager")
    for act in (lambda: actions.approve(one, by=by, at=world.now),
                lambda: actions.refuse(one, by=by, at=world.now, why="elsewhere")):  # fmt: skip
        with pytest.raises(RuleBroken, match="not one of those"):
            act()
    assert actions.approve(one, by=world.actor("other_caseworker"), at=world.now).state == "APPROVED"


def test_approve_is_refused_where_there_is_not_enough_or_all_is_closed(world: World, case: Case) -> None:
    fund = funded(world, 5_000)
    with pytest.raises(RuleBroken, match=r"£50[.]00 left"):
        approved(world, case, fund)
    Case.objects.update(state="CLOSED", closed_at=world.now)
    with pytest.raises(RuleBroken, match="case or the fund is closed"):
        actions.approve(Request.objects.get(), by=world.actor("service_manager"), at=world.now)
    assert adds_up(fund) == 5_000


def test_refuse_says_why(world: World, case: Case, fund: Fund) -> None:
    one, by = asked(world, case, fund), world.actor("service_manager")
    with pytest.raises(RuleBroken, match="Choose why"):
        actions.refuse(one, by=by, at=world.now, why="mood")
    actions.refuse(one, by=by, at=world.now, why="elsewhere")
    one.refresh_from_db()
    assert (one.state, one.refused_why, one.ended_by) == ("REFUSED", "elsewhere", by.user_id)
    assert not Item.objects.exists() and adds_up(fund) == 50_000


def test_withdraw_gives_back_what_was_promised(world: World, case: Case, fund: Fund) -> None:
    one = approved(world, case, fund)
    actions.withdraw(one, by=world.actor("caseworker"), at=world.now)
    assert Request.objects.get().state == "WITHDRAWN" and adds_up(fund) == 50_000
    with pytest.raises(RuleBroken, match="no longer so"):
        actions.pay(one, by=world.actor("caseworker"), at=world.now, pence=1, on=world.now.date())


def test_pay_may_be_less_than_was_approved_and_never_more(world: World, case: Case, fund: Fund) -> None:
    one, by, on = approved(world, case, fund), world.actor("caseworker"), world.now.date()
    for pence, day, words in ((10_001, on, "was approved"), (100, on + DAY, "today or earlier"),
                              (100, on - DAY, "before it was approved")):  # fmt: skip
        with pytest.raises(RuleBroken, match=words):
            actions.pay(one, by=by, at=world.now, pence=pence, on=day)
    actions.pay(one, by=by, at=world.now, pence=9_550, on=on)
    assert adds_up(fund) == 40_450 and queries.books(queries.ledger(fund)).promised == 0
    item = Item.objects.get()
    assert item.kind == "practical.receipt" and item.due_at.date() == on + 14 * DAY
    with pytest.raises(RuleBroken, match="no longer so"):
        actions.pay(one, by=by, at=world.now, pence=9_550, on=on)


def test_show_receipt_keeps_it_sealed_and_ends_the_chase(world: World, case: Case, fund: Fund) -> None:
    one, by = paid(world, case, fund), world.actor("caseworker")
    with pytest.raises(RuleBroken, match="number of the receipt"):
        actions.show_receipt(one, by=by, at=world.now, receipt=" ")
    with pytest.raises(RuleBroken, match="Choose a PDF"):
        actions.show_receipt(one, by=by, at=world.now, receipt="", file=b"\x00\x01")
    actions.show_receipt(one, by=by, at=world.now, receipt="", file=PDF)
    actions.show_receipt(one, by=by, at=world.now, receipt="R-77")
    one.refresh_from_db()
    assert queries.receipt_file(one) == PDF and one.file_kind == "pdf" and fields.read(one, "receipt") == "R-77"
    assert PDF not in bytes(one.file) and b"R-77" not in bytes(one.receipt) and not Item.objects.exists()


def test_give_back_is_never_more_than_was_paid_and_a_double_press_is_once(world: World, case: Case, fund: Fund) -> None:
    one, by, on = paid(world, case, fund), world.actor("caseworker"), world.now.date()
    for pence, day, words in ((10_001, on, "No more than"), (100, on - DAY, "before it was paid")):
        with pytest.raises(RuleBroken, match=words):
            actions.give_back(one, by=by, at=world.now, pence=pence, on=day)
    for _ in range(2):
        actions.give_back(one, by=by, at=world.now, pence=4_000, on=on)
    assert adds_up(fund) == 44_000
    actions.give_back(one, by=by, at=world.now + HOUR, pence=4_000, on=on)
    with pytest.raises(RuleBroken, match=r"£20[.]00 can come back"):
        actions.give_back(one, by=by, at=world.now + HOUR, pence=4_001, on=on)
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.update(returned_pence=10_001)


def test_when_a_case_closes_what_nobody_approved_is_withdrawn(world: World, case: Case, fund: Fund) -> None:
    approved(world, case, fund, 5_000, what="Window locks")
    one = asked(world, case, fund)
    assert actions.end(case.pk, by=world.actor("caseworker"), at=world.now) == 0
    casework.close(case, by=world.actor("caseworker"), at=world.now, reason="not_reached",
                   unmeasured_why=rulebook.choices("unmeasured_reasons", world.now.date())[0][0])  # fmt: skip
    run(jobs.end, "case.closed")
    run(jobs.end, "case.closed")
    one.refresh_from_db()
    assert one.state == "WITHDRAWN" and one.ended_by is None and adds_up(fund) == 45_000
    assert Event.objects.get(name="help.withdrawn").organisation_id == case.provider_id
    still = Request.objects.get(state="APPROVED")
    actions.pay(still, by=world.actor("caseworker"), at=world.now, pence=5_000, on=world.now.date())


def test_a_fund_opens_with_terms_that_make_sense(world: World) -> None:
    by = world.actor("service_manager")
    funded(world)
    for terms, field in (
        (Terms("Other", ()), "kinds"), (Terms("Other", ("pets",)), "kinds"),
        (Terms("lord sample's FUND", KINDS), "name"),
        (Terms("Other", KINDS, single_most=0), "single_most"),
        (Terms("Other", KINDS, approvers=(world.people["caseworker"].pk,)), "approvers"),
    ):  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            ledger.open_fund(terms, by=by, at=world.now)
        assert refused.value.field == field
    assert Fund.objects.count() == Event.objects.filter(name="fund.opened").count() == 1


def test_two_people_who_revise_one_fund_do_not_overwrite(world: World, fund: Fund) -> None:
    by = world.actor("service_manager")
    ledger.revise(fund, Terms(fund.name, ("food",), single_most=5_000), by=by, at=world.now, seen=1)
    with pytest.raises(RuleBroken, match="Somebody else changed"):
        ledger.revise(fund, Terms("Other", KINDS), by=by, at=world.now, seen=1)
    fund.refresh_from_db()
    assert (fund.kinds, fund.single_most, fund.version) == (["food"], 5_000, 2)


def test_money_goes_in_and_out_to_the_penny_and_once(world: World, fund: Fund) -> None:
    by, on = world.actor("service_manager"), world.now.date()
    given: dict[str, Any] = {"by": by, "at": world.now, "on": on, "source": "Gift"}
    ledger.put_in(fund, pence=1, **given)
    ledger.put_in(fund, pence=1, **given)
    assert adds_up(fund) == 50_001
    for pence, day, words in ((0, on, "above"), (5, on + DAY, "today or earlier")):
        with pytest.raises(RuleBroken, match=words):
            ledger.put_in(fund, pence=pence, **given | {"on": day})
    with pytest.raises(RuleBroken, match="not enough"):
        ledger.take_out(fund, pence=50_002, **given)
    ledger.take_out(fund, pence=50_001, **given)
    assert adds_up(fund) == 0 and Event.objects.filter(name="fund.taken_out").count() == 1


def test_a_fund_with_open_promises_or_requests_does_not_close(world: World, case: Case, fund: Fund) -> None:
    by = world.actor("service_manager")
    one = asked(world, case, fund)
    with pytest.raises(RuleBroken, match="wait for approval"):
        ledger.close_fund(fund, by=by, at=world.now)
    one = actions.approve(one, by=by, at=world.now)
    with pytest.raises(RuleBroken, match=r"£100[.]00 is promised"):
        ledger.close_fund(fund, by=by, at=world.now)
    actions.pay(one, by=by, at=world.now, pence=10_000, on=world.now.date())
    ledger.close_fund(fund, by=by, at=world.now)
    for act in (
        lambda: ledger.close_fund(fund, by=by, at=world.now),
        lambda: ledger.put_in(fund, by=by, at=world.now, pence=1, on=world.now.date(), source="Gift"),
        lambda: ledger.revise(fund, Terms("Other", KINDS), by=by, at=world.now, seen=1),
    ):  # fmt: skip
        with pytest.raises(RuleBroken, match="fund is closed"):
            act()
    actions.give_back(Request.objects.get(), by=by, at=world.now, pence=500, on=world.now.date())
    ledger.take_out(fund, by=by, at=world.now, pence=40_500, on=world.now.date(), source="Back to the giver")
    assert adds_up(fund) == 0


def test_entries_are_ticked_once_and_unticked(world: World, case: Case, fund: Fund) -> None:
    paid(world, case, fund)
    by, on = world.actor("service_manager"), world.now.date()
    for numbers, day, words in (
        ([1], on + DAY, "today or earlier"),
        ([1], on - DAY, "later day"),
        ([2], on, "Tick what"),
    ):
        with pytest.raises(RuleBroken, match=words):
            ledger.reconcile(fund, by=by, at=world.now, numbers=numbers, on=day)
    assert ledger.reconcile(fund, by=by, at=world.now, numbers=[1, 2, 3, 4], on=on) == 2
    assert queries.books(queries.ledger(fund)).not_shown == 0
    entry = Entry.objects.get(number=4)
    for _ in range(2):
        ledger.untick(entry, by=by, at=world.now)
    assert queries.books(queries.ledger(fund)).not_shown == -10_000
    assert Event.objects.filter(name="fund.unticked").count() == 1


@pytest.mark.parametrize("change", [{"balance": -1}, {"closed_at": "2026-01-01T00:00Z"}])
def test_the_database_itself_refuses_a_fund_that_cannot_be(fund: Fund, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Fund.objects.filter(pk=fund.pk).update(**change)


def test_an_entry_has_the_sign_of_its_kind(fund: Fund) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(fund=fund).update(kind="paid")


VERBS = st.lists(
    st.tuples(st.sampled_from(("put_in", "take_out", "ask", "approve", "refuse", "withdraw", "pay", "give_back")),
              st.integers(0, 12_000), st.integers(0, 9)),
    max_size=14,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(verbs=VERBS)
def test_in_any_order_of_verbs_a_ledger_adds_up_and_is_never_below_zero(
    world: World, case: Case, verbs: list[tuple[str, int, int]]
) -> None:
    point = transaction.savepoint()
    fund = funded(world, 10_000, name="Fund")
    for step, (verb, pence, which) in enumerate(verbs):
        try:
            with transaction.atomic():
                _do(world, case, fund, verb, pence, which, step)
        except RuleBroken:
            pass
        adds_up(fund)
        books = queries.books(queries.ledger(fund))
        assert books.promised == sum(Request.objects.filter(state="APPROVED").values_list("pence", flat=True))
    transaction.savepoint_rollback(point)


def _do(world: World, case: Case, fund: Fund, verb: str, pence: int, which: int, step: int) -> None:
    """One verb, legal or not, on the fund or on one of its requests."""
    by, at, on = world.actor("service_manager"), world.now + step * HOUR, world.now.date()
    moved: dict[str, Any] = {"by": by, "at": at, "pence": pence, "on": on}
    if verb in ("put_in", "take_out"):
        getattr(ledger, verb)(fund, source=f"Gift {step}", **moved)
    elif verb == "ask":
        asked(world, case, fund, pence, at=at, what=f"Help {step}", kind=KINDS[which % len(KINDS)])
    elif found := list(Request.objects.order_by("asked_at", "id")):
        given = {"approve": {"by": by, "at": at}, "refuse": {"by": by, "at": at, "why": "elsewhere"},
                 "withdraw": {"by": by, "at": at}}.get(verb, moved)  # fmt: skip
        getattr(actions, verb)(found[which % len(found)], **given)


def test_a_request_is_to_be_answered_within_two_working_days(world: World) -> None:
    assert queries.answer_due(world.now).date() == date(2026, 9, 16)
