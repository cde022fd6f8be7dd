"""The Jinja environment of every page: macros under `ui`, filters, and names that must exist."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import (
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Undefined,
    UndefinedError,
)
from jinja2.utils import missing

from alongside.core.pages import widgets
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


class Macros:
    """`ui.field(...)` is the macro `field` of `core/macros/field.html`: one macro, one file, one name."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., str]:
        macro: Callable[..., str] = getattr(self._environment.get_template(f"core/macros/{name}.html").module, name)
        return macro


def url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


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
        static=static,
        url=url,
        csp_nonce=csp_nonce,
        flash=flash,
        widget=widgets.describe,
        error_list=widgets.error_list,
        filters_used=widgets.active_count,
        office_name=settings.OFFICE_NAME,
        undefined=Undefined(),
        null=None,
    )
    return made
