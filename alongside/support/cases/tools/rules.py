"""Pure rules of writing tools: what may be written, what changed, and what can no longer be held together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from alongside.core.errors import RuleBroken
from alongside.support.cases.outcomes.rules import BAR, OLDEST, WHOLE, Question, Tool

FEWEST_POINTS, MOST_POINTS, MOST_QUESTIONS, LONGEST_WORDS = 2, 11, 40, 300

# What an office may write.


def check_question(question: Question, outcomes: Iterable[str]) -> None:
    """Refuses a question that cannot be asked or counted."""
    if not question.words or len(question.words) > LONGEST_WORDS:
        raise RuleBroken(f"Write the question, in up to {LONGEST_WORDS} letters.", "words")
    if BAR in question.words or "\n" in question.words:
        raise RuleBroken("Write it in one line, without the sign |.", "words")
    if question.outcome and question.outcome not in outcomes:
        raise RuleBroken("Choose the outcome that it speaks for, or none.", "outcome")


def check_tool(tool: Tool) -> None:
    """Refuses what stands around the questions where sittings could not be judged by it."""
    points = tool.points
    if not 0 <= tool.first_age <= tool.last_age <= OLDEST:
        raise RuleBroken("The ages run from the lower to the higher.", "first_age")
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        raise RuleBroken(f"A scale has from {FEWEST_POINTS} to {MOST_POINTS} points.", "scale")
    if points[0] not in (0, 1) or any(after != before + 1 for before, after in pairwise(points)):
        raise RuleBroken("The points begin with 0 or 1 and go up by one.", "scale")
    if not (tool.scale[0][1] and tool.scale[-1][1]):
        raise RuleBroken("Say in words what the lowest point and the highest mean.", "scale")
    if not 0 < tool.step <= points[-1] - points[0]:
        raise RuleBroken("The step is more than 0, and no longer than the scale.", "step")
    _check_reliable(tool)


def _check_reliable(tool: Tool) -> None:
    deviation, reliability = tool.deviation, tool.reliability
    if (deviation is None) != (reliability is None):
        raise RuleBroken("Give both figures, or neither: reliable change needs the two.", "deviation")
    if deviation is not None and deviation <= 0:
        raise RuleBroken("The standard deviation is more than 0.", "deviation")
    if reliability is not None and not 0 < reliability < 1:
        raise RuleBroken("The reliability lies between 0 and 1.", "reliability")


def check_whole(tool: Tool) -> None:
    """Refuses a tool that cannot be given."""
    check_tool(tool)
    if not 0 < len(tool.questions) <= MOST_QUESTIONS:
        raise RuleBroken(f"A tool asks from 1 to {MOST_QUESTIONS} questions.")


def next_code(taken: Iterable[str]) -> str:
    """The code of a question that an office adds: never one that was used before, not even by one taken out."""
    numbers = [int(code[1:]) for code in taken if code[:1] == "q" and code[1:].isdigit()]
    return f"q{max(numbers, default=0) + 1}"


def moved(questions: Sequence[Question], code: str, *, up: bool) -> tuple[Question, ...]:
    """The questions with one of them a place further up or down; as they are where it can go no further."""
    listed = list(questions)
    place = next(index for index, one in enumerate(listed) if one.code == code)
    other = place - 1 if up else place + 1
    if 0 <= other < len(listed):
        listed[place], listed[other] = listed[other], listed[place]
    return tuple(listed)


def parted(before: Tool, now: Tool) -> tuple[str, ...]:
    """The parts that two versions both have and ask differently: answers before and after are not held together."""
    was, marks = before.marks(), now.marks()
    return tuple(part for part, mark in marks.items() if was.get(part, mark) != mark)


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


# A link by which somebody answers on their own phone.


@dataclass(frozen=True)
class Link:
    """What bears on whether a link holds. `closed`, `died`: how its case stands in this moment."""

    expires_at: datetime
    opened_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    follow_up: bool
    closed: bool
    died: bool


def stands(link: Link, *, at: datetime, fresh: bool) -> bool:
    """Whether it opens the questions (`fresh`), or keeps them open that it opened. It opens once, and nothing opens
    after a death; after the end of support only a follow-up does."""
    if link.ended_at or link.answered_at or link.died or (link.closed and not link.follow_up):
        return False
    return link.opened_at is None and at < link.expires_at if fresh else link.opened_at is not None
