"""Every page that a person finds in the navigation, at both widths."""

import pytest

from alongside.config.demo.personas import PERSONAS
from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor

PUBLIC = ("/", "/help/", "/privacy/", "/accessibility/", "/sign-in/", "/sign-in/forgotten/", "/demo/", "/components/")
ACCOUNT = (
    "/sign-in/factor/",
    "/sign-in/factor/app/",
    "/sign-in/factor/passkeys/",
    "/sign-in/password/",
    "/sign-in/out/",
)


def when_they_open(visitor: Visitor, *paths: str) -> None:
    for path in paths:
        visitor.open(path)
        visitor.look_at_both_widths()


def navigation(visitor: Visitor) -> list[str]:
    """Where the navigation and the home page lead."""
    links = visitor.page.locator("nav[aria-label='Main'] a, main .app-tasks a")
    return list(dict.fromkeys(str(link.get_attribute("href")) for link in links.all()))


def test_anyone_reads_the_public_pages(person: Person) -> None:
    when_they_open(person(), *PUBLIC)


def test_somebody_at_work_reads_the_pages_of_their_account(person: Person) -> None:
    when_they_open(person("caseworker"), *ACCOUNT)


@pytest.mark.parametrize("key", [persona.key for persona in PERSONAS])
def test_each_persona_opens_every_page_of_the_navigation(person: Person, key: str) -> None:
    visitor = person(key)
    visitor.look_at_both_widths()
    found = navigation(visitor)
    assert found
    when_they_open(visitor, *found)
