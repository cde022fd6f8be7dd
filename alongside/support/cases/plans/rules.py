"""Pure rules of a plan: steps of the scale, what has changed, when it is looked at again, what may leave on paper."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from alongside.core.pages.filters import plural
from alongside.core.privacy.whereabouts import LEFT_OUT, tells_where
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.people.victims.rules import name_part

LOWEST, HIGHEST = 1, 5
NOT_APPLICABLE = "not_applicable"
FIRST, REVIEW, END = "first", "review", "end"
SHORTEST_NAME = 3
WHERE = "This seems to hold an address, a telephone number or an e-mail address. Take it out."
HOLE = f"Say it in other words: “{LEFT_OUT}” cannot stand on the plan."
NAME = "This holds a name. Say who it is in another way, for example: my sister."
SERVICE = "This names the service, which gives away what the plan is about."
SHARED_HOME = (
    "Paper may be found in a home that is shared with whoever harms them. Say where it is kept safe, or show it to "
    "them instead."
)
CONTRADICTS = "You said that the home is shared, so this cannot be why it is safe."
LEFT_NOTHING = "Paper is left with them, so this cannot be why it is safe."
Answers = Mapping[str, int | str]


class Change(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    ONCE = "once"
    NEVER = "never"


def strangers(needs: Iterable[str], answers: Answers) -> tuple[str, ...]:
    """The codes of answers that cannot be kept: of no need of the rulebook, or off the scale."""
    known = set(needs)
    return tuple(code for code, answer in answers.items() if code not in known or not _on_scale(answer))


def _on_scale(answer: int | str) -> bool:
    return answer == NOT_APPLICABLE or (isinstance(answer, int) and LOWEST <= answer <= HIGHEST)


def scored(answers: Answers) -> dict[str, int]:
    """The steps alone, by need."""
    return {code: answer for code, answer in answers.items() if isinstance(answer, int)}


def stage_obstacle(stage: str, earlier: Sequence[str]) -> str:
    """Why a sitting cannot be of this stage, given those before it; empty where it can."""
    if stage == FIRST and earlier:
        return "The needs have been scored already: this is a review, or the score at the end."
    if stage != FIRST and not earlier:
        return "The needs have not been scored yet: this is the first score."
    return ""


def course(code: str, sittings: Iterable[Answers]) -> tuple[int | None, ...]:
    """The steps of one need, sitting by sitting; None where it was not scored."""
    return tuple(scored(answers).get(code) for answers in sittings)


def change(course: Iterable[int | None]) -> tuple[Change, int]:
    """What became of a need from its first score to its latest, and by how many steps."""
    steps = [step for step in course if step is not None]
    if len(steps) < 2:
        return (Change.ONCE if steps else Change.NEVER), 0
    moved = steps[-1] - steps[0]
    return (Change.BETTER if moved > 0 else Change.WORSE if moved < 0 else Change.SAME), abs(moved)


def change_words(what: Change, steps: int) -> str:
    """That in words."""
    if what in (Change.BETTER, Change.WORSE):
        return f"{what.capitalize()} by {plural(steps, 'step')}"
    return {Change.SAME: "The same as at first", Change.ONCE: "Scored once"}.get(what, "Not scored")


def review_rule(rows: Iterable[RuleRow], *, high_risk: bool, crime_type: str, service: str) -> RuleRow:
    """The first row that fits a case."""
    return next(row for row in rows if _fits(row, high_risk, crime_type, service))


def _fits(row: RuleRow, high_risk: bool, crime_type: str, service: str) -> bool:
    if row.flag("high_risk") and not high_risk:
        return False
    crimes, only = row.codes("crimes"), row.text("service")
    return (not crimes or crime_type in crimes) and only in ("", service)


def next_review(rule: RuleRow, today: date) -> date:
    return today + timedelta(days=rule.number("days"))


@dataclass(frozen=True)
class Guarded:
    """What may not stand on a plan that is given: names that are known, the service's, and words that tell."""

    names: tuple[str, ...]
    services: tuple[str, ...]
    telling: Mapping[str, str]


def line_faults(text: str, guarded: Guarded) -> tuple[str, ...]:
    """Why a line may not stand on a plan that may be found, in words."""
    written = f" {name_part(text)} "
    faults = [HOLE] if LEFT_OUT in text else []
    faults += [WHERE] if tells_where(text.replace(LEFT_OUT, "")) else []
    faults += [NAME] if any(f" {part} " in written for part in _parts(guarded.names)) else []
    faults += [SERVICE] if any(name_part(name) in written for name in guarded.services if name) else []
    return (*faults, *_told(text, guarded.telling))


def _parts(names: Iterable[str]) -> set[str]:
    return {part for name in names for part in name_part(name).split() if len(part) >= SHORTEST_NAME}


def _told(text: str, telling: Mapping[str, str]) -> Iterable[str]:
    for word, instead in telling.items():
        if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
            yield f"“{word}” gives away what the plan is about. You could say: {instead}."


_CAPITAL = re.compile(r"(?<=[^.!?:\s] )[A-Z][a-z'’-]{1,30}\b")
_DAYS = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday Christmas Easter Ramadan Eid Diwali English Maths Mum Dad Universal Credit "
    "I'm I’m I'll I’ll I've I’ve I'd I’d".split()
)


def maybe_names(texts: Iterable[str]) -> tuple[str, ...]:
    """Words with a capital letter in the middle of a sentence: perhaps a name, for a person to look at."""
    found = (word for text in texts for word in _CAPITAL.findall(text) if word not in _DAYS)
    return tuple(dict.fromkeys(found))


def shares(answer: str, *, hidden: bool) -> bool:
    """Whether the home counts as shared with whoever harms them. After a hidden crime *not known* counts as yes."""
    return answer == "yes" or (hidden and answer == "not_known")


def giving_obstacle(*, paper: bool, shared: bool, place: bool, safe: str) -> str:
    """Why a plan may not be given in this way, if it may not."""
    if paper and safe == "nothing_left":
        return LEFT_NOTHING
    if shared and safe == "lives_apart":
        return CONTRADICTS
    if paper and shared and not place:
        return SHARED_HOME
    return ""
