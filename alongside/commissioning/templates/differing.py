"""Pure rules of versions: what is different between two of one template."""

from collections.abc import Iterator
from dataclasses import dataclass

from alongside.commissioning.templates.rules import Template


@dataclass(frozen=True)
class Difference:
    """What is different between two versions: in which way, before and now."""

    what: str
    before: str
    now: str


_NAMED = {"title": "Name", "about": "What it is for", "due": "Days until it is due",
          "explain": "Explained from (per cent)", "statement": "Statement of whoever certifies"}  # fmt: skip


def differences(before: Template, now: Template) -> tuple[Difference, ...]:
    """What changed from one version to another, in the order in which it is read."""
    return (*_around(before, now), *_asked(before, now), *_checked(before, now))


def _around(before: Template, now: Template) -> Iterator[Difference]:
    for name, label in _NAMED.items():
        was, said = getattr(before, name), getattr(now, name)
        if was != said:
            yield Difference(label, str(was), str(said))
    was_in, now_in = (", ".join(one.title for one in each.sections) for each in (before, now))
    if before.sections != now.sections:
        yield Difference("Sections", was_in, now_in if now_in != was_in else "Other words at the head of a section")


def _asked(before: Template, now: Template) -> Iterator[Difference]:
    for one in now.questions:
        earlier = before.question(one.code)
        if earlier is None:
            yield Difference("Question added", "", one.words)
        elif earlier != one:
            same = earlier.words == one.words
            yield Difference("Question changed", earlier.words, "Asked in another way" if same else one.words)
    for one in before.questions:
        if now.question(one.code) is None:
            yield Difference("Question taken out", one.words, "")
    kept = [one.code for one in before.questions if now.question(one.code)]
    if kept != [one.code for one in now.questions if before.question(one.code)]:
        yield Difference("Order", "", "The questions stand in another order")


def _checked(before: Template, now: Template) -> Iterator[Difference]:
    for one in now.checks:
        if one not in before.checks:
            yield Difference("Check added", "", f"{one.formula}: {one.words}")
    for one in before.checks:
        if one not in now.checks:
            yield Difference("Check taken out", f"{one.formula}: {one.words}", "")
