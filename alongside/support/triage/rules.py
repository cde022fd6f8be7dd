"""Pure rules of the workbench: what a saved view may hold."""

from collections.abc import Mapping

from alongside.core.errors import RuleBroken

MOST_SAVED = 12
FILTERS = ("crime", "council", "source", "flag")
SORTS = ("", "received", "-received")
MISSING = "Choose which view it begins from."


def kept(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters that a saved view keeps: those in use, and never the words of a search, which may name somebody."""
    return {name: asked[name] for name in FILTERS if asked.get(name)}


def check_saved(*, view: str, sort: str, known: frozenset[str], already: int) -> None:
    """Refuses a view that does not exist, and more of them than anybody can look over."""
    if view not in known or sort not in SORTS:
        raise RuleBroken(MISSING)
    if already >= MOST_SAVED:
        raise RuleBroken(f"You have {MOST_SAVED} views already. Delete one that you no longer use first.")
