"""A case that ends: as planned, as lost only after enough tries, and handed on with agreement."""

from tests.journeys.conftest import Person
from tests.journeys.referring import MAIN
from tests.journeys.served import Site
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import Visitor

HARBOUR = "Harbour Sample Charity"


def test_a_case_is_closed_as_planned_once_nothing_is_open(person: Person) -> None:
    case = given_a_case(person, "Endwell", "07700 900771")
    worker = person("caseworker")
    worker.open(f"{case}plan/find-need/")
    worker.choose(code="money")
    worker.fill(goal="Pay the rent")
    worker.press("Add to the plan")
    worker.open(case)
    worker.follow("Close the case", within="main")
    worker.sees("1 need still being worked on", "Before a planned end")
    worker.look_at_both_widths()
    worker.choose(reason="needs_met", unmeasured_why="not_wanted", knows_how="yes", signposts=["helpline"])
    worker.fill(own_words="I sleep again")
    worker.press("Close the case", refused=True)
    worker.sees("See to it first")
    worker.look_at_both_widths()
    worker.follow_in(worker.page.locator("main .app-steps li").first)
    worker.follow("Say how it stands", exact=False)
    worker.choose(state="MET")
    worker.press("Save")
    worker.open(f"{case}close/")
    worker.sees("In order")
    worker.choose(reason="needs_met", unmeasured_why="not_wanted", knows_how="yes", signposts=["helpline"])
    worker.fill(own_words="I sleep again")
    worker.press("Close the case")
    worker.sees("has been closed", "How it ended", "I sleep again", "A national helpline")
    worker.look_at_both_widths()


def test_contact_is_lost_only_after_enough_tries_or_on_the_managers_word(person: Person) -> None:
    case = given_a_case(person, "Losttouch", "07700 900772")
    worker = person("caseworker")
    worker.open(f"{case}close/")
    worker.choose(reason="lost_contact", unmeasured_why="lost_contact", knows_how="not_known")
    worker.press("Close the case", refused=True)
    worker.sees("so far nobody has tried", "Ask your manager")
    manager = person("service-manager")
    manager.open(f"{case}close/")
    manager.choose(reason="lost_contact", unmeasured_why="lost_contact", knows_how="not_known")
    manager.press("Close the case", refused=True)
    manager.sees("say below why that is right")
    manager.fill(despite="Any other way would be seen by somebody else")
    manager.press("Close the case")
    manager.sees("has been closed", "Any other way would be seen", "A manager answered for closing")


def when_they_agree_to_share(worker: Visitor, case: str) -> None:
    worker.open(f"{case}transfer/")
    worker.follow("Record what they said", within="main")
    worker.choose(about="share", given="yes")
    worker.select(with_organisation=HARBOUR)
    worker.press("Record")


def when_the_worker_offers(worker: Visitor, case: str) -> None:
    worker.open(f"{case}transfer/")
    box = worker.page.locator("select[name=service]")
    box.select_option(label=next(text for text in box.locator("option").all_inner_texts() if HARBOUR in text))
    worker.choose(why="wants_another")
    worker.fill(summary="Would rather be met outside")
    worker.press("Offer it")
    worker.sees("Waiting for an answer", "They see a summary without identity")


def when_harbour_opens_it(neighbour: Visitor) -> None:
    neighbour.open("/")
    neighbour.follow("Offers", within=MAIN)
    neighbour.follow("Transfers from other services", within="main")
    neighbour.look_at_both_widths()
    neighbour.follow_in(neighbour.page.locator("main tbody tr").last)
    neighbour.sees("From Lantern Sample Charity", "They would rather have another service")
    neighbour.does_not_see("Handedon", "Would rather be met outside")


def test_a_case_is_handed_on_declined_and_then_accepted_and_a_neighbour_sees_nothing(
    person: Person, site: Site
) -> None:
    case = given_a_case(person, "Handedon", "07700 900773")
    worker, neighbour = person("caseworker"), person("neighbour")
    neighbour.open(case, status=404)
    worker.open(case)
    worker.follow("Hand on to another service", within="main")
    worker.look_at_both_widths()
    when_they_agree_to_share(worker, case)
    when_the_worker_offers(worker, case)
    worker.look_at_both_widths()
    when_harbour_opens_it(neighbour)
    neighbour.look_at_both_widths()
    offered = neighbour.path
    neighbour.follow("Decline", within="main")
    neighbour.choose(reason="no_capacity")
    neighbour.press("Decline")
    neighbour.sees("you see none of it any more")
    neighbour.open(offered, status=404)
    neighbour.open(case, status=404)
    worker.open(f"{case}transfer/sent/")
    worker.sees("Declined", "No capacity now")
    when_the_worker_offers(worker, case)
    when_harbour_opens_it(neighbour)
    neighbour.press("Accept")
    neighbour.sees("Now make the first contact", "Madeup Handedon", "Would rather be met outside")
    neighbour.look_at_both_widths()
    site.work()
    worker.open(case)
    worker.sees("Transferred to another service", "Handed over to another service")
    worker.follow("The transfer", within="main")
    worker.sees("You can read this case as it was until")
    neighbour.open(case, status=404)
