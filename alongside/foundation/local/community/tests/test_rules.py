"""Rules of community groups, without a database."""

from datetime import date, timedelta

import pytest

from alongside.foundation.local.community import rules
from alongside.foundation.local.community.rules import About, Reach

TODAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Tŷ'r Môr", "TY R MOR"), ("Café  Łódź!", "cafe lodz"), ("Women’s Circle", "womens circle")],
)
def test_a_name_is_compared_without_accents_case_and_punctuation(left: str, right: str) -> None:
    assert rules.name_key(left) == rules.name_key(right)


def test_a_name_of_signs_alone_is_none_and_a_long_one_is_cut() -> None:
    assert rules.name_key("  !!! ") == ""
    assert len(rules.name_key("a" * 10_000)) == rules.LONGEST_NAME


def test_words_that_many_names_have_do_not_tell_two_apart() -> None:
    assert rules.name_core("The Corner Boxing Club CIC") == rules.name_core("Corner Boxing")
    assert rules.name_core("The Group") == "the group"


@pytest.mark.parametrize(
    ("phone", "found"), [("+44 7700 900451", "7700900451"), ("07700 900 451", "7700900451"), ("999", "")]
)
def test_a_number_is_compared_by_its_last_ten_digits(phone: str, found: str) -> None:
    assert rules.digits(phone) == found


def test_two_groups_are_perhaps_the_same_for_each_thing_that_they_share() -> None:
    mine = About("Corner Boxing Club", phone="0121 496 0180", email="Box@corner.example", postcode="b1 1bb",
                 web="https://www.corner.example/")  # fmt: skip
    same = About("The Corner Boxing", phone="+44 121 496 0180", email="box@Corner.example", postcode="B11BB",
                 web="corner.example")  # fmt: skip
    assert len(rules.alike(rules.marks(mine, [b"1"]), rules.marks(same, [b"1", b"2"]))) == 6
    assert rules.alike(rules.marks(About("One"), [b""]), rules.marks(About("Two"), [b""])) == []


def test_what_is_said_of_a_group_has_a_name_and_a_place() -> None:
    assert rules.about_fault(About("Good", councils=("E08000025",))) is None
    faults = {
        "name": (About(" "), About("x" * 201)), "what": (About("Good", what="x" * 2001),), "councils": (About("Good"),)
    }  # fmt: skip
    for field, wrong in faults.items():
        for about in wrong:
            fault = rules.about_fault(about)
            assert fault and fault[1] == field


def test_the_next_contact_is_after_this_one_and_not_far_away() -> None:
    assert rules.next_fault(TODAY, None, 9) == rules.next_fault(TODAY, TODAY + timedelta(days=9), 9) == ""
    assert "after" in rules.next_fault(TODAY, TODAY, 9)
    assert "within 9 days" in rules.next_fault(TODAY, TODAY + timedelta(days=10), 9)


def test_a_square_says_whether_groups_or_services_reach_people_there() -> None:
    people, councils = ("women", "men", "deaf", "older"), ("A", "B")
    groups = [Reach("Circle", frozenset({"women", "unknown"}), frozenset({"A"})),
              Reach("Club", frozenset({"men"}), frozenset({"A", "X"}))]  # fmt: skip
    services = [Reach("Charity", frozenset({"women", "deaf"}), frozenset()),
                Reach("Other", frozenset({"unknown"}), frozenset())]  # fmt: skip
    found = rules.matrix(groups, services, people, councils)
    levels = {place: square.level for place, square in found.items()}
    assert levels["women", "A"] == "both" and levels["women", "B"] == "services"
    assert levels["men", "A"] == "groups" and levels["men", "B"] == "none"
    assert found["women", "A"].groups == ["Circle"] and len(found) == 8


def test_a_consortium_shows_what_nobody_in_it_reaches_or_covers() -> None:
    members = [Reach("Circle", frozenset({"women"}), frozenset({"A"}))]
    found = rules.coverage(members, ("women", "men"), ("A", "B"))
    assert (found.unreached, found.uncovered) == (("men",), ("B",))
    assert found.squares["women", "A"].groups == ["Circle"]
    assert rules.coverage([Reach("All", frozenset(), frozenset())], ("men",), ("A", "B")).uncovered == ()
