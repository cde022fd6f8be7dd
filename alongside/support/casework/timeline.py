"""What happened in a case and what comes next, in words; its plan; changes in outcomes; who looked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core import clocks
from alongside.core.models import Event
from alongside.core.pages.filters import date_words, datetime_words
from alongside.support.casework import rules
from alongside.support.casework.models import Case, Need
from alongside.support.casework.queries import Names, Overview, Planned, Touched, Wanted, Words, Written
from alongside.support.outcomes.models import Assessment
from alongside.support.outcomes.queries import Journey
from alongside.support.outcomes.rules import HIGHEST, LOWEST, Change
from alongside.support.victims.queries import LookRow

FORMER = "a former colleague"
STOPPED = "Make no contact. If they come back, record their new answer on their record first."
Say = Callable[[Mapping[str, Any], Names, Words], str]


@dataclass(frozen=True)
class Moment:
    """A line of the timeline, for `ui.timeline`."""

    title: str
    at: datetime
    by: str
    text: str = ""
    tag: dict[str, str] | None = None
    html: str = ""
    links: tuple[dict[str, str], ...] = ()
    written_at: datetime | None = None
    struck: dict[str, Any] | None = None


def timeline(overview: Overview, names: Names, words: Words) -> tuple[Moment, ...]:
    """Everything that happened in a case, newest first: the log's moves, with the contacts and notes themselves."""
    found = [moment for event in overview.events if (moment := _of_event(event, names, words))]
    found += [_of_contact(touched, names, words) for touched in overview.contacts]
    for written in overview.notes:
        found.append(_of_note(written, "Note", names))
        found += [_of_note(added, "Note amended", names) for added in written.amendments]
    return tuple(sorted(found, key=lambda moment: moment.at, reverse=True))


def _task(case: Case, title: str, view: str, word: str, colour: str, hint: str = "") -> dict[str, Any]:
    href = reverse(f"casework:{view}", args=[case.pk])
    return {"title": title, "href": href, "hint": hint, "status": {"word": word, "colour": colour}}


def tasks(case: Case, found: Overview, *, stopped: bool, now: datetime) -> Iterable[dict[str, Any]]:
    """What is to be done next, in the order in which it is usually done. Whoever asked us to stop is left alone."""
    if stopped:
        yield _task(case, "They asked us to stop: close the case", "close", "To do", "red", STOPPED)
        return
    if case.first_contact_at is None:
        late = case.first_attempt_at is None and case.contact_due_at is not None and now > case.contact_due_at
        hint = f"First attempt due {date_words(case.contact_due_at)}" if case.first_attempt_at is None else ""
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
    return Moment(title, contact.happened_at, _name(names, contact.recorded_by), touched.note, tag)


def _of_note(written: Written, title: str, names: Names) -> Moment:
    return Moment(title, written.note.written_at, _name(names, written.note.written_by), written.words)


def _of_event(event: Event, names: Names, words: Words) -> Moment | None:
    """A move in words; None for what the contacts and notes say themselves."""
    say = TITLES.get(event.name)
    return Moment(say(event.details, names, words), event.at, _name(names, event.user_id)) if say else None


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


TITLES: Mapping[str, Say] = {
    "case.accepted": lambda details, names, words: "Offer accepted",
    "case.assigned": lambda details, names, words: f"Given to {_who(details, names)}",
    "case.covered": lambda details, names, words: (
        f"Covered by {_who(details, names)} until {date_words(date.fromisoformat(details['until']))}"
    ),
    "case.handed_over": lambda details, names, words: f"Without a worker: {_who(details, names)} has left",
    "case.need_found": lambda details, names, words: f"Need found: {_need(details, words)}",
    "case.need_revised": lambda details, names, words: f"Goal changed: {_need(details, words)}",
    "case.need_settled": lambda details, names, words: (
        f"{_need(details, words)}: {Need.State(details['state']).label.lower()}"
    ),
    "case.step_added": lambda details, names, words: f"Step added: {_need(details, words)}",
    "case.step_finished": lambda details, names, words: "A step of the plan is done",
    "case.assessed": lambda details, names, words: f"Outcomes assessed: {details['stage']}",
    "print.made": lambda details, names, words: "Case printed",
    "case.closed": lambda details, names, words: (
        f"Closed: {_reason(words, details['reason'])}"
    ),
    "case.reopened": lambda details, names, words: (
        f"Reopened: {_sentence(words['reopen_reasons'].get(details['reason'], details['reason']))} "
        f"It had been closed as: {_sentence(_reason(words, details['was']))}"
    ),
    "case.closing_corrected": lambda details, names, words: (
        f"Reason for closing corrected: {_sentence(_reason(words, details['reason']))} "
        f"It was: {_sentence(_reason(words, details['was']))}"
    ),
}  # fmt: skip


NEED_COLOURS: Mapping[str, str] = {Need.State.OPEN: "blue", Need.State.MET: "green", Need.State.NOT_MET: "grey"}


@dataclass(frozen=True)
class NeedShown:
    """A need of the plan in words."""

    wanted: Wanted
    title: str
    tag: dict[str, str]
    steps: tuple[tuple[Planned, bool], ...]


def plan(found: Iterable[Wanted], *, words: Words, today: date) -> list[NeedShown]:
    """The plan in words; each step with whether it is late."""
    return [
        NeedShown(
            wanted=wanted, title=words["needs"].get(wanted.need.code, wanted.need.code),
            tag={"word": wanted.need.get_state_display(), "colour": NEED_COLOURS[wanted.need.state]},
            steps=tuple(
                (planned, rules.late(planned.step.due_on, today, done=planned.step.done_at is not None))
                for planned in wanted.steps
            ),
        )
        for wanted in found
    ]  # fmt: skip


CHANGES: Mapping[str, tuple[str, str]] = {
    Change.IMPROVED: ("Improved", "green"),
    Change.SAME: ("No change", "blue"),
    Change.WORSE: ("Worse", "red"),
    Change.NOT_MEASURED: ("Not measured", "grey"),
}
WIDTH, HEIGHT, EDGE = 240, 72, 10


@dataclass(frozen=True)
class Line:
    """One outcome from its first score to its latest: words, colour, and the points of its drawing."""

    words: str
    first: float | None
    latest: float | None
    distance: str
    tag: dict[str, str]
    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True)
class JourneyShown:
    lines: tuple[Line, ...]
    sittings: tuple[Assessment, ...]
    enough: bool


def journey(found: Journey) -> JourneyShown:
    """First against latest for each outcome, with the sittings newest first."""
    lines = []
    for distance in found.distances:
        word, colour = CHANGES[distance.change]
        scores = [sitting.scores.get(distance.outcome) for sitting in found.sittings]
        moved = "" if distance.distance is None else f"{distance.distance:+g}".replace("-", "−").replace("+0", "0")
        tag = {"word": word, "colour": colour}
        lines.append(Line(distance.words, distance.first, distance.latest, moved, tag, _points(scores)))
    return JourneyShown(tuple(lines), tuple(reversed(found.sittings)), enough=found.latest is not None)


def _points(scores: list[float | None]) -> tuple[tuple[float, float], ...]:
    """Where each measured score stands in the drawing; a sitting without a score leaves a gap in time."""
    step = (WIDTH - 2 * EDGE) / max(len(scores) - 1, 1)
    tall = (HEIGHT - 2 * EDGE) / (HIGHEST - LOWEST)
    return tuple(
        (round(EDGE + place * step, 1), round(HEIGHT - EDGE - (score - LOWEST) * tall, 1))
        for place, score in enumerate(scores) if score is not None
    )  # fmt: skip


def looks(found: Iterable[LookRow], names: Names) -> list[dict[str, str]]:
    """Who looked, in words: a line for each person, day and reason. People elsewhere are named by where they work."""
    lines: dict[tuple[date, str, str], dict[str, datetime]] = {}
    for look in found:
        who = names.get(look.user_id, look.organisation) if look.user_id else look.organisation
        pages = lines.setdefault((clocks.london_date(look.at), who, look.reason), {})
        pages.setdefault(_page_words(look.route), look.at)
    return [
        {"at": datetime_words(max(pages.values())), "who": who, "reason": reason.capitalize(),
         "page": ", ".join(pages)}
        for (_, who, reason), pages in lines.items()
    ]  # fmt: skip


def _page_words(route: str) -> str:
    """A page as people would name it: the caseload, case overview, referral: assess."""
    domain, _, verb = route.partition(":")
    words = verb.replace("_", " ")
    return {
        "show": "overview",
        "reveal": "telephone or address opened",
        "print out": "print",
        "download": "list taken as a file",
    }.get(words, words) or domain
