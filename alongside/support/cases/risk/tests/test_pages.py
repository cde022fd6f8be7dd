"""The pages of risk: asked without a script, left and gone on with, two windows, compared, and what rose."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alongside.core.models import Look
from alongside.core.pages.filters import date_words
from alongside.support.cases.casework.models import Case
from alongside.support.cases.risk import presenters, queries
from alongside.support.cases.risk.models import Alert, Draft, Sitting
from alongside.support.cases.risk.tests.sittings import DA, begun, case_of, finished, revise, yes
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def case(world: World) -> Case:
    return case_of(world)


@pytest.fixture
def at() -> datetime:
    return timezone.now() - 5 * DAY


def page(world: World, address: str, person: str = "caseworker") -> str:
    answer = world.client(person).get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def post(world: World, address: str, person: str = "caseworker", **said: Any) -> str:
    return str(world.client(person).post(address, said, follow=True).content.decode())


def answers(sitting: Sitting, count: int) -> dict[str, Any]:
    return {f"a_{code}": answer for code, answer in yes(sitting, count).items()}


def test_questions_are_begun_left_gone_on_with_and_finished(world: World, case: Case) -> None:
    home = f"/casework/cases/{case.pk}/reviews/"
    assert "Nothing has been asked yet" in page(world, home)
    shown = page(world, f"{home}begin/")
    assert "Suggested for what happened here" in shown and "aged 60 or over" not in shown
    assert "Choose what to ask about" in post(world, f"{home}begin/", set="")
    shown = post(world, f"{home}begin/", set=DA)
    assert "Risk questions, version 1" in shown
    sitting = Sitting.objects.get()
    ask = f"/casework/reviews/{sitting.pk}/ask/"
    shown = post(world, ask, seen=1, later="1", c_hurt="Made-up words", **answers(sitting, 4))
    assert "gone on with by you or a colleague" in shown and "begun, not finished" in shown
    assert "Made-up words" in page(world, ask, "other_caseworker")
    shown = post(world, ask, "other_caseworker", seen=2, asked_how="in_person", incidents="2", **answers(sitting, 12))
    assert "What it comes to" in shown and "The score is 12." in shown and "12 yes, 12 no of 24 questions" in shown
    finish = f"/casework/reviews/{sitting.pk}/finish/"
    assert "never lowers" in page(world, finish) and 'value="standard"' not in page(world, finish)
    assert "Say why you judge" in post(world, finish, level="high", seen=3)
    shown = post(world, finish, level="high", judgement="Made-up reason", seen=3)
    assert "Finished." in shown and "What may come next" in shown and "multi-agency meeting" in shown
    shown = page(world, ask)
    assert "The worker’s judgement" in shown and "Made-up reason" in shown
    assert "2 within 12 months" in shown and "Asked in person" in shown
    assert "Finished" in page(world, finish)
    shown = page(world, f"/casework/cases/{case.pk}/")
    assert "The risk rose on" in shown and "Domestic abuse" in shown and "Ask again by" in shown


def test_no_address_or_title_of_a_case_says_risk(world: World, case: Case, at: datetime) -> None:
    done = finished(world, case, 15, at)
    drafted = begun(world, case, at + DAY)
    pages = (f"cases/{case.pk}/reviews/", f"cases/{case.pk}/reviews/begin/", f"reviews/{done.pk}/",
             f"reviews/{drafted.pk}/ask/", f"to-see/{Alert.objects.get().pk}/", "to-see/")  # fmt: skip
    for address in pages:
        shown = page(world, f"/casework/{address}", "service_manager")
        title = shown[shown.index("<title") : shown.index("</title>")]
        for word in ("risk", "high", "sampleford", "testina"):
            assert word not in title.lower() and word not in address, address


def test_a_second_window_is_shown_what_the_first_saved(world: World, case: Case, at: datetime) -> None:
    sitting = begun(world, case, at)
    ask = f"/casework/reviews/{sitting.pk}/ask/"
    post(world, ask, seen=1, later="1", a_hurt="yes", c_hurt="First window")
    shown = post(world, ask, seen=1, later="1", a_hurt="no", c_hurt="Second window")
    assert "another window" in shown and "Second window" in shown and "First window" in shown
    assert "Now</strong> Yes" in shown and 'name="seen" value="2"' in shown
    post(world, ask, seen=2, later="1", a_hurt="no", c_hurt="Both windows")
    assert queries.said(Sitting.objects.get()).comments == {"hurt": "Both windows"}


def test_wrong_entries_are_said_beside_their_fields(world: World, case: Case, at: datetime) -> None:
    sitting = begun(world, case, at)
    ask = f"/casework/reviews/{sitting.pk}/ask/"
    shown = post(world, ask, seen=1, incidents="many", a_hurt="perhaps", c_hurt="x" * 1001)
    assert "Enter a number from 0 to 999" in shown and "There is a problem" in shown
    assert "Save and go on later" in shown and Sitting.objects.get().answers == {}


def test_thrown_away_it_is_gone_from_the_page(world: World, case: Case, at: datetime) -> None:
    sitting = begun(world, case, at)
    throw = f"/casework/reviews/{sitting.pk}/throw-away/"
    assert "another window" in post(world, throw)
    assert "Thrown away" in post(world, throw, seen=1)
    assert world.client("caseworker").get(f"/casework/reviews/{sitting.pk}/").status_code == 404


def test_history_marks_other_questions_and_two_sittings_are_compared(world: World, case: Case, at: datetime) -> None:
    first, second = finished(world, case, 11, at), finished(world, case, 13, at + DAY)
    home = f"/casework/cases/{case.pk}/reviews/"
    shown = page(world, f"{home}side-by-side/?before={second.pk}&after={first.pk}")
    assert "Changed" in shown and "different questions" not in shown
    assert shown.index(f"Score {first.score}") < shown.index(f"Score {second.score}")
    revise(world, at + DAY, items=queries.open_version(DA).text("items") + "\nq1 | A newer one? | 1")
    third = finished(world, case, 20, at + 2 * DAY)
    shown = page(world, home)
    assert "Other questions than before" in shown and "Other questions</text>" in shown and "<svg" in shown
    shown = page(world, f"{home}side-by-side/?before={second.pk}&after={third.pk}")
    assert "must not be held against each other" in shown and "Not among the questions" in shown
    for wrong in (f"before={first.pk}&after={case.pk}", f"before={first.pk}", ""):
        assert world.client("caseworker").get(f"{home}side-by-side/?{wrong}").status_code == 404


def test_the_manager_works_through_what_rose(world: World, case: Case, at: datetime) -> None:
    finished(world, case, 2, at)
    finished(world, case, 15, at + DAY)
    shown = page(world, "/casework/to-see/", "service_manager")
    assert case.reference in shown and "It was standard" in shown and "Late" in shown
    assert "Sampleford" not in shown
    alert = Alert.objects.get()
    shown = post(world, f"/casework/to-see/{alert.pk}/seen/", "service_manager")
    assert "Marked as seen by you" in shown and "Testa Service Manager" in shown
    form = f"/casework/to-see/{alert.pk}/"
    assert "Choose what was done" in post(world, form, "service_manager", words="")
    assert "Kept." in post(world, form, "service_manager", did=["police", "meeting"], words="Made-up words")
    assert "Nothing waits" in page(world, "/casework/to-see/", "service_manager")
    shown = page(world, "/casework/to-see/?state=ANSWERED", "service_manager")
    assert "Told the police; Referred to the multi-agency meeting" in shown
    assert "Somebody has said what was done" in page(world, form)
    shown = page(world, f"/casework/cases/{case.pk}/")
    assert "The risk rose on" not in shown


def test_what_the_worker_did_stays_on_the_managers_list_until_it_is_marked_as_seen(
    world: World, case: Case, at: datetime
) -> None:  # fmt: skip
    finished(world, case, 15, at)
    form = f"/casework/to-see/{Alert.objects.get().pk}/"
    post(world, form, "caseworker", did=["police"], words="Made-up words")
    acted = f"the worker has acted, on {date_words(timezone.localdate())}"
    assert acted in page(world, reverse("day:team"), "service_manager")
    shown = page(world, "/casework/to-see/", "service_manager")
    assert "Worker has acted" in shown and "Told the police" in shown and case.reference in shown
    assert "I have seen what was done" not in page(world, form, "caseworker")
    shown = page(world, form, "service_manager")
    assert "Told the police" in shown and "Made-up words" in shown and "I have seen what was done" in shown
    assert world.client("caseworker").post(f"{form}seen-answer/").status_code == 403
    assert "It is off your list" in post(world, f"{form}seen-answer/", "service_manager")
    assert acted not in page(world, reverse("day:team"), "service_manager")
    assert "Nothing waits" in page(world, "/casework/to-see/", "service_manager")
    assert "Seen: Testa Service Manager" in page(world, form, "caseworker")


def test_every_look_is_logged_with_what_was_shown(world: World, case: Case, at: datetime) -> None:
    done = finished(world, case, 3, at)
    page(world, f"/casework/reviews/{done.pk}/")
    look = Look.objects.filter(route="risk:show").latest("at")
    assert {case.pk, case.victim_id} <= set(look.subjects) and "risk" in look.fields


def test_a_closed_case_shows_its_history_and_asks_nothing(world: World, case: Case, at: datetime) -> None:
    finished(world, case, 3, at)
    begun(world, case, at)
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=at)
    shown = page(world, f"/casework/cases/{case.pk}/reviews/")
    assert "Standard" in shown and "Ask the questions" not in shown and "Throw it away" not in shown
    assert "This case is closed" in post(world, f"/casework/cases/{case.pk}/reviews/begin/", set=DA)


def test_the_card_of_a_case_asks_the_database_once(world: World, case: Case, at: datetime) -> None:
    finished(world, case, 15, at)
    with CaptureQueriesContext(connection) as asked:
        cards = list(presenters.beside_case(case, by=world.actor("caseworker"), at=at))
    told = [one for one in asked.captured_queries if "rulebook" not in one["sql"]]
    assert len(cards) == 2 and len(told) == 1
    assert list(presenters.beside_case(case, by=world.actor("triage_officer"), at=at)) == []


# What an office writes.


def test_an_office_writes_a_set_and_publishes_it(world: World) -> None:
    office = "hub_manager"
    assert "Risk questions" in page(world, "/question-sets/", "caseworker")
    shown = page(world, f"/question-sets/on/{DA}/", office)
    assert "From a score of 14 out of 24" in shown and "Write a new version" in shown
    assert "Write a new version" not in page(world, f"/question-sets/on/{DA}/", "caseworker")
    assert "Nothing changes until" in post(world, f"/question-sets/on/{DA}/begin/", office)
    here = f"/question-sets/drafts/{Draft.objects.get().pk}/"
    assert "Nothing was changed yet" in page(world, f"{here}publish/", office)
    shown = post(world, f"{here}questions/new/", office, words="Any | bar?", weight="1", stamp="1")
    assert "without the sign |" in shown
    shown = post(world, f"{here}questions/new/", office, words="A made-up question?", weight="2", stamp="1")
    assert "Counts 2" in shown and "Question added" in shown
    assert "It stays the same question" in page(world, f"{here}questions/q1/", office)
    post(world, f"{here}questions/q1/", office, words="A better question?", weight="2", critical="on", stamp="2")
    post(world, f"{here}move/", office, code="q1", up="on", stamp="3")
    shown = post(world, f"{here}take-out/", office, code="record", stamp="4")
    assert "Question taken out" in shown and "A better question?" in shown
    assert "changed this draft meanwhile" in post(world, f"{here}take-out/", office, code="hurt", stamp="4")
    assert "A better question?" in page(world, f"{here}preview/", office)
    settled = {"title": "Domestic abuse", "first_age": 18, "last_age": 59, "intro": "", "medium_from": 10,
               "high_from": 12, "incidents_from": 3, "sittings_from": 0, "window_months": 12, "stamp": 5}  # fmt: skip
    for areas, words in (("Nowhere, 1, 1, 1", "no council called"), ("Birmingham, x", "three numbers")):
        assert words in post(world, f"{here}settle/", office, **settled, areas=areas)
    shown = post(world, f"{here}settle/", office, **settled, areas="Birmingham, 10, 3, 6")
    assert "Birmingham: high from 10" in shown
    assert "Birmingham, 10, 3, 6" in page(world, f"{here}settle/", office)
    today = timezone.localdate()
    said = {"since_day": today.day, "since_month": today.month, "since_year": today.year, "stamp": 6}
    assert "This field is required" not in post(world, f"{here}publish/", office, **said)
    shown = post(world, f"{here}publish/", office, **said, source="Office decision")
    assert "Published." in shown and "Version 2" in shown and "Begin a draft from this version" in shown
    assert queries.sets(today)[0].high_from == 12 and not Draft.objects.exists()
    post(world, f"/question-sets/on/{DA}/begin/", office, like="1")
    held = Draft.objects.get()
    assert queries.drafted(held).item("record") is not None
    assert "Being written" in page(world, "/question-sets/", office)
    assert "Thrown away" in post(world, f"/question-sets/drafts/{held.pk}/drop/", office)


def test_the_rulebooks_own_pages_lead_to_where_sets_are_written(world: World) -> None:
    for address in ("/rulebook/risk_sets/", f"/rulebook/risk_sets/revise/{DA}/", "/rulebook/risk_sets/add/"):
        answer = world.client("hub_manager").get(address)
        assert answer.status_code == 302 and answer["Location"] == "/question-sets/", address


def test_sets_that_are_not_there_are_not_found(world: World) -> None:
    client = world.client("hub_manager")
    for address in ("/question-sets/on/none/", "/question-sets/on/none/history/"):
        assert client.get(address).status_code == 404
    assert "withdrawn" in post(world, "/question-sets/on/none/begin/", "hub_manager")
    post(world, f"/question-sets/on/{DA}/begin/", "hub_manager")
    here = f"/question-sets/drafts/{Draft.objects.get().pk}/"
    assert client.get(f"{here}questions/none/").status_code == 404
    for said in ({"code": "none", "stamp": "1"}, {"code": "hurt", "stamp": ""}):
        assert client.post(f"{here}move/", said).status_code == 404


def test_what_happened_and_what_is_due_is_said_in_words() -> None:
    def titles(book: str) -> Mapping[str, str]:
        return {"domestic_abuse": "Domestic abuse", "high": "High", "standard": "Standard", "police": "Told the police"}

    said = {"kind": "domestic_abuse", "level": "high", "before": "standard", "did": ["police", "gone_since"]}
    words = {name: told.words(said, titles) for name, told in presenters.TOLD.items()}
    assert words == {
        "risk.assessed": "Risk questions finished: Domestic abuse, high. It was standard.",
        "risk.thrown_away": "Risk questions given up: Domestic abuse",
        "risk.rise_seen": "The manager has seen that a risk rose",
        "risk.rise_answered": "What was done about a risk that rose: Told the police; gone_since",
        "risk.answer_seen": "The manager has seen what was done about a risk that rose",
    }
    assert presenters.TOLD["risk.assessed"].words({**said, "before": ""}, titles).endswith("Domestic abuse, high.")
    assert [kind.words({}, titles) for kind in presenters.DUE.values()] == [
        "Ask the risk questions again", "A risk rose: say what was done", "A risk rose: for the manager to see",
    ]  # fmt: skip


def test_an_office_writes_a_set_of_its_own(world: World, case: Case) -> None:
    office = "hub_manager"
    assert "Choose what it is about" in post(world, "/question-sets/new/", office, title="Made up")
    shown = post(world, "/question-sets/new/", office, title="Made up", kind="stalking")
    assert "No question is left" in shown
    here = f"/question-sets/drafts/{Draft.objects.get().pk}/"
    assert "Nothing was changed yet" in page(world, f"{here}publish/", office)
    post(world, f"{here}questions/new/", office, words="A made-up question?", weight="1", stamp="1")
    today = timezone.localdate()
    said = {"since_day": today.day, "since_month": today.month, "since_year": today.year, "source": "Made up"}
    assert "Published." in post(world, f"{here}publish/", office, **said, stamp=2)
    assert "Made up" in page(world, f"/casework/cases/{case.pk}/reviews/begin/")
    begun(world, case, timezone.now(), code="stalking_own1")
    assert queries.free_code("stalking") == "stalking_own2"
