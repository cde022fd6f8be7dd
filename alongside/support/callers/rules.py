"""Pure rules of a call that is taken down: what it must say, and what the hub reads of it."""

from collections.abc import Iterator, Mapping
from typing import Any

Said = Mapping[str, Any]
WAYS = ("phone", "email")
UNSAID = {"phone": "Ask whether it is safe to call this number", "email": "Ask whether it is safe to e-mail them"}
VOICE = "by_voice"


def faults(said: Said) -> Iterator[tuple[str, str]]:
    """What is missing, by field."""
    for way in WAYS:
        if said.get(way) and not said.get(f"{way}_safe"):
            yield f"{way}_safe", UNSAID[way]
    if not said.get("agreed"):
        yield "agreed", "Without their agreement nothing is kept"


def notes(said: Said, happened: str) -> str:
    """What was said on the call that has no field of its own."""
    lines = (
        "Telephoned the hub.",
        "Said that somebody was in danger now." if said["danger"] == "yes" else "",
        f"What happened, as chosen: {happened}",
        "" if reachable(said) else "Will call us again; do not contact them.",
        f"In their words: {said['notes']}" if said["notes"] else "",
    )
    return "\n".join(line for line in lines if line)


def reachable(said: Said) -> tuple[str, ...]:
    """The ways that the caller said are safe."""
    return tuple(way for way in WAYS if said[way] and said[f"{way}_safe"] == "yes")


def times_of(codes: list[str], hours: Mapping[str, str]) -> str:
    """The safe times that were chosen, as ways of contact keep them."""
    times = [hours.get(code, code) for code in codes]
    return (";" if all(":" in time for time in times) else "; ").join(times)[:100]
