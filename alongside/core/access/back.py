"""The way back after signing in: the page and how its list is turned, never what somebody typed into it."""

from django.http import HttpRequest

# Codes, ids and positions. What is not named here stays behind: it would stand in an address that others see.
HARMLESS = frozenset(
    ("after", "before", "sort", "view", "state", "whose", "crime", "crime_type", "council", "source", "flag", "kind",
     "area", "standing", "reason", "held", "service", "found", "ref", "by",
     "centre", "strand", "police", "went", "goes")
)  # fmt: skip


def way_back(request: HttpRequest) -> str:
    """The address of this page with what is harmless of its query."""
    query = request.GET.copy()
    for name in set(query) - HARMLESS:
        del query[name]
    path = request.get_full_path().partition("?")[0]
    return f"{path}?{query.urlencode()}" if query else path
