"""Reads of the victim's own page: what it says, written out of a case; what a way opens; and what was said there."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead, realms
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.rules import ADULT, TRANSFERRED
from alongside.support.cases.journey import rules
from alongside.support.cases.journey.models import Key, Page, Said, Voice
from alongside.support.cases.justice import queries as justice
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.plans import queries as plans
from alongside.support.cases.plans import rules as plan_rules
from alongside.support.people.victims.queries import age_of

DIED, UNSAFE = "died", "unsafe_to_contact"
DEAD = "DIED"  # as the database says it of whoever a page is of
SAID_AT_MOST = 50
Written = Mapping[str, Any]


@ahead.question
def _page(case: Case) -> "QuerySet[Any]":
    return Page.objects.filter(case=case)


@ahead.question
def _unread(case: Case) -> "QuerySet[Any, Any]":
    return Said.objects.filter(case=case, read_at=None).values_list("said_at", flat=True)


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any, Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_page(case), _unread(case))


def page_of(case: Case) -> Page | None:
    return next(iter(_page(case)), None)


def words_of(page: Page) -> str:
    """The worker's few words for the victim."""
    crypt.load_keys([page.victim_id])
    return fields.read(page, "words")


# What a page says. Read where the case may be read, and kept sealed: the public's realm reads that and no case.


def written(case: Case, page: Page) -> Written:
    """What the page says now: codes, days and words that were chosen to be read; of each part only if it is shown."""
    said: dict[str, Any] = {"state": case.state, "words": rules.plain(words_of(page)), "parts": list(page.parts)}
    for part, write in WRITERS.items():
        if part in page.parts:
            said[part] = write(case, page)
    return said


def _people(case: Case, page: Page) -> dict[str, str]:
    """The phone of the service, and a first name while the worker whom it is of has the case."""
    same = page.called and page.called_for in (case.worker, case.cover)
    return {"phone": case.service.phone, "hours": rules.plain(case.service.hours), "name": page.called if same else ""}


def _dates(case: Case, page: Page) -> list[dict[str, str]]:
    """Day, time and how: never what it is for, nor where."""
    found = Appointment.objects.filter(case=case, state=Appointment.State.PLANNED).order_by("starts_at", "id")
    ways = {row.code: row.text("way") for row in rulebook.every_version("appointment_kinds")}
    return [{"at": one.starts_at.isoformat(), "way": ways.get(one.kind, "")} for one in found]


def _plan(case: Case, page: Page) -> list[dict[str, Any]]:
    given = plans.for_victim(case)
    return [
        {"goal": rules.plain(line.goal), "steps": [
            {"what": rules.plain(step.what), "by": step.by.isoformat() if step.by else ""} for step in line.steps
        ]} for line in (given.lines if given else ())
    ]  # fmt: skip


def _moved(case: Case, page: Page) -> list[dict[str, Any]]:
    """Each outcome that they answered about, from the first score to the latest, with the ends of the scale."""
    return [
        {"title": line.words, "change": str(line.change), "scores": list(line.scores), "ends": list(line.ends)}
        for line in outcomes.lines(case.pk)
    ]  # fmt: skip


def _way(case: Case, page: Page) -> list[dict[str, Any]]:
    return [
        {"part": way.part_words, "stages": [
            {"words": stage.words, "on": stage.when.isoformat(), "state": stage.state} for stage in way.stages
        ]} for way in justice.journey(case)
    ]  # fmt: skip


def _rights(case: Case, page: Page) -> list[dict[str, str]]:
    rows = rulebook.current("code_rights", clocks.london_date(page.written_at))
    return [{"title": row.title, "words": row.text("words")} for row in rows]


WRITERS = {"people": _people, "dates": _dates, "plan": _plan, "moved": _moved, "way": _way, "rights": _rights}


def wrong_words(case: Case, words: str, on: date) -> str:
    """Why a worker's own words may not stand on the page; empty where they may."""
    tells = [row.title for book in ("telling_words", "page_words") for row in rulebook.current(book, on)]
    faults = plan_rules.line_faults(words, plans.guarded(case, on))
    return rules.wrong_words(words, tells) or next(iter(faults), "")


def words_that_tell(said: Written, on: date) -> tuple[str, ...]:
    """Words of a page that would tell what it is about: whoever has it shown reads them first."""
    tells = [row.title for book in ("telling_words", "page_words") for row in rulebook.current(book, on)]
    text = json.dumps({key: value for key, value in said.items() if key != "state"})
    return tuple(dict.fromkeys(word for word in tells if rules.telling(text, [word])))


def not_for(case: Case, on: date, *, checked: bool) -> str:
    """Why this victim may not have a page of their own now."""
    return rules.not_for(
        closed=case.state == Case.State.CLOSED, died=case.closed_why == DIED, age=age_of(case.victim, on),
        youngest=casework.limit("own_page_youngest", on), adult=ADULT, checked=checked,
    )  # fmt: skip


def is_young(case: Case, on: date) -> bool:
    """Whether a worker has to say that they talked it through: a child, or nobody knows."""
    age = age_of(case.victim, on)
    return age is None or age < ADULT


def not_asked(case: Case, on: date) -> str:
    """Why this victim may not be asked how it was."""
    return rules.not_asked(
        closed=case.state == Case.State.CLOSED, died=case.closed_why == DIED, unsafe=case.closed_why == UNSAFE,
        handed_on=case.closed_why == TRANSFERRED, age=age_of(case.victim, on),
        youngest=casework.limit("own_page_youngest", on),
    )  # fmt: skip


# Opening.


def token_lookup(token: str) -> bytes:
    """The blind index of a link."""
    return crypt.blind("own_page_link", token)


@dataclass(frozen=True)
class Door:
    """A page that a way opened. `decoy`: it shows nothing of anybody."""

    page: Page
    key: Key

    @property
    def decoy(self) -> bool:
        return self.key.kind == Key.Kind.DECOY

    @property
    def feedback(self) -> bool:
        return self.key.kind == Key.Kind.FEEDBACK


def door(lookup: bytes, *, at: datetime, fresh: bool) -> Door | None:
    """The page that this blind index opens, or keeps open; presents its handle, so that row security shows it alone."""
    realms.present_ticket(lookup)
    key = Key.objects.filter(lookup=lookup).first()
    if key is None:
        return None
    realms.present_ticket(bytes(key.handle))
    page = Page.objects.filter(handle=key.handle).first()
    feedback, stands = key.kind == Key.Kind.FEEDBACK, _stands()
    way = rules.Way(
        once=feedback or key.kind == Key.Kind.LINK, expires_at=key.expires_at, used_at=key.used_at,
        on=page is not None and page.state == Page.State.ON and stands not in (Case.State.CLOSED, DEAD),
        ended_at=key.ended_at, feedback=feedback and stands != DEAD,
    )  # fmt: skip
    return Door(page, key) if page and rules.stands(way, at=at, fresh=fresh) else None


def _stands() -> str:
    """How the case of the page that is presented stands in this moment, by the database's own function; or a death."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT journey_stands()")
        return str(cursor.fetchone()[0])


def content(opened: Door, on: date) -> Written:
    """What is read on a page. A decoy takes the same steps as a page, and so does a page as a decoy."""
    crypt.load_keys([opened.page.victim_id])
    kept, dull = fields.read(opened.page, "content"), _decoy(opened.page, on)
    said: Written = json.loads(kept) if kept else {}
    return dull if opened.decoy else said


def _decoy(page: Page, on: date) -> Written:
    rows = rulebook.current("decoy_pages", on)
    row = next((row for row in rows if row.code == page.decoy), rows[0])
    made = clocks.london_date(page.turned_on_at or page.written_at)
    names = row.text("dates").split("|")
    days = rules.decoy_days(made, on, RHYTHMS[: len(names)])
    return {
        "decoy": True, "title": row.title, "standing": row.text("standing"), "who": row.text("who"),
        "list": row.text("list").split("|"),
        "dates": [{"on": day.isoformat(), "words": words} for words, day in zip(names, days, strict=False)],
    }  # fmt: skip


RHYTHMS = (9, 14, 20)


# What was said, for those who work on the case.


@dataclass(frozen=True)
class Word:
    """One thing that was said on the page, opened."""

    said: Said
    words: str
    read_by: str


def said_on(page: Page) -> tuple[Word, ...]:
    """What was said, the latest first."""
    found = list(Said.objects.filter(page=page).order_by("-said_at", "-id")[:SAID_AT_MOST])
    crypt.load_keys([page.victim_id])
    names = dict(User.objects.filter(pk__in={one.read_by for one in found if one.read_by}).values_list("pk", "name"))
    return tuple(
        Word(one, fields.read(one, "words"), names.get(one.read_by, "") if one.read_by else "") for one in found
    )


def unread(case: Case) -> int:
    return len(_unread(case))


def standing_keys(page: Page, at: datetime) -> Mapping[str, Key]:
    """The ways that open the page now, by their kind."""
    found = Key.objects.filter(page=page, ended_at=None).order_by("given_at")
    return {key.kind: key for key in found if key.expires_at is None or (key.expires_at > at and not key.used_at)}


@dataclass(frozen=True)
class Heard:
    """A complaint, or how it was, opened. `answers`: codes by question; `words`: what they wrote."""

    voice: Voice
    words: str
    outcome: str
    answers: Mapping[str, str] = field(default_factory=dict)


def heard(voice: Voice) -> Heard:
    """The caller logs the look."""
    crypt.load_keys([voice.victim_id])
    body = json.loads(fields.read(voice, "body"))
    return Heard(voice, body.get("words", ""), fields.read(voice, "outcome"), body.get("answers", {}))


def voices(by: Actor) -> tuple[Voice, ...]:
    """What came for whoever manages the service, the latest first."""
    found = Voice.objects.visible_to(by).filter(provider_id__in=by.own)
    return tuple(found.select_related("case__service").order_by("-said_at", "-id")[:SAID_AT_MOST])


def routes(on: date) -> tuple[tuple[str, str], ...]:
    """Who else takes a complaint: a name and words."""
    return tuple((row.title, row.text("words")) for row in rulebook.current("complaint_routes", on))


def answered_in(on: date) -> int:
    """The working days within which a complaint is answered."""
    return casework.working_days("own_page_complaint", on)


def questions(on: date) -> tuple[tuple[str, str, bool], ...]:
    """What is asked of how it was: code, words, and whether it is answered in one's own."""
    return tuple((row.code, row.title, row.flag("own_words")) for row in rulebook.current("feedback_questions", on))


def link_until(sent: datetime, code: str, on: date) -> datetime:
    """Until when a link that leaves at a moment can be opened."""
    unit = "days" if code == "own_page_feedback" else "hours"
    return sent + timedelta(**{unit: casework.limit(code, on)})


def case_of(key: UUID) -> Case | None:
    found: Case | None = Case.objects.select_related("service", "provider", "victim").filter(pk=key).first()
    return found


def voice(key: UUID) -> Voice | None:
    found: Voice | None = Voice.objects.select_related("case").filter(pk=key).first()
    return found


def said(key: UUID) -> Said | None:
    found: Said | None = Said.objects.select_related("case__victim").filter(pk=key).first()
    return found
