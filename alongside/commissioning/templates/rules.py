"""Pure rules of return templates: what a template holds, how it is written down, whom it asks what, what may not be."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import Any, TypeVar

from alongside.core.errors import RuleBroken

T = TypeVar("T")
BAR = "|"
MOST_QUESTIONS, MOST_SECTIONS, MOST_CHECKS, LONGEST_WORDS = 120, 20, 40, 300
MOST_OPTIONS, MOST_DAYS = 30, 120


class Kind(StrEnum):
    """What is asked for, and so how it is answered."""

    FIGURE = "figure"
    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DATE = "date"
    POSTS = "posts"
    SPEND = "spend"
    FILE = "file"
    STORY = "story"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.FIGURE: "A figure, filled in from the casework",
    Kind.NUMBER: "A number that they enter",
    Kind.MONEY: "An amount of money",
    Kind.TEXT: "Words",
    Kind.CHOICE: "One of several answers",
    Kind.YES_NO: "Yes or no",
    Kind.DATE: "A date",
    Kind.POSTS: "Posts: funded, filled, empty since when",
    Kind.SPEND: "Spending: budget, spent, expected, line by line",
    Kind.FILE: "A document",
    Kind.STORY: "A case study, with the person’s consent",
}
NUMBERS = (Kind.FIGURE, Kind.NUMBER, Kind.MONEY)  # what a check across answers may reckon with
DECIDES = (Kind.CHOICE, Kind.YES_NO)  # what another question may hang on


@dataclass(frozen=True)
class Question:
    """One thing that is asked. `sizes`: of awards of these sizes alone, of all where empty; `when`: only where an
    earlier answer is this one, as `code:answer`; `most`: words of a text."""

    code: str
    section: str
    kind: Kind
    words: str
    hint: str = ""
    optional: bool = False
    sizes: tuple[str, ...] = ()
    measure: str = ""
    by: str = ""
    options: tuple[str, ...] = ()
    most: int = 0
    when: str = ""

    @property
    def hangs_on(self) -> tuple[str, str]:
        """The question that this one hangs on and the answer that it needs; empty where it hangs on none."""
        code, _, answer = self.when.partition(":")
        return code, answer


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    intro: str = ""


@dataclass(frozen=True)
class Check:
    """Two sides that are reckoned from answers and held against each other. `stops`: what fails is not sent."""

    left: tuple[str, ...]
    sign: str
    right: tuple[str, ...]
    words: str
    stops: bool = True

    @property
    def formula(self) -> str:
        return f"{' + '.join(self.left)} {self.sign} {' + '.join(self.right)}"


@dataclass(frozen=True)
class Template:
    """A whole return template. `due`: days after the quarter has ended; `explain`: by how many per cent a figure moves
    before the provider says why, 0 for never; `statement`: what whoever certifies puts their name to."""

    code: str
    version: int
    title: str
    about: str = ""
    due: int = 28
    explain: int = 25
    statement: str = ""
    sections: tuple[Section, ...] = ()
    questions: tuple[Question, ...] = ()
    checks: tuple[Check, ...] = ()

    def question(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)

    def section(self, code: str) -> Section | None:
        return next((one for one in self.sections if one.code == code), None)

    def within(self, section: str) -> tuple[Question, ...]:
        return tuple(one for one in self.questions if one.section == section)

    def body(self) -> dict[str, Any]:
        """The template as the rulebook holds it."""
        return {
            "about": self.about, "due": self.due, "explain": self.explain, "statement": self.statement,
            "sections": "\n".join(_line(one.code, one.title, one.intro) for one in self.sections),
            "questions": "\n".join(map(_question_line, self.questions)),
            "checks": "\n".join(_line(one.formula, one.words, "stop" if one.stops else "warn") for one in self.checks),
        }  # fmt: skip


def _line(*cells: str) -> str:
    return f" {BAR} ".join(cells).strip(f" {BAR}")


def _question_line(one: Question) -> str:
    pairs = {"measure": one.measure, "by": one.by, "options": " / ".join(one.options), "sizes": ",".join(one.sizes),
             "most": str(one.most or ""), "when": one.when, "hint": one.hint,
             "optional": "yes" if one.optional else ""}  # fmt: skip
    told = (f"{name}={value}" for name, value in pairs.items() if value)
    return f" {BAR} ".join([one.code, one.section, one.kind, one.words, *told])


def read_template(code: str, version: int, title: str, body: Mapping[str, Any]) -> Template:
    """A template as the rulebook's row has it. Raises RuleBroken where a line of it cannot be read."""
    return Template(
        code, version, title, about=body["about"], due=body["due"], explain=body["explain"],
        statement=body["statement"], sections=tuple(_sections(body["sections"])),
        questions=tuple(map(_question, _lines(body["questions"]))), checks=tuple(map(_check, _lines(body["checks"]))),
    )  # fmt: skip


def _lines(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(BAR)] for line in text.splitlines() if line.strip()]


def _sections(text: str) -> Iterator[Section]:
    for code, title, *intro in _lines(text):
        yield Section(code, title, *intro)


def _question(cells: Sequence[str]) -> Question:
    code, section, kind, words, *pairs = cells
    said = dict(pair.split("=", 1) for pair in pairs)
    return Question(
        code, section, Kind(kind), words, hint=said.get("hint", ""), optional=said.get("optional") == "yes",
        sizes=tuple(filter(None, said.get("sizes", "").split(","))), measure=said.get("measure", ""),
        by=said.get("by", ""), options=tuple(filter(None, said.get("options", "").split(" / "))),
        most=int(said.get("most", "0")), when=said.get("when", ""),
    )  # fmt: skip


_FORMULA = re.compile(r"\s*([a-z0-9_ +]+?)\s*(<=|>=|=)\s*([a-z0-9_ +]+?)\s*")


def _check(cells: Sequence[str]) -> Check:
    formula, words, does = cells
    return read_check(formula, words, stops=does == "stop")


def read_check(formula: str, words: str, *, stops: bool) -> Check:
    """A check as it is written: “q1 + q2 = q3”. Raises RuleBroken."""
    found = _FORMULA.fullmatch(formula)
    if found is None:
        raise RuleBroken("Write it like q1 + q2 = q3, with =, <= or >= between the two sides.", "formula")
    left, right = (tuple(filter(None, (each.strip() for each in side.split("+")))) for side in (found[1], found[3]))
    return Check(left, found[2], right, words, stops)


# Whom a template asks what.


def asked(template: Template, size: str, answers: Mapping[str, object] | None = None) -> tuple[Question, ...]:
    """The questions that are asked of an award of this size; with answers, those alone that the answers open."""
    found: list[Question] = []
    for one in template.questions:
        if one.sizes and size not in one.sizes:
            continue
        code, answer = one.hangs_on
        if answers is not None and code and str(answers.get(code, "")) != answer:
            continue
        found.append(one)
    return tuple(found)


# Checks across answers.


@dataclass(frozen=True)
class Failed:
    """A check that does not hold: both sides, and by how much they part."""

    check: Check
    left: Decimal
    right: Decimal

    @property
    def apart(self) -> Decimal:
        return abs(self.left - self.right)


_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda left, right: left == right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


def failed(template: Template, numbers: Mapping[str, Decimal | None]) -> tuple[Failed, ...]:
    """The checks that do not hold. One over an answer that is not there, or not asked, is not made."""
    found: list[Failed] = []
    for check in template.checks:
        sides = [_side(each, numbers) for each in (check.left, check.right)]
        left, right = sides
        if left is not None and right is not None and not _HOLDS[check.sign](left, right):
            found.append(Failed(check, left, right))
    return tuple(found)


def _side(terms: Iterable[str], numbers: Mapping[str, Decimal | None]) -> Decimal | None:
    values = [Decimal(term) if term.isdecimal() else numbers.get(term) for term in terms]
    return None if None in values else sum(filter(None, values), Decimal(0))


# What an office may write.


def check_question(question: Question, *, measures: Mapping[str, Collection[str]], template: Template) -> None:
    """Refuses a question that cannot be asked. `measures`: by what each measure may be broken down."""
    if not question.words or len(question.words) > LONGEST_WORDS:
        raise RuleBroken(f"Write the question, in up to {LONGEST_WORDS} letters.", "words")
    for name in ("words", "hint"):
        _check_line(getattr(question, name), name)
    if template.section(question.section) is None:
        raise RuleBroken("Choose the section that it stands in.", "section")
    _check_kind(question, measures)
    _check_when(question, template)


def _check_kind(question: Question, measures: Mapping[str, Collection[str]]) -> None:
    if question.kind == Kind.FIGURE:
        if question.measure not in measures:
            raise RuleBroken("Choose the measure that fills it in.", "measure")
        if question.by and question.by not in measures[question.measure]:
            raise RuleBroken("This measure cannot be broken down by that. Choose another, or none.", "by")
    if question.kind == Kind.CHOICE:
        if not 1 < len(set(question.options)) <= MOST_OPTIONS:
            raise RuleBroken(f"Write from 2 to {MOST_OPTIONS} answers, one a line, each once.", "options")
        for option in question.options:
            _check_line(option, "options", more="/:")


def _check_when(question: Question, template: Template) -> None:
    code, answer = question.hangs_on
    if not code:
        return
    earlier = template.question(code)
    if earlier is None or earlier.code == question.code or earlier.kind not in DECIDES:
        raise RuleBroken("It can hang on a question with fixed answers, and on no other.", "when")
    if answer not in answers_of(earlier):
        raise RuleBroken("Choose one of the answers of that question.", "when")
    codes = [one.code for one in template.questions]
    if question.code in codes and codes.index(code) > codes.index(question.code):
        raise RuleBroken("It can hang on a question before it, not after it.", "when")


def answers_of(question: Question) -> tuple[str, ...]:
    """The fixed answers of a question that others may hang on."""
    return ("yes", "no") if question.kind == Kind.YES_NO else question.options


def _check_line(text: str, field: str, more: str = "") -> None:
    if any(sign in text for sign in (BAR, "\n", *more)):
        signs = " ".join((BAR, *more))
        raise RuleBroken(f"Write it in one line, without the signs {signs}.", field)


def check_section(section: Section) -> None:
    """Refuses a section that cannot be headed."""
    if not section.title:
        raise RuleBroken("Name the section.", "title")
    _check_line(section.title, "title")
    _check_line(section.intro, "intro")


def check_check(check: Check, template: Template) -> None:
    """Refuses a check that cannot be reckoned."""
    _check_line(check.words, "words")
    if not check.words or len(check.words) > LONGEST_WORDS:
        raise RuleBroken("Say in words what has to hold, for whoever sees it fail.", "words")
    for term in chain(check.left, check.right):
        found = template.question(term)
        if not term.isdecimal() and (found is None or found.kind not in NUMBERS or found.by):
            raise RuleBroken(f"“{term}” is not a number of this template, or is a whole table.", "formula")
    if all(term.isdecimal() for term in chain(check.left, check.right)):
        raise RuleBroken("Name at least one question.", "formula")


def check_template(template: Template) -> None:
    """Refuses what stands around the questions where returns could not be run by it."""
    if not template.title:
        raise RuleBroken("Name the template.", "title")
    if not 0 < template.due <= MOST_DAYS:
        raise RuleBroken(f"A return is due from 1 to {MOST_DAYS} days after the quarter has ended.", "due")
    if not 0 <= template.explain <= 1000:
        raise RuleBroken("Write a number from 0, which is never, to 1000.", "explain")
    if not template.statement.strip():
        raise RuleBroken("Write what whoever certifies it puts their name to.", "statement")


def check_whole(template: Template) -> None:
    """Refuses a template that cannot be sent to anybody."""
    check_template(template)
    if not template.questions:
        raise RuleBroken("A template asks at least one question.")
    for one in template.questions:
        code, _ = one.hangs_on
        codes = [each.code for each in template.questions]
        if code and (code not in codes or codes.index(code) > codes.index(one.code)):
            raise RuleBroken(f"“{one.words}” hangs on a question that is not there before it. Change it or move it.")
    for check in template.checks:
        check_check(check, template)


def next_code(taken: Iterable[str], letter: str = "q") -> str:
    """The code of what an office adds: never one that was used before, not even by one taken out."""
    numbers = [int(code[1:]) for code in taken if code[:1] == letter and code[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"


def moved(listed: Sequence[T], one: T, *, up: bool, within: Callable[[T], bool]) -> tuple[T, ...]:
    """The list with one of it before or after its nearest neighbour of the same kind; as it is at the end of them."""
    places = [place for place, each in enumerate(listed) if within(each)]
    at = places.index(listed.index(one))
    other = at - 1 if up else at + 1
    found = list(listed)
    if 0 <= other < len(places):
        here, there = places[at], places[other]
        found[here], found[there] = found[there], found[here]
    return tuple(found)


def without_question(template: Template, code: str) -> Template:
    """A template without one of its questions, and without the checks that reckoned with it."""
    return replace(
        template,
        questions=tuple(one for one in template.questions if one.code != code),
        checks=tuple(one for one in template.checks if code not in (*one.left, *one.right)),
    )
