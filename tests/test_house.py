"""The walls of the house, checked by a machine: sizes, rooms, front doors, privacy filed, access declared."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from alongside.config.access import FOREIGN_ACCESS
from alongside.core.privacy.register import register
from alongside.core.rows.declared import ours, tables
from alongside.core.rows.scopes import Open

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "alongside"
FILE_LINES, FUNCTION_LINES, VIEW_LINES, TEMPLATE_LINES, DOMAIN_FILES = 400, 40, 25, 120, 12

# Each exception with its reason.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {
    "core/pages/gallery.py:_record": "a page of samples: as long as what it shows",
}
LONG_TEMPLATES: dict[str, str] = {}

WINGS = ("foundation", "support", "facts", "commissioning", "accountability")
ROOMS = {
    "__init__", "apps", "models", "rules", "lifecycle", "queries", "actions", "forms", "presenters", "views", "jobs",
    "api", "urls",
}  # fmt: skip
# Rooms beside the usual ones, each with its reason.
EXTRA_ROOMS = {
    "accounts.permissions": "the one enum of permissions and the one table of roles",
    "accounts.adapter": "the hook by which allauth asks who may sign up",
    "community.consortia": "writes of consortia and their members, apart from those of groups",
    "directory.openreferral": "reads a list of services in the standard's shape, before anything is written",
    "directory.parts": "places and posts: values that are read and written whole with their service",
    "directory.plaintext": "makes text from elsewhere safe to keep and show",
    "lists.gathering": "reads a whole list from a file or an address, before anything is written",
    "lists.deciding": "the office's decisions about differences, apart from how lists are kept and read",
    "finding.weights": "what somebody's words add to a place in the list, apart from how they are read",
    "organisations.postcodes": "reads the postcode package's files",
    "intake.questions": "the questions of a self-referral, one form each, apart from the other forms",
    "intake.visits": "what every public form shares: the cookie of a visit, the decorators, the page of a busy hour",
    "centres.visits": "pages of whoever scanned a poster, without an account, apart from the staff's",
    "referrals.attempts": "the hub's attempts to reach a victim, apart from the moves of a referral",
    "restricted.conflicts": "who knows whom, apart from who is named on a record",
    "triage.queue": "reads of the queue, a page at a time, apart from the other reads",
    "feeds.rows": "the shape of one row, apart from the rules that decide on it",
    "feeds.reading": "reads a delivered file, refused or line by line, every line accounted for",
    "feeds.loading": "the bulk half of a load: rows sealed and laid out for COPY",
    "deliveries.reading": "referrals sent as JSON, read row by row as a file is",
    "deliveries.folders": "a folder on the disk: what lies in it, claimed, kept sealed or thrown away",
    "tools.pages": "the pages of whoever answers on their own phone, without an account, apart from the staff's",
    "tools.sending": "writes of questions that are answered on a phone, apart from those of an office",
    "tools.office": "pages of an office that writes the tools, apart from those of who gives and answers them",
    "risk.wording": "writes of an office about the sets that are asked, apart from those about what was asked",
    "risk.office": "pages of an office that writes the sets, apart from those of who asks them",
    "risk.drawing": "how a risk moved, drawn, and two sittings side by side, apart from the other words",
    "referrals.bringing": "a referral that its provider had before, apart from the moves of those that come",
    "documents.reading": "reads a spreadsheet that somebody sent, before anything of it is kept",
    "documents.unpacking": "opens it: a program of its own, which imports nothing of ours",
    "imports.checking": "what a row says and what is wrong with it, apart from how headings and words are read",
    "imports.making": "the worker's half, from a row to a case, apart from what people say of the file",
    "routing.checks": "what is wrong with a list of rules before it goes live, apart from how it is followed",
    "routing.wording": "a rule as a sentence, kept with the list when it goes live",
    "routing.previews": "a list held against what was received: its reads and its three writes in one place",
    "messages.contents": "everything that may be said to a victim's device",
    "messages.gateway": "the door itself; nothing else may send",
    "matching.training": "Splink: trains the model, and links everything in one go",
    "matching.engines": "where Splink works: the tables of DuckDB, and which engine is set",
    "matching.spark": "the same tables in Spark; imported by setting alone",
    "practical.ledger": "writes of funds and the one way to make an entry, apart from requests on cases",
    "appointments.calendars": "writes about a worker's calendar, apart from those about one appointment",
    "casework.caseload": "reads of the list of cases, apart from the reads of one case",
    "casework.timeline": "what happened in a case, in words, from its rows and events",
    "justice.due": "what a turn makes due on the agenda, apart from the writes that record it",
    "justice.spoken": "its words on pages of others: tab, card, log and agenda, apart from its own page",
    "journey.pages": "the pages of whoever opens a victim's own page, without an account, apart from the staff's",
    "journey.visiting": "writes of whoever opens it, in the public's realm, apart from those of who works on the case",
    "waiting.setting": "writes of a list itself, apart from those of the people who wait on it",
    "forecasts.simulation": "the queue itself, event by event, apart from what goes in and what is said of it",
    "collect.extract": "what leaves support: one SELECT a table, of codes, days and counts",
    "collect.changes": "what happened since a whole snapshot, and of whom rows are told afresh",
    "collect.basis": "of which whole snapshot the next one is made, or why it is made whole",
    "collect.parquet": "from rows to Parquet: keys become pseudonyms",
    "measures.catalogue": "the measures as they are defined, one file each",
    "measures.disclosure": "which figures are exact for whom, and how the others are protected",
    "measures.differencing": "what one published table tells beside another",
    "measures.hiding": "one measure's total and breakdowns as one table with small numbers hidden",
    "measures.suppression": "which cells of a table to hide, and what could be worked out: linear programmes",
    "measures.snapshots": "snapshots as they lie in storage, and DuckDB over them",
    "templates.differing": "how two versions of a template differ, apart from what one of them asks",
    "returns.setting": "writes of who answers which template, apart from those of what they answer",
    "returns.office": "pages of an office that asks, apart from those of who answers",
    "quarters.charts": "the drawings of the quarter page",
    "catalogue.charts": "the line of a measure over its quarters",
    "exploring.choices": "what an address chooses, read and written in one place, apart from what is then found",
    "exploring.charts": "the drawings of what was chosen",
}
# Doors that one domain alone may use, each with its reason.
SIDE_DOORS = {
    ("audits", "tasks.forms"): "what an audit asks for is a task, asked in the form of tasks",
    ("catalogue", "quarters.charts"): "all drawings of figures look alike",
    ("catalogue", "quarters.presenters"): "a figure is said in one set of words, wherever it is shown",
    ("exploring", "catalogue.presenters"): "a measure says the same of itself, wherever it is shown",
    ("exploring", "quarters.charts"): "all drawings of figures look alike",
    ("exploring", "quarters.presenters"): "a figure is said in one set of words, wherever it is shown",
    ("lists", "directory.openreferral"): "a list is read in the shape of the standard, as the directory keeps it",
    ("lists", "directory.presenters"): "what would be taken over is previewed in the words of the public page",
    ("gaps", "directory.parts"): "a post counts for those for whom it is there, as it is held",
    ("proposals", "directory.forms"): "a change asks what the directory asks of a service, section by section",
    ("proposals", "directory.parts"): "places and posts are changed as they are held",
    ("proposals", "directory.presenters"): "a proposal is previewed in the words in which the public will see it",
    ("exchange", "directory.parts"): "places are published as they are held",
    ("exchange", "directory.plaintext"): "a link or an e-mail address is one by the rule for what comes in",
    ("pathways", "directory.parts"): "posts are said as they are held",
    ("pathways", "directory.presenters"): "a service is said in the words of the directory, also beside another",
    ("referrals", "pathways.presenters"): "who takes somebody now is said in one set of words, wherever it is shown",
    ("routing", "pathways.presenters"): "the room of a service is said in the same words where it is chosen",
    ("finding", "directory.forms"): "own words are written beside the directory's plain questions, in one form",
    ("finding", "directory.presenters"): "a service that was found is shown in the directory's words",
    ("freshness", "directory.presenters"): "what is confirmed is what the public reads, in the same words",
    ("returns", "messages.gateway"): "whom the mail could not reach today is told tomorrow, and the others today",
    ("freshness", "messages.gateway"): "whom the mail could not reach today is told tomorrow, and the others today",
    ("registrations", "community.presenters"): "what was sent is said in the words of the group that it may be",
    ("organisations", "accounts.adapter"): "an invitation that is taken up begins a session",
    ("calls", "referrals.attempts"): "what came of a call is an attempt, written by the action that writes attempts",
    ("calls", "referrals.presenters"): "the facts beside a call are those of the referral's own page, in its words",
    ("triage", "calls.presenters"): "what one recorded last is said where one comes back to: in the queue",
    ("triage", "referrals.presenters"): "a row of the queue says of a referral what its own page says",
    ("centres", "intake.questions"): "the boxes of a public form: a text, a phone number, a question",
    ("callbacks", "intake.questions"): "asking for a call is a question of the longer form too",
    ("callbacks", "intake.visits"): "a visit of somebody without an account is one visit, whichever form began it",
    ("onthespot", "intake.questions"): "the boxes of a form: a text, a choice",
    ("incoming", "intake.questions"): "the boxes of a form: a text, a choice",
    ("incoming", "intake.forms"): "a referral is asked about in one set of questions, whoever writes it down",
    ("incoming", "intake.presenters"): "the same questions have the same hints, and show the same below them",
    ("imports", "documents.reading"): "a caseload comes as a spreadsheet, which is read as any that somebody sends",
    ("imports", "referrals.bringing"): "what a provider had before comes in by an action of its own",
    ("sources", "feeds.reading"): "a sample is tried by the very reader that loads a delivery",
    ("sources", "feeds.rows"): "the columns of a feed are what a source is set up for",
    ("deliveries", "feeds.reading"): "what is sent by API is read into the same lines as a file",
    ("deliveries", "feeds.rows"): "the fields of the API are the columns of a feed",
    ("mending", "feeds.rows"): "what is mended is a row of a feed, cell by cell, under the same rules",
    ("related", "others.presenters"): "a masked other party is said on the page of people in its own words",
    ("journey", "intake.questions"): "the boxes of a public form: a text, a choice",
    ("journey", "intake.visits"): "a visit of somebody without an account is one visit, whatever it opened",
    ("tools", "intake.visits"): "a visit of somebody without an account is one visit, whatever it opened",
    ("tools", "victims.presenters"): "why a message was not sent is said in one set of words",
    ("journey", "victims.presenters"): "why a message was not sent is said in one set of words",
    ("waiting", "casework.forms"): "a contact with somebody who waits is a contact, asked for in the same boxes",
    ("mending", "feeds.presenters"): "a kept row is said in one set of words, wherever it is shown",
    ("mending", "replies.presenters"): "what an officer answered is said where the row is dealt with",
    ("reconciliation", "feeds.presenters"): "the rows behind a figure, in the same words",
    ("sources", "feeds.presenters"): "what would become of a row is said in the words that will be used when it has",
    ("journey", "outcomes.presenters"): "how far somebody has come is drawn in one way, on their own page too",
    ("tools", "outcomes.presenters"): "how far somebody has come is drawn in one way, on paper for them too",
    ("casework", "outcomes.presenters"): "how far somebody has come is said and drawn in one way, wherever it is shown",
    ("appointments", "casework.lifecycle"): "a case whose only contact was a mistake waits to start again",
    ("appointments", "casework.caseload"): "a hold on contact and who may be given work are asked in one way",
}
DOMAINS = {path.parent for wing in WINGS for path in (PACKAGE / wing).rglob("apps.py")}
FRONT_DOORS = {"models", "actions", "queries", "rules", "permissions"}
VAGUE = {"utils", "helpers", "common", "manager", "service"}
# What a room may not import of its own domain: the order inside a domain runs down.
ORDER = ["urls", "views", "api", "jobs", "forms", "presenters", "actions", "queries", "lifecycle", "rules", "models"]
RANK = {"urls": 5, "views": 4, "api": 4, "jobs": 4, "forms": 3, "presenters": 3, "actions": 2, "queries": 1,
        "lifecycle": 1, "rules": 1, "models": 0}  # fmt: skip


def sources() -> list[Path]:
    """Every module of the product; tests and migrations apart."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"migrations", "tests"} & set(path.relative_to(PACKAGE).parts)
    ]


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def domain_of(module: str) -> tuple[str, str] | None:
    """(domain, room) of a dotted module of this project's wings, whether its wing has floors or not."""
    parts = module.split(".")
    if parts[0] != "alongside":
        return None
    return next(
        (
            (parts[at], parts[at + 1]) for at in range(2, min(4, len(parts) - 1))
            if PACKAGE.joinpath(*parts[1 : at + 1]) in DOMAINS
        ),
        None,
    )  # fmt: skip


def own_domain(path: Path) -> str | None:
    """The domain that a module belongs to, if it does."""
    return next((folder.name for folder in path.parents if folder in DOMAINS), None)


@pytest.fixture(scope="session")
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sources()}


def test_files_are_short(trees: dict[Path, ast.Module]) -> None:
    long = [name(path) for path in trees if len(path.read_text().splitlines()) > FILE_LINES]
    assert [found for found in long if found not in LONG_FILES] == []


def test_functions_are_short(trees: dict[Path, ast.Module]) -> None:
    long = [
        f"{name(path)}:{node.name}" for path, tree in trees.items() for node in functions(tree)
        if length(node) > FUNCTION_LINES
    ]  # fmt: skip
    assert [found for found in long if found not in LONG_FUNCTIONS] == []


def test_views_are_short_and_ask_no_model(trees: dict[Path, ast.Module]) -> None:
    views = {path: tree for path, tree in trees.items() if path.name == "views.py"}
    long = [
        f"{name(path)}:{node.name}" for path, tree in views.items() for node in functions(tree)
        if length(node) > VIEW_LINES
    ]  # fmt: skip
    asking = [name(path) for path in views if ".objects" in path.read_text()]
    assert (long, asking) == ([], [])


def test_templates_are_short() -> None:
    pages = [path for path in PACKAGE.rglob("jinja2/**/*.html")]
    long = [name(path) for path in pages if len(path.read_text().splitlines()) > TEMPLATE_LINES]
    assert pages
    assert [found for found in long if found not in LONG_TEMPLATES] == []


def test_the_errors_of_a_form_are_said_once() -> None:
    """The frame says those of `form`; a page that says them too has two summaries, and the focus on the second."""
    pages = PACKAGE.rglob("jinja2/**/*.html")
    assert [path.name for path in pages if "{{ ui.form_errors(form) }}" in path.read_text()] == ["layout_base.html"]


def test_templates_have_no_inline_script_or_style() -> None:
    """The content security policy would refuse it; better to hear it here."""
    faulty = [
        name(path) for path in PACKAGE.rglob("jinja2/**/*.html")
        if " style=" in path.read_text() or " onclick=" in path.read_text() or "<style" in path.read_text()
    ]  # fmt: skip
    assert faulty == []


def test_every_module_says_what_it_is(trees: dict[Path, ast.Module]) -> None:
    silent = [name(path) for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_nothing_is_imported_inside_a_function(trees: dict[Path, ast.Module]) -> None:
    inside = [
        f"{name(path)}:{node.name}" for path, tree in trees.items() for node in functions(tree)
        if any(isinstance(part, ast.Import | ast.ImportFrom) for part in ast.walk(node))
    ]  # fmt: skip
    assert inside == []


def test_no_signals_and_no_save_overrides(trees: dict[Path, ast.Module]) -> None:
    signals = [name(path) for path, tree in trees.items() if any("signals" in found for found in imports(tree))]
    saves = [f"{name(path)}" for path, tree in trees.items() for node in functions(tree) if node.name == "save"]
    assert (signals, saves) == ([], [])


def test_domains_have_the_same_rooms(trees: dict[Path, ast.Module]) -> None:
    strange = []
    for path in trees:
        if path.parent in DOMAINS and path.stem not in ROOMS:
            strange.append(f"{path.parent.name}.{path.stem}")
    assert [found for found in strange if found not in EXTRA_ROOMS] == []


def test_a_domain_has_twelve_files_at_most() -> None:
    counted = {
        folder.name: len([file for file in folder.glob("*.py") if file.stem not in {"__init__", "apps"}])
        for folder in DOMAINS
    }
    assert len(counted) > 40
    assert {domain: count for domain, count in counted.items() if count > DOMAIN_FILES} == {}


def test_other_domains_are_entered_by_their_front_doors(trees: dict[Path, ast.Module]) -> None:
    broken = []
    for path, tree in trees.items():
        domain = own_domain(path)
        if domain is None:
            continue
        for module in imports(tree):
            found = domain_of(module)
            known = found and (domain, ".".join(found)) in SIDE_DOORS
            if found and found[0] != domain and found[1] not in FRONT_DOORS and not known:
                broken.append(f"{name(path)} imports {module}")
    assert broken == []


def test_inside_a_domain_imports_run_down(trees: dict[Path, ast.Module]) -> None:
    broken = []
    for path, tree in trees.items():
        if path.parent not in DOMAINS or path.stem not in RANK:
            continue
        for module in imports(tree):
            found = domain_of(module)
            if found and found[0] == path.parent.name and RANK.get(found[1], -1) > RANK[path.stem]:
                broken.append(f"{name(path)} imports {module}")
    assert broken == []


def test_rules_know_no_database_clock_or_request(trees: dict[Path, ast.Module]) -> None:
    broken = []
    for path, tree in trees.items():
        if path.name == "rules.py":
            broken += [
                f"{name(path)} imports {module}" for module in imports(tree)
                if module.startswith(("django.db", "django.http", "django.utils.timezone", "time"))
            ]  # fmt: skip
    assert broken == []


def test_modules_have_names_that_say_something(trees: dict[Path, ast.Module]) -> None:
    assert [name(path) for path in trees if path.stem in VAGUE] == []


def test_every_field_is_filed() -> None:
    faults = [
        (filing.model, filing.unfiled, filing.doubled, filing.unknown) for filing in register()
        if filing.unfiled or filing.doubled or filing.unknown or not filing.retention
    ]  # fmt: skip
    assert faults == []


def test_every_table_says_who_sees_its_rows() -> None:
    assert len(tables()) > 20


def test_every_personal_model_has_the_first_lock() -> None:
    """Rows that the application lists for people: `visible_to` on the manager."""
    personal = {filing.model for filing in register() if filing.files["identity"] or filing.files["special"]}
    reached_otherwise = {
        "referrals.Addition": "reached from its referral alone, and written by the public",
        "intake.Visit": "found by the secret that its visitor's browser holds, alone",
        "freshness.HearBack": "written by anyone, used once by the worker, and listed for nobody",
        "core.Draft": "found by the form and the person signed in, never listed",
    }
    bare = [
        model._meta.label for model in ours()
        if model._meta.label in personal and not hasattr(model._default_manager, "visible_to")
    ]  # fmt: skip
    assert [label for label in bare if label not in reached_otherwise] == []


def test_an_open_table_gives_its_reason() -> None:
    assert all(table.scope.reason for table in tables() if isinstance(table.scope, Open))


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def test_every_address_declares_its_access() -> None:
    from_packages = FOREIGN_ACCESS
    undeclared = [
        route for route, pattern in patterns(get_resolver(settings.ROOT_URLCONF))
        if not hasattr(pattern.callback, "declared") and pattern.name not in from_packages
    ]  # fmt: skip
    assert undeclared == []
