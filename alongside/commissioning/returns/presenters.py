"""Returns in words: how one stands, each answer with what it moved by and why, both sides of another figure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from alongside.commissioning.returns import lifecycle, queries, rules
from alongside.commissioning.returns.models import Query, Return
from alongside.commissioning.returns.queries import Mover
from alongside.commissioning.returns.rules import Change, Held, Problem
from alongside.commissioning.templates.rules import Kind, Question, Template, asked
from alongside.core.access.actor import Actor
from alongside.core.money import format as money
from alongside.core.money import parse as pence
from alongside.core.pages.filters import date_words, number, percent, plural
from alongside.core.pages.tables import Sort
from alongside.core.periods import Quarter
from alongside.core.rows.realms import Realm
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Manifest
from alongside.foundation.office.documents.rules import KINDS, size_words

COLOURS = {lifecycle.OPEN: "blue", lifecycle.SENT: "yellow", lifecycle.QUERIED: "orange",
           lifecycle.CERTIFIED: "turquoise", lifecycle.LOCKED: "green"}  # fmt: skip


@dataclass(frozen=True)
class Tag:
    word: str
    colour: str


@dataclass(frozen=True)
class Line:
    """One group of a figure that is broken down: now, the quarter before, and its own page."""

    label: str
    words: str
    before: str
    href: str


@dataclass(frozen=True)
class Shown:
    """One question with its answer as it is read, and what has been asked about it."""

    question: Question
    held: Held
    words: str
    own: str
    why: str
    before: str
    moved: str
    most_of_it: str
    said_then: str
    about: str
    href: str
    definition: str
    measure_href: str
    lines: tuple[Line, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    papers: tuple[dict[str, str], ...] = ()
    threads: tuple[dict[str, Any], ...] = ()
    problems: tuple[Problem, ...] = ()
    far: bool = False
    only_when: str = ""
    rounded: bool = False


@dataclass(frozen=True)
class Part:
    """A section with its answers; `left`: how many things are still to be mended in it."""

    code: str
    title: str
    intro: str
    shown: tuple[Shown, ...]
    left: int = 0


@dataclass(frozen=True)
class Beside:
    """What an answer is shown with."""

    filing: Return
    template: Template
    manifest: Manifest | None
    reader: Actor
    then: Mapping[str, Held] = field(default_factory=dict)
    threads: Mapping[str, Sequence[Query]] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    movers: bool = True

    @property
    def is_provider(self) -> bool:
        return self.reader.realm == Realm.PROVIDER


def tag(filing: Return) -> Tag:
    return Tag(lifecycle.WORDS[filing.state], COLOURS[filing.state])


def quarter_words(filing: Return) -> str:
    return Quarter.parse(filing.quarter).label


def due_words(filing: Return, on: date) -> str:
    """When it is due, said from today."""
    days = (filing.due_on - on).days
    if filing.state not in lifecycle.WRITTEN or filing.round:
        return f"Due {date_words(filing.due_on)}"
    if days < 0:
        return f"{plural(-days, 'day')} late: it was due {date_words(filing.due_on)}"
    return f"Due {date_words(filing.due_on)}" + (", today" if days == 0 else f", in {plural(days, 'day')}")


def parts(held: Mapping[str, Held], with_: Beside, *, only: str = "") -> tuple[Part, ...]:
    """The return as it is read, section by section; sections of which nothing is asked are left out."""
    open_now = {one.code for one in asked(with_.template, with_.filing.size, rules.values(held.values()))}
    papers = [_paper(one, with_) for one in queries.papers(with_.filing, with_.reader)]
    found = []
    for section in with_.template.sections:
        if only not in ("", section.code):
            continue
        told = [each for each in with_.template.within(section.code) if each.code in held]
        shown = tuple(_shown(held[each.code], with_, papers, each.code in open_now) for each in told)
        if shown:
            left = sum(len([one for one in each.problems if one.stops]) for each in shown)
            found.append(Part(section.code, section.title, section.intro, shown, left))
    return tuple(found)


def sections(held: Mapping[str, Held], template: Template) -> list[str]:
    """The sections of which something is asked, in their order."""
    wanted = {one.question.section for one in held.values()}
    return [one.code for one in template.sections if one.code in wanted]


def _shown(held: Held, with_: Beside, papers: Sequence[dict[str, str]], open_now: bool) -> Shown:
    question = held.question
    return Shown(
        question, held, words=_words(held), own=_own(held), why=str(held.said.get("why", "")),
        **_figure(held, with_), head=_head(question), rows=_rows(held),
        papers=tuple(one for one in papers if one["question"] == question.code),
        threads=tuple(_thread(one, with_) for one in with_.threads.get(question.code, ())),
        problems=tuple(one for one in with_.problems if one.question == question.code),
        only_when="" if open_now else _only_when(question, with_.template),
    )  # fmt: skip


def _only_when(question: Question, template: Template) -> str:
    code, answer = question.hangs_on
    earlier = template.question(code)
    said = {"yes": "Yes", "no": "No"}.get(answer, answer)
    return f"Only if “{earlier.words}” is answered “{said}”." if earlier else ""


def _words(held: Held) -> str:
    """The answer as it is read; of a figure what was made from the casework."""
    kind, value = held.question.kind, str(held.said.get("value", ""))
    if kind == Kind.FIGURE:
        return str(held.made["words"]) if held.made else ""
    if kind == Kind.MONEY and value:
        return money(pence(f"{float(value):.2f}"))
    if kind == Kind.NUMBER and value:
        return number(float(value))
    if kind == Kind.DATE and value:
        return date_words(date.fromisoformat(value))
    return {"yes": "Yes", "no": "No"}.get(value, value) if kind == Kind.YES_NO else value


def _own(held: Held) -> str:
    """The provider's own figure, where it gave one."""
    return _value(held, held.told) if held.is_overridden and held.told is not None else ""


def _value(held: Held, value: float) -> str:
    kind = held.made["kind"] if held.made else "count"
    return percent(value) if kind == "share" else plural(int(value), "day") if kind == "days" else number(value)


def _figure(held: Held, with_: Beside) -> dict[str, Any]:
    """What stands beside a figure: the quarter before, by how much it moved and why, its definition and its page."""
    blank = dict.fromkeys(("before", "moved", "most_of_it", "said_then", "about", "href", "definition",
                           "measure_href"), "")  # fmt: skip
    if held.question.kind != Kind.FIGURE:
        return blank
    quarter = Quarter.parse(with_.filing.quarter)
    measure = measures.of_quarter(held.question.measure, quarter)
    place = "catalogue:own_measure" if with_.is_provider else "catalogue:measure"
    found = {**blank, "definition": measure.definition, "measure_href": reverse(place, args=[measure.name])}
    if held.question.by:
        was = {one["group"]: one["words"] for one in held.before}
        none = "0" if measure.kind == "count" else "None"
        lines = tuple(
            Line(one["label"], one["words"], was.get(one["group"], none), _again(one["ref"], with_))
            for one in held.figures
        )
        return {**found, "lines": lines, "rounded": any(one["protected"] for one in held.figures)}
    far = rules.must_explain(held, with_.template.explain)
    return {**found, **_one(held, with_, far), "far": far}


def _one(held: Held, with_: Beside, far: bool) -> dict[str, str]:
    made, moved = held.made, rules.moved(held)
    then = with_.then.get(held.question.code)
    told = then.told if then else None
    was = held.before[0]["value"] if held.before else None
    changed = told is not None and was is not None and abs(told - was) * held.scale >= 1
    movers: Iterable[Mover] = ()
    if moved and moved.by and with_.manifest and with_.movers and made and made["kind"] == "count":
        movers = queries.movers(with_.filing, held.question, with_.manifest)
    return {
        "before": str(held.before[0]["words"]) if held.before else "",
        "moved": _moved(held, moved) if moved else "",
        "most_of_it": "; ".join(f"{one.label} {_signed(one.by)}" for one in movers),
        "said_then": f"Your return then said {_value(held, told)}." if changed and told is not None else "",
        "about": _about(made) if made else "",
        "href": _again(made["ref"], with_) if made and made["ref"] else "",
    }


def _about(made: Mapping[str, Any]) -> str:
    if made["kind"] == "count" or not made["n"]:
        return ""
    covered = f", {percent(made['coverage'])} covered" if made["coverage"] is not None else ""
    return f"of {number(made['n'])}{covered}"


def _moved(held: Held, moved: rules.Moved) -> str:
    if not moved.by:
        return "The same as the quarter before"
    size = f"{abs(moved.by) * held.scale:.0f} points" if held.scale == rules.PER_CENT else number(abs(moved.by))
    share = f" ({percent(moved.share)})" if moved.share is not None and held.scale == 1 else ""
    return f"{'Up' if moved.by > 0 else 'Down'} {size}{share} on the quarter before"


def _signed(by: float) -> str:
    return f"{'+' if by > 0 else '−'}{number(abs(by))}"


def _again(ref: str, with_: Beside) -> str:
    """The figure's own page; a provider's are opened from its own figures."""
    if with_.is_provider or not ref:
        return ""
    return f"{reverse('quarters:figure')}?{urlencode({'ref': ref})}"


def _head(question: Question) -> tuple[str, ...]:
    return tuple(label for _, label, _ in rules.GRIDS.get(question.kind, ()))


def _rows(held: Held) -> tuple[tuple[str, ...], ...]:
    columns = rules.GRIDS.get(held.question.kind, ())
    rows = held.said.get("rows", [])
    told = tuple(tuple(row.get(key, "") or "–" for key, _, _ in columns) for row in rows)
    return (*told, _sums(columns, rows)) if len(rows) > 1 else told


def _sums(columns: Sequence[tuple[str, str, bool]], rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    cells = [number(sum(float(row.get(key) or 0) for row in rows)) if adds else "" for key, _, adds in columns]
    return ("Together", *cells[1:])


def _paper(paper: Any, with_: Beside) -> dict[str, str]:
    place = "returns:own_paper" if with_.is_provider else "returns:paper"
    return {
        "question": paper.question, "href": reverse(place, args=[paper.pk]), "key": str(paper.pk),
        "words": f"{KINDS[paper.kind]}, {size_words(paper.size)}, {date_words(paper.sent_at)}",
    }  # fmt: skip


def _thread(query: Query, with_: Beside) -> dict[str, Any]:
    remarks = sorted(query.remarks.all(), key=lambda one: (one.said_at, one.pk))
    return {
        "query": query, "settled": query.settled_at,
        "remarks": [{"who": one.said_for.name, "at": one.said_at, "words": one.words} for one in remarks],
    }  # fmt: skip


def tasks(found: Sequence[Part], filing: Return) -> list[dict[str, Any]]:
    """The sections as a list of tasks."""
    return [
        {"title": part.title, "href": reverse("returns:write", args=[filing.pk, part.code]),
         "hint": plural(len(part.shown), "question"),
         "status": {"word": f"{part.left} left", "colour": "blue"} if part.left else {"word": "Complete"}}
        for part in found
    ]  # fmt: skip


def changed(found: Iterable[Change], template: Template) -> list[dict[str, str]]:
    """What is different between two sendings, in words."""
    return [
        {"question": question.words, "before": _answer_words(question, one.before),
         "now": _answer_words(question, one.now)}
        for one in found
        if (question := template.question(one.question))
    ]  # fmt: skip


def _answer_words(question: Question, answer: Mapping[str, Any]) -> str:
    held = Held(question, answer.get("figures", ()), (), answer.get("said", {}), answer.get("papers", 0))
    if question.kind == Kind.FIGURE and question.by:
        told = "; ".join(f"{one['label']} {one['words']}" for one in held.figures)
    elif question.kind in rules.GRIDS:
        told = "; ".join(", ".join(cell for cell in row) for row in _rows(held))
    elif question.kind == Kind.FILE:
        told = plural(held.papers, "document")
    else:
        own = _own(held)
        told = f"{_words(held)}; their own: {own}" if own else _words(held)
    why = held.said.get("why", "")
    return f"{told or 'Nothing'}. {why}".strip(" .") if why else told or "Nothing"


def export_rows(found: Iterable[Part]) -> list[dict[str, str]]:
    """Every answer as a line of a file; a figure that is broken down has a line for each group."""
    return [row for part in found for one in part.shown for row in _export(part.title, one)]


def _export(section: str, one: Shown) -> list[dict[str, str]]:
    line = {"section": section, "question": one.question.words, "group": "", "answer": one.words, "own": one.own,
            "before": one.before, "why": one.why, "definition": one.definition,
            "reference": str(one.held.made["ref"]) if one.held.made else ""}  # fmt: skip
    if one.lines:
        refs = [str(each["ref"]) for each in one.held.figures]
        return [
            {**line, "group": each.label, "answer": each.words, "before": each.before, "reference": ref}
            for each, ref in zip(one.lines, refs, strict=True)
        ]
    if one.rows:
        return [{**line, "group": row[0], "answer": "; ".join(row[1:])} for row in one.rows]
    return [{**line, "answer": "; ".join(paper["words"] for paper in one.papers) or one.words}]


# How all of them stand.

SORTS = ("provider", "due", "state", "queries", "overridden", "far", "quality")


def overview(found: Sequence[queries.Standing], sort: Sort, *, state: str, on: date) -> dict[str, Any]:
    """Every return of a quarter in a table, with counts of how they stand above it."""
    shown = [one for one in found if state in ("", one.filing.state, "LATE" if one.late else "")]
    counts = {code: sum(one.filing.state == code for one in found) for code in lifecycle.WORDS}
    late = sum(one.late for one in found)
    return {
        "rows": [_row(one, on) for one in sorted(shown, key=lambda one: _order(one, sort.by), reverse=sort.down)],
        "counts": [
            *({"value": count, "label": lifecycle.WORDS[code], "href": f"?state={code}&quarter={one.filing.quarter}"}
              for one in found[:1] for code, count in counts.items()),
            *({"value": late, "label": "Late", "href": f"?state=LATE&quarter={one.filing.quarter}", "tone": "warn"}
              for one in found[:1] if late),
        ],
        "state": state, "all": len(found),
    }  # fmt: skip


def _order(one: queries.Standing, by: str) -> tuple[Any, str]:
    keys: dict[str, Any] = {
        "provider": one.filing.provider.name.casefold(), "due": one.filing.due_on,
        "state": list(lifecycle.WORDS).index(one.filing.state), "queries": one.queries, "overridden": one.overridden,
        "far": one.far, "quality": -1 if one.quality.score is None else one.quality.score,
    }  # fmt: skip
    return keys[by], one.filing.provider.name.casefold()


def _row(one: queries.Standing, on: date) -> dict[str, Any]:
    score = one.quality.score
    return {
        "filing": one.filing, "tag": tag(one.filing), "late": one.late, "due": due_words(one.filing, on),
        "queries": one.queries, "overridden": one.overridden, "far": one.far,
        "quality": "–" if score is None else str(score),
    }  # fmt: skip
