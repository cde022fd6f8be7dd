"""Words and colours for the pages of casework."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages import beside
from alongside.core.pages.filters import date_words
from alongside.core.privacy.whereabouts import printable
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.messages.queries import SafeContact
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.rules import NOT_KNOWN
from alongside.support.cases.casework import lifecycle, rules
from alongside.support.cases.casework.caseload import COUNT_UP_TO, ToDo
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import Names, Opened, Overview, Touched, Wanted, Words
from alongside.support.cases.casework.timeline import NeedShown, plan, tasks
from alongside.support.cases.outcomes.presenters import JourneyShown, journey
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.rules import NO_CONTACT, age_on, warning

FORMER = "A former colleague"
ASK_THE_HUB = "Ask the hub how they can safely be reached. The plan and notes can go on meanwhile."
Tag = dict[str, str]
COLOURS = {lifecycle.WAITING: "yellow", lifecycle.OPEN: "green", lifecycle.CLOSED: "grey"}
ASKED_TO_STOP: Tag = {"word": "Asked us to stop", "colour": "red"}
RESTRICTED: Tag = {"word": "Restricted", "colour": "red"}  # named people alone see it, and this tag with it
ADDED = {"words": "They told us more", "contact": "They changed what is safe", "withdraw": "They ask us to stop"}
KINDS = {"phone": "Telephone", "email": "E-mail", "address": "Address"}
TABS = (("Overview", "show"), ("Plan", "plan"), ("Contacts", "contacts"), ("Outcomes", "outcomes"),
        ("Who looked", "looks"))  # fmt: skip
SELDOM = ("outcomes", "looks")


STATE_TAGS: Mapping[str, Tag] = {
    state: {"word": word, "colour": COLOURS[state]} for state, word in Case.State.choices
}  # fmt: skip


def state_tag(case: Case) -> Tag:
    return STATE_TAGS[case.state]


@dataclass(frozen=True)
class Clock:
    """The first-contact clock of a case, for `ui.clock_tag`."""

    due: datetime | None
    state: str | None
    days: int | None = None


def clock(case: Case, now: datetime) -> Clock:
    """How the first attempt to make contact stands; nothing once it has been made late and the case has started."""
    if case.contact_due_at is None or case.state == lifecycle.CLOSED:
        return Clock(None, None)
    return clock_to(case.contact_due_at, now) if case.first_attempt_at is None else Clock(None, None)


def clock_to(due: datetime, now: datetime) -> Clock:
    """A clock that still runs, with the working days that are left or too many."""
    state = clocks.state(due, now)
    span = (due, now) if state == clocks.ClockState.LATE else (now, due)
    return Clock(due, state, clocks.working_days_between(*span))


@dataclass(frozen=True)
class Row:
    """A line of the list of cases; `case` is of `caseload.lines`."""

    case: Any
    name: str
    worker: str
    crime: str
    tag: Tag
    clock: Clock


def rows(cases: Iterable[Any], *, names: Names, crimes: Mapping[str, str], now: datetime) -> list[Row]:
    """The lines of the list of cases."""
    today = clocks.london_date(now)
    return [
        Row(case=case, name=_name(case), worker=_worker(case, names, today), tag=state_tag(case),
            crime=crimes.get(case.crime_type, case.crime_type), clock=clock(case, now))
        for case in cases
    ]  # fmt: skip


def _name(case: Any) -> str:
    return Victim.name_of(
        case.victim__kind, case.victim__business_name, case.victim__title, case.victim__given_name,
        case.victim__family_name,
    )  # fmt: skip


def _worker(case: Case, names: Names, today: date) -> str:
    worker = names.get(case.worker, FORMER) if case.worker else ""
    if case.cover and rules.cover_is_on(case.cover_until, today):
        return f"{worker or 'Nobody'}, covered by {names.get(case.cover, FORMER)}"
    return worker


def to_do(waiting: ToDo) -> list[dict[str, Any]]:
    """What waits, for `ui.stat_row`."""
    home = reverse("casework:caseload")
    return [
        {"value": _count(waiting.mine), "label": "Mine and those I cover", "href": f"{home}?whose=mine"},
        {"value": _count(waiting.nobodys), "label": "With no worker", "href": f"{home}?whose=nobody",
         "tone": _warn(waiting.nobodys)},
        {"value": _count(waiting.late), "label": "First contact late",
         "href": f"{home}?whose=&state=waiting&sort=accepted", "tone": _warn(waiting.late)},
        {"value": _count(waiting.offers), "label": "Offers to answer", "href": reverse("casework:offers")},
    ]  # fmt: skip


def _count(found: int) -> str:
    return f"{found} or more" if found >= COUNT_UP_TO else str(found)


def _warn(count: int) -> str:
    return "warn" if count else ""


@dataclass(frozen=True)
class Offered:
    """An offer in words, without identity."""

    offer: Offer
    crime: str
    age: str
    language: str
    access: str
    needs: str
    council: str
    harder: str
    flags: str
    stopped: str
    clock: Clock


def offers(
    found: Iterable[Offer], *, words: Words, councils: Mapping[str, str], days: int, now: datetime
) -> list[Offered]:
    """Offers in words; `days`: the working days in which to answer."""
    return [
        Offered(
            offer=offer, crime=_word(words, "crime_types", offer.crime_type),
            age=words["age_bands"].get(offer.age_band, "Not known"), language=_word(words, "languages", offer.language),
            access=_access(words, offer), needs=_list(words, "needs", offer.needs),
            council=councils.get(offer.council, ""),
            harder=_list(words, "vulnerability_factors", offer.vulnerability),
            flags=_list(words, "markers", offer.markers), stopped=warning(offer.stopped_at),
            clock=clock_to(clocks.due(offer.offered_at, days), now),
        )
        for offer in found
    ]  # fmt: skip


def _access(words: Words, offer: Offer) -> str:
    """What they need so that they can use the service, an interpreter first."""
    needed = ["An interpreter"] if offer.interpreter == "yes" and "interpreter" not in offer.access_needs else []
    return ", ".join([*needed, *(_word(words, "access_needs", code) for code in offer.access_needs)])


def _word(words: Words, book: str, code: str) -> str:
    return words[book].get(code, code)


def _list(words: Words, book: str, codes: Iterable[str]) -> str:
    return ", ".join(_word(words, book, code) for code in codes)


@dataclass(frozen=True)
class Head:
    """What every page of a case says first: who it is, how safe contact is, and where the pages of the case are."""

    case: Case
    name: str
    facts: tuple[dict[str, str], ...]
    tags: tuple[Tag, ...]
    warning: str
    strip: dict[str, Any]
    tabs: tuple[dict[str, Any], ...]


def head(
    case: Case, opened: Opened, *, by: Actor, today: date, tab: str, further: Iterable[dict[str, Any]] = ()
) -> Head:  # fmt: skip
    victim = case.victim
    return Head(
        case=case, name=victim.full_name, tags=tuple(_tags(case, victim, opened, by)),
        strip=strip(opened.safe) | (NO_CONTACT if opened.stopped else {}) | {"note": opened.child},
        warning=warning(opened.stopped),
        facts=tuple(_facts(case, victim, opened, today)), tabs=tuple(_tabs(case, tab, further)),
    )  # fmt: skip


def _tags(case: Case, victim: Victim, opened: Opened, by: Actor) -> Iterable[Tag]:
    """A wish to stop before all else; then where the case stands, what is grave, and what the crime is marked with."""
    if opened.stopped:
        yield ASKED_TO_STOP
    if case.restricted:
        yield RESTRICTED
    yield state_tag(case)
    if case.high_risk:
        yield {"word": "High risk", "colour": "red"}
    if victim.location_protected:
        yield {"word": "Location protected", "colour": "purple"}
    if not case.referral.reported and True not in beside.known("case.reported", case, by):
        known = case.referral.why_not_reported != NOT_KNOWN
        yield {"word": "Not reported to police" if known else "Police: not known", "colour": "grey"}
    for code in opened.flags:
        yield {"word": _word(opened.words, "markers", code), "colour": "magenta"}


def _facts(case: Case, victim: Victim, opened: Opened, today: date) -> Iterable[dict[str, str]]:
    yield {"label": "Reference", "value": case.reference}
    if victim.birth_date:
        yield {"label": "Age", "value": str(age_on(victim.birth_date, today))}
    if victim.language:
        yield {"label": "Language", "value": _word(opened.words, "languages", victim.language)}
    if victim.interpreter == "yes":
        yield {"label": "Interpreter", "value": "Needed"}
    if opened.access_needs:
        yield {"label": "Access needs", "value": opened.access_needs}
    yield {"label": "Worker", "value": opened.names.get(case.worker, FORMER) if case.worker else "Nobody yet"}
    if case.cover and rules.cover_is_on(case.cover_until, today):
        value = f"{opened.names.get(case.cover, FORMER)}, until {date_words(case.cover_until)}"
        yield {"label": "Covered by", "value": value}


def _tabs(case: Case, tab: str, further: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The pages of a case; those of domains above come before who looked, which is always last."""
    for text, view in TABS:
        if view == "outcomes":
            yield from further
        href = reverse(f"casework:{view}", args=[case.pk])
        yield {"text": text, "href": href, "current": view == tab, "more": view in SELDOM}


def strip(safe: SafeContact) -> dict[str, Any]:
    """Safe contact for `ui.safe_contact_strip`."""
    usable = [channel for channel in safe.channels if channel.may_call]
    sure = any(channel.safe == "yes" for channel in usable)
    never = [f"{channel.words} ({channel.kind})" for channel in safe.channels if channel.safe == "no"]
    state = "unsafe" if safe.danger else "safe" if sure else "ask"
    return {
        "state": state,
        "words": safe.headline,
        "also": safe.also,
        "never": never,
        "next": ASK_THE_HUB if safe.danger else "",
    }


@dataclass(frozen=True)
class Shown:
    """The first page of a case: what to do next, what is known, and what happened."""

    tasks: tuple[dict[str, Any], ...]
    summary: tuple[dict[str, Any], ...]
    told: tuple[dict[str, Any], ...]
    added: tuple[dict[str, Any], ...]
    may: frozenset[str]
    reopens_until: str


def overview(case: Case, found: Overview, opened: Opened, *, by: Actor, now: datetime) -> Shown:
    going_on, until = case.state != lifecycle.CLOSED, found.reopens_until
    reopens = until is not None and case.closed_why != rules.TRANSFERRED and clocks.london_date(now) <= until
    return Shown(
        tasks=tuple(tasks(case, found, stopped=opened.stopped is not None, now=now)) if going_on else (),
        summary=tuple(_summary(case, found, opened.words)),
        told=tuple(_told(found, opened.words)),
        added=tuple({"what": ADDED[one.kind], "words": words, "at": one.added_at} for one, words in found.told.added),
        may=frozenset(_may(case, by, reopens=reopens)),
        reopens_until=date_words(found.reopens_until) if reopens else "",
    )


def _told(found: Overview, words: Words) -> Iterable[dict[str, Any]]:
    told, referral = found.told, found.referral
    rows = (
        ("Reported to the police", _reported(referral, words)),
        ("What makes it harder", _list(words, "vulnerability_factors", told.vulnerability)),
        ("What the referrer wrote", told.notes),
        ("Why the hub assessed so", told.reason),
        ("Officer", told.officer),
    )
    return ({"key": key, "value": value, "written": True} for key, value in rows if value)


def _reported(referral: Referral, words: Words) -> str:
    why = words["not_reported_reasons"].get(referral.why_not_reported, "")
    if referral.why_not_reported == NOT_KNOWN:
        return "Not known"
    return "Yes" if referral.reported else f"No. {why}" if why else "No"


def _may(case: Case, by: Actor, *, reopens: bool) -> Iterable[str]:
    """The verbs whose buttons show."""
    yield "add_note"
    if by.may(Permission.CASE_PRINT):
        yield "print_out"
    if case.state == lifecycle.CLOSED:
        if case.closed_why != rules.TRANSFERRED and by.may(lifecycle.case.needs("reopen")):
            yield from ("reopen", "correct_closing") if reopens else ("correct_closing",)
        return
    manages = by.may(Permission.CASE_ASSIGN)
    covers = rules.may_cover(may_assign_others=manages, chooser=by.user_id, holder=case.worker)
    yield from ("record_contact", "cover") if covers else ("record_contact",)
    if manages:
        yield "assign"
    elif case.worker is None:
        yield "take"
    if any(move.name == "close" and by.may(move.needs) for move in lifecycle.case.moves_from(case.state)):
        yield "close"


def _summary(case: Case, found: Overview, words: Words) -> Iterable[dict[str, Any]]:
    referral = found.referral
    yield {"key": "Service", "value": case.service.name}
    yield {"key": "What happened", "value": _word(words, "crime_types", case.crime_type)}
    yield {"key": "Needs found by the hub", "value": _list(words, "needs", referral.needs)}
    entitled = _list(words, "enhanced_entitlement", referral.entitlements)
    yield {"key": "Enhanced Rights", "value": entitled or "None found by the hub"}
    yield {"key": "Accepted", "value": date_words(case.accepted_at)}
    yield {"key": "First contact", "value": date_words(case.first_contact_at) or "Not yet"}
    yield {"key": "Latest contact", "value": date_words(case.last_contact_at) or "None"}
    if case.closed_at:
        yield {"key": "Closed", "value": date_words(case.closed_at)}
        yield {"key": "Why", "value": _word(words, "closure_reasons", case.closed_why)}
    if case.unmeasured_why:
        yield {"key": "No last assessment", "value": _word(words, "unmeasured_reasons", case.unmeasured_why)}


def shell(case: Case, *, words: Words, stopped: datetime | None) -> list[dict[str, Any]]:
    """What the hub sees of a case: that it goes on, and nothing inside it."""
    rows = [
        ("Asked us to stop", warning(stopped)),
        ("Provider", case.provider.name),
        ("Service", case.service.name),
        ("What happened", _word(words, "crime_types", case.crime_type)),
        ("Accepted", date_words(case.accepted_at)),
        ("First contact", date_words(case.first_contact_at) or "Not yet"),
        ("Closed", date_words(case.closed_at) or "No"),
        ("Why", _word(words, "closure_reasons", case.closed_why)),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


@dataclass(frozen=True)
class Paper:
    """What may be printed of a case."""

    summary: tuple[dict[str, Any], ...]
    plan: list[NeedShown]
    contacts: tuple[tuple[str, str, str], ...]
    journey: JourneyShown


def paper(case: Case, found: Overview, touched: Iterable[Touched], *, words: Words, today: date) -> Paper:
    """A case for paper: dates, codes and the plan, with addresses left out of what people wrote; no notes."""
    contacts = tuple(
        (date_words(one.contact.happened_at), one.contact.get_channel_display(),
         _word(words, "contact_results", one.contact.result))
        for one in touched
    )  # fmt: skip
    fit = [_fit_to_print(wanted) for wanted in found.plan]
    return Paper(
        summary=tuple(_summary(case, found, words)), plan=plan(fit, words=words, today=today), contacts=contacts,
        journey=journey(found.journey),
    )  # fmt: skip


def _fit_to_print(wanted: Wanted) -> Wanted:
    steps = tuple(replace(planned, what=printable(planned.what)) for planned in wanted.steps)
    return replace(wanted, goal=printable(wanted.goal), steps=steps)
