"""The fixed sentences of the public pages, gathered from the code: the template of every catalogue of translations."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django import forms
from django.conf import settings
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment, nodes

from alongside.config.context import FOOTER
from alongside.core.pages import complaints, languages
from alongside.foundation.local.directory.forms import Narrow
from alongside.foundation.local.directory.rules import SEX_WORDS
from alongside.foundation.local.finding.forms import Find
from alongside.foundation.local.freshness.forms import Flagged
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.foundation.office.translations import rules

PACKAGE = Path(settings.BASE_DIR) / "alongside"
FOLDER = PACKAGE / "foundation" / "office" / "translations" / "catalogues"
# Whatever these are given first is a sentence of a public page.
SAYING = frozenset({"_", "spoken", "say"})
# The label of a way to reach a service is said as it is; other domains have other ways.
LABELLED = ("directory", "Way")
FORMS: tuple[tuple[str, type[forms.Form]], ...] = (
    ("finding/find.html", Find), ("directory/browse.html", Narrow), ("freshness/flag.html", Flagged),
)  # fmt: skip
Found = tuple[str, str]  # a sentence and where it stands


def template() -> str:
    """The template as a PO file, the same for the same code."""
    return _written(_catalogue())


def merged(kept: bytes) -> str:
    """A catalogue of translations brought up to the template: what it says stays, what is gone goes."""
    before = {str(one.id): str(one.string) for one in read_po(BytesIO(kept)) if one.id and one.string}
    return _written(_catalogue(before))


def _catalogue(said: Mapping[str, str] = {}) -> Catalog:
    catalogue = Catalog(charset="utf-8")
    for sentence, where in gathered():
        catalogue.add(sentence, said.get(sentence, ""), locations=[(where, 0)])
    return catalogue


def _written(catalogue: Catalog) -> str:
    out = BytesIO()
    write_po(out, catalogue, width=0, omit_header=True, include_lineno=False)
    return out.getvalue().decode()


def documents() -> dict[Path, str]:
    """Every file of sentences as it should be."""
    found = {path: merged(path.read_bytes()) for path in sorted(FOLDER.glob("*.po"))}
    return {FOLDER / "alongside.pot": template(), **found}


def stale() -> list[str]:
    return [path.name for path, text in documents().items() if path.read_text("utf-8") != text]


def gathered() -> Iterator[Found]:
    """Each sentence as often as it stands somewhere, pages first."""
    for path in sorted(PACKAGE.rglob("jinja2/*/**/*.html")):
        place = path.parts[path.parts.index("jinja2") + 1 :]
        yield from ((one, "/".join(place)) for one in in_template(path.read_text("utf-8")))
    for name, form in FORMS:
        yield from ((one, name) for one in _in_form(form))
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            names = SAYING | {LABELLED[1]} if path.parent.name == LABELLED[0] else SAYING
            yield from ((one, path.parent.name) for one in _in_module(path.read_text("utf-8"), names))
    yield from ((one, "core") for one in _constants())
    yield from _in_rulebook()


def calls(source: str) -> Iterator[nodes.Call]:
    """What a template calls."""
    backend = engines["jinja2"]
    assert isinstance(backend, Jinja2)
    jinja: Environment = backend.env
    return jinja.parse(source).find_all(nodes.Call)


def in_template(source: str) -> Iterator[str]:
    for call in calls(source):
        if isinstance(call.node, nodes.Name) and call.node.name in SAYING and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const) and isinstance(first.value, str):
                yield first.value


def _in_form(form: type[forms.Form]) -> Iterator[str]:
    for field in form.base_fields.values():
        yield str(field.label)
        yield from filter(None, [str(field.help_text)])
        own = {"required"} & set(field.error_messages) if field.required else set()
        yield from (str(field.error_messages[code]) for code in own)


def _in_module(source: str, names: Collection[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _constants() -> Iterable[str]:
    said = (languages.READ_HERE, complaints.CHOOSE, complaints.EMAIL, "{label} (optional)")
    return (*SEX_WORDS.values(), *(text for text, _ in FOOTER), *said)


def _in_rulebook() -> Iterator[Found]:
    for code in rules.PUBLIC_BOOKS:
        book = rulebook.books()[code]
        for row in book.rows:
            shown = RuleRow(code, row.code, 1, row.title, row.body, "", book.since, None, row.position, "shipped")
            yield from ((text, f"{rules.RULEBOOK}{code}/{row.code}") for text in rules.texts_of(shown) if text)
