"""Pure rules of what is taken down: what is missing, and what the hub reads first."""

from collections.abc import Mapping
from typing import Any

SELF, OTHER, PROFESSIONAL = "self", "other", "professional"
HOW = {"phone": "By telephone", "visit": "In person", "written": "In writing"}


def faults(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What is still to be asked of whoever calls for somebody else: fields and words."""
    missing = said.get("caller") in (OTHER, PROFESSIONAL) and not said.get("caller_name")
    return (("caller_name", "Enter who is calling, and who they are to them"),) if missing else ()


def notes(said: Mapping[str, Any]) -> str:
    """What the hub reads of how it came, before what was noted."""
    who = "by the person themselves" if said["caller"] == SELF else f"by {said['caller_name']}"
    lines = (
        f"{HOW[said['channel']]}, {who}.",
        "Said that somebody may be in danger now." if said["danger"] == "yes" else "",
        f"Could not be asked: {said['why_not_asked']}" if said["consent"] == "not_asked" else "",
        said["notes"],
    )
    return "\n".join(line for line in lines if line)


def high_risk(said: Mapping[str, Any]) -> bool:
    """Danger now, a risk of serious harm that could not be asked about, or the officer's own judgement."""
    return "yes" in (said["danger"], said["high_risk"]) or said["consent"] == "not_asked"


def source(said: Mapping[str, Any]) -> str:
    return "partner" if said["caller"] == PROFESSIONAL else "self"


def verified(said: Mapping[str, Any], kind: str) -> str:
    """Only what the person says of their own way of contact verifies it, and only where they say that it is safe."""
    own = said["caller"] == SELF and said["channel"] != "written"
    return "by_voice" if own and said[f"{kind}_safe"] == "yes" else ""
