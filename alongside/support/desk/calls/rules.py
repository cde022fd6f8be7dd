"""Pure rules of a call: which step comes next, when it ends at once, and what it amounts to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from alongside.support.desk.assessment import rules as assessment
from alongside.support.desk.assessment.rules import Texts

OUT = "out"
# What each kind of step asks beside its notes, in the words of the form.
ASKS: dict[str, tuple[str, ...]] = {
    "speaking": ("speaking",),
    "safe": ("safe",),
    "danger": ("danger",),
    "needs": ("needs",),
    "access": ("language", "interpreter", "access"),
    "agree": ("support", "contact", "share", "share_with"),
    "ways": ("way", "way_safe", "way_times", "way_message"),
    "next": ("next_day", "next_hours"),
    OUT: ("next_day", "next_hours"),
}
NEEDED = ("speaking", "safe", "danger")  # whoever calls goes no further without an answer
SPOKE, ELSE, NONE, NOT_SAFE, LATER = "spoke", "someone_else", "no_answer", "not_safe", "call_back"
NOTE = 2000
TO_SET = (LATER,)  # they asked for another time, so whoever records it says when
NOT_SAID = ("csrfmiddlewaretoken", "go")
UNDO = timedelta(minutes=10)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """One step of the script, as the rulebook has it."""

    code: str
    title: str
    say: str
    look: str
    asks: str

    @property
    def fields(self) -> tuple[str, ...]:
        """What it asks; a box for notes where it asks nothing that must be answered first."""
        asked = ASKS.get(self.asks, ())
        return asked if self.asks in (*NEEDED, OUT) else (*asked, note(self.code))


def note(code: str) -> str:
    """The name of the box for notes of a step."""
    return f"note_{code}"


@dataclass(frozen=True)
class Script:
    """The steps in their order, and what is said where a call ends at once."""

    steps: tuple[Step, ...]
    way_out: Step

    def find(self, code: str) -> Step | None:
        return next((step for step in (*self.steps, self.way_out) if step.code == code), None)

    def after(self, here: Step) -> str:
        """The step after this one; empty after the last."""
        return next((self.steps[at + 1].code for at, step in enumerate(self.steps[:-1]) if step == here), "")

    def before(self, here: Step, said: Mapping[str, Any]) -> str:
        """The step before this one; before the way out, the one whose answer led there."""
        if here == self.way_out:
            asked = "safe" if said.get("speaking") == "them" else "speaking"
            return next((step.code for step in self.steps if step.asks == asked), self.steps[0].code)
        places = [at for at, step in enumerate(self.steps) if step == here and at]
        return self.steps[places[0] - 1].code if places else self.steps[0].code


def ends(said: Mapping[str, Any], asks: str = "") -> bool:
    """Whether the call ends at once: it is not them, or it is not safe. `asks`: what was just answered; an answer
    further on is asked again on the way there."""
    theirs = said.get("speaking") not in ("else", "none")
    return not theirs or (asks != "speaking" and said.get("safe") == "no")


def outcome(said: Mapping[str, Any]) -> str:
    """What a call that ended at once amounts to, as a code of what came of it."""
    if said.get("speaking") in ("else", "none"):
        return ELSE if said["speaking"] == "else" else NONE
    return LATER if said.get("next_day") else NOT_SAFE


def missing(steps: Iterable[Step], said: Mapping[str, Any]) -> str:
    """The first step whose question must be answered and is not; empty where the call may be recorded."""
    return next((step.code for step in steps if step.asks in NEEDED and not said.get(step.asks)), "")


def notes(steps: Iterable[Step], said: Mapping[str, Any]) -> str:
    """What was written at each step, for the note of the attempt, as much as a note holds."""
    written = ((step.title, str(said.get(note(step.code), "")).strip()) for step in steps)
    return "\n".join(f"{title}: {words}" for title, words in written if words)[:NOTE]


def begin_assessment(texts: Texts, record: Texts, said: Mapping[str, Any]) -> Texts:
    """The boxes of an assessment after a call: what they said goes where nobody has said anything else."""
    for one in assessment.named(said):
        if assessment.is_free(texts, one, record):
            texts = assessment.put_in(texts, one)
    return {"danger": said["danger"], **texts} if said.get("danger") else texts
