"""Find help as a person meets it, the public list, and the pages of those who keep services."""

import base64
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.models import Event
from alongside.core.pages.filters import date_words
from alongside.foundation.local.directory import actions, presenters, queries
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post, Site
from alongside.foundation.local.directory.queries import Answers
from alongside.foundation.local.directory.rules import Seeker
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.office.organisations.models import Council, Postcode
from tests.world import World

TITLE = "<title>Support and information</title>"
BIRMINGHAM = "E08000025"


@pytest.fixture
def outreach(world: World) -> Service:
    Postcode.objects.get_or_create(code="B11BB", defaults={"council": BIRMINGHAM})
    return made(
        world, name="Sample Lantern Outreach", crime_types=("domestic_abuse",), councils=(BIRMINGHAM,),
        specialisms=("domestic_abuse_specialist",), phone="01632 960 401", web="https://lantern.example",
        hours="Weekdays 9 to 5", what_happens="A worker calls at a safe time.",
    )  # fmt: skip


def listed_elsewhere(**words: Any) -> Service:
    return Service.objects.create(
        **{"name": "Sample Coffee Morning", "code": "elsewhere-1", "source": "sample-list", "source_id": "1",
           "takes_referrals": False, "provider_name": "Sample Club", "cost": "", "councils": [BIRMINGHAM],
           "updated_at": timezone.now(), "web": "javascript:alert(1)", **words}
    )  # fmt: skip


def page(client: Client, address: str, answers: dict[str, Any] | None = None) -> str:
    found = client.get(address) if answers is None else client.post(address, answers)
    assert found.status_code == 200
    return found.content.decode()


def test_find_help_puts_emergency_and_helplines_before_the_questions_and_has_a_neutral_title(world: World) -> None:
    shown = page(Client(), "/information/")
    assert TITLE in shown
    assert shown.index("press 55") < shown.index("What happened?")
    assert "Samaritans" in shown
    assert "I am not sure" in shown
    assert "Exit this page" in shown


def test_a_postcode_gives_services_with_why_each_fits(outreach: Service) -> None:
    shown = page(Client(), "/information/", {"postcode": "b1 1bb", "happened": "partner_or_family", "who": "me"})
    assert TITLE in shown
    for words in ("Help in Birmingham", "Sample Lantern Outreach", "Helps after domestic abuse",
                  "Covers Birmingham", "Domestic abuse specialist", "01632 960 401", "A worker calls at a safe time.",
                  "National Domestic Abuse Helpline"):  # fmt: skip
        assert words in shown


def test_each_service_found_leads_to_its_page_and_every_service_is_a_step_away(outreach: Service) -> None:
    shown = page(Client(), "/information/", {"postcode": "B1 1BB", "happened": "partner_or_family"})
    assert f'form="answers" formaction="/information/list/{outreach.pk}/">Sample Lantern Outreach</button>' in shown
    assert 'href="/information/list/">See every service</a>' in shown
    back = page(Client(), f"/information/list/{outreach.pk}/", {"postcode": "B1 1BB", "happened": "partner_or_family"})
    assert '<input type="hidden" name="postcode" value="B1 1BB">' in back


def test_nothing_that_was_asked_stays_in_an_address_or_on_the_device(outreach: Service) -> None:
    client, events = Client(), Event.objects.count()
    answer = client.post("/information/", {"postcode": "B1 1BB", "happened": "sexual"})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert not client.cookies
    assert "B1 1BB" not in "".join(str(value) for value in answer.headers.values())
    assert Event.objects.count() == events


def test_it_works_without_a_token_because_it_changes_nothing(outreach: Service) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert "Help in Birmingham" in page(strict, "/information/", {"council": BIRMINGHAM})
    assert "Sample Lantern" in page(strict, "/information/list/", {"q": "lantern"})


@pytest.mark.parametrize(
    ("postcode", "words"),
    [
        ("", "Enter a postcode, or choose a council"),
        ("EH1 1AA", "That postcode is in Scotland"),
        ("75001", "Enter a whole postcode of England or Wales"),
        ("B1", "Enter a whole postcode of England or Wales"),
        ("ZZ1 1ZZ", "We do not know that postcode"),
    ],
)
def test_a_postcode_that_does_not_help_says_what_to_do(world: World, postcode: str, words: str) -> None:
    shown = page(Client(), "/information/", {"postcode": postcode})
    assert words in shown
    assert "<title>Error: Support and information</title>" in shown


def test_a_postcode_that_is_newer_than_our_list_names_the_councils_of_those_that_begin_alike(world: World) -> None:
    for code, council in (("B981AA", "E07000236"), ("B981AB", "E07000236"), ("B981AC", "E07000238")):
        Postcode.objects.create(code=code, council=council)
    shown = page(Client(), "/information/", {"postcode": "b98 9zz"})
    assert "Others that begin with B98 are in Redditch or Wychavon: choose one" in shown


def test_a_postcode_of_a_place_without_a_council_here_asks_for_one(world: World) -> None:
    Postcode.objects.create(code="TD151AA", council="S12000026")
    assert "outside England and Wales" in page(Client(), "/information/", {"postcode": "TD15 1AA"})


def test_a_chosen_council_counts_before_the_postcode(outreach: Service) -> None:
    assert "Help in Wolverhampton" in page(Client(), "/information/", {"postcode": "EH1 1AA", "council": "E08000031"})


def test_answers_can_be_changed_and_are_kept_in_the_page_alone(outreach: Service) -> None:
    shown = page(Client(), "/information/", {"postcode": "B1 1BB", "happened": "stolen", "change": "yes"})
    assert 'value="B1 1BB"' in shown
    assert "What happened?" in shown


def test_nothing_that_fits_still_leaves_somebody_to_call(world: World) -> None:
    shown = page(Client(), "/information/", {"council": BIRMINGHAM})
    assert "We know of no service here that fits" in shown
    assert "See every service" in shown
    assert "Samaritans" in shown


def test_a_service_for_the_whole_area_is_shown_in_its_own_area_alone(world: World) -> None:
    made(world, name="Sample Whole Area")
    made(world, name="Sample Cardiff Desk", councils=("W06000015",))
    here, there = (page(Client(), "/information/", {"council": code}) for code in (BIRMINGHAM, "W06000015"))
    assert "Sample Whole Area" in here
    assert "Sample Cardiff Desk" not in here
    assert "Sample Whole Area" not in there
    listed = page(Client(), "/information/list/", {"council": "W06000015"})
    assert "Sample Cardiff Desk" in listed
    assert "Sample Whole Area" not in listed
    assert "Sample Whole Area" in page(Client(), "/information/list/", {"council": BIRMINGHAM})
    assert "Sample Cardiff Desk" in there


def test_a_hub_is_shown_its_own_areas_services_and_others_that_name_the_council(world: World) -> None:
    made(world, name="Sample Near")
    for name, councils in (("Sample Far", []), ("Sample Far But Covering", [BIRMINGHAM])):
        Service.objects.create(
            name=name, code=name.lower().replace(" ", "-"), provider=world.far_provider, councils=councils,
            updated_at=world.now,
        )  # fmt: skip
    found = queries.services_for(Seeker(council=BIRMINGHAM), hub=world.hub.pk)
    assert [one.service.name for one in found] == ["Sample Far But Covering", "Sample Near"]
    elsewhere = queries.services_for(Seeker(council="W06000015"), hub=world.hub.pk)
    assert [one.service.name for one in elsewhere] == ["Sample Near"]


def test_where_no_hub_here_works_nobody_is_led_to_a_form_that_ends_nowhere(world: World) -> None:
    shown = page(Client(), "/information/", {"council": "E06000052"})
    assert "Another team is nearer" in shown
    assert "gov.uk/get-support-as-a-victim-of-crime" in shown
    assert 'href="/support/"' not in shown.split("<main")[1]
    assert 'href="/support/"' in page(Client(), "/information/", {"council": BIRMINGHAM}).split("<main")[1]


def test_more_than_fit_on_a_page_follow_as_a_list(world: World) -> None:
    for number in range(6):
        made(world, name=f"Sample Service {number}", phone="01632 960 402")
    listed_elsewhere()
    unsure = ("Services that may help", "More that may help")
    for happened, words in (("", unsure), ("not_sure", unsure), ("stolen", ("The best fit", "Others that may help"))):
        shown = page(Client(), "/information/", {"council": BIRMINGHAM, "happened": happened})
        assert all(heading in shown for heading in words)
    last = Service.objects.get(name="Sample Service 5")
    assert "Back to results" in page(Client(), f"/information/list/{last.pk}/", {"council": BIRMINGHAM})
    assert "Sample Service 5" in shown
    assert "list one more service in" in shown
    assert "Sample Coffee Morning" not in shown


def test_the_questions_become_what_the_rulebook_calls_them(world: World) -> None:
    council, on = Council.objects.get(pk=BIRMINGHAM), world.now.date()
    told = Answers(happened="partner_or_family", age="25_to_34", language="pl")
    found = queries.seeker(told, council, on)
    assert found == Seeker(crime_type="domestic_abuse", council=BIRMINGHAM, age=25, age_to=34, language="pl")
    child, business = (queries.seeker(Answers(who=who), council, on) for who in ("child", "business"))
    assert (child.age, child.age_to, business.business, business.age) == (0, 17, True, None)


def test_referrals_go_where_the_rulebook_sends_them_and_never_to_what_was_imported(
    world: World, outreach: Service
) -> None:
    listed_elsewhere(crime_types=["domestic_abuse"])
    made(world, name="Sample General")
    made(world, name="Sample Phone Line", takes_referrals=False)
    seeker = Seeker(crime_type="domestic_abuse", council=BIRMINGHAM)
    fits = queries.services_for(seeker, on=world.now.date())
    assert [found.service.name for found in fits] == ["Sample Lantern Outreach", "Sample General"]
    assert any("plans for safety" in reason for reason in fits[0].reasons)
    assert queries.services_for(Seeker(crime_type="no such crime"))[0].service.name == "Sample General"


def test_the_public_list_narrows_and_turns_without_an_address(world: World, outreach: Service) -> None:
    for number in range(25):
        made(world, name=f"Sample Zeta {number:02}", crime_types=("stalking",))
    first = page(Client(), "/information/list/")
    assert "Showing 20 of 26" in first
    assert "Sample Zeta 24" not in first
    narrowed = page(Client(), "/information/list/", {"crime": "domestic_abuse"})
    assert "Showing 1 of 1" in narrowed
    token = first.split('name="after" value="')[1].split('"')[0]
    second = page(Client(), "/information/list/", {"after": token, "crime": "not a crime"})
    assert "Sample Zeta 24" in second
    back = second.split('name="before" value="')[1].split('"')[0]
    assert "Sample Lantern" in page(Client(), "/information/list/", {"before": back})
    assert "No service fits all of that" in page(Client(), "/information/list/", {"q": "nothing such"})


@pytest.mark.parametrize("values", [["", "a\x00", "0"], ["a"], 7, "abc", {}, [None, None, None], [[], {}, ""]])
def test_a_token_that_was_tampered_with_shows_the_first_page(world: World, values: object) -> None:
    made(world, name="Sample Alpha")
    token = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    assert "Sample Alpha" in page(Client(), "/information/list/", {"after": token})


def test_a_service_has_a_page_for_anyone(world: World, outreach: Service) -> None:
    shown = page(Client(), f"/information/list/{outreach.pk}/")
    assert TITLE in shown
    assert "Weekdays 9 to 5" in shown
    assert Client().get("/information/list/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_what_another_directory_lists_says_so_and_links_nowhere_dangerous(world: World) -> None:
    service = listed_elsewhere(summary="<script>alert(1)</script>", access_notes="Ring first")
    shown = page(Client(), f"/information/list/{service.pk}/")
    assert "Listed by Sample List" in shown
    assert 'href="javascript' not in shown
    assert "<script>alert" not in shown
    assert "Ring first" in shown
    assert "Any crime" not in shown


def test_a_service_with_a_waiting_list_or_closed_says_so(world: World, outreach: Service) -> None:
    manager = world.actor("service_manager")
    actions.open(outreach, by=manager, at=world.now, waiting=True)
    assert "It has a waiting list" in page(Client(), f"/information/list/{outreach.pk}/")
    assert "It has a waiting list" in page(Client(), "/information/", {"council": BIRMINGHAM})
    actions.close(outreach, by=manager, at=world.now)
    assert "closed to new people" in page(Client(), f"/information/list/{outreach.pk}/")
    assert "Sample Lantern" not in page(Client(), "/information/", {"council": BIRMINGHAM})


def test_only_services_that_take_people_have_a_place_to_ask(world: World, outreach: Service) -> None:
    assert not presenters.ask_address(listed_elsewhere())
    assert presenters.ask_address(outreach) in ("", f"{presenters.ask_address()}?service={outreach.pk}")


def test_staff_narrow_the_list(world: World, outreach: Service) -> None:
    listed_elsewhere(checked_on=None)
    made(world, name="Sample Long List", crime_types=("stalking", "violence", "theft", "robbery"))
    client = world.client("service_manager")
    everything = page(client, "/services/")
    assert everything.index("Sample Long List") < everything.index("Sample Coffee Morning")
    assert "Check it" not in everything
    Service.objects.filter(pk=outreach.pk).update(checked_on=None)
    assert "Check it" in page(client, "/services/")
    assert "and 1 more" in everything
    assert "Sample Coffee" not in page(client, "/services/?whose=own&state=OPEN&need=health")
    assert "Sample Lantern" not in page(client, "/services/?whose=listed")


def test_a_manager_says_how_much_room_there_is(world: World, outreach: Service) -> None:
    client, address = world.client("service_manager"), f"/services/{outreach.pk}/"
    assert "Nothing was said yet" in page(client, address)
    for weeks, words in (("3", "a new person waits about 3 weeks"), ("0", "a new person can begin at once")):
        client.post(f"{address}capacity/", {"places_free": "4", "wait_weeks": weeks})
        assert f"4 places free; {words}." in page(client, address)
    assert "You can begin at once, as it told us on" in page(Client(), f"/information/list/{outreach.pk}/")
    client.post(f"{address}capacity/", {})
    assert "neither its places nor the wait" in page(client, address)
    assert "There is a problem" in page(client, f"{address}capacity/", {"wait_weeks": "999"})
    Service.objects.filter(pk=outreach.pk).update(places=3)
    assert "paid to help 3" in page(client, f"{address}capacity/", {"places_free": "9"})
    assert world.client("neighbour_manager").post(f"{address}capacity/").status_code == 403


def test_the_page_says_what_people_ask(world: World) -> None:
    site = Site(name="Sample Centre", address_1="1 Open Street", city="Sampleton", postcode="B1 1BB", hours="Mondays")
    service = made(world, made_for=("deaf",), criteria=("lives_in_area",), modes=("phone",), access=("step_free",),
                   posts=(Post("Adviser for Polish speakers", languages=("pl",)), Post("Gone", state="vacant")),
                   sites=(site,))  # fmt: skip
    shown = page(Client(), f"/information/list/{service.pk}/")
    for words in ("Deaf people", "Only for people who live in its area", "By phone", "Step-free place",
                  "Adviser for Polish speakers", "Sample Centre, 1 Open Street, Sampleton, B1 1BB Mon"):  # fmt: skip
        assert words in shown
    assert "Gone" not in shown
    assert "Kept secret" in page(Client(), f"/information/list/{made(world, location_protected=True).pk}/")


def test_one_that_has_not_begun_is_shown_to_nobody_and_one_that_closed_says_where_to_go(world: World) -> None:
    coming, other = made(world, opens_on=date(2126, 1, 1)), made(world, name="Sample Other")
    assert Client().get(f"/information/list/{coming.pk}/").status_code == 404
    gone, hub = made(world), world.actor("hub_manager")
    actions.close(gone, by=hub, at=world.now)
    assert "closed to new people since" in page(Client(), f"/information/list/{gone.pk}/")
    actions.hand_on(gone, by=hub, at=world.now, to=other)
    assert "Sample Other helps instead" in page(Client(), f"/information/list/{gone.pk}/")


def test_one_click_confirms_and_others_open_and_close(world: World, outreach: Service) -> None:
    Service.objects.filter(pk=outreach.pk).update(checked_on=world.now.date() - timedelta(days=900))
    client, address = world.client("service_manager"), f"/services/{outreach.pk}/"
    assert "Check it" in page(client, address)
    client.post(f"{address}confirm/")
    assert "Check it" not in page(client, address)
    client.post(f"{address}close/")
    client.post(f"{address}close/")
    assert "Nothing changed" in page(client, address)
    client.post(f"{address}open/", {"waiting": "yes"})
    assert "Waiting list" in page(client, address)
    assert Service.objects.get(pk=outreach.pk).state == "WAITING"


def test_staff_see_what_was_odd_in_a_list(world: World) -> None:
    odd = [
        {"kind": "bad", "field": "url", "value": "javascript:alert(1)"},
        {"kind": "empty", "field": "fees", "value": ""},
    ]
    service = listed_elsewhere(oddities=odd)
    shown = page(world.client("hub_manager"), f"/services/{service.pk}/")
    assert "2 oddities" in shown
    assert "From the list of Sample List" in shown


@pytest.mark.parametrize(
    ("days", "words"),
    [(10, "Checked on "), (2000, "some of it may have changed since"), (None, "Not checked yet")],
)
def test_a_service_says_when_it_was_last_checked(world: World, outreach: Service, days: int | None, words: str) -> None:
    outreach.checked_on = None if days is None else timezone.localdate() - timedelta(days=days)
    outreach.save(update_fields=["checked_on"])
    for shown in (page(Client(), f"/information/list/{outreach.pk}/"),
                  page(world.client("hub_manager"), f"/services/{outreach.pk}/")):  # fmt: skip
        assert words in shown
        assert outreach.checked_on is None or f"hecked on {date_words(outreach.checked_on)}" in shown
    listed = listed_elsewhere(checked_on=timezone.localdate())
    assert "Checked on" not in page(Client(), f"/information/list/{listed.pk}/")


def test_back_to_results_leads_to_the_list_as_it_was_narrowed(world: World, outreach: Service) -> None:
    listed_elsewhere()
    narrowed = page(Client(), "/information/list/", {"q": "Lantern"})
    assert f'formaction="/information/list/{outreach.pk}/"' in narrowed
    shown = page(Client(), f"/information/list/{outreach.pk}/", {"q": "Lantern", "list": "yes"})
    assert "Back to results" in shown and 'name="q" value="Lantern"' in shown
    assert f'href="/information/list/{outreach.pk}/"' in page(Client(), "/information/list/")
    assert "Every service" in page(Client(), f"/information/list/{outreach.pk}/")


def test_an_answer_to_a_form_says_so_that_back_does_not_send_it_again(outreach: Service) -> None:
    assert 'data-posted="answered"' in page(Client(), "/information/", {"postcode": "b1 1bb"})
    assert 'data-posted="refused"' in page(Client(), "/information/", {"postcode": "nonsense"})
    assert "data-posted" not in page(Client(), "/information/")
