"""Reads of translations: the languages of public pages, their sentences, and how each stands."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from uuid import UUID

from django.utils import timezone

from alongside.core.pages.languages import Language, locale_of
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.foundation.office.translations import rules
from alongside.foundation.office.translations.rules import Line, Sentence, Shipped

LANGUAGES, WRITTEN = "page_languages", "translations"
TEMPLATE = "alongside.pot"
_CATALOGUES = resources.files("alongside.foundation.office.translations") / "catalogues"


@lru_cache(maxsize=64)
def shipped(name: str) -> tuple[Shipped, ...]:
    """A catalogue as it ships; empty for a language that came without one."""
    file = _CATALOGUES / name
    return rules.read(file.read_bytes()) if file.is_file() else ()


def language(code: str) -> Language | None:
    """A language of public pages with all its sentences, or None where the office has no such language."""
    on = timezone.localdate()
    row = rulebook.find(LANGUAGES, code, on)
    return _language(rulebook.edition(), on, row.code) if row else None


@lru_cache(maxsize=32)
def _language(edition: UUID, on: date, code: str) -> Language:
    row = rulebook.rule(LANGUAGES, code, on)
    came = {one.english: one.says for one in shipped(f"{code}.po") if one.says}
    written = {english: said.text("says") for english, said in _written(code, on).items()}
    said: Mapping[str, str] = MappingProxyType({**_names_of_languages(code, on), **came, **written})
    return Language(code, row.title, row.text("own_name"), row.flag("rtl"), row.flag("offered"), said)


def _names_of_languages(code: str, on: date) -> Mapping[str, str]:
    """What a language calls the others, as the Unicode consortium's locale data say."""
    names = locale_of(code).languages if locale_of(code).language == code else {}
    return {row.title: names[row.code] for row in rulebook.current("languages", on) if row.code in names}


def offered() -> tuple[tuple[str, str], ...]:
    """The languages to which every public page leads: their codes and their own names."""
    return tuple(
        (row.code, row.text("own_name"))
        for row in rulebook.current(LANGUAGES, timezone.localdate())
        if row.flag("offered")
    )


def _written(code: str, on: date) -> Mapping[str, RuleRow]:
    return rules.said_by(rulebook.current(WRITTEN, on), code)


def sentences(on: date) -> tuple[Sentence, ...]:
    """Every sentence of the public pages as it stands today."""
    rows = [row for book in (*rules.PUBLIC_BOOKS, *rules.OWN_BOOKS) for row in rulebook.current(book, on)]
    return rules.sentences(shipped(TEMPLATE), rows)


def sentence(key: str, on: date) -> Sentence | None:
    return next((one for one in sentences(on) if one.key == key), None)


def lines(code: str, on: date) -> tuple[Line, ...]:
    """Every sentence with how it stands in a language."""
    return rules.lines(sentences(on), shipped(f"{code}.po"), _written(code, on))


def left_over(code: str, on: date) -> tuple[RuleRow, ...]:
    """What the office wrote for a sentence whose English is another now."""
    current = {one.english for one in sentences(on)}
    return tuple(row for english, row in _written(code, on).items() if english not in current)


def languages(on: date) -> tuple[RuleRow, ...]:
    return rulebook.current(LANGUAGES, on)
