"""One-click sign-in exists in the demonstration alone, and for this machine alone."""

from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from alongside.config.demo import personas
from alongside.foundation.office.accounts.permissions import ROLES
from alongside.foundation.office.organisations.actions import load_areas

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO = True
    load_areas()
    personas.ensure()


def test_there_are_no_personas_outside_the_demonstration() -> None:
    assert Client().get("/demo/").status_code == 404
    assert Client().post("/demo/triage/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_there_are_no_personas_for_another_machine() -> None:
    assert Client(REMOTE_ADDR="192.0.2.7").get("/demo/").status_code == 404
    assert Client(headers={"X-Forwarded-For": "127.0.0.1"}).get("/demo/").status_code == 404
    assert Client(REMOTE_ADDR="192.0.2.7").post("/demo/triage/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_the_page_lists_every_persona_with_what_each_can_do() -> None:
    page = unescape(Client().get("/demo/").text)
    assert all(one.name in page and one.can in page for one in personas.PERSONAS)


def test_every_role_has_somebody_to_be() -> None:
    assert {one.role for one in personas.PERSONAS} == set(ROLES)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("one", personas.PERSONAS, ids=lambda one: one.key)
def test_one_click_lands_on_that_persons_home(one: personas.Persona) -> None:
    client = Client()
    answer = client.post(f"/demo/{one.key}/", follow=True)
    assert answer.redirect_chain == [("/home/", 302)]
    assert personas.ORGANISATIONS[one.organisation][2] in answer.text


@pytest.mark.usefixtures("demo")
def test_becoming_somebody_else_leaves_nothing_of_the_first() -> None:
    client = Client()
    client.post("/demo/triage/")
    session = client.session
    session["left"] = "behind"
    session.save()
    client.post("/demo/caseworker/")
    assert "left" not in client.session


@pytest.mark.usefixtures("demo")
def test_a_look_does_not_sign_in_and_an_unknown_persona_is_404() -> None:
    assert Client().get("/demo/triage/").status_code == 405
    assert Client().post("/demo/nobody/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_the_cast_is_made_once() -> None:
    before = {code: one.pk for code, one in personas.ensure().items()}
    assert before == {code: one.pk for code, one in personas.ensure().items()}


def test_every_persona_has_a_role_of_its_kind_of_organisation() -> None:
    assert all(personas.ORGANISATIONS[one.organisation][0] in ROLES[one.role].kinds for one in personas.PERSONAS)
