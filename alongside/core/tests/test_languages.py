"""The language of a page: sentences, their parts, and what nobody has translated."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from alongside.core.pages import languages
from alongside.core.pages.languages import Language, in_words, locale_of, on_day, own, speaking, spoken, worded
from alongside.core.said import Said, fill, inside, joined, large, listed, places, say

WELSH = Language(
    "cy", "Welsh", "Cymraeg", False, True,
    {
        "Thank you": "Diolch", "Helps after {crimes}": "Yn helpu ar ôl: {crimes}", "Burglary": "Bwrgleriaeth",
        "FGM": "FGM", "about {count} weeks": "tua {count} wythnos", "Call {phone}": "Ffoniwch {phone} & mwy",
        "Checked on {day}": "Gwiriwyd ar {day}", "Hostile": "<script>alert(1)</script>",
    },
)  # fmt: skip
URDU = Language("ur", "Urdu", "اردو", True, True, {"Thank you": "شکریہ"})


def test_english_is_what_was_written() -> None:
    assert languages.page_language() is None
    assert spoken("Thank you") == "Thank you"
    assert in_words("Tea & {what}", what="<cake>") == "Tea &amp; &lt;cake&gt;"
    assert own("a <b>") == "a &lt;b&gt;"
    assert in_words("{count} of many", count=1200) == "1,200 of many"


def test_a_sentence_is_said_with_its_parts() -> None:
    crimes = listed([inside("Burglary"), "made up crime"], "or")
    said = say("Helps after {crimes}", crimes=crimes)
    assert said == "Helps after burglary or made up crime"
    with speaking(WELSH):
        assert spoken(said) == "Yn helpu ar ôl: bwrgleriaeth neu made up crime"
        assert in_words("Thank you") == "Diolch"
        assert spoken(say("about {count} weeks", count=1200)) == "tua 1,200 wythnos"
        assert in_words("Call {phone}", phone=Markup("<b>1</b>")) == "Ffoniwch <b>1</b> &amp; mwy"
        assert spoken(say("Checked on {day}", day=on_day(date(2026, 11, 2), "2 November 2026"))) == (
            "Gwiriwyd ar 2 Tachwedd 2026"
        )
        assert spoken(joined(["Burglary", "FGM"])) == "Bwrgleriaeth; FGM"
        assert spoken(inside("FGM")) == "FGM"
        assert spoken(large(inside("Burglary"))) == "Bwrgleriaeth"
        assert spoken(say("about {count} weeks", count=1.5)) == "tua 1.5 wythnos"


def test_what_nobody_translated_is_english_and_says_so() -> None:
    with speaking(WELSH):
        assert in_words("Not there") == '<span lang="en" dir="ltr">Not there</span>'
        assert in_words("Not {what}", what="<i>") == '<span lang="en" dir="ltr">Not &lt;i&gt;</span>'
        assert spoken("Not there") == "Not there"
        assert own("Sample <Charity>") == '<bdi lang="en">Sample &lt;Charity&gt;</bdi>'
        assert worded("Sample") == '<bdi lang="en">Sample</bdi>'
        assert worded(say("Thank you")) == "Diolch"
        assert spoken(say("Nothing of {this}", this="that")) == "Nothing of that"


def test_a_hostile_translation_is_text() -> None:
    with speaking(WELSH):
        assert in_words("Hostile") == "&lt;script&gt;alert(1)&lt;/script&gt;"


@given(st.text(max_size=60), st.text(max_size=20))
def test_only_parts_are_filled_whatever_is_written(template: str, part: str) -> None:
    filled = fill(template, lambda name: f"[{part}]")
    assert filled.count(f"[{part}]") >= len(places(template))
    with speaking(Language("cy", "", "", False, False, {"A {part}": template})):
        assert "<script" not in in_words("A {part}", part="<script>")


def test_english_reads_as_it_always_did() -> None:
    assert say("{count} services", count=1200) == "1,200 services"
    assert large("any age") == "Any age" and not isinstance(large("any age"), Said)
    assert listed([]) == "" and listed(["a"]) == "a" and listed(["a", "b", "c"]) == "a, b and c"
    assert joined([]) == ""
    assert isinstance(str(say("a")), Said)


def test_a_language_nobody_described_is_written_as_english_is() -> None:
    assert str(locale_of("xq")) == "en" and str(locale_of("ur")) == "ur"
    assert URDU.direction == "rtl" and WELSH.direction == "ltr"


@pytest.mark.parametrize(
    ("header", "wanted"),
    [("cy-GB,cy;q=0.9", "cy"), ("", ""), ("PL", "pl"), ("en;q=0.1, cy", "en"), (" ur , en", "ur"), ("-" * 999, "")],
)
def test_a_browser_names_a_language_first(header: str, wanted: str) -> None:
    assert languages._wanted(header) == wanted


def test_there_is_nothing_to_switch_without_a_request() -> None:
    assert languages.switches(None) == () and languages.offer(None) is None
    with speaking(WELSH):
        assert languages.plain_address("/cy/information/") == "/information/"
        assert languages.plain_address("/cy//sample.example/") == "/sample.example/"
    assert languages.plain_address("/information/") == "/information/"
