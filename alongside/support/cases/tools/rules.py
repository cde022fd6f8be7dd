"""Pure rules of writing tools: what changed from one version to another, and what can no longer be held together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alongside.support.cases.outcomes.rules import WHOLE, Question, Tool, parted


@dataclass(frozen=True)
class Difference:
    """What is different between two versions of a tool: in which way, before and now."""

    what: str
    before: str
    now: str


_NAMED = {
    "title": "Name", "whose": "Whose tool it is", "first_age": "From this age", "last_age": "Up to this age",
    "intro": "Read before you ask", "step": "A change counts from", "deviation": "Standard deviation",
    "reliability": "Reliability",
}  # fmt: skip


def differences(before: Tool, now: Tool, titles: Mapping[str, str]) -> tuple[Difference, ...]:
    """What changed from one version to another, in the order in which it is read."""
    return (*_around(before, now), *_questions(before, now, titles))


def _around(before: Tool, now: Tool) -> Iterator[Difference]:
    for name, label in _NAMED.items():
        was, said = getattr(before, name), getattr(now, name)
        if was != said:
            yield Difference(label, "" if was is None else str(was), "" if said is None else str(said))
    if before.scale != now.scale:
        yield Difference("Points of the scale", scale_words(before), scale_words(now))
    if before.higher != now.higher:
        yield Difference("Which end is better", better_words(before), better_words(now))
    if before.services != now.services:
        yield Difference("Services", ", ".join(before.services) or "All", ", ".join(now.services) or "All")


def _questions(before: Tool, now: Tool, titles: Mapping[str, str]) -> Iterator[Difference]:
    for one in now.questions:
        earlier = before.question(one.code)
        if earlier is None:
            yield Difference("Question added", "", _said(one, titles))
        elif earlier != one:
            yield Difference("Question changed", _said(earlier, titles), _said(one, titles))
    for one in before.questions:
        if now.question(one.code) is None:
            yield Difference("Question taken out", _said(one, titles), "")
    kept = [one.code for one in before.questions if now.question(one.code)]
    if kept != [one.code for one in now.questions if before.question(one.code)]:
        yield Difference("Order", "", "The questions stand in another order")


def _said(question: Question, titles: Mapping[str, str]) -> str:
    return f"{question.words} ({titles.get(question.outcome, 'none of the four outcomes')})"


def scale_words(tool: Tool) -> str:
    """The points of a scale in one line."""
    return "; ".join(f"{point} {words}".strip() for point, words in tool.scale)


def better_words(tool: Tool) -> str:
    return "More points are better" if tool.higher else "Fewer points are better"


def not_held_together(before: Tool, now: Tool, titles: Mapping[str, str]) -> tuple[str, ...]:
    """The outcomes that a new version asks otherwise, so that answers from both sides of it are not compared."""
    return tuple(titles.get(part, part) for part in parted(before, now) if part != WHOLE)
