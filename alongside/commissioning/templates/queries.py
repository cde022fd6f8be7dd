"""Reads of return templates: those that are asked, those that an office is writing, and the measures that fill them."""

from collections.abc import Mapping
from datetime import date

from alongside.commissioning.templates import differing
from alongside.commissioning.templates.models import Draft
from alongside.commissioning.templates.rules import Template, read_template
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.facts.measures import queries as measures
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow

BOOK, SIZES = "return_templates", "return_sizes"


def as_template(row: RuleRow) -> Template:
    return read_template(row.code, row.version, row.title, row.body)


def templates(on: date) -> tuple[Template, ...]:
    """Every template that is in force on a day."""
    return tuple(map(as_template, rulebook.current(BOOK, on)))


def template(code: str, on: date) -> Template | None:
    """A template in the version of a day."""
    row = rulebook.find(BOOK, code, on)
    return as_template(row) if row else None


def version(code: str, number: int) -> Template:
    """A version of a template. Raises LookupError."""
    return as_template(rulebook.version(BOOK, code, number))


def history(code: str) -> tuple[RuleRow, ...]:
    """Every version of a template, the newest first."""
    return rulebook.history(BOOK, code)


def open_version(code: str) -> RuleRow:
    """The newest version, in force or to come. Raises RuleBroken where there is none."""
    found = history(code)
    if not found or found[0].until is not None:
        raise RuleBroken("This template has been withdrawn.")
    return found[0]


def office(by: Actor) -> int:
    assert by.organisation_id is not None  # whoever has a permission has it in an organisation
    return by.organisation_id


def draft(code: str, by: Actor) -> Draft | None:
    """What the actor's own office is writing of a template."""
    return Draft.objects.visible_to(by).filter(code=code, office_id=office(by)).first()


def drafts(by: Actor) -> tuple[Draft, ...]:
    return tuple(Draft.objects.visible_to(by).filter(office_id=office(by)).order_by("title", "id"))


def drafted(held: Draft) -> Template:
    """A template as it is being written, with the number that it would have."""
    return read_template(held.code, held.seen + 1, held.title, held.body)


def codes_used(code: str) -> set[str]:
    """Every question's code that any version of a template ever had."""
    return {one.code for row in history(code) for one in as_template(row).questions}


def free_code() -> str:
    """A code for a template of an office's own, which no template has or had, nor any that is being written."""
    taken = {row.code for row in rulebook.every_version(BOOK)} | set(Draft.objects.values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"own{number}") not in taken)


def changed(held: Draft) -> tuple[differing.Difference, ...]:
    """How a draft differs from the newest version; of a template that is new, all of it."""
    found, whole = history(held.code), drafted(held)
    before = as_template(found[0]) if found else Template(whole.code, 0, whole.title, due=whole.due,
                                                          explain=whole.explain)  # fmt: skip
    return differing.differences(before, whole)


def sizes(on: date) -> tuple[tuple[str, str], ...]:
    """Sizes of awards: code and title, the smallest first."""
    return tuple(rulebook.titles(SIZES, on).items())


def breakdowns() -> Mapping[str, tuple[str, ...]]:
    """By what each measure may be broken down within one provider."""
    return {
        one.name: tuple(str(each) for each in one.dimensions if each != "provider")
        for _, found in measures.themes()
        for one in found
    }


def measure_choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Every measure by what it is about, for a form."""
    return tuple((theme, tuple((one.name, one.title) for one in found)) for theme, found in measures.themes())
