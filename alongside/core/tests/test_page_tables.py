"""Sorting and paging by link."""

from django.http import HttpRequest
from django.test import RequestFactory

from alongside.core.pages.paging import Page
from alongside.core.pages.tables import Sort, page_links, with_query


def asking(query: str) -> HttpRequest:
    return RequestFactory().get(f"/queue/{query}")


def sort_of(query: str) -> Sort:
    return Sort.of(asking(query), "due", "name", default="-due")


def test_a_list_has_its_own_order_until_asked() -> None:
    sort = sort_of("")
    assert (sort.by, sort.down, sort.order) == ("due", True, "-due")


def test_an_unknown_column_is_ignored() -> None:
    assert sort_of("?sort=password").order == "-due"


def test_a_header_turns_its_order_round() -> None:
    assert sort_of("?sort=name").link("name") == "?sort=-name"
    assert sort_of("?sort=-name").link("name") == "?sort=name"


def test_sorting_keeps_the_filters_and_forgets_the_place() -> None:
    assert sort_of("?area=n&after=abc").link("name") == "?area=n&sort=name"


def test_headers_say_how_they_are_sorted() -> None:
    sort = sort_of("?sort=name")
    assert (sort.aria("name"), sort.aria("due"), sort_of("").aria("due")) == (
        "ascending",
        "none",
        "descending",
    )


def test_a_change_to_the_query_forgets_the_place() -> None:
    assert with_query(asking("?area=n&before=x"), area=None, q="sam") == "?q=sam"
    assert with_query(asking("?after=x")) == "?"


def test_a_pager_links_only_to_pages_that_are_there() -> None:
    middle = Page(rows=(), after="b", before="a", first=False)
    only = Page(rows=(), after="", before="", first=True)
    assert page_links(asking("?area=n&after=x"), middle) == ("?area=n&before=a", "?area=n&after=b")
    assert page_links(asking(""), only) == (None, None)
