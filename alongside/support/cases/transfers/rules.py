"""Pure rules of transfers: what must be true before a case is offered, and what may go along."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from alongside.core.errors import RuleBroken

PLAN, NEEDS, RISK, JUSTICE, NOTES = "plan", "needs", "risk", "justice", "notes"
PIECES = {
    PLAN: "The plan: needs, goals and steps that are not done", NEEDS: "How each need was scored last",
    RISK: "How high the risk was last, and when; never the answers", JUSTICE: "The journey through justice so far",
}  # fmt: skip
LONGEST = 4000
NOT_AGREED = (
    "They have not agreed that you share with {body}, or took it back. Ask them, and record what they said under "
    "“Record and agreements”, then offer it."
)
AGREED_NO_MORE = "They no longer agree that their case is shared with you, so it cannot be accepted. Decline it."
RESTRICTED = (
    "This record is restricted. It can be handed on only where somebody at that service is named on it: ask the hub."
)
ENDED = "Support ended meanwhile, so there is nothing to take up. Decline it."
OFFERED_ALREADY = "This case is offered to another service already. Wait for the answer, or take it back first."
GONE = "This is no longer open to you: it was answered or taken back."


@dataclass(frozen=True)
class Wanted:
    """A need as it goes along: its code, the goal in their words, the steps that are not done."""

    code: str
    goal: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """What goes along, in words."""

    summary: str = ""
    plan: tuple[Wanted, ...] = ()
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)


def chosen(found: Content, pieces: Iterable[str], notes: Iterable[int], summary: str) -> Content:
    """What of it the sender chose: whole pieces, and notes one by one."""
    wanted, kept = set(pieces), found.lines.get(NOTES, ())
    lines = {code: said for code, said in found.lines.items() if code in wanted and said}
    if picked := tuple(kept[place] for place in sorted(set(notes)) if 0 <= place < len(kept)):
        lines[NOTES] = picked
    return Content(summary.strip(), found.plan if PLAN in wanted else (), lines)


def check(*, summary: str, receiver: int | None, sender: int) -> None:
    if receiver is None or receiver == sender:
        raise RuleBroken("Choose a service of another organisation that takes referrals here.", "service")
    if not summary.strip():
        raise RuleBroken("Write what they should know first.", "summary")
    if len(summary) > LONGEST:
        raise RuleBroken(f"Keep it to {LONGEST} letters.", "summary")
