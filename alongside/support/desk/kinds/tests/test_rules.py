"""Who is a victim by the Act, and what has to be said of each kind."""

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.desk.kinds import rules


def check(kind: str, was: str = "person", **said: str) -> None:
    rules.check(kind, **{"was": was, "harmed": "", "relation": "", "side": "", **said})


@pytest.mark.parametrize("harmed", ["yes", ""])
def test_whoever_was_harmed_by_seeing_it_is_a_victim_and_no_witness(harmed: str) -> None:
    with pytest.raises(RuleBroken, match="is a victim of it by law"):
        check("witness", harmed=harmed, side="defence")


def test_a_witness_is_for_somebody_or_it_is_not_known_yet() -> None:
    with pytest.raises(RuleBroken, match="for whom they may give evidence"):
        check("witness", harmed="no")
    check("witness", harmed="no", side="not_known")


def test_a_bereaved_relative_says_how_they_knew_whoever_died() -> None:
    with pytest.raises(RuleBroken, match="how they knew"):
        check("bereaved")
    check("bereaved", relation="sibling")


def test_a_victim_needs_no_more_and_a_business_is_a_business() -> None:
    check("person")
    with pytest.raises(RuleBroken, match="as a business"):
        check("person", was="business")
