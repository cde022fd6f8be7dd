"""The public's pages from a poster, a centre worker's page, and the hub's pages of centres and reports."""

import re
from datetime import date

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alongside.core import clocks
from alongside.foundation.office.accounts.models import Invitation
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.support.arrivals.intake.models import Visit
from alongside.support.arrivals.intake.tests.visitors import CRIME
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.centres import actions
from alongside.support.desk.centres.models import Added, Centre, Report
from alongside.support.desk.centres.tests.reporting import (
    answered,
    answers,
    as_hub,
    centre,
    named,
    scanned,
    sent,
    worker,
)
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


def test_a_phone_scans_answers_and_sends_without_a_name(world: World) -> None:
    client = scanned(centre(world))
    check = answered(client, answers()).content.decode()
    assert "Somebody shouted at me." in check and "You chose to stay anonymous" in check
    assert client.post("/r/send/check/").status_code == 302
    page = client.get("/r/send/kept/").content.decode()
    report = Report.objects.get()
    assert report.reference in page and "We do not contact you" in page
    assert client.post("/r/send/check/")["Location"] == "/r/send/kept/" and Report.objects.count() == 1


def test_danger_comes_first_and_says_what_to_do(world: World) -> None:
    client = scanned(centre(world))
    assert client.post("/r/step/now/", {"danger": "yes"})["Location"] == "/r/step/stop/"
    page = client.get("/r/step/stop/").content.decode()
    assert 'href="tel:999"' in page and "press 55" in page
    assert client.post("/r/step/stop/", {})["Location"] == "/r/step/what/"


def test_nothing_public_says_in_its_address_or_title_what_it_is_about(world: World) -> None:
    found = centre(world)
    client = scanned(found)
    for where in (f"/r/{found.poster}/", "/r/step/now/", "/r/back/in/"):
        answer = client.get(where)
        title = re.search("<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
        assert title and not CRIME.search(title[1]) and not CRIME.search(where)
        assert answer["Cache-Control"] == "no-store" and "data-leave" in answer.content.decode()


def test_each_choice_says_what_will_happen(world: World) -> None:
    client = scanned(centre(world))
    answered(client, {step: said for step, said in answers().items() if step not in ("name", "police")})
    assert "We keep nothing that says who you are" in client.get("/r/step/name/").content.decode()
    client.post("/r/step/name/", {"named": "no"})
    page = client.get("/r/step/police/").content.decode()
    assert "but not who I am" in page and "with my name" not in page
    assert client.post("/r/step/police/", {"police": "with_name"}).status_code == 200


def test_a_name_that_is_taken_back_is_gone_from_the_visit(world: World) -> None:
    client = scanned(centre(world))
    answered(client, named())
    client.post("/r/step/name/", {"named": "no"})
    assert "Testina" not in client.get("/r/step/police/").content.decode()
    client.post("/r/step/police/", {"police": "no"})
    assert "Testina" not in client.get("/r/send/check/").content.decode()
    client.post("/r/send/check/")
    assert not Report.objects.get().named and not Referral.objects.exists()


def test_who_wants_support_is_told_by_when_and_comes_back_as_to_any_referral(world: World) -> None:
    client = scanned(centre(world))
    answered(client, named())
    client.post("/r/send/check/")
    page = client.get("/r/send/kept/").content.decode()
    assert Referral.objects.get().reference in page and "only in the ways that you said are safe" in page


def test_a_way_of_contact_needs_an_answer_about_its_safety(world: World) -> None:
    client = scanned(centre(world))
    answered(client, {step: said for step, said in named().items() if step not in ("who", "police")})
    page = client.post("/r/step/who/", {**named()["who"], "phone_safe": ""}).content.decode()
    assert "Say whether it is safe to call this number" in page


def test_a_step_too_far_leads_to_the_one_that_is_next(world: World) -> None:
    client = scanned(centre(world))
    assert client.get("/r/step/police/")["Location"] == "/r/step/now/"
    assert client.get("/r/send/check/")["Location"] == "/r/step/now/"
    assert client.get("/r/step/nonsense/").status_code == 404
    assert client.get("/r/send/kept/")["Location"] == "/support/ended/"


def test_the_way_out_forgets_what_was_typed(world: World) -> None:
    client = scanned(centre(world))
    client.post("/r/step/now/", {"danger": "no"})
    client.post("/leave/")
    assert not Visit.objects.exists()
    assert client.get("/r/step/what/")["Location"] == "/support/ended/"


def test_an_old_or_unknown_poster_leads_to_other_help(world: World) -> None:
    found = centre(world, until=date(2025, 6, 1))
    for code in (found.poster, "ZZZZZZ"):
        answer = Client().get(f"/r/{code}/")
        assert answer.status_code == 404 and "no longer used" in answer.content.decode()


def test_a_centre_that_closes_meanwhile_ends_the_visit(world: World) -> None:
    client = scanned(centre(world))
    Centre.objects.update(until=date(2025, 6, 1))
    assert client.get("/r/step/now/")["Location"] == "/support/ended/"


def test_a_flood_from_one_connection_is_led_to_the_phone(world: World) -> None:
    found = centre(world)
    clients = [scanned(found) for _ in range(60)]
    assert Client().post(f"/r/{found.poster}/").status_code == 429
    sending = clients[:13]
    for client in sending:
        answered(client, answers())
    assert [client.post("/r/send/check/").status_code for client in sending] == [*[302] * 12, 429]
    assert Report.objects.count() == 12


def test_whoever_comes_back_reads_the_answer_and_adds(world: World) -> None:
    kept = sent(answers(), centre(world))
    client = Client()
    wrong = client.post("/r/back/in/", {"reference": kept["reference"], "phrase": "one two three four"})
    assert "do not match" in wrong.content.decode()
    assert client.get("/r/back/now/")["Location"] == "/support/ended/"
    assert (
        client.post("/r/back/in/", {"reference": kept["reference"], "phrase": kept["phrase"]})["Location"]
        == "/r/back/now/"
    )
    assert "Nobody has read it yet" in client.get("/r/back/now/").content.decode()
    assert client.get("/r/back/add/").status_code == 200
    client.post("/r/back/add/", {"words": "It was a Tuesday."})
    assert "We have what you added" in client.get("/r/back/now/?added").content.decode()
    with as_hub(world) as by:
        actions.answer(Report.objects.get(), by=by, at=timezone.now(), answer="noted")
    page = client.get("/r/back/now/").content.decode()
    assert "We have read what you told us" in page and not CRIME.search(re.sub("<[^>]+>", "", page.split("<main")[1]))


def test_a_visit_that_did_not_come_back_is_asked_to(world: World) -> None:
    assert scanned(centre(world)).get("/r/back/now/")["Location"] == "/r/back/in/"


def test_too_many_wrong_words_are_stopped(world: World) -> None:
    centre(world)
    client = Client()
    codes = [client.post("/r/back/in/", {"reference": "RH", "phrase": "x"}).status_code for _ in range(11)]
    assert codes == [*[200] * 10, 429]


# A worker.


def flat(said: dict[str, dict[str, object]]) -> dict[str, object]:
    return {name: value for step in said.values() for name, value in step.items()}


def test_a_worker_sends_on_one_page_and_hands_over_the_words_once(world: World) -> None:
    centre(world)
    _, client = worker(world)
    assert "Report a hate crime or incident" in client.get("/centre/report/").content.decode()
    assert client.post("/centre/report/", flat(answers()))["Location"] == "/centre/handed/"
    assert Report.objects.get().reference in client.get("/centre/handed/").content.decode()
    assert client.get("/centre/handed/")["Location"] == "/centre/reports/"
    assert Report.objects.get().reference in client.get("/centre/reports/").content.decode()


def test_a_worker_is_told_what_is_missing_and_asked_no_more_of_the_anonymous(world: World) -> None:
    centre(world)
    _, client = worker(world)
    page = client.post("/centre/report/", {"named": "yes", "phone": "07700 900123"}).content.decode()
    for words in ("Choose at least one.", "Choose whether you would like support", "Enter what we should call you",
                  "Say whether it is safe to call this number"):  # fmt: skip
        assert words in page
    page = client.post("/centre/report/", {"named": "no"}).content.decode()
    assert "Enter what we should call you" not in page and not Report.objects.exists()


def test_a_name_typed_beside_no_name_goes_nowhere(world: World) -> None:
    centre(world)
    _, client = worker(world)
    assert client.post("/centre/report/", {**flat(named()), "named": "no", "police": "no"}).status_code == 302
    report = Report.objects.get()
    assert (report.named, report.support, bytes(report.who)) == (False, False, b"")


# The hub.


def test_the_manager_sets_a_centre_up_changes_it_and_prints_its_poster(world: World) -> None:
    client = world.client("hub_manager")
    said = {"organisation": world.partner.pk, "kind": "library", "address": "1 Sample Street", "council": "E08000025",
            "since_day": "1", "since_month": "4", "since_year": "2026"}  # fmt: skip
    assert client.get("/centres/set-up/").status_code == 200
    made = client.post("/centres/set-up/", said)
    found = Centre.objects.get()
    assert (
        made["Location"] == f"/centres/{found.pk}/"
        and "Testshire Housing" in client.get(made["Location"]).content.decode()
    )
    wrong = client.post(f"/centres/{found.pk}/change/", {**said, "contact_email": "nobody"}).content.decode()
    assert "Enter an e-mail address" in wrong
    assert client.post(f"/centres/{found.pk}/change/", {**said, "hours": "Mondays"}).status_code == 302
    poster = client.get(f"/centres/{found.pk}/poster/").content.decode()
    assert f"/r/{found.poster}/" in poster and "<svg" in poster and "Mondays" in poster
    assert client.post(f"/centres/{found.pk}/renew-poster/").status_code == 302
    assert Centre.objects.get().poster != found.poster


def test_what_is_wrong_with_a_set_up_is_said(world: World) -> None:
    centre(world)
    client = world.client("hub_manager")
    assert "Choose an organisation" in client.post("/centres/set-up/", {"kind": "library"}).content.decode()
    late = {"organisation": Organisation.objects.create(
        code="late", kind="partner", force_id="west-midlands", name="Sample Late", since=date(2026, 1, 1)).pk,
        "kind": "library", "address": "1 Sample Street", "council": "E08000025", "since_day": "1", "since_month": "4",
        "since_year": "2026", "until_day": "1", "until_month": "4", "until_year": "2025"}  # fmt: skip
    assert "must be after the first" in client.post("/centres/set-up/", late).content.decode()


def test_a_worker_is_invited_as_a_centre_worker_and_no_more(world: World) -> None:
    centre(world)
    client = world.client("hub_manager")
    assert client.get("/centres/invite/test-partner/").status_code == 200
    page = client.post("/centres/invite/test-partner/", {"name": "Testo New", "email": "new@library.example"})
    assert "on its way" in page.content.decode() and len(mail.outbox) == 1
    made = Invitation.objects.get()
    assert (made.role, made.organisation_id) == ("centre_worker", world.partner.pk)
    _, there = worker(world)
    assert there.get("/refer/").status_code == 403


def test_somebody_who_works_there_already_is_not_invited_again(world: World) -> None:
    worker(world)
    page = world.client("hub_manager").post(
        "/centres/invite/test-partner/", {"name": "Testa", "email": "centre_worker@alongside.example"}
    )
    assert "has that role here already" in page.content.decode()


def test_a_centre_without_a_report_is_shown_as_quiet_and_one_with_is_not(world: World) -> None:
    found = centre(world)
    client = world.client("triage_officer")
    assert "Quiet" in client.get("/centres/").content.decode()
    assert "Quiet: no report since" in client.get(f"/centres/{found.pk}/").content.decode()
    sent(answers(), found)
    assert "Quiet" not in client.get("/centres/").content.decode()


def test_the_list_is_searched_filtered_and_turned(world: World) -> None:
    found = centre(world)
    first, other = (
        sent(answers(), found)["reference"],
        sent(answers(what={"strands": ["disability"]}), found)["reference"],
    )
    client = world.client("triage_officer")

    def shown(query: str) -> set[str]:
        return set(re.findall(r"RH-\w{4}-\w{4}", client.get(f"/reports/{query}").content.decode()))

    assert shown("") == shown("?view=nonsense") == shown("?view=police&sort=-received_at") == {first, other}
    assert shown("?strand=disability") == {other} and shown(f"?view=closed&q={first.lower()}") == {first}
    assert shown("?q=nothing") == shown("?view=closed") == shown("?view=added") == set()
    assert shown(f"?centre={found.pk}&council=E08000025") == {first, other}


def test_the_file_holds_codes_and_days_and_nobodys_words_or_name(world: World) -> None:
    sent(named(support={"support": "no"}), centre(world))
    file = world.client("triage_officer").post("/reports/export/?view=all")
    text = file.content.decode()
    assert file["Content-Type"].startswith("text/csv") and Report.objects.get().reference in text
    assert not any(word in text for word in ("Testina", "900123", "shouted", "faith", "number 9"))


def test_a_report_is_taken_passed_on_and_answered_on_its_page(world: World) -> None:
    sent(named(support={"support": "no"}, police={"police": "without_name"}), centre(world))
    client, report = world.client("triage_officer"), Report.objects.get()
    here = f"/reports/{report.pk}/"
    page = client.get(here).content.decode()
    assert "It is not ours to weigh" in page and "Testina Sampleford" in page and "Nobody has looked at it yet" in page
    client.post(f"{here}take/")
    assert "is looking at it" in client.get(here).content.decode()
    telling = client.get(f"{here}pass-on/").content.decode()
    assert "Somebody shouted at me." in telling and "Testina" not in telling
    refused = client.post(f"{here}answer/", {"answer": "passed_on"}).content.decode()
    assert "nobody may read so before it is true" in refused
    client.post(f"{here}pass-on/", {"how": "phone", "police_ref": "S7"})
    assert "passed on already" in client.get(f"{here}pass-on/").content.decode()
    assert client.post(f"{here}answer/", {"answer": "passed_on"}).status_code == 302
    page = client.get(here).content.decode()
    assert "By phone on 101" in page and "S7" in page and "Answer again" in page


def test_with_a_name_the_police_may_be_told_it(world: World) -> None:
    sent(named(support={"support": "no"}), centre(world))
    telling = world.client("triage_officer").get(f"/reports/{Report.objects.get().pk}/pass-on/").content.decode()
    assert "Testina Sampleford" in telling and "07700 900123: safe to use" in telling


def test_a_report_with_support_leads_to_its_referral(world: World) -> None:
    sent(named(now={"danger": "yes"}), centre(world))
    page = world.client("triage_officer").get(f"/reports/{Report.objects.get().pk}/").content.decode()
    assert f"/referrals/{Referral.objects.get().pk}/" in page
    Referral.objects.update(source_ref="")
    page = world.client("triage_officer").get(f"/reports/{Report.objects.get().pk}/").content.decode()
    assert "no longer kept" in page


def test_what_was_added_is_read_and_marked(world: World) -> None:
    kept = sent(answers(), centre(world))
    back = Client()
    back.post("/r/back/in/", {"reference": kept["reference"], "phrase": kept["phrase"]})
    back.post("/r/back/add/", {"words": "It was a Tuesday."})
    client, report = world.client("triage_officer"), Report.objects.get()
    assert kept["reference"] in client.get("/reports/?view=added").content.decode()
    assert "It was a Tuesday." in client.get(f"/reports/{report.pk}/").content.decode()
    client.post(f"/reports/{report.pk}/read-added/")
    assert Added.objects.get().read_at and kept["reference"] not in client.get("/reports/?view=added").content.decode()


def test_the_poster_is_printed_in_the_language_that_was_chosen(world: World) -> None:
    address = f"/centres/{centre(world).pk}/poster/"
    client = world.client("triage_officer")
    english = client.get(address).content.decode()
    assert 'lang="en" dir="ltr"' in english and "Did it happen because of who you are?" in english
    assert "Welsh (Cymraeg)" in english and "Polish (Polski)" in english
    welsh = client.get(address, {"language": "cy"}).content.decode()
    assert 'lang="cy" dir="ltr"' in welsh and "oherwydd pwy ydych chi" in welsh and "Did it happen" not in welsh
    polish = client.get(address, {"language": "pl"}).content.decode()
    assert "Nie musisz podawać nazwiska" in polish and "{phone}" not in polish and "{centre}" not in polish
    assert "Did it happen" in client.get(address, {"language": "xx"}).content.decode()


def test_a_language_that_the_office_adds_is_set_in_its_own_direction(world: World) -> None:
    body = {"heading": "Heading", "told": "Told", "scan": "Scan", "ask": "{phone} or {centre}", "danger": "<Danger>",
            "right_to_left": True}  # fmt: skip
    rulebook.add(
        "poster_words", "ur", by=world.actor("hub_manager"), at=timezone.now(), title="Urdu", body=body,
        source="Read by a speaker", since=clocks.london_date(timezone.now()),
    )  # fmt: skip
    found = centre(world)
    page = world.client("triage_officer").get(f"/centres/{found.pk}/poster/?language=ur").content.decode()
    assert 'lang="ur" dir="rtl"' in page and "Urdu (اردو)" in page and "&lt;Danger&gt;" in page
    assert f"<bdi><strong>{found.organisation.name}</strong>" in page and '<strong dir="ltr">' in page
