"""The way back, after signing in and from a record to the list that it was opened from: the page and how its list is
turned, never what somebody typed into it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

# Codes, ids and positions. What is not named here stays behind: it would stand in an address that others see.
HARMLESS = frozenset(
    ("after", "before", "sort", "view", "state", "whose", "group", "crime", "crime_type", "council", "source", "flag",
     "kind",
     "area", "standing", "reason", "held", "service", "found", "ref", "by",
     "centre", "strand", "police", "went", "goes", "language", "reaches", "need", "stage", "due", "about",
     "wish", "risk", "day", "of", "fault")
)  # fmt: skip

BACK = "back"  # of the session


def way_back(request: HttpRequest) -> str:
    """The address of the page with what is harmless of its query; of what was sent, the page that it was sent from."""
    path, _, asked = request.get_full_path().partition("?")
    if request.method == "POST" and (page := _sent_from(request)):
        path, asked = page
    return _harmless(path, asked)


def back_from(request: HttpRequest, about: str, lists: Mapping[str, str]) -> tuple[str, str] | None:
    """The list from which somebody came to the pages about one record, its address and its name, however many of those
    pages they opened since. `lists`: which pages are such lists, by route, with the name of each."""
    if (page := _sent_from(request)) and (name := lists.get(_route(page[0]))):
        found = [about, _harmless(*page), name]
        if request.session.get(BACK) != found:
            request.session[BACK] = found
    kept, address, name = request.session.get(BACK, ("", "", ""))
    return (address, name) if kept == about else None


def _route(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def _harmless(path: str, asked: str) -> str:
    query = QueryDict(asked, mutable=True)
    for name in set(query) - HARMLESS:
        del query[name]
    return f"{path}?{query.urlencode()}" if query else path


def _sent_from(request: HttpRequest) -> tuple[str, str] | None:
    """The page of ours whose form, button or link this is: many addresses take what is sent and have no page of their
    own."""
    said = urlsplit(request.headers.get("Referer", ""))
    ours = (said.scheme, said.netloc) == (request.scheme, request.get_host())
    return (said.path, said.query) if ours and said.path.startswith("/") else None
