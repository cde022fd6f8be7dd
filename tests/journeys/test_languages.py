"""Somebody reads Find help in Welsh and in Urdu, without a script; the office has a sentence checked and written."""

import pytest

from tests.journeys.conftest import Person
from tests.journeys.visitor import PHONE, Visitor

DANGER = {"cy": "Ffoniwch 999", "ur": "999 پر کال کریں"}


def when_they_choose(visitor: Visitor, own_name: str) -> None:
    visitor.open("/information/")
    visitor.follow(own_name)


def then_the_page_is_in(visitor: Visitor, language: str, direction: str) -> None:
    page = visitor.page
    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == direction
    assert DANGER[language] in visitor.text("body")
    assert page.title().startswith({"cy": "Cymorth a gwybodaeth", "ur": "مدد اور معلومات"}[language])


@pytest.mark.parametrize(
    ("own_name", "language", "direction", "find", "change"),
    [("Cymraeg", "cy", "ltr", "Dod o hyd i help", "Newid eich atebion"),
     ("اردو", "ur", "rtl", "مدد تلاش کریں", "اپنے جوابات بدلیں")],
)  # fmt: skip
def test_help_is_found_in_ones_own_language(
    person: Person, own_name: str, language: str, direction: str, find: str, change: str
) -> None:
    anyone = person(size=PHONE, script=False)
    when_they_choose(anyone, own_name)
    then_the_page_is_in(anyone, language, direction)
    assert anyone.path == f"/{language}/information/"
    anyone.select(council="Birmingham")
    anyone.press(find)
    then_the_page_is_in(anyone, language, direction)
    assert anyone.path == f"/{language}/information/"
    anyone.press("English")
    anyone.sees("Help in Birmingham")
    anyone.press(own_name)
    then_the_page_is_in(anyone, language, direction)
    anyone.press(change)
    assert anyone.page.locator('select[name="council"]').input_value() == "E08000025"


@pytest.mark.parametrize("language", ["cy", "ur"])
def test_each_page_is_sound_at_both_widths(person: Person, language: str) -> None:
    anyone = person()
    for address in ("/", "/information/", "/information/places/", "/information/list/", "/support/", "/help/"):
        anyone.open(f"/{language}{address}")
        anyone.look_at_both_widths()
    anyone.open(f"/{language}/information/")
    anyone.page.locator('select[name="council"]').select_option("E08000025")
    with anyone.going():
        anyone.page.locator("main form .govuk-button").click()
    anyone.look_at_both_widths()
    with anyone.going():
        anyone.page.locator(".app-service__name button").first.click()
    anyone.look_at_both_widths()
    anyone.open(f"/{language}/information/")
    with anyone.going():
        anyone.page.locator("main form .govuk-button").click()
    anyone.look_at_both_widths()


def test_the_way_out_mirrors_and_numbers_do_not(person: Person) -> None:
    anyone = person()
    anyone.open("/ur/information/")
    page = anyone.page
    way_out, heading = (page.locator(found).first.bounding_box() for found in (".govuk-exit-this-page__button", "h1"))
    assert way_out and heading and way_out["x"] < heading["x"] + heading["width"] / 2
    assert page.locator('a[href="tel:116123"]').evaluate("one => getComputedStyle(one).direction") == "ltr"
    radio = page.locator(".govuk-radios__input").first.bounding_box()
    label = page.locator(".govuk-radios__label").first.bounding_box()
    assert radio and label and radio["x"] > label["x"]


def test_where_there_is_help_is_pressed_on_the_map_or_in_the_list(person: Person) -> None:
    anyone = person(size=PHONE)
    anyone.open("/information/places/")
    anyone.look_at_both_widths()
    anyone.page.locator('[data-press="council-E08000031"] text').click()
    anyone.sees("Help in Wolverhampton")
    without = person(size=PHONE, script=False)
    without.open("/information/places/")
    without.press("Coventry")
    without.sees("Help in Coventry")
    assert without.path == "/information/"


def test_the_office_has_a_sentence_checked(person: Person) -> None:
    manager = person("hub-manager")
    manager.open("/rulebook/page_languages/")
    manager.follow("Every sentence of the public pages, in each language")
    manager.look_at_both_widths()
    manager.follow("Welsh")
    manager.fill(q="after a crime")
    manager.press("Search")
    manager.look_at_both_widths()
    manager.follow("Find help after a crime")
    manager.fill(says="Cael help ar ôl trosedd", source="Sample translators")
    manager.page.locator('[name="native"][value="yes"]').check()
    manager.look_at_both_widths()
    manager.press("Save")
    manager.sees("Every page says it so from now on")
    anyone = person()
    anyone.open("/cy/information/")
    anyone.sees("Cael help ar ôl trosedd")
