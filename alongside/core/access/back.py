"""The way back after signing in: the page and how its list is turned, never what somebody typed into it."""

from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

# Codes, ids and positions. What is not named here stays behind: it would stand in an address that others see.
HARMLESS = frozenset(
    ("after", "before", "sort", "view", "state", "whose", "group", "crime", "crime_type", "council", "source", "flag",
     "kind",
     "area", "standing", "reason", "held", "service", "found", "ref", "by",
     "centre", "strand", "police", "went", "goes", "language", "reaches", "need", "stage", "due", "about",
     "wish", "risk", "day", "of", "fault")
)  # fmt: skip


def way_back(request: HttpRequest) -> str:
    """The address of the page with what is harmless of its query; of what was sent, the page that it was sent from."""
    path, _, asked = request.get_full_path().partition("?")
    if request.method == "POST" and (page := _sent_from(request)):
        path, asked = page
    query = QueryDict(asked, mutable=True)
    for name in set(query) - HARMLESS:
        del query[name]
    return f"{path}?{query.urlencode()}" if query else path


def _sent_from(request: HttpRequest) -> tuple[str, str] | None:
    """The page of ours whose form or button this is: many addresses take what is sent and have no page themselves."""
    said = urlsplit(request.headers.get("Referer", ""))
    ours = (said.scheme, said.netloc) == (request.scheme, request.get_host())
    return (said.path, said.query) if ours and said.path.startswith("/") else None
