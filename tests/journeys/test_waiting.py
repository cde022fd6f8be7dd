"""A waiting list: set up with its order, joined, an offer declined and another taken, how long the next will wait."""

from datetime import date, timedelta

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor


def given_a_list(manager: Visitor) -> str:
    manager.follow("Waiting lists", within="nav[aria-label='Main']")
    manager.look_at_both_widths()
    manager.open("/waiting/set-up/")
    manager.press("Set up the list", refused=True)
    manager.look_at_both_widths()
    manager.page.get_by_label("Lantern outreach").check()
    manager.choose(modality="play_therapy")
    manager.fill(workers="1", each="4", limit_people="10")
    manager.press("Set up the list")
    manager.sees("Play therapy", "Nobody waits on this list", "It has not been reckoned yet")
    manager.look_at_both_widths()
    return manager.path


def when_a_worker_puts_somebody_on_it(worker: Visitor) -> str:
    worker.open("/casework/cases/?whose=&state=open")
    worker.follow_in(worker.page.locator("main tbody tr").first)
    worker.follow("Waiting", within="nav[aria-label='This case']")
    mine = worker.path
    worker.look_at_both_widths()
    worker.open(f"{mine}join/")
    worker.page.get_by_label("Lantern outreach: Play therapy").check()
    worker.choose(need="urgent", wishes=["evenings", "in_person"])
    worker.look_at_both_widths()
    worker.press("Put them on the list")
    worker.sees("Place 1 of 1", "6 for need", "Evenings, In person")
    worker.look_at_both_widths()
    return mine


def and_offers_places(worker: Visitor) -> None:
    for days, answer in ((9, "They said no"), (16, "They said yes")):
        card = worker.page.locator("section.app-card", has_text="Play therapy").first
        worker.follow_in(card.locator(".app-actions", has_text="Offer a place"))
        day = date.today() + timedelta(days=days)
        worker.fill(starts_on_day=str(day.day), starts_on_month=str(day.month), starts_on_year=str(day.year))
        worker.look_at_both_widths()
        worker.fill(starts_at="14:30")
        worker.page.locator("input[name=worker]").first.check()
        worker.press("Offer the place")
        worker.sees("Has an offer", "They answer by")
        worker.look_at_both_widths()
        if answer == "They said no":
            worker.follow(answer)
            worker.choose(reason="time")
            worker.look_at_both_widths()
            worker.press("Record their answer")
            worker.sees("Places offered before", "The time does not suit")
        else:
            worker.press(answer)
            worker.sees("Works with")


def then_the_manager_tries_how_long_the_next_will_wait(manager: Visitor, site: Site, there: str) -> None:
    manager.open(f"{there}how-long/")
    manager.press("Reckon it from the list as it is now")
    site.work()
    manager.open(f"{there}how-long/")
    manager.sees("There is too little to go on")
    manager.look_at_both_widths()
    manager.fill(joins="0.5", length="12", leave="2", workers="1", each="4")
    manager.press("Try it")
    site.work()
    manager.open(manager.path)
    manager.sees("With one more worker", "These are assumptions of yours")
    manager.look_at_both_widths()


def and_changes_the_order_and_closes_the_list(manager: Visitor, worker: Visitor, there: str, mine: str) -> None:
    manager.open(f"{there}order/")
    manager.fill(risk="9")
    manager.press("See what it would do")
    manager.sees("What this would do")
    manager.look_at_both_widths()
    manager.press("Change the order from that day")
    manager.open(f"{there}close/")
    manager.fill(why="No therapist until spring.", meanwhile="A call each month, and the family room on Fridays.")
    manager.look_at_both_widths()
    manager.press("Close the list")
    manager.sees("Closed to new people since", "the family room on Fridays")
    worker.open(mine)
    worker.sees("No therapist until spring.")


def test_a_list_is_set_up_worked_from_reckoned_and_closed(person: Person, site: Site) -> None:
    manager, worker = person("service-manager"), person("caseworker")
    there = given_a_list(manager)
    mine = when_a_worker_puts_somebody_on_it(worker)
    and_offers_places(worker)
    then_the_manager_tries_how_long_the_next_will_wait(manager, site, there)
    and_changes_the_order_and_closes_the_list(manager, worker, there, mine)
