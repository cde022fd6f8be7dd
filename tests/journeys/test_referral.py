"""One referral all the way: from a victim's phone through triage and support into the quarter's figures."""

import re
from dataclasses import dataclass

from tests.journeys.asking import when_they_answer_every_question, when_they_begin, when_they_send
from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import PHONE, Visitor

SERVICE = "Lantern domestic abuse advocates"
GIVEN_NAME = "Madeup"
NAME = "Madeup Sampleford"
ABSENT = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Figures:
    """What a reader is shown of one service: victims supported, and those measured who improved."""

    supported: int
    improved: int
    measured: int


def given_a_referral_from_a_phone(person: Person) -> str:
    victim = person(size=PHONE)
    when_they_begin(victim)
    when_they_answer_every_question(victim, GIVEN_NAME)
    reference, _ = when_they_send(victim)
    victim.press("I have kept them. Finish")
    return reference


def given_an_offer_to_lantern(person: Person) -> Visitor:
    officer = person("triage")
    reference = given_a_referral_from_a_phone(person)
    when_the_officer_takes_it(officer, reference)
    when_the_officer_tries_and_assesses(officer)
    when_the_officer_sends_it(officer)
    return officer


def when_the_officer_takes_it(officer: Visitor, reference: str) -> None:
    """It is the newest, so it is the first that nobody had returned."""
    officer.follow("Queue", within="nav[aria-label='Main']")
    officer.sees(reference)
    row = officer.page.locator("main tbody tr", has_text=reference)
    assert "Self-referral" in row.inner_text()
    officer.follow_in(row)
    officer.sees(NAME, "9am to midday", "Do not leave a message")
    officer.press("Take this referral")
    officer.sees("single point of contact")


def when_the_officer_tries_and_assesses(officer: Visitor) -> None:
    officer.follow("Record an attempt")
    officer.choose(channel="phone", result="spoke")
    officer.fill(note="Glad of the call. Would like an advocate.")
    officer.press("Record the attempt")
    officer.follow("Assess needs")
    officer.choose(danger="no", level_health="some", level_accommodation="lot", vulnerability="isolated",
                   entitlements="most_serious_crime")  # fmt: skip
    officer.fill(why="Domestic abuse.", summary="Lives alone and far from family.")
    officer.press("Save and read it through")
    officer.follow("Choose a service")


def when_the_officer_sends_it(officer: Visitor) -> None:
    officer.page.get_by_role("radio", name=SERVICE).check()
    officer.choose(agreed="yes")
    officer.press("Send")
    officer.sees(f"Sent to {SERVICE}")


def when_the_caseworker_accepts(worker: Visitor) -> str:
    """The address of the case. Until it is accepted there is no name."""
    worker.follow("Offers", within="nav[aria-label='Main']")
    worker.follow_in(worker.page.locator("main tbody tr").last)
    worker.sees("Domestic abuse", "Why the hub chose this service")
    worker.does_not_see("Madeup", "Sampleford", "07700")
    worker.press("Accept")
    worker.sees("You have accepted", NAME)
    return worker.path


def when_the_caseworker_measures(worker: Visitor, stage: str, answer: str) -> None:
    worker.follow("Outcomes", within="nav[aria-label='This case']")
    worker.follow("Make an assessment")
    worker.choose(stage=stage, chosen_by="victim")
    for name in ("health", "coping", "safety", "informed"):
        worker.choose(**{f"adult_{name}_1": answer, f"adult_{name}_2": answer})
    worker.press("Keep the assessment")


def when_the_caseworker_supports(worker: Visitor) -> None:
    worker.follow("Contacts", within="nav[aria-label='This case']")
    worker.follow("Record a contact")
    worker.choose(channel="phone", result="spoke")
    worker.fill(minutes="25", note="Agreed what comes first.")
    worker.press("Record")
    worker.follow("Plan", within="nav[aria-label='This case']")
    worker.follow("Add a need")
    worker.choose(code="accommodation")
    worker.fill(goal="Somewhere that feels safe.")
    worker.press("Add to the plan")
    worker.follow("Add a step", exact=False)
    worker.choose(who="worker")
    worker.fill(what="Ask the council about new locks.")
    worker.press("Add the step")
    worker.press("Done")
    worker.follow("Say how it stands", exact=False)
    worker.choose(state="MET")
    worker.press("Save")
    worker.follow("Notes", within="nav[aria-label='This case']")
    worker.follow("Add a note")
    worker.fill(words="Locks are booked.")
    worker.press("Save")
    worker.sees("Locks are booked.")


def when_the_caseworker_closes(worker: Visitor) -> None:
    worker.follow("Overview", within="nav[aria-label='This case']")
    worker.follow("Close the case")
    worker.choose(reason="support_completed", knows_how="yes")
    worker.press("Close the case")
    worker.sees("Closed")


def when_a_snapshot_is_written(site: Site) -> None:
    assert "written" in site.run("worker", "snapshot")


def figures(reader: Visitor, page: str) -> Figures:
    """The service's line of the running quarter."""
    reader.follow(page, within="nav[aria-label='Main']")
    reader.sees("so far", SERVICE)
    supported = re.match(r"\d+", _cell(reader, "Support", 0))
    rate = re.match(r"(\d+)% of (\d+)", _cell(reader, "Better for it", 0))
    assert supported
    measured = int(rate[2]) if rate else 0
    return Figures(int(supported[0]), round(int(rate[1]) * measured / 100) if rate else 0, measured)


def _cell(reader: Visitor, table: str, place: int) -> str:
    row = reader.page.locator(f"main [aria-label^='{table}, by'] tbody tr").filter(has_text=SERVICE)
    return row.locator("td").nth(place).inner_text().replace("\n", " ") if row.count() else "0"


def then_one_more_was_supported_and_improved(before: Figures, after: Figures) -> None:
    assert (after.supported, after.improved, after.measured) == (
        before.supported + 1, before.improved + 1, before.measured + 1,
    )  # fmt: skip


def then_the_definition_says_why(reader: Visitor) -> None:
    reader.follow("improved health and wellbeing", within="main", exact=False)
    reader.sees("out of", "Exact.", "first", "last")


def then_a_file_can_be_taken_away(reader: Visitor) -> None:
    reader.follow("Quarter", within="nav[aria-label='Main']")
    with reader.page.expect_download() as waiting:
        reader.page.get_by_role("button", name="Download CSV").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert "Victims supported" in text and "Sampleford" not in text


def test_referral_from_a_phone_moves_the_figures_of_provider_and_commissioner(person: Person, site: Site) -> None:
    provider, office = person("service-manager"), person("commissioner")
    when_a_snapshot_is_written(site)
    own, theirs = figures(provider, "Your figures"), figures(office, "Quarter")

    given_an_offer_to_lantern(person)
    worker = person("caseworker")
    when_the_caseworker_accepts(worker)
    when_the_caseworker_measures(worker, "first", "2")
    when_the_caseworker_supports(worker)
    when_the_caseworker_measures(worker, "last", "4")
    when_the_caseworker_closes(worker)
    when_a_snapshot_is_written(site)

    then_one_more_was_supported_and_improved(own, figures(provider, "Your figures"))
    then_one_more_was_supported_and_improved(theirs, figures(office, "Quarter"))
    then_the_definition_says_why(office)
    then_a_file_can_be_taken_away(office)


def test_neighbour_and_commissioner_find_no_case_at_its_address(person: Person) -> None:
    given_an_offer_to_lantern(person)
    address = when_the_caseworker_accepts(person("caseworker"))
    neighbour, office, anyone = person("neighbour"), person("commissioner"), person()

    neighbour.open(address, status=404)
    foreign = neighbour.page.content()
    neighbour.open(f"/casework/cases/{ABSENT}/", status=404)
    assert neighbour.page.content() == foreign
    office.open(address, status=404)
    office.does_not_see("Sampleford")
    anyone.open(address)
    anyone.sees("Sign in")
    anyone.does_not_see("Sampleford")
