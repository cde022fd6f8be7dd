"""Return templates in words: what a question asks for, what stands around, what each version changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alongside.commissioning.templates import differing, queries, rules
from alongside.commissioning.templates.rules import KIND_WORDS, Kind, Question, Section, Template
from alongside.core.pages.filters import plural
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import DIMENSION_WORDS
from alongside.foundation.office.rulebook.rules import RuleRow


@dataclass(frozen=True)
class Asked:
    """A question as it stands in the list of an office."""

    question: Question
    kind: str
    sizes: str
    when: str


@dataclass(frozen=True)
class Part:
    """A section with its questions."""

    section: Section
    asked: tuple[Asked, ...]


def parts(template: Template, sizes: Mapping[str, str]) -> tuple[Part, ...]:
    """The template as an office reads it."""
    return tuple(
        Part(one, tuple(_asked(each, template, sizes) for each in template.within(one.code)))
        for one in template.sections
    )


def _asked(one: Question, template: Template, sizes: Mapping[str, str]) -> Asked:
    words = ", ".join(sizes.get(code, code).lower() for code in one.sizes)
    code, answer = one.hangs_on
    earlier = template.question(code)
    hangs = f"Only where “{earlier.words}” is answered “{answer}”" if earlier else ""
    return Asked(one, kind_words(one), f"Asked of {words} awards" if words else "", hangs)


def kind_words(one: Question) -> str:
    """What is asked for, in a line."""
    if one.kind == Kind.FIGURE:
        by = f", by {DIMENSION_WORDS[one.by].lower()}" if one.by else ""
        return f"Filled in: {measures.measure(one.measure).title}{by}"
    if one.kind == Kind.CHOICE:
        return f"One of: {', '.join(one.options)}"
    if one.kind == Kind.TEXT:
        return f"Words, {plural(one.most, 'word')} at most"
    return KIND_WORDS[one.kind]


def facts(template: Template) -> list[dict[str, str]]:
    """What stands around the questions, line by line."""
    far = f"A figure that moves by {template.explain}% or more, and by 5 or more"
    return [
        {"key": "What it is for", "value": template.about or "Not said"},
        {"key": "Due", "value": f"{plural(template.due, 'day')} after the quarter has ended"},
        {"key": "The provider explains", "value": far if template.explain else "Nothing"},
        {"key": "Whoever certifies says", "value": template.statement},
        {"key": "Questions", "value": str(len(template.questions))},
    ]


def by_size(template: Template, sizes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """How many questions an award of each size is asked."""
    return [(title, plural(len(rules.asked(template, code)), "question")) for code, title in sizes]


@dataclass(frozen=True)
class Version:
    """One version of a template: how it stands, and what it changed."""

    row: RuleRow
    stands: str
    changed: tuple[differing.Difference, ...]


def versions(code: str, on: date) -> tuple[Version, ...]:
    """Every version, the newest first."""
    rows = queries.history(code)
    return tuple(_version(row, before, on) for row, before in zip(rows, [*rows[1:], None], strict=False))


def _version(row: RuleRow, before: RuleRow | None, on: date) -> Version:
    stands = "In force" if row.in_force(on) else "To come" if row.since > on else "Past"
    changed = differing.differences(queries.as_template(before), queries.as_template(row)) if before else ()
    return Version(row, stands, changed)
