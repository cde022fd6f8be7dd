"""The language of a public page: read from its address alone, and said in what translators wrote. English otherwise."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.utils.module_loading import import_string
from markupsafe import Markup, escape

from alongside.core.said import Said, fill

Handler = Callable[[HttpRequest], HttpResponseBase]
_PREFIX = re.compile(r"/([a-z]{2,3})/")
_STYLES: Mapping[str, Literal["standard", "or"]] = {"and": "standard", "or": "or"}


@dataclass(frozen=True)
class Language:
    """A language of public pages: its sentences by their English. `offered`: every page leads to it."""

    code: str
    title: str
    own_name: str
    rtl: bool
    offered: bool
    sentences: Mapping[str, str]

    @property
    def direction(self) -> str:
        return "rtl" if self.rtl else "ltr"


_page: ContextVar[Language | None] = ContextVar("page_language", default=None)


def page_language() -> Language | None:
    """The language of this page; None for English."""
    return _page.get()


@contextmanager
def speaking(language: Language | None) -> Iterator[None]:
    """Pages drawn inside are in this language, and their links lead to pages in it."""
    token = _page.set(language)
    try:
        with translation.override(language.code if language else settings.LANGUAGE_CODE):
            yield
    finally:
        _page.reset(token)


@cache
def locale_of(code: str) -> Locale:
    """How a language writes dates, numbers and lists; as English does where nobody has said."""
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def spoken(text: str) -> str:
    """A sentence of ours in the page's language, or in English where nobody has translated it: for an attribute or an
    option, which can say of no part of it that it is English."""
    language = page_language()
    if language is None:
        return text
    return _say(text, language) or text


def in_words(text: str, **parts: Any) -> Markup:
    """A sentence of ours as HTML, escaped whoever wrote it; marked as English where nobody has translated it. Parts may
    be HTML of our own."""
    language = page_language()
    found = text if language is None else _say(text, language)
    worded = escape(text if found is None else found)
    # Both the sentence and each part are escaped before they are put together.
    worded = Markup(fill(worded, lambda name: escape(_part(parts[name], language)))) if parts else worded  # noqa: S704
    return worded if found is not None else Markup('<span lang="en" dir="ltr">{}</span>').format(worded)


def own(text: str) -> Markup:
    """What somebody else wrote, as they wrote it: on a page of another language marked as English."""
    if page_language() is None:
        return escape(text)
    return Markup('<bdi lang="en">{}</bdi>').format(text)


def worded(text: str) -> Markup:
    """What is ours in the page's language, what somebody else wrote as it is."""
    return in_words(text) if isinstance(text, Said) else own(text)


def _say(text: str, language: Language) -> str | None:
    if not isinstance(text, Said):
        return language.sentences.get(text)
    if text.day is not None:
        return format_date(text.day, format="long", locale=locale_of(language.code))
    found = _list(text, language) if text.items else language.sentences.get(text.template or text)
    if found is None:
        return None
    return _cased(fill(found, lambda name: _part(text.parts[name], language)) if text.parts else found, text)


def _cased(found: str, text: str) -> str:
    """Begins with a small or a large letter as its English does, where its language has both."""
    if text[:1].islower():
        return found if found[1:2].isupper() else found[:1].lower() + found[1:]
    return found[:1].upper() + found[1:] if text[:1].isupper() else found


def _list(text: Said, language: Language) -> str:
    words = [str(_part(one, language)) for one in text.items]
    style = _STYLES.get(text.between)
    return format_list(words, style=style, locale=locale_of(language.code)) if style else text.between.join(words)


def _part(part: Any, language: Language | None) -> Any:
    """A part of a sentence: ours is translated, a number is written as the language does, a name stays."""
    if language is None or isinstance(part, Markup):
        return f"{part:,}" if isinstance(part, int) else part
    if isinstance(part, str):
        return _say(part, language) or part
    return format_decimal(part, locale=locale_of(language.code)) if isinstance(part, int) else part


def on_day(day: date, text: str) -> Said:
    """A day in a sentence: its English, and what another language writes it from."""
    return Said(text, day=day)


class Languages:
    """Reads the language from the first part of the address. Nothing else chooses one: no cookie, and no setting of the
    browser. A page that is in English alone is led to under its own address."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.find: Callable[[str], Language | None] = import_string(settings.PAGE_LANGUAGE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = _PREFIX.match(request.path_info)
        with speaking(self.find(asked[1]) if asked else None):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Handler, args: tuple[object, ...], words: dict[str, object]
    ) -> HttpResponseBase | None:
        declared = getattr(view, "declared", None)
        if page_language() is None or getattr(declared, "spoken", False):
            return None
        answer = HttpResponseRedirect(plain_address(request.get_full_path()))
        answer.status_code = 302 if request.method in ("GET", "HEAD") else 307
        return answer


def plain_address(address: str) -> str:
    """The same page in English."""
    language = page_language()
    return f"/{address.removeprefix(f'/{language.code}').lstrip('/')}" if language else address


@dataclass(frozen=True)
class Switch:
    """One entry of the list of languages: where this page is in it. `first`: the browser asks for it."""

    code: str
    own_name: str
    address: str
    current: bool


def switches(request: HttpRequest | None) -> tuple[Switch, ...]:
    """Every language in which this page is offered, under its own name; empty where there is English alone."""
    match = request.resolver_match if request else None
    declared = getattr(match.func, "declared", None) if match else None
    if request is None or not getattr(declared, "spoken", False):
        return ()
    address, now = plain_address(request.get_full_path()), page_language()
    offered: tuple[tuple[str, str], ...] = import_string(settings.PAGE_LANGUAGES)()
    english = Switch("en", "English", address, now is None)
    others = (Switch(code, name, f"/{code}{address}", bool(now and now.code == code)) for code, name in offered)
    return (english, *others)


@dataclass(frozen=True)
class Offer:
    """A line in the language that the browser asks for first, which leads to this page in it."""

    switch: Switch
    direction: str
    words: str


READ_HERE = "Read this page in English"


def offer(request: HttpRequest | None) -> Offer | None:
    """What the browser's own setting suggests. It never chooses: whoever holds the device may not have set it."""
    if request is None or page_language() is not None:
        return None
    wanted = _wanted(request.headers.get("Accept-Language", ""))
    if wanted == "en":
        return None
    found = next((one for one in switches(request) if one.code == wanted), None)
    language = import_string(settings.PAGE_LANGUAGE)(wanted) if found else None
    if found is None or language is None or READ_HERE not in language.sentences:
        return None
    return Offer(found, language.direction, language.sentences[READ_HERE])


def _wanted(header: str) -> str:
    """The first language that a browser names, without its country."""
    return re.split("[,;-]", header[:200].strip(), maxsplit=1)[0].strip().casefold()
