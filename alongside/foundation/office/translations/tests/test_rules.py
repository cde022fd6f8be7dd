"""What a catalogue holds, and how a sentence stands in a language."""

from datetime import date
from typing import Any

import pytest

from alongside.core.errors import RuleBroken
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.foundation.office.translations import rules
from alongside.foundation.office.translations.rules import EDITED, MISSING, SHIPPED, STALE, Sentence, Shipped

CATALOGUE = """
#: finding/find.html
msgid "Call {phone}"
msgstr "Ffoniwch {phone}"

#: finding/find.html
msgid "Keep {this}"
msgstr "Heb ddim"

#: core
msgid "Alone"
msgstr ""
"""


def row(book: str, code: str, title: str, **body: Any) -> RuleRow:
    return RuleRow(book, code, 1, title, body, "", date(2026, 1, 1), None, 0, "office")


def test_a_translation_that_lost_a_part_is_none() -> None:
    found = {one.english: one.says for one in rules.read(CATALOGUE.encode())}
    assert found == {"Call {phone}": "Ffoniwch {phone}", "Keep {this}": "", "Alone": ""}


def test_the_public_reads_of_a_book_what_is_listed() -> None:
    urgent = row("urgent_help", "crisis", "Title", says="Says", numbers="999: Call\n\n116 123: Talk: now")
    assert list(rules.texts_of(urgent)) == ["Title", "Says", "Call", "Talk: now"]
    assert list(rules.texts_of(row("service_criteria", "x", "Title", note="Note"))) == ["Note"]


def test_sentences_are_those_of_the_pages_and_of_the_rulebook_today() -> None:
    fixed = [Shipped("Any", "", ("core", "rulebook/needs/x")), Shipped("Old title", "", ("rulebook/needs/x",))]
    found = rules.sentences(fixed, [row("needs", "x", "New title"), row("service_criteria", "y", "", note="")])
    assert [(one.english, one.where) for one in found] == [("Any", ("core",)), ("New title", ("rulebook/needs/x",))]


def test_how_a_sentence_stands() -> None:
    said = row("translations", "cy_1", "", language="cy", english="Written", says="Ysgrifennwyd", native=True)
    broken = row("translations", "cy_2", "", language="cy", english="A {part}", says="Dim", native=True)
    other = row("translations", "pl_1", "", language="pl", english="Written", says="Napisane", native=True)
    written = rules.said_by([said, broken, other], "cy")
    shipped = [
        Shipped("Shipped", "Anfonwyd", ("core",)), Shipped("Old title", "Hen", ("rulebook/needs/x",)),
        Shipped("Nothing", "", ("core",)),
    ]  # fmt: skip
    asked = [Sentence(text, ("core",)) for text in ("Written", "Shipped", "Nothing", "A {part}")]
    lines = rules.lines([*asked, Sentence("New title", ("rulebook/needs/x",))], shipped, written)
    assert [line.state for line in lines] == [EDITED, SHIPPED, MISSING, MISSING, STALE]
    assert [line.native for line in lines] == [True, False, False, False, False]
    assert (lines[-1].was, lines[-1].says) == ("Old title", "Hen")
    assert lines[0].key == rules.key_of("Written") == asked[0].key


@pytest.mark.parametrize(
    ("says", "words"),
    [(" ", "Write what"), ("x" * 2001, "up to 2,000"), ("<b>{phone}</b>", "marks of HTML"),
     ("Ffoniwch", "{phone}"), ("{phone} {phone}", "Keep every part"), ("{phone} {other}", "Keep every part")],
)  # fmt: skip
def test_what_could_not_be_shown_is_refused(says: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        rules.check("Call {phone}", says)


def test_what_has_no_parts_may_have_none() -> None:
    rules.check("Thank you", "Diolch")
    with pytest.raises(RuleBroken, match="none"):
        rules.check("Thank you", "Diolch {name}")
