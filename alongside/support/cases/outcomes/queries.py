"""Reads of outcomes: the tools as they stand on a day, and the journey of one case through its assessments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.privacy import fields
from alongside.core.rows import ahead
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.outcomes import rules
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.rules import FOLLOW_UP, WHOLE, Change, Judged, Question, Reliable, Sitting, Tool

BOOK = "outcome_tools"


def as_tool(row: RuleRow) -> Tool:
    return rules.read_tool(row.code, row.version, row.title, row.body, since=row.since)


def tools(on: date) -> tuple[Tool, ...]:
    """Every tool in force on a day, in the order of the rulebook."""
    return tuple(map(as_tool, rulebook.current(BOOK, on)))


def tool(code: str, on: date) -> Tool | None:
    """A tool as it stands on a day; None where it is not given any more."""
    row = rulebook.find(BOOK, code, on)
    return as_tool(row) if row else None


def version(code: str, number: int) -> Tool | None:
    """A tool as one version of it has it; None for one that there never was."""
    found = (row for row in rulebook.history(BOOK, code) if row.version == number)
    return next(map(as_tool, found), None)


def versions(code: str, on: date) -> tuple[Tool, ...]:
    """Every version of a tool that was ever in force until a day, the newest first."""
    return tuple(as_tool(row) for row in rulebook.history(BOOK, code) if row.since <= on and row.since != row.until)


def as_asked(sitting: Assessment) -> Tool | None:
    """The tool under which somebody was asked."""
    return version(sitting.question_set, sitting.set_version)


def offered(age: int | None, service: str, on: date, *, used: Collection[str] = ()) -> tuple[Tool, ...]:
    """The tools for somebody of this age at this service: those used with them already first, whatever their age now,
    so that what they say can be held against what they said."""
    found = tools(on)
    begun = [one for one in found if one.code in used]
    return (*begun, *(one for one in found if one not in begun and one.fits(age, service)))


def tools_for(case_id: UUID, age: int | None, service: str, on: date, *, closed: bool) -> tuple[Tool, ...]:
    """The tools that may be given in a case. After closing there is only what was used before: a follow-up is held
    against something."""
    used = tuple(dict.fromkeys(sitting.question_set for sitting in sittings_of(case_id)))
    return tuple(one for one in offered(age, service, on, used=used) if not closed or one.code in used)


@dataclass(frozen=True)
class ToAsk:
    """The assessment that comes next: its tool, in the version in which it is or was asked, the versions of it, the
    others that may be given instead, and the stages it may be of."""

    tool: Tool
    versions: tuple[Tool, ...]
    others: tuple[Tool, ...]
    stages: tuple[str, ...]
    titles: Mapping[str, str]

    @property
    def parts(self) -> tuple[tuple[str, tuple[Question, ...]], ...]:
        """The questions, outcome by outcome, each under its words."""
        by_outcome: dict[str, list[Question]] = {}
        for question in self.tool.questions:
            by_outcome.setdefault(question.outcome, []).append(question)
        return tuple((self.titles.get(code, "Also asked"), tuple(found)) for code, found in by_outcome.items())


def to_ask(
    case_id: UUID, tools: Sequence[Tool], on: date, *, closed: bool, code: str = "", number: int = 0
) -> ToAsk | None:  # fmt: skip
    """The tool of this code, or the first of those for a case: what was used with them comes first, so that what they
    say can be held against what they said. None where there is no tool for them. `number`: the version that was on
    paper or on the screen, where it is not today's."""
    chosen = next((one for one in tools if one.code == code), tools[0] if tools else None)
    if chosen is None:
        return None
    used = any(sitting.question_set == chosen.code for sitting in sittings_of(case_id))
    past = versions(chosen.code, on)
    asked = next((one for one in past if one.version == number), chosen)
    others = tuple(one for one in tools if one != chosen)
    return ToAsk(asked, past, others, rules.stages(used=used, closed=closed), outcomes(on))


def outcomes(on: date) -> Mapping[str, str]:
    """The outcomes of the rulebook, by code, in their order."""
    return rulebook.titles("outcomes", on)


def improvement_step(on: date) -> float:
    """How many points count as improvement."""
    row = rulebook.find("limits", "improvement_step", on)
    return float(row.number("number")) if row else rules.STEP


@dataclass(frozen=True)
class Distance:
    """One outcome, or a tool as a whole, between two sittings of one tool, in points of its scale. `why`: why nobody
    can say; `later`: what a follow-up said against the first; `reliable`: for a whole tool that has the figures."""

    outcome: str
    words: str
    first: float | None
    latest: float | None
    distance: float | None
    change: Change
    why: str = ""
    tool: str = ""
    later: Change | None = None
    reliable: Reliable | None = None


@dataclass(frozen=True)
class Used:
    """A tool that was used in a case: as it was asked last, its sittings in order, and each of its parts."""

    tool: Tool
    sittings: tuple[Assessment, ...]
    whole: Distance
    distances: tuple[Distance, ...]


@dataclass(frozen=True)
class Journey:
    """A case's assessments in order; what became of each outcome; and the tools that were used, the first first."""

    sittings: tuple[Assessment, ...]
    distances: tuple[Distance, ...]
    used: tuple[Used, ...] = ()

    @property
    def first(self) -> Assessment | None:
        return self.sittings[0] if self.sittings else None

    @property
    def latest(self) -> Assessment | None:
        return self.sittings[-1] if len(self.sittings) > 1 else None


@ahead.question
def sittings_of(case_id: UUID) -> "QuerySet[Assessment]":
    """How somebody was assessed, the first first."""
    return Assessment.objects.filter(case_id=case_id).order_by("assessed_at", "id")


def journey(case_id: UUID, *, on: date | None = None) -> Journey:
    """The journey of one case. `on` is the day of the rules; without it, the day of the latest assessment."""
    sittings = tuple(sittings_of(case_id))
    if not sittings:
        return Journey((), ())
    day = on or clocks.london_date(sittings[-1].assessed_at)
    titles, step = outcomes(day), improvement_step(day)
    distances = tuple(
        _distance(code, words, rules.judge(sittings, code, step=step), sittings, step) for code, words in titles.items()
    )
    return Journey(sittings, distances, tuple(_used(sittings, titles, step)))


def _distance(
    part: str, words: str, judged: Judged, sittings: Sequence[Assessment], step: float, tool: Tool | None = None
) -> Distance:  # fmt: skip
    first, latest = _score(judged.first, part), _score(judged.latest, part)
    moved = None if judged.change in rules.UNSAID else rules.distance(first, latest)
    return Distance(
        part, words, first, latest, moved, judged.change, judged.why,
        tool=judged.first.question_set if judged.first else "", later=_later(part, judged, sittings, step),
        reliable=tool.reliable(moved) if tool and moved is not None and part == WHOLE else None,
    )  # fmt: skip


def _score(sitting: Sitting | None, part: str) -> float | None:
    return sitting.scores.get(part) if sitting else None


def _later(part: str, judged: Judged, sittings: Sequence[Assessment], step: float) -> Change | None:
    """What the latest follow-up with the same tool said against the first; None where there was none."""
    first = judged.first
    found = [
        one for one in sittings
        if first and one.stage == FOLLOW_UP and one.question_set == first.question_set and part in one.scores
    ]  # fmt: skip
    return rules.between(first, found[-1], part, step=step).change if first and found else None


def _used(sittings: Sequence[Assessment], titles: Mapping[str, str], step: float) -> Iterable[Used]:
    """Each tool that was used, with its whole and its outcomes. One whose rows are gone is left out."""
    for code in dict.fromkeys(one.question_set for one in sittings):
        sat = tuple(one for one in sittings if one.question_set == code)
        asked, counted = as_asked(sat[-1]), [one for one in sat if one.stage != FOLLOW_UP]
        if asked is None or not counted:
            continue
        lines = [
            _distance(part, words, rules.of_tool(counted, part, step=step), sat, step, asked)
            for part, words in ((WHOLE, asked.title), *((part, titles.get(part, part)) for part in asked.outcomes))
        ]
        yield Used(asked, sat, lines[0], tuple(lines[1:]))


def alike(sittings: Iterable[Assessment], tool: str, part: str) -> list[Assessment]:
    """The sittings with a tool that asked a part as the latest of them did: no line is drawn across other questions."""
    sat = [one for one in sittings if one.question_set == tool]
    return [one for one in sat if rules.same_questions(one, sat[-1], part)]


@dataclass(frozen=True)
class Line:
    """An outcome as its own person reads it: every score of the tool that counts, and the ends of its scale with the
    worse first. `change`: what the newest says against the first, a follow-up too."""

    words: str
    change: Change
    scores: tuple[float, ...]
    ends: tuple[int, int]


def lines(case_id: UUID) -> tuple[Line, ...]:
    """The outcomes of a case of which there is a score, follow-ups among them."""
    found = journey(case_id)
    tools = {one.tool.code: one for one in found.used}
    told = [(one, tools[one.tool]) for one in found.distances if one.tool in tools]
    made = [
        Line(
            one.words, one.later or one.change,
            tuple(
                score for sat in alike(used.sittings, one.tool, one.outcome)
                if (score := sat.scores.get(one.outcome)) is not None
            ),
            (used.tool.points[0], used.tool.points[-1]) if used.tool.higher else (
                used.tool.points[-1], used.tool.points[0]
            ),
        )
        for one, used in told
    ]  # fmt: skip
    return tuple(line for line in made if line.scores)


def own_words(sitting: Assessment) -> str:
    """What the person said, in their own words."""
    return fields.read(sitting, "words")
