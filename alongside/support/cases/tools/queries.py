"""Reads of tools: what an office is writing, and how a version differs from the one before."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.pages.languages import Language
from alongside.core.privacy import crypt
from alongside.core.rows import realms
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.foundation.office.translations import queries as translations
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.journey import queries as journey
from alongside.support.cases.journey import rules as journey_rules
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.rules import FOLLOW_UP, Tool, read_tool
from alongside.support.cases.tools import rules
from alongside.support.cases.tools.models import Draft, Sending

BOOK = outcomes.BOOK
ENGLISH = "en"
DIED = "DIED"  # as the database says it of whoever a link was sent to
SENT_AT_MOST = 20


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


# On paper and on a phone.


def languages() -> tuple[tuple[str, str], ...]:
    """The languages in which questions can be read, English first."""
    return ((ENGLISH, "English"), *translations.offered())


def language(code: str) -> Language | None:
    """A language of those that are offered; None for English."""
    return translations.language(code) if code in dict(translations.offered()) else None


def telling(tool: Tool, on: date) -> tuple[str, ...]:
    """Words of a tool's questions that would tell what they are about, whoever reads them on a phone or on paper."""
    tells = [row.title for book in ("telling_words", "page_words") for row in rulebook.current(book, on)]
    text = "\n".join(one.words for one in tool.questions)
    return tuple(dict.fromkeys(word for word in tells if journey_rules.telling(text, [word])))


def not_sent(case: Case, on: date) -> str:
    """Why nothing is sent to this victim to answer; empty where it may be."""
    if case.state == Case.State.CLOSED:
        return journey.not_asked(case, on)
    return journey.not_for(case, on, checked=True)


def link_until(sent: datetime, on: date) -> datetime:
    return sent + timedelta(hours=casework.limit("few_questions_link", on))


def token_lookup(token: str) -> bytes:
    """The blind index of a link."""
    return crypt.blind("few_questions_link", token)


def sent(case: Case) -> tuple[Sending, ...]:
    """What was sent in a case, the latest first."""
    return tuple(Sending.objects.filter(case=case).order_by("-sent_at", "-id")[:SENT_AT_MOST])


@dataclass(frozen=True)
class Door:
    """Questions that a link opened."""

    sending: Sending
    tool: Tool


def door(lookup: bytes, *, at: datetime, fresh: bool) -> Door | None:
    """The questions that this blind index opens, or keeps open."""
    realms.present_ticket(lookup)
    found = Sending.objects.filter(lookup=lookup).first()
    if found is None:
        return None
    state, tool = _stands(), outcomes.version(found.tool, found.version)
    link = rules.Link(
        found.expires_at, found.opened_at, found.answered_at, found.ended_at, follow_up=found.stage == FOLLOW_UP,
        closed=state == Case.State.CLOSED, died=state == DIED,
    )  # fmt: skip
    return Door(found, tool) if tool and rules.stands(link, at=at, fresh=fresh) else None


def _stands() -> str:
    """How the case of what is presented stands in this moment, by the database's own function; or a death."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tools_stands()")
        return str(cursor.fetchone()[0])


def sending(key: UUID) -> Sending | None:
    found: Sending | None = Sending.objects.select_related("case").filter(pk=key).first()
    return found


def titles_of(found: Iterable[Sending]) -> dict[str, str]:
    """The names of the tools that were sent, by their reference."""
    asked = {(one.tool, one.version) for one in found}
    return {f"{code}@{number}": tool.title for code, number in asked if (tool := outcomes.version(code, number))}
