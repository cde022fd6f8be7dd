"""Words for the pages of changes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from alongside.support.changes.rules import KEEP, NOTE, TAKE
from alongside.support.feeds.rules import Difference

OPTIONS = {TAKE: "Take what was sent", KEEP: "Keep what we have", NOTE: "Note it, and ask the victim"}


def in_words(different: Iterable[Difference], titles: Mapping[str, Mapping[str, str]]) -> tuple[Difference, ...]:
    """What differs, codes in the rulebook's words."""
    return tuple(
        replace(one, ours=said.get(one.ours, one.ours), theirs=said.get(one.theirs, one.theirs))
        for one in different for said in [titles.get(one.what, {})]
    )  # fmt: skip
