"""Writes of the rulebook: loading, and the changes of an office."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.rulebook import actions, queries
from alongside.foundation.office.rulebook.models import Rule
from alongside.foundation.office.rulebook.rules import Book, freeze
from tests.world import World

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
TODAY = NOW.date()
CLOCK = {
    "working_days": 3,
    "runs_from": "the hub's receipt",
    "runs_to": "the first attempt",
    "applies_to": "every referral",
}


def ship(monkeypatch: pytest.MonkeyPatch, **rows: dict[str, object]) -> None:
    """Ships the books with some rows of `limits` changed; a row that is None ships no more."""
    books = dict(queries.books())
    kept = [replace(row, **rows.get(row.code, {})) for row in books["limits"].rows]  # type: ignore[arg-type]
    books["limits"] = replace(books["limits"], rows=tuple(row for row in kept if row.title), needed=frozenset())
    monkeypatch.setattr(queries, "books", lambda: books)


def load() -> actions.Loaded:
    return actions.load_books(by=SYSTEM_ACTOR, at=NOW)


def revise(days: int = 3, *, since: date = TODAY, **words: object) -> Rule:
    given: dict[str, object] = {"title": "First attempt to contact", "source": "Office decision", **words}
    return actions.revise(
        "clocks", "first_contact_attempt", by=SYSTEM_ACTOR, at=NOW, since=since,
        **{"body": {**CLOCK, "working_days": days}, **given},  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_shipped_books_are_loaded_and_loading_again_changes_nothing() -> None:
    before = (Rule.objects.count(), queries._stamp(), Event.objects.count())
    assert load() == actions.Loaded((), (), (), ())
    assert (Rule.objects.count(), queries._stamp(), Event.objects.count()) == before
    assert before[0] == sum(len(book.rows) for book in queries.books().values()) > 300


def test_a_first_load_adds_every_row_and_says_so() -> None:
    Rule.objects.all().delete()
    loaded = load()
    assert "clocks/referred_to_support" in loaded.added
    assert not loaded.changed
    assert Event.objects.filter(name="rulebook.loaded", details__added=len(loaded.added)).exists()


def test_a_shipped_change_makes_a_new_version_and_leaves_the_old(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, contact_attempts={"title": "Attempts"})
    assert load().changed == ("limits/contact_attempts",)
    new, old = queries.history("limits", "contact_attempts")
    assert (new.version, new.title, new.since) == (2, "Attempts", TODAY)
    assert (old.version, old.until) == (1, TODAY)
    assert queries.rule("limits", "contact_attempts", TODAY - timedelta(days=1)).version == 1


def test_a_shipped_row_may_say_from_when_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, contact_attempts={"title": "Attempts", "since": date(2027, 4, 1)})
    load()
    assert queries.rule("limits", "contact_attempts", TODAY).version == 1
    assert queries.rule("limits", "contact_attempts", date(2027, 4, 1)).title == "Attempts"


def test_what_the_office_changed_is_kept_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    revise(5)
    assert load() == actions.Loaded((), (), (), ())
    books = dict(queries.books())
    row = next(row for row in books["clocks"].rows if row.code == "first_contact_attempt")
    changed = tuple(replace(one, title="New") if one is row else one for one in books["clocks"].rows)
    books["clocks"] = replace(books["clocks"], rows=changed)
    monkeypatch.setattr(queries, "books", lambda: books)
    assert load() == actions.Loaded((), (), ("clocks/first_contact_attempt",), ())
    assert queries.rule("clocks", "first_contact_attempt", TODAY).number("working_days") == 5


def test_what_ships_no_more_is_reported_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, contact_attempts={"title": ""})
    assert load().gone == ("limits/contact_attempts",)
    assert queries.rule("limits", "contact_attempts", TODAY).number("number") == 3


def test_a_new_order_of_rows_is_no_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, contact_attempts={"position": 40})
    assert load() == actions.Loaded((), (), (), ())
    assert Rule.objects.get(book="limits", code="contact_attempts").position == 40


def test_revise_writes_a_version_from_its_day_on_with_who_and_an_event(world: World) -> None:
    by = world.actor("office_administrator")
    start = TODAY + timedelta(days=7)
    rule = actions.revise(
        "clocks",
        "first_contact_attempt",
        by=by,
        at=NOW,
        title="First attempt",
        body=CLOCK,
        source="Board",
        since=start,
    )
    assert (rule.version, rule.origin, rule.created_by) == (2, "office", by.user_id)
    assert queries.rule("clocks", "first_contact_attempt", TODAY).number("working_days") == 2
    assert queries.rule("clocks", "first_contact_attempt", start).number("working_days") == 3
    assert [row.version for row in queries.coming("clocks", TODAY)] == [2]
    assert queries.version("clocks", "first_contact_attempt", 1).until == start
    assert Event.objects.get(name="rule.revised").details["version"] == 2


def test_revise_twice_on_one_day_leaves_the_last_in_force() -> None:
    revise(3)
    revise(4)
    assert queries.rule("clocks", "first_contact_attempt", TODAY).number("working_days") == 4


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"source": ""}, "source"),
        ({"since": TODAY - timedelta(days=1)}, "since"),
        ({"body": {"working_days": 3}}, None),
        ({"body": {**CLOCK, "working_days": "3"}}, None),
        ({"body": {**CLOCK, "working_days": True}}, None),
        ({"body": {**CLOCK, "runs_from": ""}}, None),
    ],
)
def test_revise_refuses_what_a_row_may_not_hold(words: dict[str, object], field: str | None) -> None:
    with pytest.raises(RuleBroken) as refused:
        revise(**words)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_revise_refuses_no_change_and_a_start_before_a_planned_version() -> None:
    revise(3, since=TODAY + timedelta(days=9))
    with pytest.raises(RuleBroken, match="planned already"):
        revise(4)
    with pytest.raises(RuleBroken, match="Nothing was changed"):
        revise(3, since=TODAY + timedelta(days=9))


def test_a_code_of_another_book_must_be_in_force() -> None:
    body = {"crime_type": "no_such_crime"}
    with pytest.raises(RuleBroken, match="Choose from") as refused:
        actions.add("offence_overrides", "8N", by=SYSTEM_ACTOR, at=NOW, title="x", body=body, source="y", since=TODAY)
    assert refused.value.field == "crime_type"


def add(code: str, book: str = "recall_reasons", by: Actor = SYSTEM_ACTOR) -> Rule:
    return actions.add(book, code, by=by, at=NOW, title="Other", body={}, source="Office", since=TODAY)


def test_add_puts_a_row_of_the_office_at_the_end() -> None:
    add("other")
    assert queries.current("recall_reasons", TODAY)[-1].code == "other"
    assert load() == actions.Loaded((), (), (), ())


@pytest.mark.parametrize(
    ("code", "message"),
    [("no spaces", "letters, digits"), ("wrong_service", "already"), ("", "letters, digits")],
)
def test_add_refuses_a_code_that_is_none_or_taken(code: str, message: str) -> None:
    with pytest.raises(RuleBroken, match=message) as refused:
        add(code)
    assert refused.value.field == "code"


def test_there_is_no_new_book() -> None:
    with pytest.raises(RuleBroken, match="no such book"):
        add("other", book="spells")


def test_withdraw_ends_a_row_and_loading_does_not_bring_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch)
    actions.withdraw("limits", "contact_attempts", by=SYSTEM_ACTOR, at=NOW, until=TODAY)
    assert queries.find("limits", "contact_attempts", TODAY) is None
    assert load() == actions.Loaded((), (), (), ())
    ship(monkeypatch, contact_attempts={"body": freeze({"number": 9, "unit": "x"})})
    assert load().kept == ("limits/contact_attempts",)
    with pytest.raises(RuleBroken, match="withdrawn"):
        actions.withdraw("limits", "contact_attempts", by=SYSTEM_ACTOR, at=NOW, until=TODAY)


def test_withdraw_refuses_another_version_than_the_one_that_was_read() -> None:
    with pytest.raises(RuleBroken, match="revised this row meanwhile"):
        actions.withdraw("limits", "contact_attempts", by=SYSTEM_ACTOR, at=NOW, until=TODAY, seen=2)


def test_withdraw_refuses_a_row_that_others_name() -> None:
    with pytest.raises(RuleBroken, match="Still used by Crime types: Bereaved by homicide"):
        actions.withdraw("routes", "homicide_service", by=SYSTEM_ACTOR, at=NOW, until=TODAY)


def test_withdraw_refuses_what_the_product_itself_asks_for() -> None:
    for book, code in (("clocks", "first_offer"), ("limits", "contact_attempts"), ("crime_types", "other")):
        with pytest.raises(RuleBroken, match="Alongside itself asks for this row"):
            actions.withdraw(book, code, by=SYSTEM_ACTOR, at=NOW, until=TODAY)


def test_withdraw_refuses_a_crime_type_that_offence_codes_lead_to() -> None:
    with pytest.raises(RuleBroken, match="Still used by offence codes"):
        actions.withdraw("crime_types", "kidnap", by=SYSTEM_ACTOR, at=NOW, until=TODAY)


def test_the_office_may_write_and_a_provider_may_only_read(world: World) -> None:
    office, worker = world.actor("office_administrator"), world.actor("caseworker")
    with transaction.atomic(), inside(Realm.COMMISSIONING, orgs=office.orgs, user=office.user_id):
        add("other", by=office)
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=worker.orgs, user=worker.user_id):
        assert queries.rule("recall_reasons", "other", TODAY).title == "Other"
    for realm in (Realm.PROVIDER, Realm.REFERRER, Realm.PUBLIC, Realm.AUTH):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
            add("another", by=worker)


def test_every_book_is_a_book() -> None:
    assert all(isinstance(book, Book) and book.about for book in queries.books().values())
