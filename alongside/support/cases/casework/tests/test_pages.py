"""The pages of casework, from the offer to the close."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alongside.core.models import Look
from alongside.core.pages import drafts, searches
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.cases.casework import actions
from alongside.support.cases.casework.models import Case, Contact, Need, Step
from alongside.support.cases.casework.tests.cases import accepted, offered
from alongside.support.cases.casework.tests.test_actions import ANSWERS, reach, sit
from alongside.support.cases.outcomes.models import Assessment
from tests.world import World


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


def path(view: str, pk: UUID) -> str:
    return reverse(f"casework:{view}", args=[pk])


@pytest.fixture
def client(world: World) -> Client:
    return world.client("caseworker")


@pytest.fixture
def case(world: World) -> Case:
    """A case with something on every page of it."""
    case, by = accepted(world), world.actor("caseworker")
    actions.assign(case, by=by, at=world.now, worker=by.user_id)
    reach(world, case, note="Testina is well today")
    need = actions.find_need(case, by=by, at=world.now, code="money", goal="Pay the rent")
    actions.add_step(need, by=by, at=world.now, what="Ring the bank", who="worker", due_on=world.now.date())
    sit(world, case, "first", 2)
    return Case.objects.get(pk=case.pk)


def test_an_offer_shows_no_identity_until_it_is_accepted(world: World, client: Client) -> None:
    offer = offered(world)
    for page in (client.get(reverse("casework:offers")), client.get(path("offer", offer.pk))):
        assert page.status_code == 200
        assert "Burglary" in body(page)
        assert "Sampleford" not in body(page)
        assert "07700" not in body(page)
    answer = client.post(path("accept", offer.pk), follow=True)
    assert "Sampleford" in body(answer)


def marked(world: World) -> Offer:
    """An offer of somebody about whom much is noted, in a crime that is not reported."""
    flags = ("domestic_abuse", "repeat")
    offer = offered(world, reported=False, why_not_reported="not_decided", vulnerable="yes", markers=flags,
                    vulnerability=["isolated", "pregnant"])  # fmt: skip
    return offer


HARDER = "Isolated or without support, Pregnant or has a new baby"


def test_an_offer_tells_where_and_what_makes_it_harder(world: World, client: Client) -> None:
    offer = marked(world)
    text = body(client.get(path("offer", offer.pk)))
    for words in ("Birmingham", HARDER, "Vulnerable, Domestic abuse, Repeat victim"):
        assert words in text
    assert offer.markers == ["vulnerable", "domestic_abuse", "repeat"]


def test_a_case_tells_its_service_what_the_offer_did_and_that_the_police_do_not_know(
    world: World, client: Client
) -> None:
    offer = marked(world)
    client.post(path("accept", offer.pk))
    case = Case.objects.get()
    text = body(client.get(path("show", case.pk)))
    for words in (HARDER, "Domestic abuse", "Repeat victim", "Not reported to police", "No. I have not decided yet"):
        assert words in text, words
    assert "Domestic abuse" in body(client.get(path("plan", case.pk)))
    assert HARDER not in body(client.post(path("print_out", case.pk)))


@pytest.mark.parametrize(
    ("told", "words"),
    [({"reported": True}, "Yes"), ({"reported": False}, "No"),
     ({"reported": False, "why_not_reported": "not_known"}, "Not known")],
)  # fmt: skip
def test_what_the_police_know_is_told_as_it_is_known(
    world: World, client: Client, told: dict[str, Any], words: str
) -> None:
    text = " ".join(re.sub(r"<[^>]*>", " ", body(client.get(path("show", accepted(world, **told).pk)))).split())
    assert f"Reported to the police {words} " in text
    assert ("Police: not known" in text) == (words == "Not known")


def test_declining_asks_why_and_says_what_happened(world: World, client: Client) -> None:
    offer = offered(world)
    assert "Error:" in body(client.post(path("decline", offer.pk), {"reason": ""}))
    answer = client.post(path("decline", offer.pk), {"reason": "no_capacity"}, follow=True)
    assert "The hub has been told" in body(answer)
    assert Offer.objects.get().state == "DECLINED"
    assert client.get(path("decline", offer.pk)).status_code == 404 or Offer.objects.get().state == "DECLINED"


def test_an_offer_answered_twice_says_so(world: World, client: Client) -> None:
    offer = offered(world)
    client.post(path("accept", offer.pk))
    assert "cannot accept" in body(client.post(path("accept", offer.pk), follow=True))
    assert Case.objects.count() == 1


def test_the_caseload_is_the_callers_own_unless_asked(case: Case, world: World, client: Client) -> None:
    accepted(world, source_ref="TEST-2")
    assert body(client.get(reverse("casework:caseload"))).count("Sampleford") == 1
    assert body(client.get(reverse("casework:caseload") + "?whose=")).count("Sampleford") == 2
    assert body(client.get(reverse("casework:caseload") + "?whose=nobody")).count("Sampleford") == 1
    manager = world.client("service_manager")
    assert body(manager.get(reverse("casework:caseload"))).count("Sampleford") == 2


@pytest.mark.parametrize(
    ("text", "found"), [("sampl", 1), ("SÁMPLEFORD", 1), ("testina", 0), ("s", 0), ("nobody", 0), ("al-zzzz-zzzz", 0)]
)
def test_a_case_is_found_by_the_beginning_of_the_family_name(case: Case, client: Client, text: str, found: int) -> None:
    page = client.post(reverse("casework:search"), {"q": text, "whose": ""}, follow=True)
    assert body(page).count("Sampleford") == found
    assert text.startswith("al-") or [text] not in parse_qs(urlsplit(page.redirect_chain[-1][0]).query).values()


def test_a_name_in_an_address_finds_nobody_and_asks_to_search_again(case: Case, client: Client) -> None:
    page = client.get(reverse("casework:caseload"), {"q": "Sampleford", "whose": "nobody", "state": "closed"})
    assert searches.AGAIN in body(page)
    assert "Sampleford" not in body(page)


def test_a_case_is_found_by_its_reference_however_it_is_typed(case: Case, client: Client) -> None:
    for text in (case.reference, case.reference.lower().replace("-", " ")):
        assert "Sampleford" in body(client.get(reverse("casework:caseload"), {"q": text, "whose": ""}))


def test_filters_that_make_no_sense_are_left_out(case: Case, client: Client) -> None:
    page = client.get(reverse("casework:caseload"), {"whose": "x", "state": "x", "crime_type": "x", "after": "x"})
    assert page.status_code == 200
    page = client.get(reverse("casework:caseload"), {"whose": "", "state": "all", "crime_type": "burglary"})
    assert "Sampleford" in body(page)


def test_the_caseload_logs_who_was_shown(case: Case, client: Client) -> None:
    client.get(reverse("casework:caseload"))
    look = Look.objects.latest("at")
    assert look.subjects == [case.victim_id]
    assert look.route == "casework:caseload"


PAGES = ("show", "contacts", "record_contact", "plan", "find_need", "outcomes", "assess",
         "looks", "cover")  # fmt: skip


@pytest.mark.parametrize("view", PAGES)
def test_every_page_of_a_case_says_who_it_is_and_how_safe_contact_is(case: Case, client: Client, view: str) -> None:
    page = client.get(path(view, case.pk))
    assert page.status_code == 200
    text = body(page)
    assert "Testina Sampleford" in text
    assert "app-safe" in text
    assert "07700 900123" not in text
    assert "Sampleford" not in text.split("</title>")[0]
    assert case.victim_id in Look.objects.latest("at").subjects


def test_the_timeline_tells_what_happened(case: Case, client: Client) -> None:
    text = body(client.get(path("show", case.pk)))
    for words in ("Offer accepted", "Given to Testa Caseworker", "Testina is well today",
                  "Outcomes assessed: first", "Need found: Finance and benefits"):  # fmt: skip
        assert words in text


def test_what_came_with_the_referral_is_read_by_who_accepted_it(case: Case, client: Client) -> None:
    text = body(client.get(path("show", case.pk)))
    assert "Testina is staying with a friend." in text
    assert "PC Sample" in text
    assert "staying with a friend" not in body(client.post(path("print_out", case.pk)))


def test_a_number_is_shown_on_asking_and_the_look_says_which_field(case: Case, client: Client) -> None:
    point = ContactPoint.objects.get(person_id=case.victim_id)
    text = body(client.post(path("reveal", case.pk), {"point": str(point.pk)}))
    assert "07700 900123" in text
    assert "Say you are the library" in text
    assert Look.objects.latest("at").fields.split() == ["name", "phone"]


def test_another_persons_number_is_not_shown_through_this_case(case: Case, world: World, client: Client) -> None:
    other = accepted(world, source_ref="TEST-2")
    point = ContactPoint.objects.get(person_id=other.victim_id)
    assert client.post(path("reveal", case.pk), {"point": str(point.pk)}).status_code == 404
    assert client.post(path("reveal", case.pk), {"point": "x"}).status_code == 404
    assert client.get(path("reveal", case.pk)).status_code == 405


def contact(**changes: str) -> dict[str, str]:
    day = timezone.now()
    on = {"happened_on_day": f"{day.day}", "happened_on_month": f"{day.month}", "happened_on_year": f"{day.year}"}
    given = {"channel": "phone", "result": "spoke", **on, "happened_at": "00:00", "minutes": "", "note": "Said hello"}
    return {**given, **changes}


def test_a_contact_is_recorded(case: Case, client: Client) -> None:
    page = client.post(path("record_contact", case.pk), contact(), follow=True)
    assert "Said hello" in body(page)
    assert Contact.objects.count() == 2


def test_contacts_are_shown_fifty_at_a_time_with_the_ways_before_them(case: Case, client: Client) -> None:
    one = Contact.objects.get()
    same = {field.attname: getattr(one, field.attname) for field in Contact._meta.fields if field.name != "id"}
    days = [one.happened_at - timedelta(days=day) for day in range(1, 56)]
    Contact.objects.bulk_create(Contact(**{**same, "note": b"", "happened_at": at}) for at in days)
    page = body(client.get(path("contacts", case.pk)))
    assert page.index("Ways to make contact") < page.index("Attempts and contacts")
    assert page.count("app-timeline__item") == 50 and "Next page" in page
    after = re.search(r'href="([^"]+)" rel="next"', page)
    assert after and after[1].startswith(path("contacts", case.pk))
    assert body(client.get(after[1].replace("&amp;", "&"))).count("app-timeline__item") == 6


def test_what_is_wrong_with_a_contact_is_said_beside_the_field(case: Case, client: Client) -> None:
    page = client.post(path("record_contact", case.pk), contact(happened_on_year="2099", happened_at="25:00"))
    assert "must be on or before" in body(page)
    assert "Said hello" in body(page)
    assert Contact.objects.count() == 1


def test_a_half_written_contact_comes_back_whole(case: Case, client: Client) -> None:
    name = drafts.form_name("casework.record_contact", case.pk)
    client.post(reverse("keep_draft"), {**contact(note="Half", happened_on_day="3", result=""), "draft": name})
    text = body(client.get(path("record_contact", case.pk)))
    assert "Half" in text
    assert 'value="3"' in text
    assert "Error:" not in text
    client.post(reverse("drop_draft"), {"draft": name, "next": "/"})
    assert "Half" not in body(client.get(path("record_contact", case.pk)))


def test_a_stale_goal_is_refused_with_both_versions_on_the_page(case: Case, world: World, client: Client) -> None:
    need = Need.objects.get()
    theirs = {"seen": "1", "goal": "Pay the rent and the gas"}
    assert world.client("other_caseworker").post(path("revise_need", need.pk), theirs).status_code == 302
    text = body(client.post(path("revise_need", need.pk), {"seen": "1", "goal": "Keep the flat"}))
    assert "nothing of yours has been lost" in text
    assert "Pay the rent and the gas" in text
    assert "Keep the flat" in text
    assert 'name="seen" value="2"' in text
    client.post(path("revise_need", need.pk), {"seen": "2", "goal": "Pay the rent and the gas; keep the flat"})
    assert "keep the flat" in body(client.get(path("plan", case.pk)))


def test_a_plan_is_made_changed_and_done(case: Case, client: Client) -> None:
    need, step = Need.objects.get(), Step.objects.get()
    client.post(path("find_need", case.pk), {"code": "health", "goal": "Sleep"})
    client.post(path("add_step", need.pk), {"what": "See the adviser", "who": "victim"})
    client.post(path("revise_step", step.pk), {"what": "Write to the bank", "who": "worker", "seen": "1"})
    client.post(path("finish_step", step.pk), {"seen": "2"})
    client.post(path("settle_need", need.pk), {"state": "MET", "seen": "1"})
    text = body(client.get(path("plan", case.pk)))
    for words in ("Sleep", "See the adviser", "Write to the bank", "Done", "Met"):
        assert words in text
    for view, row in (("revise_need", need), ("settle_need", need), ("add_step", need), ("revise_step", step)):
        assert client.get(path(view, row.pk)).status_code == 200
    assert (
        "somebody else changed" in body(client.post(path("finish_step", step.pk), {"seen": "1"}, follow=True)).lower()
    )


def test_an_assessment_compares_the_last_with_the_first(case: Case, client: Client) -> None:
    given = {**dict.fromkeys(ANSWERS, "4"), "stage": "last", "chosen_by": "victim", "way": "paper",
             "words": "I sleep again", "adult_safety_1": "none"}  # fmt: skip
    text = body(client.post(path("assess", case.pk), given, follow=True))
    assert text.count("Improved") == 3
    assert text.count("Not measured") == 2, "the outcome, and the tool as a whole"
    assert "The latest time not every one of its questions was answered." in text
    assert "I sleep again" in text
    last = Assessment.objects.get(stage="last")
    assert (last.answers["adult_safety_1"], last.scores["safety"], last.in_own_words) == (None, None, True)


def test_an_assessment_asks_for_every_answer_or_that_it_was_not_asked(case: Case, client: Client) -> None:
    given = {**dict.fromkeys(ANSWERS, "4"), "stage": "review", "chosen_by": "worker", "way": "together"}
    del given["adult_health_1"]
    assert "Error:" in body(client.post(path("assess", case.pk), given))
    nothing = {**dict.fromkeys(ANSWERS, "none"), "stage": "review", "chosen_by": "worker", "way": "together"}
    assert "nothing to keep" in body(client.post(path("assess", case.pk), nothing))
    assert Assessment.objects.count() == 1


def test_a_worker_chooses_the_tool_and_after_the_end_there_is_only_a_follow_up(case: Case, client: Client) -> None:
    text = body(client.get(path("assess", case.pk)))
    assert "?tool=eight_points" in text
    star = path("assess", case.pk) + "?tool=eight_points"
    assert "Eight points of a star" in body(client.get(star))
    assert "6" in re.findall(r'name="star_body"[^>]*value="(\d+)"', body(client.get(star)))
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=timezone.now())
    assert "How things are, for adults" in body(client.get(star)), "only what was used before"
    given = {**dict.fromkeys(ANSWERS, "4"), "stage": "follow_up", "chosen_by": "victim", "way": "together"}
    assert client.post(path("assess", case.pk), given | {"stage": "last"}).status_code == 200
    text = body(client.post(path("assess", case.pk), given, follow=True))
    assert "Follow-up, after the case was closed" in text
    assert "At follow-up, against the first: improved." in text
    assert not Assessment.objects.filter(stage="last").exists()
    Case.objects.filter(pk=case.pk).update(closed_why="died")
    assert "because the victim died" in body(client.post(path("assess", case.pk), given | {"words": "Late"}))


def test_a_sheet_of_an_earlier_day_is_typed_in(case: Case, client: Client) -> None:
    day = timezone.localdate() - timedelta(days=1)
    Assessment.objects.update(assessed_at=timezone.now() - timedelta(days=9))
    given = {**dict.fromkeys(ANSWERS, "4"), "stage": "review", "chosen_by": "victim", "way": "paper",
             "on_day": day.day, "on_month": day.month, "on_year": day.year}  # fmt: skip
    assert client.post(path("assess", case.pk) + "?tool=adult@1", given).status_code == 302
    assert timezone.localdate(Assessment.objects.get(stage="review").assessed_at) == day


def test_without_a_tool_for_them_the_page_says_so(case: Case, client: Client) -> None:
    Assessment.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=timezone.now())
    assert "There is no outcome tool for them" in body(client.get(path("assess", case.pk), follow=True))


def test_the_print_carries_the_plan_and_no_way_to_find_anybody(case: Case, world: World, client: Client) -> None:
    need = Need.objects.get()
    actions.add_step(need, by=world.actor("caseworker"), at=world.now, what="Meet at 12 Sample Road", who="worker")
    text = body(client.post(path("print_out", case.pk)))
    assert "Ring the bank" in text
    for secret in ("12 Sample Road", "07700", "Testina is well today"):
        assert secret not in text
    assert client.get(path("print_out", case.pk)).status_code == 405


def test_who_looked_is_there_for_all_to_see(case: Case, world: World, client: Client) -> None:
    world.client("other_caseworker").get(path("plan", case.pk))
    world.client("other_caseworker").post(path("print_out", case.pk))
    text = body(client.get(path("looks", case.pk)))
    assert "Testa Other Caseworker" in text and "Case, printed; plan" in text


def test_the_way_back_from_a_case_leads_to_the_list_that_it_was_opened_from(
    case: Case, world: World, client: Client
) -> None:
    def back(address: str, page: str = "") -> str:
        text = body(client.get(address, headers={"Referer": f"http://testserver{page}"} if page else {}))
        return re.search(r'govuk-back-link" href="([^"]*)">([^<]*)<', text).expand(r"\1 \2")  # type: ignore[union-attr]

    show, team = path("show", case.pk), reverse("day:team")
    assert back(show) == f"{reverse('casework:caseload')} Caseload"
    for _ in range(2):
        assert back(show, f"{team}?group=risk&q=Sampleford") == f"{team}?group=risk Team"
    assert back(path("plan", case.pk), show) == f"{team}?group=risk Team"
    assert back(path("plan", case.pk), "/nowhere/") == f"{team}?group=risk Team"
    other = accepted(world)
    assert back(path("show", other.pk)) == f"{reverse('casework:caseload')} Caseload"


def test_the_record_of_a_person_leads_back_to_the_case(case: Case, client: Client) -> None:
    record = reverse("victims:show", args=[case.victim_id])
    assert f"{record}?from={case.pk}" in body(client.get(path("show", case.pk)))
    assert "Back to the case" not in body(client.get(record))
    client.get(f"{record}?from={case.pk}")
    client.get(reverse("victims:agree", args=[case.victim_id]))
    text = body(client.get(record))
    assert "Back to the case" in text and path("show", case.pk) in text


def test_a_manager_gives_the_case_to_a_colleague(case: Case, world: World) -> None:
    manager = world.client("service_manager")
    assert "Testa Caseworker (1 case)" in body(manager.get(path("assign", case.pk)))
    chosen = {"worker": str(world.people["other_caseworker"].pk)}
    assert "Testa Other Caseworker" in body(manager.post(path("assign", case.pk), chosen, follow=True))
    manager.post(path("assign", case.pk), {"worker": "nobody"})
    case.refresh_from_db()
    assert case.worker is None


def test_a_caseworker_takes_a_case_with_one_press(world: World, client: Client) -> None:
    case = accepted(world)
    assert "The case is yours" in body(client.post(path("take", case.pk), follow=True))
    other = world.client("other_caseworker").post(path("take", case.pk), follow=True)
    assert "Only a manager" in body(other)


def test_cover_is_arranged_until_a_day(case: Case, world: World, client: Client) -> None:
    until = timezone.now() + timedelta(days=3)
    given = {"worker": str(world.people["other_caseworker"].pk), "until_day": str(until.day),
             "until_month": str(until.month), "until_year": str(until.year)}  # fmt: skip
    assert "Covered by" in body(client.post(path("cover", case.pk), given, follow=True))


@pytest.mark.parametrize(("person", "name"), [("triage_officer", "Cases"), ("caseworker", "Caseload")])
def test_navigation_title_and_heading_call_the_list_of_cases_by_one_name(world: World, person: str, name: str) -> None:
    text = world.client(person).get(reverse("casework:caseload")).content.decode()
    assert re.search(rf"<title>\s*{name}", text)
    assert re.search(rf"<h1[^>]*>{name}</h1>", text)
    navigation = text[text.index('aria-label="Main"') : text.index("</nav>")]
    assert name in navigation


def test_an_assessment_is_kept_as_a_draft_until_it_is_sent(world: World, client: Client) -> None:
    case, by = accepted(world), world.actor("caseworker")
    name = drafts.form_name("casework.assess.adult@1", case.pk)
    question = next(iter(ANSWERS))
    drafts.keep(name, {question: "4", "words": "I sleep again"}, by=by, at=timezone.now())
    text = body(client.get(path("assess", case.pk)))
    assert "draft that we kept" in text and "I sleep again" in text
    assert re.search(rf'name="{question}"[^>]*value="4"[^>]*checked', text)
    given = {"stage": "first", "chosen_by": "victim", "way": "together", "words": "I sleep again"}
    assert client.post(path("assess", case.pk), given | dict.fromkeys(ANSWERS, "4")).status_code == 302
    assert drafts.restore(name, by=by, at=timezone.now()) is None


def test_the_page_of_a_case_asks_the_database_fifteen_things_at_most(world: World, client: Client) -> None:
    case = accepted(world)
    client.get(path("show", case.pk))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path("show", case.pk)).status_code == 200
    words = [one["sql"].split(" FROM ")[-1][:120] for one in asked.captured_queries]
    assert len([one for one in words if not one.startswith(("SAVEPOINT", "RELEASE"))]) <= 15, words
