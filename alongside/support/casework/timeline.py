"""What happened in a case, in words: the log's moves, with the contacts and notes themselves."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alongside.core.models import Event
from alongside.core.pages.filters import date_words
from alongside.support.casework.models import Need
from alongside.support.casework.queries import Names, Overview, Touched, Words, Written

FORMER = "a former colleague"
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


def timeline(overview: Overview, names: Names, words: Words) -> tuple[Moment, ...]:
    """Everything that happened in a case, newest first: the log's moves, with the contacts and notes themselves."""
    found = [moment for event in overview.events if (moment := _of_event(event, names, words))]
    found += [_of_contact(touched, names, words) for touched in overview.contacts]
    for written in overview.notes:
        found.append(_of_note(written, "Note", names))
        found += [_of_note(added, "Note amended", names) for added in written.amendments]
    return tuple(sorted(found, key=lambda moment: moment.at, reverse=True))


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
    "case.printed": lambda details, names, words: "Case printed",
    "case.closed": lambda details, names, words: (
        f"Closed: {words['closure_reasons'].get(details['reason'], details['reason'])}"
    ),
}  # fmt: skip
