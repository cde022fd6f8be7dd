"""The pages of notes: written, kept as drafts, changed, amended; counselling notes; who else is here."""

import html
import re
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core.models import Look
from alongside.core.pages import drafts
from alongside.core.pages.paging import page_of
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.notes import actions, queries
from alongside.support.cases.notes.models import Cabinet, Counsel, Note
from tests.world import World

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


def path(view: str, pk: UUID) -> str:
    return reverse(f"notes:{view}", args=[pk])


@pytest.fixture
def client(world: World) -> Client:
    return world.client("caseworker")


@pytest.fixture
def case(world: World) -> Case:
    case, by = accepted(world), world.actor("caseworker")
    casework.assign(case, by=by, at=world.now, worker=by.user_id)
    actions.add_note(case, by=by, at=world.now, words="Prefers mornings")
    return Case.objects.get(pk=case.pk)


def test_a_draft_is_offered_again_and_forgotten_once_it_is_sent(case: Case, world: World, client: Client) -> None:
    kept = {"draft": drafts.form_name("notes.add_note", case.pk), "words": "Half a thought"}
    assert client.post(reverse("keep_draft"), kept).json()["kept"]
    text = body(client.get(path("add_note", case.pk)))
    assert "Half a thought" in text
    assert "the draft that we kept" in text
    assert "Half a thought" not in body(world.client("other_caseworker").get(path("add_note", case.pk)))
    client.post(path("add_note", case.pk), {"words": "A whole thought"})
    assert "Half a thought" not in body(client.get(path("add_note", case.pk)))


def test_a_form_sent_after_the_session_ended_loses_nothing(case: Case, world: World, client: Client) -> None:
    kept = {"draft": drafts.form_name("notes.add_note", case.pk), "words": "Written before the end"}
    client.post(reverse("keep_draft"), kept)
    client.logout()
    answer = client.post(path("add_note", case.pk), {"words": "Written before the end"})
    assert answer.status_code == 302
    assert client.post(reverse("keep_draft"), kept).status_code == 302
    world.clients.clear()
    assert "Written before the end" in body(world.client("caseworker").get(path("add_note", case.pk)))


def test_a_note_is_amended_beneath_itself(case: Case, client: Client) -> None:
    note = Note.objects.get()
    assert "Prefers mornings" in body(client.get(path("amend_note", note.pk)))
    page = client.post(path("amend_note", note.pk), {"words": "Prefers evenings"}, follow=True)
    assert "Prefers mornings" in body(page)
    assert "Prefers evenings" in body(page)
    assert "Note amended" in body(client.get(reverse("casework:show", args=[case.pk])))


def test_what_was_just_written_is_changed_and_the_page_says_until_when(
    case: Case, world: World, client: Client
) -> None:
    client.post(path("add_note", case.pk), {"words": "Prefers Mondays"})
    note = Note.objects.latest("pk")
    text = body(client.get(path("notes", case.pk)))
    assert path("change_note", note.pk) in text and "until" in text
    assert "Prefers Mondays" in body(client.get(path("change_note", note.pk)))
    text = body(client.post(path("change_note", note.pk), {"words": "Prefers Tuesdays"}, follow=True))
    assert "Prefers Tuesdays" in text and "Prefers Mondays" not in text and ", changed " in text
    text = body(client.post(path("change_note", note.pk), {"words": "Prefers Fridays"}))
    assert "nothing of yours has been lost" in text and "Prefers Tuesdays" in text and "Prefers Fridays" in text
    assert path("change_note", Note.objects.latest("pk").pk) in text
    assert "Only whoever wrote a note" in body(
        world.client("other_caseworker").post(path("change_note", Note.objects.latest("pk").pk), {"words": "Mine"})
    )


def test_an_address_in_a_note_is_pointed_out(case: Case, client: Client) -> None:
    words = {"words": "She has moved to 12 Sample Road"}
    assert "seems to hold an address" in body(client.post(path("add_note", case.pk), words, follow=True))


def test_forty_pages_from_a_word_processor_are_one_note_shown_from_its_beginning(case: Case, client: Client) -> None:
    pasted = "First page\x0b\u200bstarts\xa0here " + "word " * 24_000 + "\r\nthe last line"
    client.post(path("add_note", case.pk), {"words": pasted})
    text = body(client.get(path("notes", case.pk)))
    assert "First page\nstarts here" in text and "Read the rest" in text and "the last line" in text
    text = body(client.get(reverse("casework:show", args=[case.pk])))
    assert "the last line" not in text and text.count("word ") < 100 and "Read all of it" in text
    assert f"{path('notes', case.pk)}#note-{Note.objects.latest('written_at').first}" in text
    text = body(client.post(path("add_note", case.pk), {"words": "x" * 200_001}))
    assert "longer than a note can be" in text and "nothing you wrote has been lost" in text
    assert "Write the note" in body(client.post(path("add_note", case.pk), {"words": " \u200b "}))


def test_counselling_notes_show_to_their_readers_alone(case: Case, world: World, client: Client) -> None:
    other = world.client("other_caseworker")
    assert "No counselling notes yet" in body(other.get(path("counselling", case.pk)))
    client.post(path("counsel", case.pk), {"words": "Dreams of the stairs"})
    note, cabinet = Counsel.objects.get(), Cabinet.objects.get()
    assert "Dreams of the stairs" in body(client.get(path("counselling", case.pk)))
    assert "counselling" in Look.objects.filter(route="notes:counselling").latest("at").fields
    for person in ("other_caseworker", "service_manager"):
        page = body(world.client(person).get(path("counselling", case.pk)))
        assert "You are not one of those who may read them" in page and "Dreams" not in page
        assert world.client(person).get(path("change_counsel", note.pk)).status_code == 404
    for view in ("casework:show", "notes:notes"):
        assert "Dreams" not in body(client.get(reverse(view, args=[case.pk])))
    assert "Dreams" not in body(client.post(reverse("casework:print_out", args=[case.pk])))
    assert "Dreams" in body(client.get(path("change_counsel", note.pk)))
    page = body(client.post(path("change_counsel", note.pk), {"words": "Dreams of a door"}, follow=True))
    assert "Dreams of a door" in page
    page = body(client.post(path("amend_counsel", note.pk), {"words": "And of a window"}, follow=True))
    assert "And of a window" in page
    reader = str(world.actor("other_caseworker").user_id)
    page = body(client.post(path("name_reader", cabinet.pk), {"reader": reader}, follow=True))
    assert "They can read the counselling notes now" in page
    assert "Dreams of a door" in body(other.get(path("counselling", case.pk)))
    page = body(client.post(path("take_off_reader", cabinet.pk), {"reader": reader}, follow=True))
    assert "no longer" in page and "Dreams" not in body(other.get(path("counselling", case.pk)))
    assert client.post(path("take_off_reader", cabinet.pk), {"reader": "nobody"}).status_code == 302
    assert "Somebody more may read the counselling notes" in body(client.get(reverse("casework:show", args=[case.pk])))


def test_the_manager_names_somebody_and_need_not_read(case: Case, world: World, client: Client) -> None:
    client.post(path("counsel", case.pk), {"words": "Sample words"})
    cabinet, manager = Cabinet.objects.get(), world.client("service_manager")
    assert "Name somebody else" in body(manager.get(path("counselling", case.pk)))
    assert "Name somebody else" not in body(world.client("other_caseworker").get(path("counselling", case.pk)))
    assert "Error:" in body(manager.post(path("name_reader", cabinet.pk), {"reader": "x"}))
    everybody = [str(world.actor(who).user_id) for who in ("other_caseworker", "service_manager")]
    for reader in everybody:
        manager.post(path("name_reader", cabinet.pk), {"reader": reader})
    assert "may read them already" in body(manager.get(path("name_reader", cabinet.pk)))


def test_two_people_on_one_case_see_each_other(case: Case, world: World, client: Client) -> None:
    assert client.post(path("here", case.pk)).json() == {"others": []}
    answer = world.client("other_caseworker").post(path("here", case.pk), {"writing": "yes"})
    assert [one["writing"] for one in answer.json()["others"]] == [False]
    assert [one["writing"] for one in client.post(path("here", case.pk)).json()["others"]] == [True]
    assert client.get(path("here", case.pk)).status_code == 405


def test_very_many_notes_are_read_a_page_at_a_time(
    case: Case, world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "page_of", partial(page_of, size=2))
    by = world.actor("caseworker")
    for minute, words in enumerate(("The second", "The third"), start=1):
        actions.add_note(case, by=by, at=world.now + timedelta(minutes=minute), words=words)
        actions.counsel(case, by=by, at=world.now + timedelta(minutes=minute), words=f"{words}, in confidence")
    actions.counsel(case, by=by, at=world.now + timedelta(minutes=3), words="The last, in confidence")
    for view, oldest, newest in (("notes", "Prefers mornings", "The third"),
                                 ("counselling", "The second, in confidence", "The last, in confidence")):  # fmt: skip
        text = body(client.get(path(view, case.pk)))
        assert newest in text and oldest not in text and "Showing 2 of 3 notes" in text
        after = html.unescape(re.search(r'href="(\?after=[^"]*)"', text)[1])  # type: ignore[index]
        text = body(client.get(path(view, case.pk) + after))
        assert oldest in text and newest not in text and "Previous page" in text
