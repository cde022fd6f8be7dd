"""The tables of moves."""

from alongside.support.arrivals.referrals import lifecycle


def test_a_referral_begins_received_and_ends_closed() -> None:
    assert (lifecycle.referral.initial, lifecycle.referral.final) == ("RECEIVED", ("CLOSED",))


def test_an_offer_is_answered_once() -> None:
    assert lifecycle.offer.initial == "OFFERED"
    assert set(lifecycle.offer.final) == {"ACCEPTED", "DECLINED", "WITHDRAWN"}


def test_every_state_of_the_models_is_in_a_table() -> None:
    from_tables = (set(lifecycle.referral.states), set(lifecycle.offer.states))
    assert from_tables == (
        {"RECEIVED", "IN_TRIAGE", "OFFERED", "ACCEPTED", "CLOSED"},
        {"OFFERED", "ACCEPTED", "DECLINED", "WITHDRAWN"},
    )
