"""Drafts: kept for the writer alone, given back, forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from alongside.core import jobs
from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.models import Draft
from alongside.core.pages import drafts
from alongside.core.pages.fields import DateBoxesField
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
WRITER = Actor(realm=Realm.PROVIDER, user_id=uuid7(), organisation_id=3, second_factor=True)
COLLEAGUE = replace(WRITER, user_id=uuid7())
FORM = drafts.form_name("casework.add_note", uuid7())


def post(view: Any, actor: Actor, **data: str | list[str]) -> HttpResponse:
    request: HttpRequest = RequestFactory().post("/", data)
    request.actor = actor  # type: ignore[attr-defined]
    answer: HttpResponse = view(request)
    return answer


def test_a_draft_is_given_back_to_the_writer_and_to_nobody_else() -> None:
    drafts.keep(FORM, {"words": "She said that"}, by=WRITER, at=NOW)
    kept = drafts.restore(FORM, by=WRITER, at=NOW)
    assert kept is not None
    assert kept.texts == {"words": "She said that"}
    assert drafts.restore(FORM, by=COLLEAGUE, at=NOW) is None


def test_a_draft_is_sealed() -> None:
    drafts.keep(FORM, {"words": "She said that"}, by=WRITER, at=NOW)
    assert b"She said" not in bytes(Draft.objects.get().body)


def test_the_database_shows_a_draft_to_its_writer_alone() -> None:
    with transaction.atomic(), realms.inside(Realm.PROVIDER, orgs=[3], user=WRITER.user_id):
        drafts.keep(FORM, {"words": "a"}, by=WRITER, at=NOW)
        drafts.keep(FORM, {"words": "b"}, by=WRITER, at=NOW)
        assert Draft.objects.count() == 1
    with transaction.atomic(), realms.inside(Realm.PROVIDER, orgs=[3], user=COLLEAGUE.user_id):
        assert Draft.objects.count() == 0


def test_what_is_written_later_takes_the_place_of_what_was_written_before() -> None:
    drafts.keep(FORM, {"words": "one"}, by=WRITER, at=NOW)
    drafts.keep(FORM, {"words": "two"}, by=WRITER, at=NOW + timedelta(seconds=2))
    kept = drafts.restore(FORM, by=WRITER, at=NOW)
    assert kept is not None
    assert kept.texts == {"words": "two"}


def test_a_draft_is_gone_after_a_week() -> None:
    drafts.keep(FORM, {"words": "one"}, by=WRITER, at=NOW)
    later = NOW + timedelta(days=8)
    assert drafts.restore(FORM, by=WRITER, at=later) is None
    drafts.keep(drafts.form_name("casework.add_note", uuid7()), {}, by=WRITER, at=later)
    assert Draft.objects.count() == 1


class Meeting(forms.Form):
    words = forms.CharField()
    held_on = DateBoxesField()
    needs = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)


def test_a_form_starts_from_its_draft_however_little_of_it_was_written() -> None:
    kept = drafts.Kept(FORM, {"words": "half a", "held_on_day": "3", "held_on_month": "x"}, NOW)
    assert drafts.initial(Meeting, kept) == {
        "words": "half a", "held_on": ["3", "x", None], "needs": [],
    }  # fmt: skip
    assert drafts.initial(Meeting, None) == {}


def test_every_box_that_was_ticked_is_kept() -> None:
    form = drafts.form_name("referrals.assess", uuid7())
    realm = Actor(realm=Realm.HUB, user_id=uuid7(), organisation_id=3, second_factor=True)
    post(drafts.keep_draft, realm, draft=form, words="a", needs=["health", "money"])
    kept = drafts.restore(form, by=realm, at=NOW)
    assert drafts.initial(Meeting, kept)["needs"] == ["health", "money"]
    post(drafts.keep_draft, realm, draft=form, needs=["money"])
    assert drafts.initial(Meeting, drafts.restore(form, by=realm, at=NOW))["needs"] == ["money"]


def test_the_worker_forgets_drafts_that_are_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)
    drafts.keep(FORM, {"words": "old"}, by=WRITER, at=NOW - timedelta(days=400))
    drafts.keep(FORM, {"words": "new"}, by=COLLEAGUE, at=datetime.now(UTC))
    jobs.forget_drafts()
    assert [draft.user_id for draft in Draft.objects.all()] == [COLLEAGUE.user_id]


def test_a_draft_that_was_sent_is_dropped() -> None:
    drafts.keep(FORM, {"words": "one"}, by=WRITER, at=NOW)
    drafts.drop(FORM, by=WRITER)
    assert drafts.restore(FORM, by=WRITER, at=NOW) is None


def test_the_page_keeps_what_is_typed_without_its_token() -> None:
    answer = post(drafts.keep_draft, WRITER, draft=FORM, csrfmiddlewaretoken="x", words="typed", minutes="20")
    assert answer.status_code == 200
    kept = drafts.restore(FORM, by=WRITER, at=datetime.now(UTC))
    assert kept is not None
    assert kept.texts == {"words": "typed", "minutes": "20"}


def test_more_than_a_form_can_hold_is_not_kept() -> None:
    assert post(drafts.keep_draft, WRITER, draft=FORM, words="x" * (drafts.LONGEST + 1)).status_code == 413
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("actor", "form"),
    [(replace(WRITER, realm=Realm.COMMISSIONING), FORM), (replace(WRITER, second_factor=False), FORM), (WRITER, "x")],
    ids=["another realm", "no second factor", "an unknown form"],
)
def test_drafts_are_for_casework_staff_and_known_forms_alone(actor: Actor, form: str) -> None:
    with pytest.raises(Http404):
        post(drafts.keep_draft, actor, draft=form, words="x")


def test_a_draft_can_be_thrown_away_and_leads_nowhere_else() -> None:
    drafts.keep(FORM, {"words": "one"}, by=WRITER, at=NOW)
    assert post(drafts.drop_draft, WRITER, draft=FORM, next="/cases/1/").headers["Location"] == "/cases/1/"
    assert Draft.objects.count() == 0
    assert post(drafts.drop_draft, WRITER, draft=FORM, next="https://a.example/").headers["Location"] == "/"
