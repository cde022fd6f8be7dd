"""Every page on which somebody may look at a person has a name that people would give it."""

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

from alongside.support.cases.casework.rules import LISTS
from alongside.support.people.victims.rules import has_words, page_words


def _routes(patterns: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Each named page, with the module that shows it."""
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from _routes(one.url_patterns, one.namespace or place)
        elif one.name:
            yield f"{place}:{one.name}".removeprefix(":"), one.callback.__module__


def test_every_page_of_support_has_a_name_in_words() -> None:
    found = dict(_routes(get_resolver().url_patterns))
    places = {route.partition(":")[0] for route, module in found.items() if module.startswith("alongside.support.")}
    assert len(places) > 50
    assert {place for place in places if not has_words(place)} <= {"api"}


def test_a_page_is_named_as_people_would_name_it() -> None:
    assert page_words("casework:add_step") == "plan"
    assert page_words("plans:print_out") == "plan, printed"
    assert page_words("casework:download") == "case, taken as a file"
    assert page_words("notes:amend_counsel") == "counselling notes"
    assert page_words("risk:sit") == "risk"
    assert page_words("elsewhere:thing") == "another page"


def test_every_list_to_which_a_case_leads_back_is_a_page() -> None:
    assert set(LISTS) <= set(dict(_routes(get_resolver().url_patterns)))
