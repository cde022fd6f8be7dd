"""The table of moves."""

import pytest

from alongside.core.errors import RuleBroken
from alongside.core.lifecycle import Lifecycle, Move

parcel = Lifecycle(
    "parcel",
    Move("send", "PACKED", "ON_THE_WAY", needs="parcel.send"),
    Move("deliver", "ON_THE_WAY", "DELIVERED", needs="parcel.deliver"),
    Move("give_up", ("PACKED", "ON_THE_WAY"), "LOST", needs="parcel.give_up"),
)


def test_a_legal_move_has_a_target() -> None:
    assert parcel.target("PACKED", "send") == "ON_THE_WAY"
    assert parcel.target("ON_THE_WAY", "give_up") == "LOST"


def test_an_illegal_move_is_refused_in_plain_words() -> None:
    with pytest.raises(RuleBroken) as refused:
        parcel.target("ON_THE_WAY", "send")
    assert refused.value.message == str(refused.value) == "You cannot send this parcel: it is on the way."
    assert refused.value.field is None


def test_a_move_that_does_not_exist_is_a_mistake_in_the_code() -> None:
    with pytest.raises(LookupError):
        parcel.target("PACKED", "burn")
    with pytest.raises(LookupError):
        parcel.needs("burn")


def test_a_move_names_the_permission_that_it_needs() -> None:
    assert parcel.needs("give_up") == "parcel.give_up"


def test_a_state_lists_the_moves_that_leave_it() -> None:
    assert [move.name for move in parcel.moves_from("PACKED")] == ["send", "give_up"]
    assert parcel.moves_from("LOST") == ()


def test_states_come_in_the_order_of_the_table() -> None:
    assert parcel.states == ("PACKED", "ON_THE_WAY", "DELIVERED", "LOST")
    assert parcel.initial == "PACKED" and parcel.final == ("DELIVERED", "LOST")


def test_an_end_that_can_be_undone_or_put_right_is_an_end_all_the_same() -> None:
    found = Lifecycle(
        "parcel", Move("send", "PACKED", "SENT", needs="x"), Move("relabel", "SENT", "SENT", needs="x"),
        Move("take_back", "SENT", "PACKED", needs="x", undoes=True),
    )  # fmt: skip
    assert found.final == ("SENT",)
    assert found.target("SENT", "take_back") == "PACKED"


def test_the_diagram_shows_every_arrow() -> None:
    assert parcel.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> PACKED",
        "    PACKED --> ON_THE_WAY: send",
        "    ON_THE_WAY --> DELIVERED: deliver",
        "    PACKED --> LOST: give up",
        "    ON_THE_WAY --> LOST: give up",
        "    DELIVERED --> [*]",
        "    LOST --> [*]",
    ]


def test_one_move_cannot_lead_to_two_places() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Lifecycle("parcel", Move("send", "A", "B", needs="x"), Move("send", "A", "C", needs="x"))


def test_one_move_cannot_need_two_permissions() -> None:
    with pytest.raises(ValueError, match="two different permissions"):
        Lifecycle("parcel", Move("send", "A", "B", needs="x"), Move("send", "B", "C", needs="y"))
