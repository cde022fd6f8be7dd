"""Searches by a person's name: the words wait in the session, sealed, and the address carries only a token."""

import hashlib
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from alongside.core.access.declare import access
from alongside.core.privacy import crypt

WORDS, TOKEN, KEPT = "q", "found", "searches"
AT_MOST = 20
AGAIN = "Search again: the words of this search are no longer kept."
Plain = Callable[[str], object]
F = TypeVar("F", bound=forms.Form)


def leads_to(needs: str, address: str, *, plain: Plain) -> Callable[..., HttpResponseBase]:
    """The view that a search box is sent to. It leads to the list, with a token in place of what is not `plain`.

    `plain` says which words name nobody, such as a reference of ours: those may stand in the address.
    """

    @access(needs)
    def search(request: HttpRequest, **place: object) -> HttpResponse:
        query = request.POST.copy()
        words = query.pop(WORDS, [""])[-1].strip()
        for name in (TOKEN, "csrfmiddlewaretoken"):
            query.pop(name, None)
        if words:
            query.update({WORDS: words} if plain(words) else {TOKEN: _keep(request, words)})
        there = reverse(address, kwargs=place)
        return redirect(f"{there}?{query.urlencode()}" if query else there)

    return search


def nothing(words: str) -> bool:
    """Plain where whatever is typed may name somebody: a reference of others, which we cannot tell from a name."""
    return False


def opened(request: HttpRequest, *, plain: Plain) -> QueryDict:
    """What a list was asked for, with the words that its token stands for. A name in the address itself is let drop."""
    query = request.GET.copy()
    typed = query.pop(WORDS, [""])[-1]
    words = typed if plain(typed) else _kept(request)
    if words:
        query[WORDS] = words
    return query


def marked(request: HttpRequest, form: F) -> F:
    """The same form; it asks to search again where the words are no longer kept."""
    if (request.GET.get(WORDS) or request.GET.get(TOKEN)) and not form.data.get(WORDS):
        form.fields[WORDS].help_text = AGAIN
    return form


def _keep(request: HttpRequest, words: str) -> str:
    """Keeps the words for this session alone, with the latest few searches, and gives their token."""
    token = secrets.token_urlsafe(16)
    sealed = b64encode(crypt.seal_under(token, KEPT, words)).decode()
    kept = {**request.session.get(KEPT, {}), _place(token): sealed}
    request.session[KEPT] = dict(list(kept.items())[-AT_MOST:])
    return token


def _kept(request: HttpRequest) -> str:
    token = request.GET.get(TOKEN, "")
    sealed = request.session.get(KEPT, {}).get(_place(token))
    return crypt.unseal_under(token, KEPT, b64decode(sealed)) if sealed else ""


def _place(token: str) -> str:
    """Where a token's words are: not the token itself, so that the session alone opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]
