"""The questions of a form that asks one thing a page: which come next is said by the answers so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Answers = Mapping[str, Mapping[str, Any]]


def always(answers: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Steps:
    """Questions in order, each with the answers that lead to it; `last` is the page that checks them all."""

    questions: tuple[tuple[str, Callable[[Answers], bool]], ...]
    last: str

    def path(self, answers: Answers) -> tuple[str, ...]:
        """The questions that these answers lead to."""
        return tuple(step for step, asked in self.questions if asked(answers))

    def upcoming(self, answers: Answers) -> str:
        """The first question without an answer, or the page to check them."""
        return next((step for step in self.path(answers) if step not in answers), self.last)

    def may_open(self, step: str, answers: Answers) -> bool:
        """Whether a question can be shown: it is asked, and those before it are answered."""
        asked = self.path(answers)
        return step in asked and all(earlier in answers for earlier in asked[: asked.index(step)])

    def before(self, step: str, answers: Answers) -> str:
        """The question to go back to; empty at the first."""
        asked = self.path(answers)
        place = asked.index(step) if step in asked else len(asked)
        return asked[place - 1] if place else ""
