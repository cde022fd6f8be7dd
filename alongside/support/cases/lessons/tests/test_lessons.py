"""Learning notes: nothing in one says who anybody is, managers act on them, and a neighbour sees none."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.periods import Quarter
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.lessons import actions, queries, rules
from alongside.support.cases.lessons.models import Lesson
from tests.world import World

pytestmark = pytest.mark.django_db
WORDS, DIFFERENTLY = "We rang in school hours", "Ask first when school ends"


def noted(world: World, person: str = "caseworker", at: datetime | None = None, **changes: Any) -> Lesson:
    said = {"theme": "waiting", "words": WORDS, "differently": DIFFERENTLY, "holds_no_name": True, **changes}
    with transaction.atomic(), inside(world, person):
        return actions.note(by=world.actor(person), at=at or world.now, **said)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"words": " "}, "Write what was learned"), ({"theme": "nothing"}, "what it is about"),
        ({"words": "She rang from 07700 900781"}, "seems to hold"), ({"differently": "At 12 Sample Road"}, "seems to"),
        ({"holds_no_name": False}, "tick that it says"), ({"words": "We and Testina spoke"}, "may be names: Testina"),
        ({"words": "a" * 3001}, "Keep it to 3000"),
    ],
)  # fmt: skip
def test_note_refuses_what_says_who_somebody_is(world: World, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        noted(world, **changes)
    assert not Lesson.objects.exists()


def test_what_only_looks_like_a_name_is_kept_once_it_was_looked_at(world: World) -> None:
    words = "We met at Jobcentre Plus"
    assert rules.names(words) == ("Jobcentre", "Plus")
    with pytest.raises(RuleBroken, match="Jobcentre"):
        noted(world, words=words, looked_at="Plus")
    noted(world, words=words, looked_at="Jobcentre, Plus")


def test_a_note_says_neither_whose_case_nor_who_wrote_it_and_is_kept_once(world: World) -> None:
    made = noted(world)
    assert noted(world).pk == made.pk
    assert {field.name for field in Lesson._meta.fields}.isdisjoint({"case", "victim_id", "noted_by"})
    assert Event.objects.get(name="lesson.noted").details == {"theme": "waiting"}


def test_a_manager_acts_on_it_and_takes_it_up_again(world: World) -> None:
    made, by = noted(world), world.actor("service_manager")
    with pytest.raises(RuleBroken, match="Write what was done"):
        actions.act_on(made, by=by, at=world.now, done_words=" ")
    with pytest.raises(RuleBroken, match="seems to hold"):
        actions.act_on(made, by=by, at=world.now, done_words="Told 07700 900781")
    actions.act_on(made, by=by, at=world.now, done_words="We ask everybody now")
    with pytest.raises(RuleBroken):
        actions.act_on(made, by=by, at=world.now, done_words="Twice")
    actions.take_up_again(made, by=by, at=world.now)
    made.refresh_from_db()
    assert (made.state, made.done_at, made.done_words) == ("NEW", None, "We ask everybody now")


def test_notes_are_listed_by_theme_quarter_and_how_they_stand(world: World) -> None:
    noted(world)
    noted(world, at=world.now + timedelta(days=100), theme="access", words="Another")
    rows, now = Lesson.objects.all(), Quarter.containing(world.now)
    asked: dict[str, str] = {"theme": "", "quarter": "", "state": ""}
    assert queries.listed(rows, **asked).count() == 2
    assert queries.listed(rows, **{**asked, "theme": "access"}).count() == 1
    assert queries.listed(rows, **{**asked, "quarter": str(now)}).count() == 1
    assert queries.listed(rows, **{**asked, "quarter": "nonsense"}).count() == 2
    assert queries.listed(rows, **{**asked, "state": "DONE"}).count() == 0
    assert dict(queries.by_theme(rows)) == {"Waiting": 1, "Being reached and being understood": 1}


def body(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_pages_warn_keep_list_and_hand_out_the_file(world: World) -> None:
    worker, manager = world.client("caseworker"), world.client("service_manager")
    given = {"theme": "waiting", "words": "We rang Testina too early", "holds_no_name": "on"}
    text = body(worker.post(reverse("lessons:note"), given))
    assert "These may be names: Testina" in text and 'name="looked_at" value="Testina"' in text
    given["words"] = WORDS
    assert "Kept. Your managers read it" in body(worker.post(reverse("lessons:note"), given, follow=True))
    assert worker.get(reverse("lessons:learning")).status_code == 403
    assert WORDS in body(manager.get(reverse("lessons:learning")))
    assert "No note here" in body(manager.get(reverse("lessons:learning") + "?theme=access"))
    one = Lesson.objects.get()
    act = reverse("lessons:act_on", args=[one.pk])
    assert WORDS in body(manager.get(act))
    assert "Marked as acted on" in body(manager.post(act, {"done_words": "We ask now"}, follow=True))
    again = reverse("lessons:take_up_again", args=[one.pk])
    assert "to be acted on again" in body(manager.post(again, follow=True))
    assert manager.get(reverse("lessons:download")).status_code == 302
    actions.act_on(one, by=world.actor("service_manager"), at=timezone.now(), done_words="We ask now")
    file = manager.post(reverse("lessons:download"), {"theme": "waiting"})
    assert WORDS in file.content.decode("utf-8-sig") and "We ask now" in file.content.decode("utf-8-sig")


def test_a_neighbour_sees_none_and_the_hub_not_even_the_table(world: World) -> None:
    one = noted(world)
    with transaction.atomic(), inside(world, "neighbour_manager"):
        assert not Lesson.objects.exists()
    for person in ("triage_officer", "commissioning_officer"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, person):
            Lesson.objects.count()
    client = world.client("neighbour_manager")
    assert WORDS not in body(client.get(reverse("lessons:learning")))
    for view in ("act_on", "take_up_again"):
        assert client.post(reverse(f"lessons:{view}", args=[one.pk])).status_code == 404
