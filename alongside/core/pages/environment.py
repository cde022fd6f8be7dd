"""The Jinja environment of every page: macros under `ui`, filters, and names that must exist."""

import json
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from jinja2 import (
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Undefined,
    UndefinedError,
)
from jinja2.runtime import Macro
from jinja2.utils import missing

from alongside.core.pages import languages, widgets
from alongside.core.pages.filters import FILTERS

GOVUK = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})


class Absent(StrictUndefined):
    """A misspelt name fails the page; only a dict may lack a key, as the GOV.UK macros expect."""

    __slots__ = ()

    def __new__(
        cls, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> Any:
        lenient = hint is not None or isinstance(obj, dict)
        return Undefined(hint, obj, name, exc) if lenient else super().__new__(cls)


# Macros that draw the same few words a hundred times a page: what they drew is kept. Never one that is given a name.
OF_WORDS_ALONE = frozenset({"status_tag"})


class Macros:
    """`ui.field(...)` is the macro `field` of `core/macros/field.html`: one macro, one file, one name."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., str]:
        macro: Callable[..., str] = getattr(self._environment.get_template(f"core/macros/{name}.html").module, name)
        if not self._environment.auto_reload:
            macro = lru_cache(maxsize=512)(macro) if name in OF_WORDS_ALONE else macro
            self.__dict__[name] = macro  # the next call finds it without asking the loader
        return macro


STAND_IN = UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")


@cache
def _form_of(name: str, language: str | None) -> str:
    """The address of a record of this view, with the stand-in where the record's id goes."""
    return reverse(name, args=(STAND_IN,))


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a view. A list asks for hundreds of one shape: that of a single id is looked up once."""
    if len(args) == 1 and not kwargs and isinstance(args[0], UUID):
        return _form_of(name, get_language()).replace(str(STAND_IN), str(args[0]))
    return reverse(name, args=args or None, kwargs=kwargs or None)


class Once:
    """`once(macro, params)` draws what depends on its parameters alone, and keeps it while it is asked for: the choices
    of a list's filters take hundreds of calls to draw, and are the same all day. Never for anything of a person's."""

    def __init__(self) -> None:
        self._kept: Callable[[Macro, str], str] = lru_cache(maxsize=128)(self._draw)

    def _draw(self, macro: Macro, params: str) -> str:
        drawn: str = macro(json.loads(params))
        return drawn

    def __call__(self, macro: Macro, params: dict[str, Any]) -> str:
        return self._kept(macro, json.dumps(params, default=str))


def csp_nonce(request: HttpRequest | None) -> str:
    """The nonce of this response; asking for it adds it to the policy's header."""
    return str(getattr(request, "csp_nonce", ""))


def flash(request: HttpRequest | None) -> list[Any]:
    """Messages waiting for this person, taken only when the session has already been read for them."""
    return list(get_messages(request)) if request is not None and hasattr(request, "_messages") else []


def environment(**options: Any) -> Environment:
    options |= {"loader": ChoiceLoader([options["loader"], GOVUK]), "undefined": Absent}
    options.pop("autoescape", None)
    made = Environment(autoescape=True, **options)
    made.filters.update(FILTERS)
    made.globals.update(
        ui=Macros(made),
        once=Once(),
        static=static,
        url=url,
        csp_nonce=csp_nonce,
        flash=flash,
        widget=widgets.describe,
        error_list=widgets.error_list,
        filters_used=widgets.active_count,
        office_name=settings.OFFICE_NAME,
        _=languages.in_words,
        spoken=languages.spoken,
        own=languages.own,
        worded=languages.worded,
        page_language=languages.page_language,
        switches=languages.switches,
        offer=languages.offer,
        undefined=Undefined(),
        null=None,
    )
    return made
