"""People around a case: a child, a professional, and an other party whom nobody reads without saying why."""

import re

from tests.journeys.conftest import Person
from tests.journeys.test_appointments import given_a_group
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import Visitor

NAV = "nav[aria-label='This case']"
WHO, THEIRS = "Madeup Otherton", "07700 900762"


def when_a_child_and_a_professional_are_added(worker: Visitor) -> None:
    worker.follow("People", within=NAV)
    worker.sees("Nobody yet", "Nobody is kept")
    worker.look_at_both_widths()
    worker.follow("Add a child, or somebody of the household")
    worker.look_at_both_widths()
    worker.press("Add", refused=True)
    worker.choose(relation="child", lives="with_victim", responsibility="victim")
    worker.fill(name="Pippa Madeup", age_said="7", school="Sample Primary")
    worker.press("Add")
    worker.sees("Pippa Madeup", "7 years old, said", "Sample Primary")
    worker.follow("Add a professional")
    worker.look_at_both_widths()
    worker.choose(role="officer", may_be_told="ask")
    worker.fill(name="PC Madeup", phone="01632 960763")
    worker.press("Add")
    worker.sees("PC Madeup", "Ask first", "01632 960763")


def when_the_other_party_is_kept(worker: Visitor) -> None:
    worker.follow("Add the other party")
    worker.look_at_both_widths()
    worker.choose(relation="ex_partner", lives="elsewhere", dangers=["dog"])
    worker.fill(name=WHO, aliases="Otto", phones=THEIRS)
    worker.press("Keep")
    worker.sees("Other party 1", "Hidden until you say why you open it")
    worker.does_not_see(WHO, THEIRS)
    worker.follow("Add an order or a condition, Other party 1", within="main")
    worker.choose(kind="bail")
    worker.press("Keep")
    worker.sees("Bail conditions, no last day known")
    worker.look_at_both_widths()


def then_it_is_opened_with_a_reason(worker: Visitor, case: str) -> None:
    worker.follow("Open Other party 1", within="main")
    worker.look_at_both_widths()
    worker.press("Open", refused=True)
    worker.choose(reason="visit")
    worker.press("Open")
    worker.sees(WHO, "Otto", THEIRS)
    worker.look_at_both_widths()
    assert WHO not in worker.page.title() and re.fullmatch(r"/casework/others/[0-9a-f-]{36}/open/", worker.path)
    worker.open(f"{case}looks/")
    worker.sees("other party opened", "To plan a visit or a meeting".lower())
    worker.open(case)
    worker.sees("Two go together")


def then_a_group_sends_the_worker_to_the_manager(worker: Visitor, case: str, *, refused: bool) -> None:
    worker.open(case)
    worker.follow("Groups", within=NAV)
    worker.page.get_by_role("radio", name=re.compile("Garden group")).first.check()
    worker.choose(now="yes")
    worker.press("Save", refused=refused)


def test_people_around_a_case_and_an_other_party_behind_its_lock(person: Person) -> None:
    theirs = given_a_case(person, "Otherton", THEIRS)
    case = given_a_case(person, "Peopled", "07700 900761")
    given_a_group(person("service-manager"))
    worker = person("caseworker")
    then_a_group_sends_the_worker_to_the_manager(worker, theirs, refused=False)
    worker.open(case)
    worker.press("Take this case")
    when_a_child_and_a_professional_are_added(worker)
    when_the_other_party_is_kept(worker)
    then_it_is_opened_with_a_reason(worker, case)
    then_a_group_sends_the_worker_to_the_manager(worker, case, refused=True)
    worker.sees("may be on the other side of what happened", "Check with your manager")
    worker.does_not_see(WHO)
    worker.open(f"{case}people/before/")
    worker.look_at_both_widths()
    neighbour = person("neighbour")
    for page in ("people/", "people/before/", "people/conflicts/", "people/other/add/"):
        neighbour.open(f"{case}{page}", status=404)
