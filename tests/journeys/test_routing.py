"""A manager writes a routing rule in plain words, tries it and makes it live; what comes follows it."""

from tests.journeys.conftest import Person
from tests.journeys.referring import SERVICE, given_a_referral, when_the_officer_takes
from tests.journeys.served import Site
from tests.journeys.visitor import PHONE, Visitor

OTHER = "Hearth women's centre"


def given_the_list_is_opened(manager: Visitor) -> None:
    manager.open("/home/")
    manager.follow("Where referrals go", within="main")
    manager.sees("In force: list 1", "The first rule that is for a referral counts")
    manager.look_at_both_widths()
    manager.press("Write a new list")
    manager.sees("Nothing changes until it is made live")
    manager.look_at_both_widths()


def when_a_rule_is_written(manager: Visitor) -> None:
    manager.follow("Add a rule", within="main")
    manager.fill(name="Domestic abuse")
    manager.page.locator("summary", has_text="What happened").click()
    manager.choose(crime_types="domestic_abuse")
    manager.look_at_both_widths()
    manager.choose(does="suggest")
    manager.press("Put it in the list", refused=True)
    manager.sees("Choose the service")
    manager.page.locator("select[name=service]").select_option(label=f"{OTHER}, Hearth Sample Women's Centre")
    manager.press("Put it in the list")
    manager.sees("8. Domestic abuse", f"Domestic abuse goes to {OTHER} if the officer agrees.")
    manager.look_at_both_widths()


def when_it_is_put_first(manager: Visitor) -> None:
    """By the keyboard, and without a script it would be the same."""
    for place in range(8, 5, -1):
        card = manager.page.locator("main .app-card", has_text=f"{place}. Domestic abuse")
        button = card.get_by_role("button", name="Move up")
        button.focus()
        with manager.going():
            manager.page.keyboard.press("Enter")
    manager.sees("5. Domestic abuse")


def when_it_is_tried(manager: Visitor) -> None:
    manager.follow("Try it on last month", within="main")
    manager.look_at_both_widths()
    manager.press("Try it")
    manager.sees("What the new list would have done", "Nothing has been changed", "How often each rule was the first")
    manager.look_at_both_widths()


def then_it_is_live(manager: Visitor) -> None:
    manager.follow("Make it live", within="main")
    manager.choose(start="now")
    manager.fill(reason="Agreed with both services")
    manager.look_at_both_widths()
    manager.press("Make it live", refused=True)
    manager.sees("List 2 starts later")
    manager.open("/routing/")
    manager.follow("Look at list 2", within="main")
    manager.press("Withdraw it before it is in force")
    manager.sees("Withdrawn")
    manager.open("/routing/")
    manager.follow("Go on with the new list", within="main")
    manager.follow("Make it live", within="main")
    manager.choose(start="now")
    manager.fill(reason="Agreed with both services")
    manager.press("Make it live")
    manager.sees("The list is live", "In force: list 3")
    manager.follow("List 3", within="main table")
    manager.sees("What is different from list 2", "Domestic abuse")
    manager.look_at_both_widths()


def then_what_comes_follows_it(person: Person, site: Site) -> None:
    reference = given_a_referral(person, "Routed", "07700 900731")
    site.work()
    officer = person("triage", size=PHONE)
    address = when_the_officer_takes(officer, reference)
    officer.sees("What the rules say", f"Domestic abuse goes to {OTHER} if the officer agrees.", "List 3")
    officer.open(f"{address}offer/")
    officer.sees("Suggested first: the rule “Domestic abuse”")
    officer.look_at_both_widths()
    officer.page.get_by_role("radio", name=SERVICE).check()
    officer.choose(agreed="yes")
    officer.press("Send", refused=True)
    officer.sees("The rule says otherwise")
    officer.page.locator("select[name=why]").select_option(label="The victim asked for another service")
    officer.press("Send")
    officer.sees(f"An officer chose {SERVICE} all the same")


def then_late_offers_and_fairness_are_seen(manager: Visitor) -> None:
    manager.open("/stalled/")
    manager.sees("Stalled offers")
    manager.look_at_both_widths()
    manager.open("/routing/to-note/")
    manager.look_at_both_widths()
    manager.open("/fairness/")
    manager.sees("nineteen times in twenty", "Median wait")
    manager.look_at_both_widths()
    manager.select(by="Age")
    manager.press("Show")
    manager.sees("Fairness", "Age, ", "25 to 34")


def test_a_rule_is_written_tried_made_live_and_followed(person: Person, site: Site) -> None:
    manager = person("hub-manager")
    given_the_list_is_opened(manager)
    when_a_rule_is_written(manager)
    when_it_is_put_first(manager)
    when_it_is_tried(manager)
    then_it_is_live(manager)
    then_what_comes_follows_it(person, site)
    then_late_offers_and_fairness_are_seen(manager)
