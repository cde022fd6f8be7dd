"""Who helps whom where, who does the same, what changed: no database."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post
from alongside.foundation.local.directory.rules import Seeker
from alongside.foundation.local.gaps.rules import Cell, Group, Matrix, Reach, matrix, overlaps, shifts

TODAY = date(2026, 9, 14)
CRIMES, COUNCILS = ("stalking", "robbery"), ("E1", "E2")


def service(name: str = "Sample", provider: int = 1, **words: Any) -> Service:
    return Service(id=uuid4(), name=name, provider_id=provider, **words)


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        ({"phone": "01632 960 401"}, []),
        ({"web": "https://sample.example/"}, []),
        ({"takes_referrals": False}, ["no_way"]),
        ({}, ["no_open_way"]),
        ({"phone": "01632 960 401", "councils": ["E9"]}, ["nowhere"]),
        ({"phone": "01632 960 401", "councils": ["E9", "E1"]}, []),
        ({"phone": "01632 960 401", "wait_days": 182}, []),
        ({"phone": "01632 960 401", "wait_days": 183}, ["long_wait"]),
        ({"phone": "01632 960 401", "state": "CLOSED"}, ["closed"]),
        ({"phone": "01632 960 401", "state": "CLOSED", "closed_on": TODAY}, ["closed"]),
        ({"phone": "01632 960 401", "state": "CLOSED", "closed_on": TODAY + timedelta(days=1)}, []),
        ({"phone": "01632 960 401", "state": "CLOSED", "moves_to": Service()}, []),
        ({"phone": "01632 960 401", "state": "CLOSED", "moves_to": Service(state="CLOSED")}, ["moved_on"]),
        ({"takes_referrals": False, "councils": ["E9"], "wait_days": 999}, ["no_way", "nowhere", "long_wait"]),
    ],
)
def test_why_nobody_can_reach_a_service(words: dict[str, Any], faults: list[str]) -> None:
    assert Reach(TODAY, COUNCILS, 182).faults(service(**words)) == faults


def counted(*services: Service, group: Group | None = None) -> Matrix:
    return matrix(services, CRIMES, COUNCILS, group or Group())


def numbers(cells: Matrix) -> dict[tuple[str, str], int]:
    return {place: len(cell.named) for place, cell in cells.items() if cell.named}


def test_a_service_counts_where_it_names_the_crime_and_works() -> None:
    assert numbers(counted(service(crime_types=["stalking"], councils=["E1", "E9"]))) == {("stalking", "E1"): 1}
    assert numbers(counted(service(crime_types=["robbery", "fraud"]))) == {("robbery", "E1"): 1, ("robbery", "E2"): 1}


def test_one_for_any_crime_closes_no_gap() -> None:
    cells = counted(service(councils=["E2"]))
    assert numbers(cells) == {}
    assert {place: cell.general for place, cell in cells.items() if cell.general} == {
        ("stalking", "E2"): 1, ("robbery", "E2"): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "group", "counts"),
    [
        ({"sexes": ["female"]}, Group("male", "", Seeker(sex="male")), False),
        ({"sexes": ["female"]}, Group("female", "", Seeker(sex="female")), True),
        ({}, Group("male", "", Seeker(sex="male")), True),
        ({"age_from": 18}, Group("child", "", Seeker(age=0, age_to=17)), False),
        ({"state": "CLOSED"}, Group(), False),
        ({}, Group("made_for_deaf", "", made_for="deaf"), False),
        ({"made_for": ["deaf"]}, Group("made_for_deaf", "", made_for="deaf"), True),
        ({"posts": [Post("Adviser", made_for=("deaf",)).kept()]}, Group("x", "", made_for="deaf"), True),
        (
            {"posts": [Post("Adviser", made_for=("deaf",), state="vacant").kept()]},
            Group("x", "", made_for="deaf"),
            False,
        ),
    ],
)
def test_a_group_is_helped_by_services_that_take_it(words: dict[str, Any], group: Group, counts: bool) -> None:
    assert bool(numbers(counted(service(crime_types=["stalking"], **words), group=group))) is counts


def test_a_cell_says_how_well_it_is_served() -> None:
    waits = service(crime_types=["stalking"], state="WAITING", places=5, places_free=0, wait_days=60, award="AW")
    opens = service(crime_types=["stalking"], places_free=2, wait_days=7)
    levels = {0: Cell(), 1: Cell([waits]), 2: Cell([waits, opens]), 3: Cell([opens, opens])}
    assert [cell.level for cell in levels.values()] == ["none", "waiting", "one", "several"]
    cell = levels[2]
    assert (cell.open, cell.waiting, cell.commissioned, cell.places, cell.free, cell.wait_days) == (1, 1, 1, 5, 2, 7)
    assert (levels[0].places, levels[0].wait_days) == (None, None)


def test_two_that_cover_the_same_for_the_same_people_do_the_same() -> None:
    left = service("A", 1, crime_types=["stalking", "robbery"])
    right = service("B", 2, crime_types=["stalking"])
    (found,) = overlaps(counted(left, right))
    assert (found.left, found.right, found.share) == (left, right, 1.0)
    assert (found.crimes, found.councils) == (("stalking",), ("E1", "E2"))


@pytest.mark.parametrize(
    "words",
    [
        {"provider": 1}, {"crime_types": ["robbery"]}, {"age_to": 17}, {"sexes": ["male"]}, {"made_for": ["deaf"]},
    ],
)  # fmt: skip
def test_two_of_one_organisation_or_for_others_do_not(words: dict[str, Any]) -> None:
    left = service("A", 1, crime_types=["stalking"], age_from=18, sexes=["female"])
    right = service("B", **{"provider": 2, "crime_types": ["stalking"], **words})
    assert overlaps(counted(left, right)) == []


def test_most_alike_come_first_whatever_the_order_of_rows() -> None:
    first, second, third = (service(name, index, crime_types=["stalking"]) for index, name in enumerate("ABC"))
    third.crime_types = ["stalking", "robbery"]
    names = [(one.left.name, one.right.name) for one in overlaps(counted(third, second, first))]
    assert names == [(one.left.name, one.right.name) for one in overlaps(counted(first, second, third))]
    assert names == [("A", "B"), ("A", "C"), ("B", "C")]


def test_losses_come_first_and_name_who_came_and_went() -> None:
    went, came = service("Old", crime_types=["stalking"]), service("New", crime_types=["robbery"])
    found = shifts(counted(went), counted(came))
    assert [(one.crime, one.before, one.now, one.came, one.went) for one in found if one.council == "E1"] == [
        ("stalking", 1, 0, (), ("Old",)), ("robbery", 0, 1, ("New",), ()),
    ]  # fmt: skip
    assert shifts(counted(went), counted(went)) == []
