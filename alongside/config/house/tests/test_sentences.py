"""Every fixed sentence of the public pages can be said in another language, and is in every catalogue that ships."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from jinja2 import nodes

from alongside.config.house import sentences
from alongside.core.said import places
from alongside.foundation.office.translations import queries, rules

PACKAGE = Path(settings.BASE_DIR) / "alongside"
LANGUAGES = ("cy", "pa", "pl", "ro", "ur")
# What stands on the pages that are there in every language; `home/_at_work.html` is for staff and on the English page.
PAGES = (
    "core/layout_base.html", "core/layout_public.html", "core/languages.html", "core/footer.html",
    "core/macros/form_errors.html", "core/macros/print_button.html", "core/macros/phone.html", "finding/find.html",
    "finding/results.html", "finding/_urgent.html", "directory/_card.html", "directory/browse.html",
    "directory/read.html", "atlas/_map.html", "freshness/flag.html", "freshness/flagged.html", "freshness/busy.html",
    "home/front.html", "home/privacy.html", "home/help.html", "intake/start.html", "intake/parts/shut.html",
)  # fmt: skip
# Words that are the same in every language: a number to press, an address, the demonstration's own strip.
SAME = ("999", "gov.uk/get-support-as-a-victim-of-crime", "Demonstration",
        "Demonstration: every person here is made up.")  # fmt: skip
READ_ALOUD = re.compile(r'(?:aria-label|title|alt|placeholder)="([^"]*)"')
TALKS = re.compile(r"[A-Za-z]{2}")


def source(name: str) -> str:
    return next(PACKAGE.rglob(f"jinja2/{name}")).read_text("utf-8")


def bare(text: str) -> list[str]:
    """Words of a template that stand in it as they are: between its tags, or in what is read aloud."""
    expressions = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "\x00", text, flags=re.DOTALL)
    shown = re.sub(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", "\n", expressions, flags=re.DOTALL)
    found = [*shown.split("\n"), *READ_ALOUD.findall(expressions)]
    return [one for line in found for one in re.split("\x00+", line) if TALKS.search(one) and one.strip() not in SAME]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_holds_words_that_cannot_be_translated(name: str) -> None:
    text = source(name).replace("{% block body_class %}app-public{% endblock %}", "")  # a class, no word
    assert bare(text) == []


def test_a_bare_word_is_found() -> None:
    assert bare("<p>{{ _('Said') }} Left</p>") == [" Left"]
    assert bare('<nav aria-label="Back">x</nav>') == ["Back"]


@pytest.mark.parametrize("name", PAGES)
def test_no_macro_is_given_words_as_they_are(name: str) -> None:
    given = [
        call.args[0].value
        for call in sentences.calls(source(name))
        if isinstance(call.node, nodes.Getattr) and call.node.attr in ("page_heading", "submit", "empty_state")
        and call.args and isinstance(call.args[0], nodes.Const)
    ]  # fmt: skip
    assert given == []


def test_catalogues_are_as_the_code_says() -> None:
    assert sentences.stale() == []
    call_command("sentences", check=True)


def test_a_stale_catalogue_is_named_and_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = sentences.FOLDER
    monkeypatch.setattr(sentences, "FOLDER", tmp_path)
    (tmp_path / "alongside.pot").write_text("")
    (tmp_path / "cy.po").write_text('msgid "Gone"\nmsgstr "Wedi mynd"\n\nmsgid "Thank you"\nmsgstr "Diolch"\n')
    with pytest.raises(CommandError, match=r"alongside\.pot, cy\.po"):
        call_command("sentences", check=True)
    call_command("sentences")
    assert (tmp_path / "alongside.pot").read_text("utf-8") == (kept / "alongside.pot").read_text("utf-8")
    said = {one.english: one.says for one in rules.read((tmp_path / "cy.po").read_bytes())}
    assert said["Thank you"] == "Diolch" and "Gone" not in said and said["Send"] == ""


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"[0-9]+", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_with_its_parts_and_figures(language: str) -> None:
    """The numbers to call among them: 999, and 55 for whoever cannot speak."""
    wanted = {one.english for one in queries.shipped(queries.TEMPLATE)}
    said = {one.english: one.says for one in queries.shipped(f"{language}.po")}
    assert {english for english in wanted if not said.get(english)} == set()
    assert [english for english, says in said.items() if places(says) != places(english)] == []
    assert [english for english, says in said.items() if "<" in says or ">" in says] == []
    assert [english for english, says in said.items() if figures(says) != figures(english)] == []
