"""Somebody finds help in their own words, on a phone and without a script; the office learns what found nothing."""

from tests.journeys.conftest import Person
from tests.journeys.visitor import PHONE, Visitor

NOBODYS = "zzqqzz wibble"


def when_they_write(visitor: Visitor, words: str) -> None:
    visitor.open("/information/")
    visitor.fill(words=words)
    visitor.select(council="Birmingham")
    visitor.press("Find help")


def test_own_words_find_help_on_a_phone_without_a_script(person: Person) -> None:
    anyone = person(size=PHONE, script=False)
    when_they_write(anyone, "my ex keeps turning up")
    anyone.sees("You wrote “my ex keeps turning up”", "Lantern domestic abuse advocates")
    assert anyone.path == "/information/"
    anyone.press("Change your answers")
    assert anyone.page.locator("#id_words").input_value() == "my ex keeps turning up"
    anyone.fill(words="he said he will kill me")
    anyone.press("Find help")
    assert anyone.text("main").index("call 999") < anyone.text("main").index("Talk to somebody now")


def test_what_found_nothing_says_who_helps_anyway_and_is_learnt(person: Person) -> None:
    anyone = person()
    for _ in range(5):
        when_they_write(anyone, NOBODYS)
    anyone.sees(f"We found nothing for “{NOBODYS}”", "Who helps anyway", "Samaritans")
    anyone.look_at_both_widths()
    anyone.open("/information/")
    anyone.fill(words="suicidal")
    anyone.press("Find help")
    anyone.sees("If you might harm yourself", "116 123")
    anyone.look_at_both_widths()

    manager = person("hub-manager")
    manager.open("/rulebook/search_words/")
    manager.follow("Searches that found nothing")
    manager.sees(NOBODYS, "5 times")
    manager.look_at_both_widths()
    manager.select(meaning="Tricked out of money, or hacked")
    manager.press("Learn it")
    manager.sees("Learnt", "Nothing waits")

    when_they_write(anyone, NOBODYS)
    anyone.sees(f"You wrote “{NOBODYS}”")
    anyone.look_at_both_widths()
