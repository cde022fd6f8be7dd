"""The journey through justice in words: its line, what is owed to the victim and by whom, its card, tab and log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alongside.core import clocks
from alongside.core.pages.filters import date_words, plural, time_words
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.justice import lifecycle, queries, rules
from alongside.support.cases.justice.models import Turn
from alongside.support.cases.justice.queries import Course, Happened, Words
from alongside.support.cases.justice.rules import Told

Tag = dict[str, str]
Names = Mapping[Any, str]
FORMER = "a former colleague"
STATES: Mapping[str, Tag] = {
    lifecycle.NOT_REPORTED: {"word": "Not reported", "colour": "grey"},
    lifecycle.GOING_ON: {"word": "Going on", "colour": "blue"},
    lifecycle.ENDED: {"word": "Ended", "colour": "grey"},
}
TELL_TAGS: Mapping[Told, Tag] = {
    Told.IN_TIME: {"word": "Told in time", "colour": "green"}, Told.LATE: {"word": "Told late", "colour": "orange"},
    Told.DUE: {"word": "To be told", "colour": "blue"}, Told.OVERDUE: {"word": "Late", "colour": "red"},
}  # fmt: skip
HELD, OPEN_DAY, OFF = "Set", "No new day yet", "No longer takes place"


def day_words(turn: Turn) -> str:
    """The day of a turn, with its hour if one is known."""
    return f"{date_words(turn.on)} at {time_words(turn.at_time)}" if turn.at_time else date_words(turn.on)


@dataclass(frozen=True)
class Entry:
    """A turn on the line: what, when, what was said about it, how news of it stands, what may be done with it."""

    turn: Turn
    title: str
    when: str
    tag: Tag | None
    lines: tuple[str, ...]
    note: str
    news: str
    news_tag: Tag | None
    due: str
    clock: str
    moved: tuple[str, ...]
    asked: tuple[str, ...]
    struck: str
    may: frozenset[str]

    @property
    def next(self) -> bool:
        """Whether something is to be done with it, beside taking it back."""
        return bool(self.may - {"strike_out"})


@dataclass(frozen=True)
class Part:
    """A part of the way: done, now, or not reached; with its turns."""

    code: str
    title: str
    reached: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Shown:
    """A proceeding on its page."""

    course: Course
    title: str
    tags: tuple[Tag, ...]
    summary: tuple[dict[str, str], ...]
    owed: tuple[Entry, ...]
    line: tuple[Part, ...]
    beside: tuple[Part, ...]
    struck: tuple[Entry, ...]


@dataclass(frozen=True)
class Speech:
    """What a page speaks with: words of the books, parts of the way, colleagues and forces by name, the time."""

    words: Words
    tracks: tuple[RuleRow, ...]
    names: Names
    forces: Names
    now: datetime


def shown(course: Course, speech: Speech) -> Shown:
    """A proceeding in words. A day that was moved is told with the day that it was moved to."""
    one, words, tracks = course.proceeding, speech.words, speech.tracks
    moved = {found.turn.after_id: found for found in course.turns if found.turn.state != lifecycle.STRUCK}
    by_key = {found.turn.pk: found for found in course.turns}
    entries: dict[str, list[Entry]] = {}
    struck = []
    for found in course.turns:
        shut = entry(found, by_key, words=words, names=speech.names, now=speech.now)
        if found.turn.state == lifecycle.STRUCK:
            struck.append(shut)
        elif found.turn.pk not in moved:
            entries.setdefault(found.rule.text("track"), []).append(shut)
    everything = [found for part in entries.values() for found in part]
    return Shown(
        course=course, title=words["crime_types"].get(one.crime_type, one.crime_type), tags=tuple(_tags(course)),
        summary=tuple(_summary(course, words, speech.forces)), struck=tuple(struck),
        owed=tuple(
            sorted((one for one in everything if _open(one.turn)), key=lambda one: str(one.turn.due_at))
        ),
        line=_line([row for row in tracks if row.flag("main")], entries),
        beside=tuple(
            Part(row.code, row.title, "", tuple(entries[row.code]))
            for row in tracks if not row.flag("main") and row.code in entries
        ),
    )  # fmt: skip


def _open(turn: Turn) -> bool:
    return turn.due_at is not None and turn.told_on is None and turn.state in (lifecycle.DONE, lifecycle.LISTED)


def _tags(course: Course) -> Iterable[Tag]:
    yield STATES[course.proceeding.state]
    if course.proceeding.entitlements:
        yield {"word": "Enhanced Rights", "colour": "purple"}
    if not course.proceeding.takes_part:
        yield {"word": "Has stepped back", "colour": "grey"}


def _summary(course: Course, words: Words, forces: Names) -> Iterable[dict[str, str]]:
    one = course.proceeding
    entitled = ", ".join(words["enhanced_entitlement"].get(code, code) for code in one.entitlements)
    rows = (
        ("Reported", words["justice_reported"].get(one.reported, one.reported)),
        ("Police force", forces.get(one.force, one.force)),
        ("Crime reference", course.crime_ref), ("Officer", course.officer),
        ("Court", ", ".join(filter(None, (words["court_kinds"].get(one.court_kind, ""), course.court)))),
        ("URN", course.urn), ("Enhanced Rights", entitled),
    )  # fmt: skip
    return ({"key": key, "value": value} for key, value in rows if value)


def _line(tracks: list[RuleRow], entries: Mapping[str, list[Entry]]) -> tuple[Part, ...]:
    """The main parts in order: all up to the last of which anything came or is set are done; that one is where it
    stands now."""
    reached = [row.code for row in tracks if any(one.turn.state in rules.STANDING for one in entries.get(row.code, ()))]
    last = max((number for number, row in enumerate(tracks) if row.code in reached), default=-1)
    return tuple(
        Part(row.code, row.title, _reached(number, last, entries.get(row.code)), tuple(entries.get(row.code, ())))
        for number, row in enumerate(tracks)
    )


def _reached(number: int, last: int, entries: object) -> str:
    if number == last:
        return "now"
    if number > last:
        return "ahead"
    return "done" if entries else "passed"


def entry(
    found: Happened, by_key: Mapping[Any, Happened], *, words: Words, names: Names, now: datetime
) -> Entry:  # fmt: skip
    turn = found.turn
    state = rules.told(turn.due_at, turn.told_on, now)
    return Entry(
        turn=turn, title=found.rule.title, when=day_words(turn), tag=_day_tag(turn, now),
        lines=tuple(_said(found, words)),
        note=found.note, news=_news(found, words), news_tag=TELL_TAGS.get(state) if turn.owes else None,
        due=date_words(turn.due_at) if turn.due_at else "", clock=_clock(turn, state, now),
        moved=tuple(_moved(found, by_key, words)), may=frozenset(_may(turn, now)),
        asked=tuple(
            f"Asked {low(words['justice_bodies'].get(one.body, one.body))} "
            f"{words['told_ways'].get(one.how, '').lower()}, "
            f"{date_words(one.on)}, by {names.get(one.recorded_by, FORMER)}.{' ' + note if note else ''}"
            for one, note in found.chases
        ),
        struck=(
            f"Struck out by {names.get(turn.struck_by, FORMER)}, {date_words(turn.struck_at)}: {found.struck_why}"
            if turn.struck_at else ""
        ),
    )  # fmt: skip


def low(words: str) -> str:
    """The name of a body inside a sentence: *The police* is *the police*, a proper name stays."""
    return words[:1].lower() + words[1:] if words.startswith(("The ", "A ", "We ", "Somebody ")) else words


def _whom(body: str, words: Words) -> str:
    """A body after *by*: by the police, by us."""
    return "us" if body == "us" else low(words["justice_bodies"].get(body, body))


def _day_tag(turn: Turn, now: datetime) -> Tag | None:
    if turn.state == lifecycle.POSTPONED:
        return {"word": OPEN_DAY, "colour": "orange"}
    if turn.state == lifecycle.TAKEN_OFF:
        return {"word": OFF, "colour": "grey"}
    if turn.state != lifecycle.LISTED:
        return None
    passed = turn.on < clocks.london_date(now)
    return {"word": "Say what came of it", "colour": "orange"} if passed else {"word": HELD, "colour": "blue"}


def _said(found: Happened, words: Words) -> Iterable[str]:
    turn = found.turn
    if turn.body:
        yield f"By {_whom(turn.body, words)}."
    for codes, lead in ((turn.answers, ""), (turn.also, "What might have helped: ")):
        if codes:
            yield lead + ", ".join(words["justice_answers"].get(code, code) for code in codes) + "."
    if turn.ended_why and turn.state in (lifecycle.POSTPONED, lifecycle.TAKEN_OFF):
        yield words["postponement_reasons"].get(turn.ended_why, turn.ended_why) + "."
    if turn.answer_by:
        last = f" After {date_words(turn.answer_last)} only in exceptional cases." if turn.answer_last else ""
        yield f"A review is normally asked for by {date_words(turn.answer_by)}.{last}"
    if turn.reassessed_on:
        said = words["reassess_answers"].get(turn.reassessed, turn.reassessed)
        yield f"Needs, {date_words(turn.reassessed_on)}. {said}."


def _moved(found: Happened, by_key: Mapping[Any, Happened], words: Words) -> Iterable[str]:
    """The days that it had before, the first first, each with why it was moved."""
    chain, turn = [], found.turn
    while turn.after_id and turn.after_id in by_key:
        turn = by_key[turn.after_id].turn
        chain.append(turn)
    for number, one in enumerate(reversed(chain)):
        why = words["postponement_reasons"].get(one.ended_why, one.ended_why)
        first = "First set for" if number == 0 else "Then set for"
        yield f"{first} {day_words(one)}. Moved: {why[:1].lower()}{why[1:]}."


def _news(found: Happened, words: Words) -> str:
    """Who owed the victim news of this, and what came of it."""
    turn = found.turn
    if turn.told_on:
        by = _whom(turn.told_by, words)
        how = words["told_ways"].get(turn.told_how, turn.told_how).lower()
        return (
            f"They were told on {date_words(turn.told_on)} by {by}{'' if turn.told_how == 'not_known' else ', ' + how}."
        )
    if not turn.owes or turn.state not in (lifecycle.DONE, lifecycle.LISTED):
        return ""
    duty = found.rule.text("duty")
    return f"{words['justice_bodies'].get(turn.owes, turn.owes)}: {duty[:1].lower()}{duty[1:]}."


def _clock(turn: Turn, state: Told, now: datetime) -> str:
    """How late news is or was, and under which time."""
    if turn.due_at is None or state == Told.NO_CLOCK:
        return ""
    if state == Told.DUE:
        left = clocks.working_days_between(now, turn.due_at)
        when = f"{plural(left, 'working day')} left" if left else "today"
    else:
        end = turn.told_on if turn.told_on else clocks.london_date(now)
        days = clocks.working_days_between(turn.due_at, end)
        when = "" if state == Told.IN_TIME else f"{plural(days, 'working day')} late" if days else "late"
    kind = "Enhanced Rights" if turn.enhanced else ""
    said = ", ".join(filter(None, (f"due {date_words(turn.due_at)}", when, kind)))
    return said[:1].upper() + said[1:]


def _may(turn: Turn, now: datetime) -> Iterable[str]:
    if turn.state == lifecycle.LISTED:
        yield "postpone"
        if turn.on <= clocks.london_date(now):
            yield "hold"
    if turn.state in (lifecycle.DONE, lifecycle.LISTED) and turn.owes and turn.told_on is None:
        yield "tell"
        yield "chase"
    if turn.reassess and turn.reassessed_on is None and turn.state == lifecycle.DONE:
        yield "reassess"
    if turn.state != lifecycle.STRUCK:
        yield "strike_out"


def grouped(rows: Iterable[RuleRow], tracks: Iterable[RuleRow]) -> list[tuple[RuleRow, list[RuleRow]]]:
    """The kinds of turn that may be recorded now, part by part."""
    rows = list(rows)
    found = [(track, [row for row in rows if row.text("track") == track.code]) for track in tracks]
    return [(track, kinds) for track, kinds in found if kinds]


def stats(counts: queries.Counts) -> list[dict[str, Any]]:
    """How the agencies kept the Code's times in this case, for `ui.stat_row`."""
    return [
        {"value": counts.in_time, "label": "Told in time"}, {"value": counts.late, "label": "Told late"},
        {"value": counts.overdue, "label": "Not told, and late", "tone": "warn" if counts.overdue else ""},
        {"value": counts.due, "label": "To be told"},
    ]  # fmt: skip


def title(turn: Turn) -> str:
    return queries.rule_of(turn).title


@dataclass(frozen=True)
class Ahead:
    """A line of the list across cases."""

    turn: Any
    name: str
    worker: str
    what: str
    when: str
    who: str
    late: str


def ahead(turns: Iterable[Turn], *, words: Words, names: Names, now: datetime) -> list[Ahead]:
    """Days at court, or news that is owed, across cases."""
    return [
        Ahead(
            turn=one, name=one.case.victim.full_name, what=title(one), when=day_words(one),
            worker=names.get(one.case.worker, FORMER) if one.case.worker else "Nobody yet",
            who=words["justice_bodies"].get(one.owes, ""),
            late=_clock(one, rules.told(one.due_at, one.told_on, now), now),
        )
        for one in turns
    ]  # fmt: skip
