"""The pages of unusual looks, for those who judge them and nobody else."""

import pytest

from alongside.core.clocks import london_date
from alongside.core.models import Look
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.keeping.looks.models import Finding
from tests.world import World

pytestmark = pytest.mark.django_db


def found(world: World, person: str, *people: object) -> Finding:
    by, on = world.actor(person), london_date(world.now)
    assert by.organisation_id is not None and by.user_id is not None
    return Finding.objects.create(
        rule="comes_back", organisation_id=by.organisation_id, user_id=by.user_id, number=5, people=list(people),
        first_on=on, last_on=on, found_at=world.now,
    )  # fmt: skip


def test_the_privacy_officer_sees_what_was_opened_and_judges(world: World) -> None:
    case = accepted(world)
    one = found(world, "other_triage_officer", case.victim_id)
    for subject in (case.victim_id, case.referral_id):
        Look.objects.create(
            at=world.now, user_id=one.user_id, organisation_id=world.hub.pk, route="victims:show", subjects=[subject],
            reason="own caseload",
        )  # fmt: skip
    client = world.client("privacy_officer")
    assert "1" in client.get("/home/").text and "unusual look" in client.get("/home/").text
    assert "Testa Other Triage Officer" in client.get("/looks/").text
    page = client.get(f"/looks/{one.pk}/").text
    assert page.count("Testina") >= 2
    assert Look.objects.filter(reason="an unusual look").exists()
    client.post(f"/looks/{one.pk}/", {"move": "explain", "words": "She was covering"})
    assert "Other Triage" not in client.get("/looks/").text
    assert "Explained by the work" in client.get("/looks/?state=done").text
    assert "She was covering" in client.get(f"/looks/{one.pk}/").text
    assert client.post(f"/looks/{one.pk}/", {"move": "explain", "words": "x"}).status_code == 200


def test_nobody_sees_what_was_found_about_themselves_or_elsewhere(world: World) -> None:
    own, theirs = found(world, "service_manager"), found(world, "other_triage_officer")
    client = world.client("service_manager")
    for one in (own, theirs):
        assert client.get(f"/looks/{one.pk}/").status_code == 404
    assert "Nothing to look at" in client.get("/looks/").text
    colleague = found(world, "caseworker")
    assert "No record" in client.get(f"/looks/{colleague.pk}/").text


@pytest.mark.parametrize("person", ["triage_officer", "hub_manager", "caseworker", "officer", "analyst"])
def test_nobody_else_may(world: World, person: str) -> None:
    assert world.client(person).get("/looks/").status_code == 403
