"""Writes of translations: what an office says in place of what was shipped, as rows of the rulebook."""

from datetime import datetime
from typing import Any

from django.db import transaction

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.foundation.office.rulebook import actions as rulebook_actions
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.models import Rule
from alongside.foundation.office.rulebook.rules import LONGEST_TITLE
from alongside.foundation.office.translations import queries, rules


@transaction.atomic
def translate(
    language: str, key: str, *, by: Actor, at: datetime, says: str, native: bool, source: str, seen: int = 0
) -> Rule:
    """From today a sentence says this in a language. `native`: a native reader has checked it; `source`: who, or where
    it comes from. `seen`: the version that the writer began from, 0 for none."""
    on = london_date(at)
    one = queries.sentence(key, on)
    if one is None:
        raise RuleBroken("The English of this sentence has changed. Open the list again.")
    rules.check(one.english, says)
    code = f"{language}_{key}"
    held = next(iter(rulebook.history(queries.WRITTEN, code)), None)
    said: dict[str, Any] = {
        "title": one.english[:LONGEST_TITLE], "source": source, "since": on,
        "body": {"language": language, "english": one.english, "says": says.strip(), "native": native},
    }  # fmt: skip
    if held is None:
        return rulebook_actions.add(queries.WRITTEN, code, by=by, at=at, **said)
    return rulebook_actions.revise(queries.WRITTEN, code, by=by, at=at, seen=seen, **said)
