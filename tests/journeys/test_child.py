"""A child who asks for themselves, and somebody who asks for one: what they read, and what the hub sees."""

from tests.journeys.asking import NUMBER, POSTCODE, when_they_answer, when_they_begin, when_they_send, when_they_type
from tests.journeys.conftest import Person
from tests.journeys.visitor import PHONE, Visitor


def given_somebody_who_begins(person: Person, who: str) -> Visitor:
    visitor = person(size=PHONE)
    when_they_begin(visitor)
    when_they_answer(visitor, danger="no")
    when_they_answer(visitor, who=who)
    return visitor


def when_they_give_a_phone(visitor: Visitor) -> None:
    when_they_answer(visitor, how=["phone"])
    visitor.fill(number=NUMBER)
    when_they_answer(visitor, safe="yes", uses=["text"], times=["school_hours"], message="no")


def when_they_leave_the_rest(visitor: Visitor) -> None:
    """Language, what would make it easier, and anything else."""
    for _ in range(3):
        visitor.press("Continue")


def then_the_officer_finds(person: Person, reference: str) -> Visitor:
    officer = person("triage")
    officer.open(f"/referrals/?q={reference}")
    officer.follow_in(officer.page.locator("main tbody tr", has_text=reference))
    return officer


def test_child_under_16_asks_for_themselves_in_their_own_words(person: Person) -> None:
    child = given_somebody_who_begins(person, "young")
    child.sees("It is OK not to know")
    when_they_answer(child, what="unwanted_sexual")
    child.sees("You do not have to tell the police to get help from us")
    when_they_answer(child, reported="no")
    when_they_answer(child, why=[])
    when_they_answer(child, when="unsaid")
    when_they_type(child, given_name="Inventa")
    when_they_type(child, age="14")
    when_they_type(child, postcode=POSTCODE)
    when_they_give_a_phone(child)
    when_they_leave_the_rest(child)
    child.sees("Somebody friendly from our team", "That is fine")
    when_they_answer(child, contact="yes")
    child.sees("You can ask for support yourself", "We tell you before we tell anybody")
    when_they_answer(child, support="on")
    child.sees("Check your answers", "14 years old", "Yes, you may contact me")
    reference, _ = when_they_send(child)
    child.sees("Childline", "0800 1111")
    child.press("I have kept them. Finish")

    officer = then_the_officer_finds(person, reference)
    officer.sees("Inventa", "Under 18", "Child sexual abuse", "Age, as typed: 14", "Text only, never call")


def test_teacher_asks_for_a_child_who_has_not_decided(person: Person) -> None:
    teacher = given_somebody_who_begins(person, "child")
    teacher.sees("We contact them only if they agree, or if a child needs to be kept safe")
    teacher.fill(name="Pretenda Teacher")
    when_they_answer(teacher, relation="teacher", agreed="unsure")
    teacher.sees("What happened to them?")
    when_they_answer(teacher, what="someone_close")
    when_they_answer(teacher, reported="unsure")
    when_they_answer(teacher, when="going_on")
    when_they_type(teacher, given_name="Figmenta")
    teacher.press("Continue")
    teacher.sees("What is their postcode?")
    when_they_type(teacher, postcode=POSTCODE)
    teacher.sees("This is about you, because you are asking")
    when_they_give_a_phone(teacher)
    when_they_leave_the_rest(teacher)
    teacher.sees("May we contact you about them?", "We will talk to you first")
    teacher.press("Continue", refused=True)
    teacher.sees("Choose yes or no")
    when_they_answer(teacher, contact="yes")
    when_they_answer(teacher, support="on")
    reference, _ = when_they_send(teacher)
    teacher.sees("Childline")

    officer = then_the_officer_finds(person, reference)
    officer.sees("Figmenta", "Under 18", "Asked by Pretenda Teacher (Teacher or youth worker)", "Said to be under 18")
    officer.sees("Belongs to the person who asks")
    officer.press("Show numbers and instructions")
    officer.sees("Ask for Pretenda Teacher, who asked for help")
