"""Opening a page of one's own as a browser does: by words, by a link, by force; and what is said there."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alongside.core.ids import uuid7
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.messages.rules import FOR_GOOD
from alongside.support.arrivals.intake.tests.visitors import CRIME, filled, kept
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.journey import actions, queries
from alongside.support.cases.journey.models import Key, Page, Said, Voice
from alongside.support.cases.journey.tests.opened import (
    as_worker,
    case_of,
    close,
    details,
    enter,
    link_in,
    opened,
    phrase_of,
    points,
    run,
    text,
    turned_on,
    worked_on,
)  # fmt: skip
from alongside.support.people.victims.models import Agreement
from alongside.support.people.victims.queries import said_no
from tests.world import World

pytestmark = pytest.mark.django_db
FORMS = {
    "say": {"words": "I moved my shifts"}, "ask": {"words": "Another day"}, "change": {"unsafe": ["phone"]},
    "not-right": {"words": "Nobody rang"}, "stop": {"what": "contact"},
}  # fmt: skip
TELLS = re.compile(
    r"exit.this|ombudsman|complain|manager|victim|police|court|crime|abuse|999|emergency|support|not safe|contact|case"
    r"|worker|right\b|at once|data-stay|bbc\.co|office|service|charity", re.IGNORECASE
)  # fmt: skip


def test_somebody_opens_their_page_and_it_gives_nothing_away(world: World) -> None:
    _, client = opened(world)
    shown = text(client)
    assert ("Your page" in shown and "We are" in shown) or "on our list" in shown
    assert not CRIME.search(re.sub(r"<link[^>]*>|<script[^>]*>", "", shown)), "not even an address in its head"
    assert "<title>Your page</title>" in shown and "Exit this page" in shown
    assert client.get("/page/now/").headers["Cache-Control"] == "no-store"
    for word in ("Testina", "Sampleford", "Sample Support", "Lantern", "07700"):
        assert word not in shown
    assert details("journey.opened")[-1] == {"kind": "phrase"}
    assert Page.objects.get().opened_at is not None


def test_what_is_said_waits_for_the_worker_and_is_read_once(world: World) -> None:
    case, client = opened(world)
    assert client.post("/page/say/", {"words": "I moved my shifts"}).headers["Location"] == "/page/told/say/"
    run("journey.said")
    assert Item.objects.get().kind == "journey.said"
    worker = world.client("caseworker")
    address = reverse("journey:page", args=[case.pk])
    assert "I moved my shifts" in worker.get(address).content.decode()
    assert "1 to read" in worker.get(reverse("casework:show", args=[case.pk])).content.decode()
    said = Said.objects.get()
    for _ in range(2):
        assert worker.post(reverse("journey:read", args=[said.pk])).status_code == 302
    assert not Item.objects.exists() and len(details("journey.read")) == 1
    run("journey.said")
    assert not Item.objects.exists(), "a job that runs again brings nothing back"


def test_changing_what_is_safe_takes_effect_in_the_same_moment(world: World) -> None:
    case, client = opened(world)
    client.post("/page/change/", {"unsafe": ["phone"], "words": "Only e-mail"})
    known = dict(ContactPoint.objects.filter(person_id=case.victim_id).values_list("kind", "safe"))
    assert known == {"phone": "no", "email": "yes"}, "no job has run yet"
    assert details("contact_point.changed")[-1]["safe"] == "no"
    assert "There is a problem" in client.post("/page/change/", {}).content.decode()


def test_stopping_withdraws_what_was_agreed(world: World) -> None:
    case, client = opened(world)
    client.post("/page/stop/", {"what": "support", "words": ""})
    assert points(case) == {"no"}
    for _ in range(2):
        run("journey.said")
    assert said_no(case.victim) == {"phone", "email"}
    assert Agreement.objects.filter(about="contact", given=False).count() == 2
    assert Item.objects.get().details == {"kind": "stop"}
    assert text(client).count("Your page"), "they may look and change their mind"


def test_a_complaint_goes_to_the_manager_with_a_clock_and_never_to_the_worker(world: World) -> None:
    case, client = opened(world)
    form = text(client, "/page/not-right/")
    assert "Ombudsman" in form and "10 working days" in form
    client.post("/page/not-right/", {"words": "Nobody rang me back"})
    run("voice.heard")
    voice = Voice.objects.get()
    assert voice.due_at and voice.due_at > voice.said_at
    worker, manager = world.client("caseworker"), world.client("service_manager")
    for address in (reverse("casework:show", args=[case.pk]), reverse("journey:page", args=[case.pk])):
        assert "omplaint" not in worker.get(address).content.decode()
    assert worker.get(reverse("journey:heard")).status_code == 403
    assert worker.get(reverse("journey:voice", args=[voice.pk])).status_code in (403, 404)
    assert "A complaint" in manager.get(reverse("day:team")).content.decode()
    assert "A complaint" in manager.get(reverse("journey:heard")).content.decode()
    address = reverse("journey:voice", args=[voice.pk])
    assert "Nobody rang me back" in manager.get(address).content.decode()
    for _ in range(2):
        assert manager.post(reverse("journey:take", args=[voice.pk])).status_code == 302
    assert len(details("voice.taken")) == 1
    assert "Say how it was answered" in manager.post(address, {}).content.decode()
    assert manager.post(address, {"outcome": "We rang and said sorry"}).status_code == 302
    assert "Somebody has settled" in manager.post(address, {"outcome": "Again"}).content.decode()
    assert not Item.objects.exists()


def test_a_decoy_holds_nothing_and_warns_the_worker(world: World) -> None:
    case = worked_on(world, case_of(world))
    turned_on(world, case, words="It is all in hand", parts=["people"], called="Sam")
    real, decoy = phrase_of(world, case), phrase_of(world, case, decoy=True)
    mine, theirs = enter(case, real), enter(case, decoy)
    shown, dull = text(mine), text(theirs)
    assert "It is all in hand" in shown and "Sam" in shown
    assert "It is all in hand" not in dull and "Sam" not in dull and "front desk" in dull
    assert mine.get("/page/now/").headers.keys() == theirs.get("/page/now/").headers.keys()
    run("journey.opened")
    assert Item.objects.get().kind == "journey.decoy"
    worker = world.client("caseworker")
    assert "Somebody opened the other page" in worker.get(reverse("journey:page", args=[case.pk])).content.decode()
    for verb, typed in FORMS.items():
        assert theirs.post(f"/page/{verb}/", typed).status_code == 302
    assert not Said.objects.exists() and not Voice.objects.exists() and points(case) == {"yes"}
    assert details("journey.opened")[-1] == {"kind": "decoy", "wrote": True}
    worker.post(reverse("journey:heed", args=[case.pk]))
    assert not Item.objects.exists()


@pytest.mark.parametrize("about", ["library", "allotment", "choir"])
def test_a_decoy_is_an_ordinary_page_that_names_nothing(world: World, about: str) -> None:
    """Every page that its links and buttons lead to, from the entrance to the end, and those of typed addresses."""
    case = turned_on(world, decoy=about)
    client = enter(case, phrase_of(world, case, decoy=True))
    seen = [Client().get("/page/").content.decode(), text(client), text(client, "/page/say/")]
    for verb in ("ask", "change", "not-right", "stop"):
        answer = client.get(f"/page/{verb}/", follow=True)
        assert answer.redirect_chain == [("/page/now/", 302)], verb
        told = client.post(f"/page/{verb}/", FORMS[verb])
        assert told.headers["Location"] == "/page/told/say/"
    seen += [text(client, f"/page/told/{verb}/") for verb in ("say", "stop", "complain", "change")]
    seen += [client.post("/page/say/", {}).content.decode(), client.post("/page/finish/").content.decode()]
    for page in seen:
        body = re.sub(r"<aside.*?</aside>|<script.*?</script>", "", page, flags=re.S)
        assert not TELLS.search(body), TELLS.search(body)
        assert "<title>Your page</title>" in page or "<title>Error: Your page</title>" in page
    assert {"library": "A library card", "allotment": "An allotment", "choir": "A choir"}[about] in seen[1]


def test_a_decoy_and_a_page_ask_the_database_the_same(world: World) -> None:
    case = turned_on(world)
    counts = []
    for decoy in (False, True, False, True):
        phrase, client = phrase_of(world, case, decoy=decoy), Client()
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.post("/page/", {"reference": case.reference, "phrase": phrase})
            client.get("/page/now/")
        counts.append(len(asked))
    assert counts[2] == counts[3]


def test_wrong_words_read_the_same_and_are_limited_with_those_of_coming_back(world: World) -> None:
    case = turned_on(world)
    phrase_of(world, case)
    cache.clear()
    client, answers = Client(), set()
    for reference in (case.reference, "AL-3333-3333"):
        said = client.post("/page/", {"reference": reference, "phrase": "tulip anchor bread cloud"}).content.decode()
        answers.add(re.sub(r'value="[^"]*"|nonce="[^"]+"', "", said))
    assert len(answers) == 1 and "do not match" in answers.pop()
    for _ in range(8):
        client.post("/page/", {"reference": "AL-3333-3333", "phrase": "a b c d"})
    assert client.post("/page/", {"reference": "AL-3333-3333", "phrase": "a b c d"}).status_code == 429
    assert client.post("/support/return/", {"reference": "AL-3333-3333", "phrase": "a b c d"}).status_code == 429
    assert client.post("/page/link/nothing/").status_code == 429
    cache.clear()


def test_the_four_words_of_somebody_who_asked_for_support_lead_to_where_that_stands(world: World) -> None:
    cache.clear()
    client = filled()
    client.post("/support/check/")
    reference, phrase = kept(client)
    client.post("/support/finish/")
    answer = client.post("/page/", {"reference": reference, "phrase": phrase})
    assert answer.headers["Location"] == "/support/return/now/"


def test_words_that_were_replaced_or_stopped_open_nothing_and_what_is_open_closes(world: World) -> None:
    case = turned_on(world)
    first = phrase_of(world, case)
    client = enter(case, first)
    second = phrase_of(world, case)
    assert client.get("/page/now/").headers["Location"] == "/page/ended/"
    assert enter(case, first).get("/page/now/").headers["Location"] == "/page/"
    client = enter(case, second)
    as_worker(world, actions.stop_ways, case, kind="phrase")
    assert client.get("/page/now/").headers["Location"] == "/page/ended/"
    client = enter(case, phrase_of(world, case))
    as_worker(world, actions.turn_off, case)
    assert client.get("/page/now/").status_code == 302 and not Key.objects.filter(ended_at=None).exists()


def test_a_link_opens_once_by_a_press_and_no_look_burns_it(world: World) -> None:
    case = turned_on(world)
    address = link_in(as_worker(world, actions.send_link, case), world)
    cache.clear()
    Key.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    robot, client, again = Client(), Client(), Client()
    for _ in range(3):
        assert "It opens once" in robot.get(address).content.decode()
        robot.head(address)
    assert Key.objects.get().used_at is None
    assert client.post(address).headers["Location"] == "/page/now/"
    assert "Your page" in text(client)
    assert "opens nothing any more" in again.post(address).content.decode()
    assert again.get("/page/now/").headers["Location"] == "/page/"


def test_a_link_past_its_time_or_stopped_or_of_a_closed_case_opens_nothing(world: World) -> None:
    case = turned_on(world)
    address = link_in(as_worker(world, actions.send_link, case), world)
    Key.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    cache.clear()
    assert "opens nothing" in Client().post(address).content.decode()
    Key.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    client = Client()
    assert client.post(address).status_code == 302
    close(world, case)
    assert client.get("/page/now/").headers["Location"] == "/page/ended/"
    assert bytes(Page.objects.get().content) == b""


def test_no_error_says_what_a_page_is_about(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _, client = opened(world)
    client.handler.enforce_csrf_checks = True
    answers = [
        client.post("/page/say/", {"words": "After the time was over"}), client.get("/page/told/nothing/"),
        client.get("/page/nowhere/"), client.generic("PROPFIND", "/page/now/"),
        client.generic("POST", "/page/say/", CONTENT_LENGTH="99999999"),
    ]  # fmt: skip
    monkeypatch.setattr(queries, "routes", lambda on: 1 // 0)
    client.raise_request_exception = False
    answers.append(client.get("/page/not-right/"))
    assert [answer.status_code for answer in answers] == [403, 404, 404, 405, 413, 500]
    shown = {answer.content.decode() for answer in answers}
    assert len(shown) == 1, "they are one page, whatever went wrong"
    (page,) = shown
    assert "<title>Your page</title>" in page and 'href="/page/"' in page
    for word in ("upport", "danger", "01632", "press 55", "ession"):
        assert word not in page, word
    assert "press 55" in client.get("/nowhere/").content.decode(), "elsewhere it is as it was"


def test_a_page_shuts_with_its_case_and_waits_for_no_job(world: World) -> None:
    case = turned_on(world)
    phrase = phrase_of(world, case)
    client = enter(case, phrase)
    assert client.get("/page/now/").status_code == 200
    as_worker(world, casework.close, case, reason="lost_contact", unmeasured_why="lost_contact")
    assert client.post("/page/say/", {"words": "Are you there?"}).headers["Location"] == "/page/ended/"
    assert Page.objects.get().state == "ON" and not Said.objects.exists(), "no job has run"
    again = enter(case, phrase)
    assert again.get("/page/now/").headers["Location"] == "/page/", "nor do the words open it"


@pytest.mark.parametrize("link", [False, True])
def test_nothing_of_somebody_who_died_opens_at_any_service(world: World, link: bool) -> None:
    """Their case elsewhere goes on; whoever holds their phone reads no more of it, nor is asked how it was."""
    case, client = opened(world)
    if link:
        Page.objects.update(state="ENDED", ended_at=world.now)
        Key.objects.update(kind="feedback", used_at=world.now)
        assert client.get("/page/how-was-it/").status_code == 200
    as_worker(
        world, messages.hold, case.victim_id, organisation_id=case.provider_id, reason="died", until=FOR_GOOD,
        cause=uuid7(),
    )  # fmt: skip
    assert client.get("/page/how-was-it/" if link else "/page/now/").headers["Location"] == "/page/ended/"


def test_how_it_was_is_asked_after_the_end_and_answered_once(world: World) -> None:
    case = case_of(world)
    close(world, case)
    worker = world.client("caseworker")
    assert "Ask how it was" in worker.get(reverse("casework:show", args=[case.pk])).content.decode()
    address = link_in(as_worker(world, actions.invite, case), world)
    Key.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    cache.clear()
    client = Client()
    assert client.post(address).headers["Location"] == "/page/how-was-it/"
    assert client.get("/page/now/").headers["Location"] == "/page/how-was-it/", "it opens nothing else"
    assert "Did we listen to you?" in text(client, "/page/how-was-it/")
    done = client.post("/page/how-was-it/", {"q_heard": "y", "q_pace": "skip", "words": "Shorter waits"})
    assert "Thank you" in done.content.decode()
    assert client.get("/page/how-was-it/").status_code == 302
    run("voice.heard")
    assert not Item.objects.exists(), "how it was waits for nobody"
    voice = Voice.objects.get()
    assert queries.heard(voice).answers == {"heard": "y"}
    page = world.client("service_manager").get(reverse("journey:voice", args=[voice.pk])).content.decode()
    assert "Shorter waits" in page and case.reference not in page and "Testina" not in page
    assert "Shorter waits" not in worker.get(reverse("journey:page", args=[case.pk])).content.decode()
    assert world.client("service_manager").post(reverse("journey:voice", args=[voice.pk]), {}).status_code == 302


def test_finishing_leaves_nothing_and_the_way_back_leads_to_the_words(world: World) -> None:
    _, client = opened(world)
    assert client.get("/page/finish/").status_code == 302
    done = client.post("/page/finish/")
    assert done.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert client.get("/page/now/").headers["Location"] == "/page/"
    assert client.get("/page/ended/").status_code == 200
    assert client.get("/page/told/nothing/").status_code == 302


@pytest.mark.parametrize("verb", ["say", "ask", "not-right", "stop"])
def test_a_form_that_says_nothing_says_what_to_do(world: World, verb: str) -> None:
    _, client = opened(world)
    assert client.get(f"/page/{verb}/").status_code == 200
    assert "There is a problem" in client.post(f"/page/{verb}/", {}).content.decode()
    assert client.get("/page/told/nothing/").status_code == 404
    assert client.get("/page/told/say/").status_code == 200
    assert client.get("/page/how-was-it/").headers["Location"] == "/page/now/"


def test_somebody_who_answers_nothing_of_how_it_was_leaves_nothing(world: World) -> None:
    case = case_of(world)
    close(world, case)
    address = link_in(as_worker(world, actions.invite, case), world)
    Key.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    cache.clear()
    client = Client()
    client.post(address)
    assert "Thank you" in client.post("/page/how-was-it/", {}).content.decode()
    assert not Voice.objects.exists()


def test_a_worker_sets_a_page_up_looks_at_it_and_gives_words_that_are_shown_once(world: World) -> None:
    case = worked_on(world, case_of(world))
    worker = world.client("caseworker")
    page, set_up, turn_on = (reverse(f"journey:{view}", args=[case.pk]) for view in ("page", "set_up", "turn_on"))
    assert "They have no page yet" in worker.get(page).content.decode()
    assert worker.get(turn_on).headers["Location"] == set_up
    assert "Which parts are shown?" in worker.get(set_up).content.decode()
    typed = {"parts": ["people", "rights"], "called": "Sam", "words": "Soon", "decoy": "none", "seen": "0"}
    assert worker.post(set_up, typed).headers["Location"] == turn_on
    stale = worker.post(set_up, typed).content.decode()
    assert "Somebody else changed this" in stale and 'value="1"' in stale
    seen = worker.get(turn_on).content.decode()
    assert "It gives away what it is about" in seen and "Soon" in seen
    assert worker.post(turn_on).headers["Location"] == page
    assert "It is turned on" in worker.get(turn_on).content.decode()
    worker.post(reverse("journey:give_phrase", args=[case.pk]))
    shown, again = worker.get(page).content.decode(), worker.get(page).content.decode()
    assert "shown this once" in shown and "shown this once" not in again
    worker.post(reverse("journey:give_phrase", args=[case.pk]), {"decoy": "on"})
    assert "Choose what the other page is about" in worker.get(page).content.decode()
    for kind in ("phrase", "nothing"):
        assert worker.post(reverse("journey:stop_ways", args=[case.pk]), {"kind": kind}).status_code == 302
    worker.post(reverse("journey:send_link", args=[case.pk]))
    assert "It is handed over" in worker.get(page).content.decode()
    worker.post(reverse("journey:invite", args=[case.pk]))
    assert "when the case is closed" in worker.get(page).content.decode()
    ContactPoint.objects.update(safe="no")
    worker.post(reverse("journey:send_link", args=[case.pk]))
    worker.post(reverse("journey:turn_off", args=[case.pk]))
    assert "No: nothing opens it" in worker.get(page).content.decode()
