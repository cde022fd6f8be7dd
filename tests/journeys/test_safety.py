"""A safety plan written together, gone through, and given on paper only where it is kept safe."""

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case


def test_a_plan_is_written_and_paper_is_given_only_where_it_is_safe(person: Person) -> None:
    case = given_a_case(person, "Planford", "07700 900751")
    worker = person("caseworker")
    worker.open(case)
    worker.follow("Safety", within="main")
    worker.sees("There is no safety plan yet")
    worker.look_at_both_widths()
    worker.follow("Getting out", within="main")
    worker.fill(words="The blue bag is at work. Ring Tomasz on 07700 900734.")
    worker.look_at_both_widths()
    worker.press("Add")
    worker.sees("It is not printed until you say that it may be", "The blue bag")
    worker.press("May be printed Getting out, 1")
    worker.look_at_both_widths()
    worker.follow("On paper", within="main")
    worker.sees("These may be names: Tomasz")
    worker.choose(home_shared="yes")
    worker.page.get_by_role("checkbox").check()
    worker.press("Make the page to print", refused=True)
    worker.sees("nothing is given on paper unless you say how it is kept safe")
    worker.look_at_both_widths()
    worker.choose(kept_how="friend")
    worker.press("Make the page to print")
    worker.sees("The blue bag is at work. Ring Tomasz on [left out].")
    worker.does_not_see("Planford", "Safety", "Lantern")
    assert worker.page.title() == "List"
    worker.look_at_both_widths()
    worker.follow("Back to the plan")
    worker.sees("Somebody they trust keeps it in another home")
    worker.follow("We went through it", within="main")
    worker.look_at_both_widths()
    worker.press("Everything is right")
    worker.follow("What the plan said before", within="main")
    worker.look_at_both_widths()
