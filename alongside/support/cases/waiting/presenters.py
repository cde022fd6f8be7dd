"""Waiting lists in words: lists and their rules, people in order and why, and what is told and due on a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, LooseEnd, Said, Tab, lines
from alongside.core.pages.filters import date_words, datetime_words, plural
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.agenda.rules import Kind, Titles
from alongside.support.cases.casework.models import Case
from alongside.support.cases.waiting import actions, lifecycle, queries, rules
from alongside.support.cases.waiting.models import KEEPS_PLACE, Entry, Place, PositionRule, WaitingList
from alongside.support.cases.waiting.queries import Length, Line, Waits
from alongside.support.cases.waiting.rules import Effect, Stand

Tag = dict[str, str]
Words = Mapping[str, Mapping[str, str]]
FORMER = "A former colleague"
COLOURS = {"WAITING": "blue", "PAUSED": "grey", "OFFERED": "yellow", "STARTED": "green", "DONE": "grey",
           "LEFT": "grey", "MOVED": "grey"}  # fmt: skip
DECIDE = {
    Entry.Decide.NO_ANSWER: "They did not answer an offer in time. Ask them, and decide: keep them on the list, pause "
    "them or take them off. Nothing happens by itself.",
    Entry.Decide.DECLINES: "They have said no to several places. Talk with them about what would suit. They have lost "
    "nothing by saying no.",
}  # fmt: skip


def called(held: WaitingList, words: Words) -> str:
    """What a list is called beside its service."""
    return words[queries.MODALITIES].get(held.modality, held.modality)


@dataclass(frozen=True)
class Listed:
    """One list among the others: how many wait, and what is out of the ordinary."""

    length: Length
    modality: str
    tag: Tag
    full: str


def listed(found: Iterable[Length], words: Words) -> tuple[Listed, ...]:
    return tuple(Listed(one, called(one.held, words), list_tag(one.held), over(one)) for one in found)


def list_tag(held: WaitingList) -> Tag:
    return {"word": held.get_state_display(), "colour": "green" if held.state == lifecycle.OPEN else "red"}


def over(length: Length) -> str:
    """How far a list is over its limit; empty where it is not."""
    limit = length.held.limit_people
    if limit is None or not rules.over_limit(length.people, limit):
        return ""
    return f"{plural(length.people - limit, 'person', 'people')} over its limit of {limit}"


def settings(held: WaitingList, rule: PositionRule) -> list[dict[str, Any]]:
    """How a list is set up, for whoever reads it."""
    capacity = (
        f"{plural(held.workers, 'worker')}, {held.each} people each" if held.workers and held.each else "Not said"
    )
    talk = f"After {plural(held.declines_talk, 'no', 'times no')}" if held.declines_talk else "Not asked for"
    most = plural(held.limit_people, "person", "people") if held.limit_people else "No limit"
    return [
        {"key": "Order", "value": f"Version {rule.number}, since {date_words(rule.from_on)}"},
        {"key": "Reviewed", "value": f"Every {plural(held.review_weeks, 'week')}"},
        {"key": "Kept in touch", "value": f"Every {plural(held.contact_weeks, 'week')}"},
        {"key": "To answer an offer", "value": plural(held.answer_days, "working day")},
        {"key": "A talk", "value": talk},
        {"key": "Limit", "value": most + (f", {plural(held.limit_weeks, 'week')}" if held.limit_weeks else "")},
        {"key": "Helps at one time", "value": capacity},
    ]  # fmt: skip


def stats(length: Length) -> list[dict[str, Any]]:
    return [
        {"value": length.people, "label": "on the list", "tone": "warn" if over(length) else ""},
        {"value": length.waiting, "label": "could take a place"}, {"value": length.paused, "label": "paused"},
        {"value": length.offered, "label": "have an offer"}, {"value": length.started, "label": "being helped"},
    ]  # fmt: skip


def why(stand: Stand) -> str:
    """Each part of the sum that gives somebody their position."""
    parts = [("for need", stand.need), ("for high risk", stand.risk), ("for time waited", stand.time)]
    said = [f"{rules.points(part)} {words}" for words, part in parts if part]
    return f"{rules.points(stand.total)} points" + (f": {', '.join(said)}" if said else "")


def waited(joined: date, today: date) -> str:
    """How long somebody has waited, in weeks; in days for the first fortnight."""
    days = (today - joined).days
    return plural(days, "day") if days < 2 * rules.WEEK else plural(days // rules.WEEK, "week")


def about(length: Length, rule: PositionRule, today: date) -> dict[str, Any]:
    """What stands above a list: how many wait, how it is ordered and set up, and whether it is closed or too long."""
    held = length.held
    return {"stats": stats(length), "over": over(length), "tag": list_tag(held), "order": order_words(rule, today),
            "settings": settings(held, rule), "people": length.people}  # fmt: skip


def title(held: WaitingList, words: Words) -> str:
    return f"{held.service.name}: {called(held, words)}"


def now(entry: Entry, words: Words) -> dict[str, str]:
    """What is set of somebody now."""
    wishes = ", ".join(words[queries.WISHES].get(code, code) for code in entry.wishes)
    return {"need": words[queries.NEEDS].get(entry.need, entry.need), "wishes": wishes}


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    line: Line
    need: str
    why: str
    waited: str
    tags: tuple[Tag, ...]


def rows(found: Iterable[Line], words: Words, today: date) -> tuple[Row, ...]:
    return tuple(
        Row(line, words[queries.NEEDS].get(line.entry.need, line.entry.need), why(line.stand),
            waited(line.entry.joined_on, today), tuple(_tags(line.entry, today)))
        for line in found
    )  # fmt: skip


def _tags(entry: Entry, today: date) -> Iterable[Tag]:
    if entry.case.restricted:
        yield {"word": "Restricted", "colour": "red"}
    if entry.case.high_risk:
        yield {"word": "High risk", "colour": "red"}
    if entry.decide:
        yield {"word": "Needs a decision", "colour": "orange"}
    if entry.state == lifecycle.PAUSED:
        over_ = entry.paused_until is not None and entry.paused_until < today
        yield {"word": "Pause is over", "colour": "orange"} if over_ else {"word": "Paused", "colour": "grey"}
    if entry.state == lifecycle.OFFERED:
        yield {"word": "Has an offer", "colour": "yellow"}
    if entry.review_due_on < today:
        yield {"word": "Review late", "colour": "orange"}
    if entry.contact_due_on < today:
        yield {"word": "Contact late", "colour": "orange"}


@dataclass(frozen=True)
class Moved:
    """What another rule would do to one person whom the reader may see."""

    reference: str
    name: str
    before: int
    after: int


def effect(found: Effect, people: Mapping[UUID, Entry]) -> tuple[Moved, ...]:
    """Those who would move most, of those whose records are open to the reader."""
    return tuple(
        Moved(entry.case.reference, entry.case.victim.full_name, shift.before, shift.after)
        for shift in found.most if (entry := people.get(shift.key))
    )  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A place of a case, in words: where it stands and why, what is set and due, and what may be done."""

    entry: Entry
    title: str
    tag: Tag
    place: str
    why: str
    decide: str
    summary: tuple[dict[str, Any], ...]
    offer: str
    late: bool
    past: tuple[str, ...]
    may: frozenset[str]


def standings(
    found: Iterable[Waits], words: Words, names: Mapping[UUID, str], *, now: datetime, today: date
) -> tuple[Standing, ...]:
    return tuple(_standing(one, words, names, now=now, today=today) for one in found)


def _standing(one: Waits, words: Words, names: Mapping[UUID, str], *, now: datetime, today: date) -> Standing:
    entry, stand = one.entry, one.stand
    waits = entry.state in KEEPS_PLACE
    return Standing(
        entry=entry, title=title(entry.list, words),
        tag={"word": entry.get_state_display(), "colour": COLOURS[entry.state]},
        place=f"{stand.position} of {one.of}" if stand else "", why=why(stand) if stand else "",
        decide=DECIDE.get(Entry.Decide(entry.decide), "") if entry.decide and waits else "",
        summary=tuple(_facts(one, words, names, today)),
        offer=offer_words(one.offer, names) if one.offer else "",
        late=one.offer is not None and one.offer.answer_by < now,
        past=tuple(place_words(place, words, names) for place in one.places if place.state != Place.State.OFFERED),
        may=frozenset(move.name for move in lifecycle.entry.moves_from(entry.state)),
    )  # fmt: skip


def _facts(one: Waits, words: Words, names: Mapping[UUID, str], today: date) -> Iterable[dict[str, Any]]:
    entry = one.entry
    until = entry.started_at or entry.ended_at
    time = waited(entry.joined_on, max(until.date(), entry.joined_on) if until else today)
    yield {"key": "Joined", "value": f"{date_words(entry.joined_on)}, {time} {'of waiting' if until else 'ago'}"}
    yield {"key": "Need", "value": words[queries.NEEDS].get(entry.need, entry.need)}
    if entry.wishes:
        yield {
            "key": "Would suit them",
            "value": ", ".join(words[queries.WISHES].get(code, code) for code in entry.wishes),
        }
    if entry.state == lifecycle.PAUSED:
        reason = words[queries.PAUSES].get(entry.paused_why, entry.paused_why)
        yield {"key": "Paused until", "value": f"{date_words(entry.paused_until)}: {reason}"}
    if entry.state in KEEPS_PLACE:
        yield {"key": "Next review", "value": date_words(entry.review_due_on)}
        yield {"key": "Next contact", "value": date_words(entry.contact_due_on)}
    if entry.worker:
        yield {"key": "Works with", "value": f"{names.get(entry.worker, FORMER)}, {_begins(one, today)}"}
    if entry.ended_why:
        reason = words[queries.LEAVINGS].get(entry.ended_why, entry.ended_why)
        yield {"key": "Left", "value": f"{date_words(entry.ended_at)}: {reason}"}
    if one.kept_until:
        yield {"key": "Keeps their day", "value": f"If they come back by {date_words(one.kept_until)}"}


def _begins(one: Waits, today: date) -> str:
    """From the day on which they first meet; the wait itself ended when they took the place."""
    taken = [place.starts_at for place in one.places if place.state == Place.State.TAKEN]
    first = london_date(max(filter(None, [one.entry.started_at, *taken[:1]])))
    return f"{'first meeting on' if first > today else 'since'} {date_words(first)}"


def offer_words(place: Place, names: Mapping[UUID, str]) -> str:
    who = names.get(place.worker, FORMER) if place.worker else FORMER
    return f"With {who}, from {datetime_words(place.starts_at)}. They answer by {date_words(place.answer_by)}."


def place_words(place: Place, words: Words, names: Mapping[UUID, str]) -> str:
    """A place that was offered before, and what became of it."""
    who = names.get(place.worker, FORMER) if place.worker else FORMER
    said = words[queries.DECLINES].get(place.reason, "")
    reason = words[queries.OUT_OF_TURN].get(place.out_of_turn, "")
    turn = f" Offered out of turn, as number {place.position}: {reason}." if place.out_of_turn else ""
    ended = f"{place.get_state_display()}{f', {date_words(place.ended_at)}'}{f': {said}' if said else ''}."
    return f"With {who}, from {date_words(place.starts_at)}. {ended}{turn}"


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    """On every page of a case, for its provider."""
    inside = by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)
    return (Tab("Waiting", "waiting", "waiting:case"),) if inside else ()


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the page of a case: what they wait for and since when. One question of the database."""
    found = queries.card(case) if by.realm == Realm.PROVIDER and by.may(P.CASE_WORK) else ()
    if found:
        titles = queries.words(at.date())[queries.MODALITIES]
        said = [
            f"{one['service']}, {titles.get(one['list__modality'], one['list__modality'])}: "
            f"{_SAID[one['state']]} {date_words(one['joined_on'])}{'. Needs a decision' if one['decide'] else ''}"
            for one in found
        ]  # fmt: skip
        yield lines("Waiting lists", said, link=("Waiting lists", reverse("waiting:case", args=[case.pk])))


_SAID = {"WAITING": "waits since", "PAUSED": "paused, joined", "OFFERED": "has an offer, joined",
         "STARTED": "has started, joined"}  # fmt: skip


def _title(details: Mapping[str, Any], titles: Titles) -> str:
    code = details.get("modality", "")
    return titles(queries.MODALITIES).get(code, code)


def _said(words: str, book: str = "", key: str = "", colour: str = "") -> Said:
    """An event: `{}` in its words is the list; with a book, what the code under a key means there comes after."""

    def tell(details: Mapping[str, Any], titles: Titles) -> str:
        more = titles(book).get(details.get(key, ""), "") if book else ""
        return words.format(_title(details, titles)) + (f": {more[:1].lower()}{more[1:]}" if more else "")

    return Said(tell, kind="waiting", view="waiting:case", colour=colour)


TOLD: Mapping[str, Said] = {
    "waiting.joined": _said("Joined the waiting list for {}", queries.NEEDS, "need"),
    "waiting.paused": _said("Paused on the list for {}", queries.PAUSES, "why"),
    "waiting.resumed": _said("Waits again for {}"),
    "waiting.reviewed": _said("Reviewed while waiting for {}", queries.NEEDS, "need"),
    "waiting.contacted": _said("Kept in touch while waiting for {}"),
    "waiting.offered": _said("Offered a place: {}", colour="blue"),
    "waiting.place_taken": _said("Took a place: {}", colour="green"),
    "waiting.place_declined": _said("Said no to a place, {}", queries.DECLINES, "reason"),
    "waiting.place_taken_back": _said("We took an offer back: {}"),
    "waiting.place_unanswered": _said("No answer to an offer: {}", colour="orange"),
    "waiting.kept": _said("Stays on the list after a talk: {}"),
    "waiting.moved": _said("Moved to the list for {}, with the day on which they joined"),
    "waiting.left": _said("Left the list for {}", queries.LEAVINGS, "why"),
    "waiting.finished": _said("Finished: {}", colour="green"),
}


def _due(words: str, group: str) -> Kind:
    return Kind(words=lambda details, titles: words.format(_title(details, titles)), view="waiting:case", group=group)


def _decision(details: Mapping[str, Any], titles: Titles) -> str:
    why = {
        Entry.Decide.NO_ANSWER: "They did not answer an offer",
        Entry.Decide.DECLINES: "Talk about places that they declined",
    }
    said = why.get(details.get("why", ""), "Their pause is over: ask if they are ready")
    return f"{said} ({_title(details, titles)})"


DUE: Mapping[str, Kind] = {
    actions.REVIEW: _due("Review them on the list for {}", "waiting"),
    actions.CONTACT: _due("Be in touch while they wait for {}", "waiting"),
    actions.ANSWER: _due("Their answer to an offer: {}", "waiting"),
    actions.DECIDE: Kind(words=_decision, view="waiting:case", group="waiting"),
}


def order_words(rule: PositionRule, today: date) -> tuple[str, ...]:
    """The rule of a list as whoever reads it is told."""
    return rules.rule_words(queries.weights(rule), queries.need_points(today))


def closed_words(found: Iterable[WaitingList], words: Words) -> tuple[dict[str, str], ...]:
    """Lists that take nobody new: since when, why, and what is offered meanwhile."""
    return tuple(
        {"title": f"{one.service.name}: {called(one, words)}", "since": date_words(one.closed_on),
         "why": one.closed_why, "meanwhile": one.meanwhile}
        for one in found
    )  # fmt: skip


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """Places on waiting lists end with the case."""
    if found := len(queries.card(case)):
        words = f"{plural(found, 'place')} on a waiting list {'ends' if found == 1 else 'end'} with the case"
        yield LooseEnd(words, "waiting:case")
