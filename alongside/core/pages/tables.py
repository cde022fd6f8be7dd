"""Sorting and paging by link: what a list's address says and the links its headers and pager carry."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest, QueryDict

from alongside.core.pages.paging import Page

POSITION = ("after", "before")


def with_query(request: HttpRequest, **changes: str | None) -> str:
    """This page's query string with changes; None takes a name away, and so does any change the position."""
    query = request.GET.copy()
    for name in (*POSITION, *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


def page_links(request: HttpRequest, page: Page) -> tuple[str | None, str | None]:
    """The addresses of the pages before and after a keyset page, as `ui.keyset_pager` takes them."""
    before = with_query(request, before=page.before) if page.before else None
    return before, with_query(request, after=page.after) if page.after else None


@dataclass(frozen=True)
class Sort:
    """The column a list is sorted by, read from `?sort=due` or `?sort=-due`; unknown columns are ignored."""

    by: str
    down: bool
    columns: tuple[str, ...]
    query: QueryDict

    @classmethod
    def of(cls, request: HttpRequest, *columns: str, default: str) -> Self:
        asked = request.GET.get("sort", default)
        chosen = asked if asked.removeprefix("-") in columns else default
        return cls(chosen.removeprefix("-"), chosen.startswith("-"), columns, request.GET)

    @property
    def order(self) -> str:
        """For `order_by`, when the column is a field's name."""
        return f"-{self.by}" if self.down else self.by

    def aria(self, column: str) -> str:
        if column != self.by:
            return "none"
        return "descending" if self.down else "ascending"

    def link(self, column: str) -> str:
        query = self.query.copy()
        for name in POSITION:
            query.pop(name, None)
        query["sort"] = f"-{column}" if column == self.by and not self.down else column
        return f"?{query.urlencode()}"
