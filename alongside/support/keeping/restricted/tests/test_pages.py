"""The pages of restricted records, as each of those who work with them sees them."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alongside.core.models import Look, Named
from alongside.foundation.office.accounts.permissions import ROLES, Permission
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.keeping.restricted import jobs
from alongside.support.keeping.restricted.models import Breaking, Conflict, Restriction
from alongside.support.keeping.restricted.tests.sealed import restricted, run
from tests.world import World

pytestmark = pytest.mark.django_db
NAME = "Testina"


def reference(case: Case) -> str:
    found: str = Referral.objects.get(pk=case.referral_id).reference
    return found


def asked(case: Case, **changes: str) -> dict[str, str]:
    return {"reference": reference(case), "reason": "life_in_danger", "words": "She rang", **changes}


def break_it(world: World, case: Case, person: str = "other_triage_officer") -> str:
    return world.client(person).post("/restricted/open/", asked(case), follow=True).text


def test_somebody_restricts_a_record_names_a_colleague_and_takes_them_away(world: World) -> None:
    case, client = accepted(world), world.client("hub_manager")
    where = f"/restricted/{case.victim_id}/"
    assert "It is not restricted" in client.get(where).text
    page = client.get(f"{where}restrict/").text
    assert "Testa Triage Officer" in page and "Caseworker" not in page
    assert "Name at least one person" in client.post(f"{where}restrict/", {"reason": "staff", "words": "x"}).text
    people = [str(world.people["privacy_officer"].pk)]
    shown = client.post(f"{where}restrict/", {"reason": "staff", "words": "Canary", "people": people}, follow=True).text
    assert "Canary" in shown and "Testa Privacy Officer" in shown and "Testa Hub Manager" in shown
    other = str(world.people["other_triage_officer"].pk)
    assert "may open this record now" in client.post(f"{where}name/", {"person": other}, follow=True).text
    assert NAME in world.client("other_triage_officer").get(f"/victims/{case.victim_id}/").text
    assert "may not open it now" in client.post(f"{where}unname/", {"person": other}, follow=True).text
    assert world.client("other_triage_officer").get(f"/victims/{case.victim_id}/").status_code == 404
    assert "not named" in client.post(f"{where}unname/", {"person": "nonsense"}, follow=True).text
    own = str(world.people["hub_manager"].pk)
    assert "Restricted records" in client.post(f"{where}unname/", {"person": own}, follow=True).text
    assert client.get(where).status_code == 404


def test_a_restricted_record_says_so_to_those_inside_and_is_not_there_for_others(world: World) -> None:
    case = restricted(world)
    assert "Restricted" in world.client("triage_officer").get(f"/victims/{case.victim_id}/").text
    for person in ("other_triage_officer", "caseworker", "neighbour_caseworker"):
        client = world.client(person)
        absent = client.get("/victims/01900000-0000-7000-8000-000000000000/")
        found = client.get(f"/victims/{case.victim_id}/")
        assert (found.status_code, absent.status_code) == (404, 404)
        assert len(found.content) == len(absent.content)


def test_lifting_is_asked_by_one_and_confirmed_by_another(world: World) -> None:
    case, manager, privacy = restricted(world), world.client("hub_manager"), world.client("privacy_officer")
    where = f"/restricted/{case.victim_id}/"
    assert "restricted:" not in manager.get(f"{where}ask-to-lift/").text
    manager.post(f"{where}ask-to-lift/", {"why": "She has moved on"})
    assert "two people" in manager.post(f"{where}lift/", follow=True).text
    shown = privacy.get(where).text
    assert "She has moved on" in shown and "Testa Hub Manager asks" in shown
    assert "stays restricted" in privacy.post(f"{where}keep/", follow=True).text
    manager.post(f"{where}ask-to-lift/", {"why": "She has moved on"})
    assert "not restricted any more" in privacy.post(f"{where}lift/", follow=True).text
    assert Restriction.objects.get().state == "LIFTED"
    assert NAME in world.client("other_triage_officer").get(f"/victims/{case.victim_id}/").text


def test_records_lists_what_one_is_named_on(world: World) -> None:
    restricted(world)
    assert NAME in world.client("hub_manager").get("/restricted/records/").text
    assert NAME not in world.client("service_manager").get("/restricted/records/").text


def test_breaking_the_seal_shows_the_record_to_read_and_logs_every_look(world: World) -> None:
    case = restricted(world)
    shown = break_it(world, case)
    assert reference(case) in shown and "For 60 minutes more" in shown
    client = world.client("other_triage_officer")
    page = client.get(f"/victims/{case.victim_id}/")
    assert NAME in page.text and "You have broken the seal" in page.text
    assert Look.objects.latest("at", "id").reason == "under a broken seal"
    assert client.get(f"/referrals/{case.referral_id}/").status_code == 200
    assert NAME in client.get("/referrals/?view=all").text
    Named.objects.filter(breaks__isnull=False).delete()
    assert client.get(f"/victims/{case.victim_id}/").status_code == 404
    assert "Nothing is open" in client.get("/restricted/opened/").text


def test_under_a_broken_seal_nothing_can_be_changed(world: World) -> None:
    case = restricted(world)
    break_it(world, case)
    client = world.client("other_triage_officer")
    for address in (f"/referrals/{case.referral_id}/take-over/", f"/victims/{case.victim_id}/correct/",
                    f"/restricted/{case.victim_id}/restrict/", f"/restricted/{case.victim_id}/declare/"):  # fmt: skip
        assert client.post(address).status_code == 403, address
    mine = accepted(world, source_ref="mine")
    assert client.post(f"/referrals/{mine.referral_id}/take-over/").status_code != 403


def test_what_fits_nothing_and_what_is_not_restricted_are_answered_alike(world: World) -> None:
    open_to_all, far = accepted(world), accepted(world, source_ref="other")
    client = world.client("other_triage_officer")
    answers = [
        client.post("/restricted/open/", asked(open_to_all, reference=typed)).text.replace(typed, "")
        for typed in (reference(open_to_all), reference(far), "AL-2222-2222")
    ]
    strip = [_plain(answer) for answer in answers]
    assert strip[0] == strip[1] == strip[2]
    assert "No record that you could open" in answers[0]


def _plain(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrf" not in line and "nonce" not in line)


def test_the_privacy_officer_looks_at_every_broken_seal(world: World) -> None:
    case = restricted(world)
    break_it(world, case)
    world.client("other_triage_officer").get(f"/victims/{case.victim_id}/")
    client, made = world.client("privacy_officer"), Breaking.objects.get()
    listed = client.get("/restricted/seals/").text
    assert "Testa Other Triage Officer" in listed and "To be looked at" in listed
    page = client.get(f"/restricted/seals/{made.pk}/").text
    assert "She rang" in page and "The person’s record" in page
    assert "Broke the seal" in client.get(f"/restricted/{case.victim_id}/").text
    client.post(f"/restricted/seals/{made.pk}/", {"move": "justify", "words": "She was in danger"})
    assert "To be looked at" not in client.get("/restricted/seals/").text
    assert "Justified" in client.get("/restricted/seals/?state=done").text
    assert "She was in danger" in client.get(f"/restricted/seals/{made.pk}/").text
    assert client.post(f"/restricted/seals/{made.pk}/", {"move": "justify", "words": "x"}).status_code == 200


def test_a_manager_of_a_service_breaks_the_seal_of_the_services_own_record(world: World) -> None:
    case = restricted(world)
    assert reference(case) in break_it(world, case, "service_manager")
    assert NAME in world.client("service_manager").get(f"/victims/{case.victim_id}/").text
    assert "No record that you could open" in break_it(world, case, "neighbour_manager")


@pytest.mark.parametrize(
    ("address", "needs"),
    [("/restricted/open/", Permission.SEAL_BREAK), ("/restricted/seals/", Permission.SEAL_REVIEW),
     ("/restricted/records/", Permission.RECORD_NAME), ("/restricted/known/", Permission.CONFLICT_REVIEW)],
)  # fmt: skip
@pytest.mark.parametrize(
    "person",
    ["triage_officer", "hub_manager", "privacy_officer", "caseworker", "service_manager", "officer", "analyst"],
)
def test_each_page_is_for_those_who_may(world: World, person: str, address: str, needs: Permission) -> None:
    role = {"officer": "referrer"}.get(person, person)
    expected = 200 if needs in ROLES[role].permissions else 403
    assert world.client(person).get(address).status_code == expected


def test_somebody_declares_that_they_know_a_person_and_a_manager_lifts_it(world: World) -> None:
    case, client = accepted(world), world.client("other_caseworker")
    assert "Who knows them" not in client.get(f"/restricted/{case.victim_id}/declare/").text
    done = client.post(f"/restricted/{case.victim_id}/declare/", {"relation": "family"}, follow=True).text
    assert "It is closed to whoever" in done
    for address in (f"/victims/{case.victim_id}/", f"/casework/cases/{case.pk}/"):
        assert client.get(address).status_code == 404
    manager, made = world.client("service_manager"), Conflict.objects.get()
    assert "Testa Other Caseworker" in manager.get("/restricted/known/").text
    assert NAME in manager.get(f"/restricted/known/{made.pk}/lift/").text
    manager.post(f"/restricted/known/{made.pk}/lift/", {"why": "Another person of that name"})
    assert "Another person of that name" in manager.get("/restricted/known/?state=done").text
    assert NAME in client.get(f"/victims/{case.victim_id}/").text


def test_a_manager_declares_it_for_somebody_else(world: World) -> None:
    case, manager = accepted(world), world.client("service_manager")
    whose = str(world.people["caseworker"].pk)
    manager.post(f"/restricted/{case.victim_id}/declare/", {"relation": "other_side", "whose": whose})
    assert world.client("caseworker").get(f"/victims/{case.victim_id}/").status_code == 404


def test_somebody_declares_a_name_before_they_see_anything(world: World) -> None:
    client = world.client("triage_officer")
    said = {"relation": "friend", "given_name": "Testina", "family_name": "Sampleford"}
    assert "Whatever comes of that name" in client.post("/restricted/known/declare/", said, follow=True).text
    case = accepted(world, "neighbour_caseworker")
    assert client.get(f"/victims/{case.victim_id}/").status_code == 404
    listed = world.client("hub_manager").get("/restricted/known/").text
    assert "By name, for whatever comes" in listed


def test_a_page_costs_no_more_questions_for_a_restricted_record(world: World) -> None:
    plain, sealed = accepted(world, source_ref="plain"), restricted(world, case=accepted(world, source_ref="sealed"))
    counted = [_questions(world.client("triage_officer"), f"/victims/{case.victim_id}/") for case in (plain, sealed)]
    assert counted[0] == counted[1]
    absent = [
        _questions(world.client("other_triage_officer"), f"/victims/{key}/")
        for key in (sealed.victim_id, "01900000-0000-7000-8000-000000000000")
    ]
    assert absent[0] == absent[1]


def _questions(client: Client, address: str) -> int:
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as asked_now:
        client.get(address)
    return len(asked_now)


def test_every_row_and_page_of_a_restricted_record_says_so_to_those_who_see_it_and_to_nobody_else(world: World) -> None:
    case = restricted(world, "caseworker", by="service_manager")
    run(jobs.name_elsewhere, "record.restricted")
    tag, referral = ">Restricted</strong>", f"/referrals/{case.referral_id}/"
    manager, worker = world.client("hub_manager"), world.client("caseworker")
    assert tag in manager.get(referral).text
    found = manager.post("/referrals/search/", {"q": reference(case)}, follow=True)
    assert tag in found.text and reference(case) in found.text
    assert tag in worker.get(f"/casework/cases/{case.pk}/").text and tag in worker.get("/casework/cases/?whose=").text
    accepted(world, source_ref="TEST-open")
    for person in ("other_triage_officer", "neighbour_caseworker", "far_caseworker"):
        client = world.client(person)
        for where in (referral, f"/casework/cases/{case.pk}/"):
            assert client.get(where).status_code in (403, 404) and tag not in client.get(where).text
        for where in ("/referrals/", "/casework/cases/?whose="):
            assert tag not in client.get(where).text
