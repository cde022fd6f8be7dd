"""What happened in a case and what comes next, in words; its plan; changes in outcomes; who looked. The many tables
that its page is made of are read in one statement (`rows.ahead`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages import beside, paging
from alongside.core.pages.beside import Moment
from alongside.core.pages.filters import date_words, datetime_words
from alongside.core.pages.paging import SIZE, page_of
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework import queries, rules
from alongside.support.cases.casework.models import Case, Need, Step
from alongside.support.cases.casework.queries import Names, Overview, Planned, Touched, Wanted, Words
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.queries import LookRow
from alongside.support.people.victims.rules import page_words

FORMER = "a former colleague"
STOPPED = "Make no contact. If they come back, record their new answer on their record first."
Say = Callable[[Mapping[str, Any], Names, Words], str]


KINDS = {"": "Everything", "contact": "Contacts",
         "note": "Notes", "plan": "Needs and plan", "outcome": "Outcomes", "risk": "Risk",
         "safety": "Safety plan", "session": "Appointments", "waiting": "Waiting", "justice": "Justice",
         "people": "People", "money": "Practical help", "sharing": "Sharing", "move": "Who and where"}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A part of what happened: moments, newest first; where the next part begins; what it can be narrowed to."""

    moments: tuple[Moment, ...]
    kind: str
    kinds: tuple[tuple[str, str], ...]
    later: bool
    before: str


def page(case: Case, *, by: Actor, names: Names, words: Words, kind: str, before: datetime | None) -> Page:
    """What happened in a case, newest first: the log's moves, and what domains keep of it in words."""
    told = beside.told("case")
    found = [*_moves(case, told, names, words, kind=kind, before=before)]
    if kind in ("", "contact"):
        found += contacts(queries.contacts(case, before=before, limit=queries.AT_ONCE + 1), names, words)
    found += beside.moments("case", case, by=by, names=names, before=before, limit=queries.AT_ONCE + 1, kind=kind)
    found.sort(key=lambda moment: moment.at, reverse=True)
    shown = found[: queries.AT_ONCE]
    while found[len(shown) :] and found[len(shown)].at == shown[-1].at:  # the next part begins before a moment
        shown.append(found[len(shown)])
    kinds = {"", "contact", "note", *(said.kind for said in told.values()), *(row[0] for row in TITLES.values())}
    return Page(
        tuple(shown), kind, tuple((code, title) for code, title in KINDS.items() if code in kinds),
        later=before is not None, before=shown[-1].at.isoformat() if len(found) > len(shown) else "",
    )  # fmt: skip


def _wanted(told: Mapping[str, beside.Said], kind: str) -> tuple[str, ...]:
    """The names of the events that a kind is made of."""
    own = {name for name, (of, _) in TITLES.items() if kind in ("", of)}
    return tuple(sorted(own | {name for name, said in told.items() if kind in ("", said.kind)}))


def _reads(case: Case) -> Iterable[QuerySet[Any]]:
    """What the first part of everything that happened is made of: to be read in one with more (`rows.ahead`)."""
    happened = queries.happened(case, _wanted(beside.told("case"), ""), None, queries.AT_ONCE + 1)
    return happened, queries.contacts_of(case, None, queries.AT_ONCE + 1)


def _moves(
    case: Case, told: Mapping[str, beside.Said], names: Names, words: Words, *, kind: str, before: datetime | None
) -> Iterable[Moment]:
    """Events in the words of their domains; those of casework in its own."""
    for event in queries.happened(case, _wanted(told, kind), before, queries.AT_ONCE + 1):
        who = _name(names, event.user_id)
        if event.name in TITLES:
            of, say = TITLES[event.name]
            yield Moment(say(event.details, names, words), event.at, who, kind=of)
            continue
        said = told[event.name]
        title = said.words(event.details, partial(rulebook.titles, on=clocks.london_date(event.at)))
        there = reverse(said.view, args=[case.pk]) if said.view else ""
        links = ({"text": "Open", "hidden": f": {title}", "href": there},) if there else ()
        tag = {"word": KINDS.get(said.kind, ""), "colour": said.colour} if said.colour else None
        yield Moment(title, event.at, who, tag=tag, links=links, kind=said.kind)


def _task(case: Case, title: str, view: str, word: str, colour: str, hint: str = "") -> dict[str, Any]:
    href = reverse(view if ":" in view else f"casework:{view}", args=[case.pk])
    return {"title": title, "href": href, "hint": hint, "status": {"word": word, "colour": colour}}


def tasks(case: Case, found: Overview, *, stopped: bool, now: datetime) -> Iterable[dict[str, Any]]:
    """What is to be done next, in the order in which it is usually done. Whoever asked us to stop is left alone."""
    if stopped:
        yield _task(case, "They asked us to stop: close the case", "closing:close", "To do", "red", STOPPED)
        return
    if case.first_contact_at is None:
        late = case.first_attempt_at is None and case.contact_due_at is not None and now > case.contact_due_at
        due = case.contact_due_at if case.first_attempt_at is None else None
        hint = f"First attempt due {date_words(due)}" if due else ""
        yield _task(
            case, "Make the first contact", "record_contact", *(("Late", "red") if late else ("To do", "blue")), hint
        )
    if not found.journey.sittings:
        yield _task(case, "Make the first assessment of outcomes", "assess", "To do", "blue")
    if not found.plan:
        yield _task(case, "Agree a plan", "plan", "To do", "blue")
    steps = [planned.step for wanted in found.plan for planned in wanted.steps if planned.step.done_at is None]
    if steps:
        overdue = sum(rules.late(step.due_on, clocks.london_date(now), done=False) for step in steps)
        words = ("Late", "red") if overdue else ("Going on", "green")
        yield _task(case, f"{len(steps)} {'step' if len(steps) == 1 else 'steps'} of the plan", "plan", *words,
                    f"{overdue} late" if overdue else "")  # fmt: skip


def contacts(touched: Iterable[Touched], names: Names, words: Words) -> list[Moment]:
    """Attempts and contacts alone."""
    return [_of_contact(one, names, words) for one in touched]


def _of_contact(touched: Touched, names: Names, words: Words) -> Moment:
    contact = touched.contact
    result = words["contact_results"].get(contact.result, contact.result)
    minutes = f", {contact.minutes} minutes" if contact.minutes else ""
    tag = {"word": "Contact", "colour": "green"} if contact.reached else {"word": "Attempt", "colour": "grey"}
    title = f"{contact.get_channel_display()}: {result[:1].lower()}{result[1:]}{minutes}"
    who = _name(names, contact.recorded_by)
    return Moment(title, contact.happened_at, who, touched.note, tag, kind="contact")


def _name(names: Names, person: UUID | None) -> str:
    return names.get(person, FORMER) if person else ""


def _who(details: Mapping[str, Any], names: Names) -> str:
    return names.get(UUID(details["worker"]), FORMER) if details.get("worker") else "nobody"


def _need(details: Mapping[str, Any], words: Words) -> str:
    return words["needs"].get(details["need"], details["need"])


def _reason(words: Words, code: str) -> str:
    return words["closure_reasons"].get(code, code)


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


TITLES: Mapping[str, tuple[str, Say]] = {
    "case.accepted": ("move", lambda details, names, words: "Offer accepted"),
    "case.assigned": ("move", lambda details, names, words: f"Given to {_who(details, names)}"),
    "case.covered": ("move", lambda details, names, words: (
        f"Covered by {_who(details, names)} until {date_words(date.fromisoformat(details['until']))}"
    )),
    "case.handed_over": ("move", lambda details, names, words: f"Without a worker: {_who(details, names)} has left"),
    "case.need_found": ("plan", lambda details, names, words: f"Need found: {_need(details, words)}"),
    "case.need_revised": ("plan", lambda details, names, words: f"Goal changed: {_need(details, words)}"),
    "case.need_settled": ("plan", lambda details, names, words: (
        f"{_need(details, words)}: {Need.State(details['state']).label.lower()}"
    )),
    "case.step_added": ("plan", lambda details, names, words: f"Step added: {_need(details, words)}"),
    "case.step_finished": ("plan", lambda details, names, words: "A step of the plan is done"),
    "case.assessed": ("outcome", lambda details, names, words: f"Outcomes assessed: {details['stage']}"),
    "print.made": (
        "move", lambda details, names, words: "Plan printed" if details.get("what") == "plan" else "Case printed"
    ),
    "case.closed": ("move", lambda details, names, words: (
        f"Closed: {_reason(words, details['reason'])}"
    )),
    "case.reopened": ("move", lambda details, names, words: (
        f"Reopened: {_sentence(words['reopen_reasons'].get(details['reason'], details['reason']))} "
        f"It had been closed as: {_sentence(_reason(words, details['was']))}"
    )),
    "case.closing_corrected": ("move", lambda details, names, words: (
        f"Reason for closing corrected: {_sentence(_reason(words, details['reason']))} "
        f"It was: {_sentence(_reason(words, details['was']))}"
    )),
}  # fmt: skip


NEED_COLOURS: Mapping[str, str] = {Need.State.OPEN: "blue", Need.State.MET: "green", Need.State.NOT_MET: "grey"}


@dataclass(frozen=True)
class NeedShown:
    """A need of the plan in words, with as many of its steps as a page shows; each step with whether it is late."""

    wanted: Wanted
    title: str
    tag: dict[str, str]
    steps: tuple[tuple[Planned, bool], ...]
    total: int


def plan(found: Iterable[Wanted], *, words: Words, today: date) -> list[NeedShown]:
    """The plan in words."""
    return [_need_shown(wanted, len(wanted.steps), words=words, today=today) for wanted in found]


def plan_in_short(case: Case, *, words: Words, today: date) -> list[NeedShown]:
    """The plan in words. Of a need with very many steps those that are not done come before those that are."""
    crypt.load_keys([case.victim_id])
    totals = dict(Step.objects.filter(case=case).values_list("need").annotate(Count("pk")).order_by())
    steps: dict[UUID, list[Step]] = {}
    for step in _first_steps(case):
        steps.setdefault(step.need_id, []).append(step)
    wanted = (_with_steps(need, steps.get(need.pk, ())) for need in queries.needs_of(case))
    return [_need_shown(one, totals.get(one.need.pk, 0), words=words, today=today) for one in wanted]


def _first_steps(case: Case) -> QuerySet[Step]:
    place = Window(
        RowNumber(), partition_by=F("need_id"), order_by=[F("done_at").asc(nulls_first=True), F("added_at"), F("id")]
    )
    return Step.objects.filter(case=case).annotate(place=place).filter(place__lte=SIZE).order_by("added_at", "id")


def _with_steps(need: Need, steps: Iterable[Step]) -> Wanted:
    return Wanted(need, fields.read(need, "goal"), tuple(Planned(step, fields.read(step, "what")) for step in steps))


def _need_shown(wanted: Wanted, total: int, *, words: Words, today: date) -> NeedShown:
    need = wanted.need
    return NeedShown(
        wanted=wanted, title=words["needs"].get(need.code, need.code), total=total,
        tag={"word": need.get_state_display(), "colour": NEED_COLOURS[need.state]},
        steps=tuple(
            (planned, rules.late(planned.step.due_on, today, done=planned.step.done_at is not None))
            for planned in wanted.steps
        ),
    )  # fmt: skip


def steps(need: Need, *, after: str, before: str, words: Words, today: date) -> tuple[NeedShown, paging.Page]:
    """A page of the steps of one need, the first first."""
    crypt.load_keys([need.victim_id])
    found = Step.objects.filter(need=need)
    page = page_of(found, order=("added_at", "id"), after=after, before=before)
    return _need_shown(_with_steps(need, page.rows), found.count(), words=words, today=today), page


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def looks(found: Iterable[LookRow], names: Names) -> list[dict[str, str]]:
    """Who looked, in words: a line for each person, day and reason. People elsewhere are named by where they work."""
    lines: dict[tuple[date, str, str], dict[str, datetime]] = {}
    for look in found:
        who = names.get(look.user_id, look.organisation) if look.user_id else look.organisation
        pages = lines.setdefault((clocks.london_date(look.at), who, look.reason), {})
        pages.setdefault(page_words(look.route), look.at)
    return [
        {"at": datetime_words(max(pages.values())), "who": who, "reason": reason.capitalize(),
         "page": _sentence_case("; ".join(pages))}
        for (_, who, reason), pages in lines.items()
    ]  # fmt: skip


PARENTS: tuple[tuple[str, Any], ...] = (("victim", Victim), ("referral", Referral), ("service", Service))


def read_ahead(case: Case, *, by: Actor, at: datetime) -> None:
    """Reads what the first page of a case will ask: its parents, its head, what happened, and what stands beside it."""
    wanted = [model.objects.filter(pk=getattr(case, f"{name}_id")) for name, model in PARENTS]
    found = ahead.read([*wanted, *_head(case, at), *_own(case), *beside.reads("case", case, by=by, at=at)])
    for (name, _), rows in zip(PARENTS, found, strict=False):
        for row in rows:
            setattr(case, name, row)


def _head(case: Case, at: datetime) -> Iterable[QuerySet[Any]]:
    """What every page of a case begins with."""
    yield crypt.sealed_keys((case.victim_id,))
    yield from messages.reads(case.victim_id, clocks.london_date(at))
    yield from victims.reads(case.victim_id)
    yield from referrals.reads(case.referral_id)


def _own(case: Case) -> Iterable[QuerySet[Any]]:
    yield from (queries.steps_of(case), queries.needs_of(case), outcomes.sittings_of(case.pk))
    yield from _reads(case)
