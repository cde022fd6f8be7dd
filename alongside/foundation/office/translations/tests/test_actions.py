"""What an office writes is said from today, and the rest stays as it came."""

from datetime import timedelta
from typing import Any

import pytest

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.office.rulebook import actions as rulebook_actions
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.translations import actions, queries, rules
from tests.world import World

pytestmark = pytest.mark.django_db
THANKS = rules.key_of("Thank you")


def office(world: World) -> Actor:
    return world.actor("office_administrator")


def write(world: World, key: str = THANKS, says: str = "Diolch yn fawr", language: str = "cy", **how: Any) -> None:
    said: dict[str, Any] = {"native": True, "source": "Sample translators", "seen": 0} | how
    actions.translate(language, key, by=office(world), at=world.now, says=says, **said)


def test_what_an_office_writes_comes_before_what_was_shipped(world: World) -> None:
    on = world.now.date()
    line = next(one for one in queries.lines("cy", on) if one.key == THANKS)
    assert (line.state, line.says, line.native) == (rules.SHIPPED, "Diolch", False)
    write(world)
    line = next(one for one in queries.lines("cy", on) if one.key == THANKS)
    assert (line.state, line.says, line.native) == (rules.EDITED, "Diolch yn fawr", True)
    write(world, says="Diolch", native=False, seen=1)
    assert next(one for one in queries.lines("cy", on) if one.key == THANKS).native is False
    assert len(rulebook.history(queries.WRITTEN, f"cy_{THANKS}")) == 2


def test_two_at_once_do_not_overwrite_each_other(world: World) -> None:
    write(world)
    with pytest.raises(RuleBroken, match="meanwhile"):
        write(world, says="Diolch i chi")


def test_a_part_is_kept_and_an_absent_sentence_is_refused(world: World) -> None:
    with pytest.raises(RuleBroken, match="phone"):
        write(world, key=rules.key_of("You can also call {phone}."), says="Ffoniwch ni")
    with pytest.raises(RuleBroken, match="has changed"):
        write(world, key="0" * 16)


def test_where_the_english_of_a_rule_changes_it_falls_back_and_is_listed(world: World) -> None:
    on, row = world.now.date(), rulebook.rule("needs", "health", world.now.date())
    write(world, key=rules.key_of(row.title), says="Iechyd")
    rulebook_actions.revise(
        "needs", "health", by=office(world), at=world.now, title="Health of any kind", body=dict(row.body),
        source=row.source, since=on,
    )  # fmt: skip
    line = next(one for one in queries.lines("cy", on) if one.english == "Health of any kind")
    assert (line.state, line.was) == (rules.STALE, row.title)
    assert [row.text("says") for row in queries.left_over("cy", on)] == ["Iechyd"]


def test_a_language_of_the_offices_own_begins_in_english(world: World) -> None:
    on = world.now.date()
    assert queries.language("so") is None
    rulebook_actions.add(
        queries.LANGUAGES, "so", by=office(world), at=world.now, title="Somali",
        body={"own_name": "Soomaali", "rtl": False, "offered": False}, source="Office decision", since=on,
    )  # fmt: skip
    assert {line.state for line in queries.lines("so", on)} == {rules.MISSING}
    assert "so" not in dict(queries.offered())
    write(world, says="Mahadsanid", language="so")
    assert queries.lines("so", on + timedelta(days=1))[0].state in (rules.MISSING, rules.EDITED)


def test_names_of_languages_come_from_the_locale_data(world: World) -> None:
    welsh = queries.language("cy")
    assert welsh is not None and welsh.sentences["Polish"] == "Pwyleg"
