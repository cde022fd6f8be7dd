"""Reads of tools: what an office is writing, and how a version differs from the one before."""

from dataclasses import replace
from datetime import date

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.rules import Tool, read_tool
from alongside.support.cases.tools import rules
from alongside.support.cases.tools.models import Draft

BOOK = outcomes.BOOK


def history(code: str) -> tuple[RuleRow, ...]:
    """Every version of a tool, the newest first."""
    return rulebook.history(BOOK, code)


def open_version(code: str) -> RuleRow:
    """The newest version, in force or to come. Raises RuleBroken where there is none."""
    found = history(code)
    if not found or found[0].until is not None:
        raise RuleBroken("This tool has been withdrawn.")
    return found[0]


def office(by: Actor) -> int:
    assert by.organisation_id is not None  # whoever has a permission has it in an organisation
    return by.organisation_id


def draft(code: str, by: Actor) -> Draft | None:
    """What the actor's own office is writing of a tool."""
    return Draft.objects.visible_to(by).filter(code=code, organisation_id=office(by)).first()


def drafts(by: Actor) -> tuple[Draft, ...]:
    return tuple(Draft.objects.visible_to(by).filter(organisation_id=office(by)).order_by("title", "id"))


def drafted(held: Draft) -> Tool:
    """A tool as it is being written, with the number that it would have."""
    return read_tool(held.code, held.seen + 1, held.title, held.body)


def codes_used(code: str) -> set[str]:
    """Every question's code that any version of a tool ever had."""
    return {one.code for row in history(code) for one in outcomes.as_tool(row).questions}


def free_code() -> str:
    """A code for a tool of an office's own, which no tool has or had, nor any that is being written here."""
    taken = {row.code for row in rulebook.every_version(BOOK)} | set(Draft.objects.values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"own{number}") not in taken)


def changed(held: Draft, on: date) -> tuple[rules.Difference, ...]:
    """How a draft differs from the newest version; of a tool that is new, all of it."""
    found, whole = history(held.code), drafted(held)
    before = outcomes.as_tool(found[0]) if found else replace(whole, questions=())
    return rules.differences(before, whole, titles(on))


def titles(on: date) -> dict[str, str]:
    """The outcomes' titles by their codes."""
    return dict(outcomes.outcomes(on))


def services() -> tuple[tuple[str, str], ...]:
    """The services that may use a tool: code and name."""
    found = Service.objects.exclude(provider=None).order_by("name", "code")
    return tuple(found.values_list("code", "name"))
