"""An office sets up a template by page alone: sections, questions of every kind, checks, a version from a day."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.commissioning.templates import actions, queries, rules
from alongside.commissioning.templates.models import Draft
from alongside.commissioning.templates.rules import KIND_WORDS
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from tests.world import World

pytestmark = pytest.mark.django_db
TODAY = {f"since_{part}": str(getattr(date.today(), part)) for part in ("day", "month", "year")}


def at(name: str, *args: object) -> str:
    return reverse(f"templates:{name}", args=args)


def post(client: Client, name: str, held: Draft, *args: object, **said: Any) -> str:
    """The page after a form was sent with the draft's stamp."""
    held.refresh_from_db()
    answer = client.post(at(name, held.pk, *args), {"stamp": held.stamp, **said}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def begun(client: Client) -> Draft:
    client.post(at("start"), {"title": "Sample monitoring"})
    return Draft.objects.get(title="Sample monitoring")


def filled(client: Client) -> Draft:
    held = begun(client)
    post(client, "head", held, title="People", intro="Look at each figure.")
    post(client, "put_in", held, "figure", words="Supported", section="s1", measure="victims_supported", by="")
    post(client, "put_in", held, "number", words="At events", section="s1", hint="Roughly.")
    return held


def test_a_template_is_set_up_by_page_alone_and_published_from_a_day(world: World) -> None:
    client = world.client("commissioning_officer")
    assert "Put one in" in client.get(at("draft", begun(client).pk)).content.decode()
    Draft.objects.all().delete()
    held = filled(client)
    shown = post(client, "put_in", held, "choice", words="And next?", section="s1", options="More\nLess", sizes="large")
    assert "One of: More, Less" in shown
    assert "Asked of large awards" in shown
    shown = post(client, "put_in", held, "text", words="How?", section="s1", most="50", when="q3:More", optional="on")
    assert "Only where “And next?” is answered “More”" in shown
    shown = post(client, "put_check", held, formula="q2 <= q1", words="Some of them.", stops="warn")
    assert "q2 &lt;= q1" in shown
    assert "A warning" in shown
    shown = post(client, "publish", held, source="Office decision", **TODAY)
    assert "Published" in shown
    template = queries.templates(date.today())[-1]
    assert (template.title, template.version, len(template.questions)) == ("Sample monitoring", 1, 4)
    assert not Draft.objects.exists()
    page = client.get(at("show_template", template.code)).content.decode()
    assert "Small awards: 3 questions" in page
    assert "Large awards: 4 questions" in page
    assert "Sample monitoring" in client.get(at("templates")).content.decode()


def test_every_kind_of_question_can_be_put_in(world: World) -> None:
    client = world.client("office_administrator")
    held = filled(client)
    assert client.get(at("choose_kind", held.pk) + "?kind=posts").headers["Location"].endswith("/new/posts/")
    more = {"figure": {"measure": "cases_opened", "by": "crime_type"}, "choice": {"options": "A\nB"},
            "text": {"most": "100"}}  # fmt: skip
    for kind in KIND_WORDS:
        post(client, "put_in", held, kind, words=f"Asks {kind}", section="s1", **more.get(kind, {}))
    held.refresh_from_db()
    assert len(queries.drafted(held).questions) == 2 + len(KIND_WORDS)
    for one in queries.drafted(held).questions:
        assert one.words in client.get(at("reword", held.pk, one.code)).content.decode()


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(world: World) -> None:
    client = world.client("commissioning_officer")
    held = filled(client)
    shown = post(client, "put_in", held, "figure", words="Kept words", section="s1", measure="cases_opened",
                 by="help_kind")  # fmt: skip
    assert "cannot be broken down" in shown
    assert "Kept words" in shown
    shown = post(client, "put_check", held, formula="q1 is q2", words="x", stops="stop")
    assert "Write it like q1 + q2 = q3" in shown
    assert "q1 is q2" in shown
    assert "from 1 to 120" in post(client, "settle", held, title="T", about="", due="500", explain="1", statement="S")


def test_sections_and_questions_move_change_and_go(world: World) -> None:
    client = world.client("commissioning_officer")
    held = filled(client)
    post(client, "head", held, title="Money", intro="")
    post(client, "move", held, code="s2", up="on")
    held.refresh_from_db()
    assert [one.code for one in queries.drafted(held).sections] == ["s2", "s1"]
    post(client, "move", held, code="q1")
    assert "Take out or move the questions" in post(client, "take_out", held, code="s1")
    post(client, "take_out", held, code="s2")
    post(client, "head_again", held, "s1", title="Folk", intro="Words")
    post(client, "reword", held, "q1", words="Supported people", section="s1", measure="victims_supported", by="")
    post(client, "put_check", held, formula="q2 <= q1", words="Some.", stops="stop")
    assert "checked already" in post(client, "put_check", held, formula="q2 <= q1", words="Some.", stops="stop")
    post(client, "take_check", held, formula="q2 <= q1")
    post(client, "settle", held, title="Ours", about="A", due="14", explain="0", statement="I looked.")
    held.refresh_from_db()
    whole = queries.drafted(held)
    assert ([one.code for one in whole.questions], whole.sections[0].title, whole.checks, whole.due, whole.title) == (
        ["q2", "q1"], "Folk", (), 14, "Ours")  # fmt: skip
    post(client, "take_out", held, code="q2")
    post(client, "drop", held)
    assert not Draft.objects.exists()


def test_a_new_version_of_what_is_in_force_says_what_changed(world: World) -> None:
    client = world.client("commissioning_officer")
    client.post(at("begin_draft", "yearly_grant"))
    held = Draft.objects.get()
    assert "Nothing was changed yet" in post(client, "publish", held, source="x", **TODAY)
    assert held.pk == Draft.objects.get().pk
    post(client, "reword", held, "q1", words="How many came?", section="people")
    shown = post(client, "publish", held, source="Asked by providers", **TODAY)
    assert "How many came?" in shown
    assert "In force" in shown
    newest = queries.template("yearly_grant", date.today())
    assert newest is not None
    assert newest.version == 2
    client.post(at("begin_draft", "yearly_grant"), {"like": "1"})
    assert queries.drafted(Draft.objects.get()).questions[0].words == "How many people did you help in the quarter?"
    assert "Go on with the draft" in client.get(at("show_template", "yearly_grant")).content.decode()


def test_a_template_has_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client("commissioning_officer")
    held = filled(client)
    post(client, "put_check", held, formula="q2 <= q1", words="Some of them.", stops="stop")
    for name in ("MOST_SECTIONS", "MOST_QUESTIONS", "MOST_CHECKS"):
        monkeypatch.setattr(rules, name, 1)
    assert "at most 1 sections" in post(client, "head", held, title="One more", intro="")
    assert "at most 1 questions" in post(client, "put_in", held, "number", words="One more", section="s1")
    assert "at most 1 checks" in post(client, "put_check", held, formula="q1 >= q2", words="Again.", stops="stop")


def test_what_was_begun_is_gone_on_with_and_dropped_once(world: World) -> None:
    by, at_ = world.actor("commissioning_officer"), timezone.now()
    held = actions.begin("quarterly", by=by, at=at_)
    assert actions.begin("quarterly", by=by, at=at_).pk == held.pk
    for _ in range(2):
        actions.drop(held, by=by, at=at_)
    assert Event.objects.filter(name="template.dropped").count() == 1


def test_two_writers_do_not_write_over_each_other(world: World) -> None:
    client, other = world.client("commissioning_officer"), world.client("office_administrator")
    held = filled(client)
    held.refresh_from_db()
    stamp = held.stamp
    post(other, "head", held, title="Theirs", intro="")
    answer = client.post(at("head", held.pk), {"stamp": stamp, "title": "Mine", "intro": ""})
    assert "changed this draft meanwhile" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_whoever_may_not_write_reads_or_sees_nothing(world: World) -> None:
    held = filled(world.client("commissioning_officer"))
    analyst = world.client("analyst")
    assert "Quarterly return" in analyst.get(at("templates")).content.decode()
    assert analyst.get(at("draft", held.pk)).status_code in (403, 404)
    for person in ("service_manager", "caseworker", "hub_manager", "board_member"):
        assert world.client(person).get(at("templates")).status_code == 403
        assert world.client(person).get(at("draft", held.pk)).status_code in (403, 404)
    with pytest.raises(RuleBroken, match="commissioning office"):
        actions.begin("yearly_grant", by=world.actor("analyst"), at=held.changed_at)


def test_what_is_not_there_is_not_found(world: World) -> None:
    client = world.client("commissioning_officer")
    held = begun(client)
    assert client.get(at("choose_kind", held.pk), follow=True).status_code == 200
    for address in (at("put_in", held.pk, "number"), at("put_in", held.pk, "song"), at("reword", held.pk, "q9"),
                    at("head_again", held.pk, "s9"), at("show_template", "none"), at("past", "none")):  # fmt: skip
        assert client.get(address).status_code == 404
    assert client.post(at("move", held.pk), {"code": "q9", "stamp": "1"}).status_code == 404
    assert client.post(at("take_check", held.pk), {"stamp": "x"}).status_code == 404
    assert client.post(at("begin_draft", "none"), follow=True).status_code == 200
    stale, by = Draft.objects.get(pk=held.pk), world.actor("commissioning_officer")
    post(client, "drop", held)
    with pytest.raises(RuleBroken, match="is gone"):
        actions.publish(stale, by=by, at=stale.changed_at, since=date.today(), source="x", stamp=1)
