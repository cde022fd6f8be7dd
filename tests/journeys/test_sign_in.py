"""An invited person: from the link to the first page, and in again with password and code."""

import base64
import hmac
import re
import struct
import time

from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor

EMAIL = "newcomer@alongside.example"
PASSWORD = "three quiet herons at dawn"
STEP, ENOUGH = 30, 6


def code(secret: str) -> str:
    """RFC 6238: six digits for this half minute, as a code app shows them; near its end people wait for the next."""
    if (left := STEP - time.time() % STEP) < ENOUGH:
        time.sleep(left)
    moment = int(time.time()) // STEP
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", moment), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def given_an_invitation(manager: Visitor) -> str:
    """The link, as the manager is shown it once."""
    manager.follow("People", within="nav[aria-label='Main']")
    manager.follow("Invite somebody")
    manager.fill(name="Newa Comer", email=EMAIL)
    manager.choose(role="triage_officer")
    manager.press("Invite")
    manager.sees("The link is made")
    return manager.text("main code")


def when_they_set_up_a_password_and_a_code_app(newcomer: Visitor, link: str) -> str:
    """The app's secret."""
    newcomer.open(link.removeprefix(newcomer.origin))
    newcomer.sees(EMAIL)
    for box in newcomer.page.locator("main input[type=password]").all():
        box.fill(PASSWORD)
    newcomer.press("Continue")
    if newcomer.page.locator("input[name=code]").count() == 0:
        newcomer.follow("Set up", within="main", exact=False)
    secret = newcomer.text("main p code")
    newcomer.fill(code=code(secret))
    newcomer.press("Set up")
    return secret


def when_they_sign_in_again(newcomer: Visitor, secret: str) -> None:
    newcomer.page.locator(".app-account summary").click()
    newcomer.press("Sign out")
    newcomer.open("/referrals/")
    newcomer.sees("Sign in")
    newcomer.fill(login=EMAIL, password=PASSWORD)
    newcomer.press("Sign in")
    newcomer.sees("second factor")
    newcomer.fill(code=code(secret))
    newcomer.press("Continue")


def then_they_work_in_the_queue_from_one_place(newcomer: Visitor) -> None:
    newcomer.sees("Queue")
    newcomer.open("/sign-in/sessions/")
    newcomer.sees("Where you are signed in", "This")
    expect(newcomer.page.locator("main tbody tr")).to_have_count(1)


def test_invited_person_joins_and_signs_in_with_password_and_code(person: Person) -> None:
    link = given_an_invitation(person("hub-manager"))
    assert re.search(r"/invitation/\S+/$", link)
    newcomer = person()
    secret = when_they_set_up_a_password_and_a_code_app(newcomer, link)
    newcomer.open("/")
    newcomer.sees("What would you like to do?")
    when_they_sign_in_again(newcomer, secret)
    then_they_work_in_the_queue_from_one_place(newcomer)
    newcomer.open(link.removeprefix(newcomer.origin), status=200)
    newcomer.sees("invitation")
