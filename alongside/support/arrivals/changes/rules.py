"""What of a difference a provider may know, what may be done with it, and what follows from that."""

from collections.abc import Iterable, Mapping

from alongside.support.arrivals.feeds.rules import COLUMN_OF, TOLD_IN_FULL, WAYS, Difference

TAKE, KEEP, NOTE = "take", "keep", "note"
SAFETY = ("Safe to telephone", "Safe to e-mail")
REFUSAL = ("Agrees to be contacted", "no")


def shared(different: Iterable[Difference]) -> tuple[Difference, ...]:
    """What the provider that holds the case may know: all that it holds itself; of the officer and their notes, which
    may speak of others, nothing.
    """
    return tuple(one for one in different if one.what not in TOLD_IN_FULL)


def options(one: Difference) -> tuple[str, ...]:
    """What may be decided of a difference. That a way is safe is never taken from a source: the victim says it. That
    one is not safe counts at once, whatever is decided.
    """
    return (KEEP, NOTE) if one.what in SAFETY else (TAKE, KEEP, NOTE)


def taken(decisions: Mapping[str, str]) -> list[str]:
    """The columns, and the ways of contact, that somebody chose to take."""
    names = {**COLUMN_OF, **WAYS}
    return [names[what] for what, decision in decisions.items() if decision == TAKE and what in names]


def is_refusal(different: Iterable[Difference]) -> bool:
    """Whether the source says that the victim does not agree any more."""
    return any((one.what, one.theirs) == REFUSAL for one in different)


def says_unsafe(different: Iterable[Difference]) -> bool:
    """Whether the source says that a way is not safe, or not agreed to: that counts without anybody's choosing."""
    return any(one.theirs == "no" and one.what in (*SAFETY, REFUSAL[0]) for one in different)
