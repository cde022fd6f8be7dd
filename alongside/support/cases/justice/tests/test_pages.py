"""The pages of the journey through justice, from the first question to a trial that was moved twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.models import Event
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.justice import presenters, spoken
from alongside.support.cases.justice.models import Chase, Proceeding, Turn
from tests.world import World

pytestmark = pytest.mark.django_db

CELL = '<td class="govuk-table__cell">'


@pytest.fixture
def client(world: World) -> Client:
    return world.client("caseworker")


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


def today() -> date:
    return london_date(timezone.now())


def boxes(name: str, day: date) -> dict[str, object]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def start(client: Client, case: Case, **words: Any) -> Proceeding:
    data = {"reported": "yes", "crime_type": "sexual_violence", **boxes("on", today() - timedelta(days=30)), **words}
    done = client.post(reverse("justice:start", args=[case.pk]), data)
    assert done.status_code == 302, done.text
    return Proceeding.objects.latest("started_at")


def add(client: Client, one: Proceeding, kind: str, day: date, **words: Any) -> Turn:
    done = client.post(reverse("justice:add_turn", args=[one.pk, kind]), {**boxes("on", day), **words})
    assert done.status_code == 302, done.text
    return Turn.objects.filter(kind=kind).latest("recorded_at")


def page(client: Client, case: Case) -> str:
    found: str = client.get(reverse("justice:show", args=[case.pk])).text
    return found


def test_an_empty_page_asks_the_first_question_and_shows_its_tab(client: Client, case: Case) -> None:
    text = page(client, case)
    assert "Has this been reported?" in text and "Support is the same whether or not they report" in text
    assert reverse("justice:show", args=[case.pk]) in client.get(reverse("casework:show", args=[case.pk])).text


def test_not_reported_is_said_without_blame_and_can_be_reported_later(client: Client, case: Case) -> None:
    one = start(client, case, reported="not_yet")
    text = page(client, case)
    assert "Nobody has to report" in text and "Record what happened" in text
    assert "Reported to the police" in client.get(reverse("justice:add", args=[one.pk])).text


def test_the_head_of_a_case_follows_what_was_reported_since(client: Client, case: Case) -> None:
    case.referral.reported = False
    case.referral.save(update_fields=["reported"])
    head = "Not reported to police"
    one = start(client, case, reported="not_yet")
    assert head in page(client, case)
    add(client, one, "reported", today())
    assert head not in page(client, case)
    assert head not in client.get(reverse("casework:show", args=[case.pk])).text


def test_the_line_says_what_is_done_where_it_stands_and_what_is_not_reached(client: Client, case: Case) -> None:
    one = start(client, case, force="west-midlands", crime_ref="20/9/26", officer="PC Sample")
    add(client, one, "arrested", today() - timedelta(days=20))
    text = page(client, case)
    assert "where it stands now" in text and "not reached" in text and "West Midlands Police" in text
    assert "News that is owed to them" in text and "working days late" in text and "It is theirs to tell" in text
    assert "20/9/26" in text


def test_a_trial_moved_twice_reads_as_one_trial_with_its_days(client: Client, case: Case) -> None:
    one = start(client, case)
    add(client, one, "charged", today() - timedelta(days=10))
    turn = add(client, one, "trial", today() + timedelta(days=20), at_time="10:00")
    for days, why in ((60, "court_not_ready"), (90, "witness_absent")):
        done = client.post(reverse("justice:postpone", args=[turn.pk]), {
            "went": "moved", "why": why, "seen": 1, **boxes("new_on", today() + timedelta(days=days))})  # fmt: skip
        assert done.status_code == 302, done.text
        turn = Turn.objects.get(kind="trial", state="LISTED")
    text = page(client, case)
    assert text.count(">Trial</h4>") == 1
    assert text.index("First set for") < text.index("Then set for")
    assert "the court had no room or no judge" in text and "a witness could not be there" in text


def test_telling_and_asking_are_recorded_on_the_page(client: Client, case: Case) -> None:
    one = start(client, case)
    turn = add(client, one, "arrested", today() - timedelta(days=3))
    asked = reverse("justice:chase", args=[turn.pk])
    assert "Ask the officer in the case" in client.get(asked).text
    client.post(asked, {"body": "police", "how": "phone", "note": "They ring back", **boxes("on", today())})
    assert Chase.objects.count() == 1 and "Asked the police by telephone" in page(client, case)
    tell = reverse("justice:tell", args=[turn.pk])
    client.post(tell, {"told_by": "police", "told_how": "phone", "seen": 1, **boxes("told_on", today())})
    assert "They were told on" in page(client, case)
    stale = client.post(tell, {"told_by": "us", "told_how": "phone", "seen": 1, **boxes("told_on", today())})
    assert "Somebody else changed this" in stale.text and "What it says now" in stale.text


def test_the_questions_are_those_of_the_kind(client: Client, case: Case) -> None:
    one = start(client, case)
    away = client.get(reverse("justice:add_turn", args=[one.pk, "withdrew"])).text
    assert "Stepping back is their right" in away and "What might have helped?" in away and "News of it" not in away
    assert client.get(reverse("justice:add_turn", args=[one.pk, "nothing-such"])).status_code == 404
    wrong = client.post(reverse("justice:add_turn", args=[one.pk, "trial"]), boxes("on", today()))
    assert "cannot follow what is recorded" in wrong.text
    add(client, one, "withdrew", today(), answers=["afraid"], also=["safer"])
    add(client, one, "no_action_police", today(), answers="no_reason")
    text = page(client, case)
    assert "Has stepped back" in text and "No reason was given." in text and "What might have helped" in text


def test_asking_again_about_needs_leads_to_the_plan_where_it_changes_that(client: Client, case: Case) -> None:
    one = start(client, case)
    first, second = (add(client, one, kind, today()) for kind in ("arrested", "bailed"))
    address = reverse("justice:reassess", args=[first.pk])
    assert "Has anything changed for them?" in client.get(address).text
    done: Any = client.post(address, {"answer": "plan_changed", "seen": 1})
    assert done.url == reverse("casework:plan", args=[case.pk])
    done = client.post(reverse("justice:reassess", args=[second.pk]), {"answer": "nothing_new", "seen": 1})
    assert done.url == reverse("justice:show", args=[case.pk])
    assert "Asked: nothing new is needed." in page(client, case)


def test_a_mistake_is_struck_out_and_stays_to_be_read(client: Client, case: Case) -> None:
    one = start(client, case)
    turn = add(client, one, "arrested", today())
    client.post(reverse("justice:strike_out", args=[turn.pk]), {"why": "The wrong crime", "seen": 1})
    text = page(client, case)
    assert "Struck out (1)" in text and "The wrong crime" in text and "<s>Arrest</s>" in text


def test_details_are_changed_and_clocks_follow_enhanced_rights(client: Client, case: Case) -> None:
    one = start(client, case)
    address = reverse("justice:revise", args=[one.pk])
    data = {"crime_type": "stalking", "court_kind": "crown", "court": "Sample Crown Court", "urn": "01AA",
            "entitlements": ["discretion"], "seen": Proceeding.objects.get(pk=one.pk).version}  # fmt: skip
    assert client.post(address, data).status_code == 302
    text = page(client, case)
    assert "Sample Crown Court" in text and "Enhanced Rights" in text and "01AA" in text
    assert "Somebody else changed this" in client.post(address, data).text


def test_a_day_that_came_took_place(client: Client, case: Case) -> None:
    one = start(client, case)
    add(client, one, "charged", today() - timedelta(days=10))
    turn = add(client, one, "trial", today())
    assert "It took place" in page(client, case)
    for seen in ("x", "1"):
        client.post(reverse("justice:hold", args=[turn.pk]), {"seen": seen})
    assert Turn.objects.get(pk=turn.pk).state == "DONE"


def test_a_day_that_was_put_off_or_passed_or_dropped_says_so(client: Client, case: Case) -> None:
    one = start(client, case)
    add(client, one, "charged", today() - timedelta(days=10))
    for kind, went in (("trial", "open"), ("hearing_plea", "off"), ("hearing_first", "")):
        turn = add(client, one, kind, today() + timedelta(days=9))
        if went:
            address = reverse("justice:postpone", args=[turn.pk])
            assert "The day that it had stays" in client.get(address).text
            client.post(address, {"went": went, "why": "plea", "seen": 1})
    Turn.objects.filter(kind="hearing_first").update(on=today() - timedelta(days=1))
    text = page(client, case)
    for said in ("No new day yet", "No longer takes place", "Say what came of it", "no longer needed after a plea"):
        assert said in text
    assert "Strike this out?" in client.get(reverse("justice:strike_out", args=[turn.pk])).text
    assert "When were they told?" in client.get(reverse("justice:tell", args=[turn.pk])).text
    assert "What the police and the court" in client.get(reverse("justice:revise", args=[one.pk])).text


def test_a_closed_case_is_read_and_not_changed(client: Client, case: Case) -> None:
    one = start(client, case)
    add(client, one, "arrested", today())
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=timezone.now())
    text = page(client, case)
    assert "can be read and not changed" in text and "Record what happened" not in text and "Strike out" not in text
    refused = client.post(reverse("justice:add_turn", args=[one.pk, "bailed"]), boxes("on", today()))
    assert "This case is closed" in refused.text


def untitled(book: str) -> dict[str, str]:
    """A rulebook that knows no code."""
    return {}


def test_the_card_the_log_and_the_agenda_say_it_in_words(world: World, client: Client, case: Case) -> None:
    one = start(client, case)
    add(client, one, "arrested", today() - timedelta(days=20))
    add(client, one, "charged", today() - timedelta(days=19))
    add(client, one, "trial", today() + timedelta(days=20))
    text = client.get(reverse("casework:show", args=[case.pk])).text
    assert "Police and courts" in text and "Next at court: Trial" in text and "owed to them are late" in text
    assert "The police should tell them: Arrest" in text
    for name, details in {
        "justice.postponed": {"kind": "trial", "went": "moved"}, "justice.revised": {}, "justice.held": {"kind": "x"},
        "justice.told": {"kind": "trial"}, "justice.chased": {"kind": "trial", "body": "police"},
        "justice.reassessed": {"kind": "trial", "answer": "nothing_new"}, "justice.struck_out": {"kind": "trial"},
        "justice.started": {"reported": "yes"}, "justice.turned": {"kind": "trial", "state": "LISTED"},
    }.items():  # fmt: skip
        assert spoken.TOLD[name].words(details, untitled)
    assert set(Event.objects.filter(name__startswith="justice.").values_list("name", flat=True)) <= set(spoken.TOLD)
    assert all(kind.words({"kind": "trial", "owes": "police"}, untitled) for kind in spoken.DUE.values())


def test_the_list_shows_what_is_ahead_or_owed_and_leaves_as_a_file_without_names(world: World, case: Case) -> None:
    manager = world.client("service_manager")
    one = start(manager, case)
    add(manager, one, "arrested", today() - timedelta(days=20))
    add(manager, one, "charged", today() - timedelta(days=19), told_by="police", told_how="phone",
        **boxes("told_on", today() - timedelta(days=18)))  # fmt: skip
    add(manager, one, "trial", today() + timedelta(days=20))
    address = reverse("justice:ahead")
    ahead = manager.get(address).text
    assert f"{CELL}Trial<" in ahead and f"{CELL}Arrest<" not in ahead
    owed = manager.get(f"{address}?view=owed").text
    assert f"{CELL}Arrest<" in owed and "late" in owed and f"{CELL}Charge<" not in owed
    assert "Nothing in this time" in manager.get(f"{address}?kind=verdict").text
    assert "Nothing in this time" in manager.get(f"{address}?whose=mine").text
    assert "Nothing in this time" in world.client("caseworker").get(address).text
    assert manager.get(reverse("justice:download")).status_code == 302
    file = manager.post(reverse("justice:download"), {"view": "owed", "whose": "all"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert case.reference in lines[1] and case.victim.family_name not in file.content.decode()
    assert Event.objects.filter(name="export.made", details__about="justice").count() == 1


def test_the_words_of_a_body_inside_a_sentence() -> None:
    assert presenters.low("The police") == "the police" and presenters.low("Probation") == "Probation"
