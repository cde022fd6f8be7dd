"""Words, colours and lines of risk, on its own pages and on those of a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, LooseEnd, Said, Stops, Tab, Titles
from alongside.core.pages.filters import date_words, datetime_words, plural
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.agenda.rules import Kind, Lane
from alongside.support.cases.casework.models import Case
from alongside.support.cases.risk import queries, rules
from alongside.support.cases.risk.models import Alert, Sitting
from alongside.support.cases.risk.rules import Reckoned, RiskSet

Tag = dict[str, str]
COLOURS = {rules.STANDARD: "grey", rules.MEDIUM: "yellow", rules.HIGH: "red"}
FORMER = "A former colleague"
WHY_SHORT = {
    rules.SCORE: "The score", rules.CRITICAL: "A critical answer", rules.INCIDENTS: "How many incidents",
    rules.SITTINGS: "How often it was asked", rules.JUDGEMENT: "The worker’s judgement",
}  # fmt: skip
ALERT_TAGS: Mapping[str, Tag] = {
    Alert.State.NEW: {"word": "New", "colour": "red"}, Alert.State.SEEN: {"word": "Seen", "colour": "yellow"},
    Alert.State.ANSWERED: {"word": "Acted on", "colour": "green"},
}  # fmt: skip
ACTED: Tag = {"word": "Worker has acted", "colour": "turquoise"}


def works(by: Actor) -> bool:
    return by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    return (Tab("Risk", "risk", "risk:history", often=True),) if works(by) else ()


def level_tag(level: str, titles: Mapping[str, str]) -> Tag:
    return {"word": titles.get(level, level), "colour": COLOURS[level]}


# The timeline of a case, and what is due on it.


def _of(details: Mapping[str, Any], titles: Titles) -> str:
    return titles("risk_kinds").get(details.get("kind", ""), "")


def _assessed(details: Mapping[str, Any], titles: Titles) -> str:
    levels, before = titles("risk_levels"), details.get("before", "")
    moved = f" It was {levels.get(before, before).lower()}." if before and before != details["level"] else ""
    return f"Risk questions finished: {_of(details, titles)}, {levels[details['level']].lower()}.{moved}"


def _answered(details: Mapping[str, Any], titles: Titles) -> str:
    known = titles("risk_responses")
    return "What was done about a risk that rose: " + "; ".join(known.get(code, code) for code in details["did"])


def _to_see(details: Mapping[str, Any], titles: Titles) -> str:
    if on := details.get("acted"):
        return f"A risk rose: the worker has acted, on {date_words(date.fromisoformat(on))}"
    return "A risk rose: for the manager to see"


TOLD: Mapping[str, Said] = {
    "risk.assessed": Said(_assessed, "risk", "risk:history", "red"),
    "risk.thrown_away": Said(lambda details, titles: f"Risk questions given up: {_of(details, titles)}", "risk"),
    "risk.rise_seen": Said(lambda details, titles: "The manager has seen that a risk rose", "risk", "risk:history"),
    "risk.rise_answered": Said(_answered, "risk", "risk:history"),
    "risk.answer_seen": Said(
        lambda details, titles: "The manager has seen what was done about a risk that rose", "risk", "risk:history"
    ),
}  # fmt: skip
DUE: Mapping[str, Kind] = {
    "risk.review": Kind(lambda details, titles: "Ask the risk questions again", "risk:begin", group="reviews"),
    "risk.rose": Kind(
        lambda details, titles: "A risk rose: say what was done", "risk:answer", group="risk", of="about"
    ),
    "risk.to_see": Kind(_to_see, "risk:answer", group="risk", of="about", lane=Lane.MANAGER),
}  # fmt: skip


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """How high the risk is now, on the first page of a case."""
    if not works(by):
        return
    found = queries.sittings(case)
    on = london_date(at)
    titles, kinds = rulebook.titles(queries.RISK_LEVELS, on), rulebook.titles(queries.KINDS, on)
    due = queries.review_on(found)
    lines = [
        {"kind": kinds.get(kind, kind), "tag": level_tag(one.level, titles), "on": date_words(one.done_at)}
        for kind, one in queries.latest(found).items()
    ]  # fmt: skip
    waiting = [one.alert for one in found if hasattr(one, "alert") and one.alert.state != Alert.State.ANSWERED]
    if waiting and case.state != Case.State.CLOSED:
        yield Card("top", "risk/parts/rose.html", {"alert": waiting[-1].pk, "on": date_words(waiting[-1].raised_at)})
    words = {"lines": lines, "due": date_words(due), "late": due is not None and due < on,
             "open": case.state != Case.State.CLOSED}  # fmt: skip
    yield Card("main", "risk/parts/case.html", words, (case.victim_id,) if lines else (), "risk" if lines else "")


# A sitting.


def why(
    sitting_why: Iterable[str], found: Reckoned, whole: RiskSet, *, incidents: int | None, sittings: int
) -> list[str]:
    """Why the level is what it is, in sentences."""
    months = plural(whole.window_months, "month")
    critical = " ".join(item.words for code in found.critical if (item := whole.item(code)))
    words = {
        rules.SCORE: _score_words(found, whole),
        rules.CRITICAL: f"A yes to this alone makes it high: {critical}",
        rules.INCIDENTS: f"It may be escalating: {plural(incidents or 0, 'incident')} within {months}, and here "
                         f"{whole.incidents_from} or more count as high.",
        rules.SITTINGS: f"It may be escalating: asked {plural(sittings, 'time')} within {months}, and here "
                        f"{whole.sittings_from} or more count as high.",
        rules.JUDGEMENT: "The worker judges it to be higher than the answers do.",
    }  # fmt: skip
    return [words[code] for code in sitting_why]


def _score_words(found: Reckoned, whole: RiskSet) -> str:
    return (
        f"The score is {found.score}. Medium begins at {whole.medium_from} and high at {whole.high_from}"
        f"{', as counted in their council' if whole.areas else ''}."
    )


@dataclass(frozen=True)
class Answered:
    """A question with its answer, as a finished sitting is read."""

    words: str
    answer: str
    tag: str
    comment: str
    critical: bool


ANSWER_COLOURS = {rules.YES: "red", rules.NO: "green", rules.NOT_KNOWN: "yellow", rules.NOT_ASKED: "grey"}


def answered(whole: RiskSet, said: queries.Said) -> list[Answered]:
    return [
        Answered(
            words=item.words, answer=rules.ANSWERS[code := said.answers.get(item.code, rules.NOT_ASKED)],
            tag=ANSWER_COLOURS[code], comment=said.comments.get(item.code, ""), critical=item.critical,
        )
        for item in whole.items
    ]  # fmt: skip


def facts(sitting: Sitting, whole: RiskSet, levels: Mapping[str, str]) -> list[dict[str, Any]]:
    """A finished sitting in rows: what it came to, why, how and by whom it was asked, and under which questions."""
    asked = rulebook.titles(queries.ASKED, london_date(sitting.begun_at))
    by = queries.names([sitting.done_by]).get(sitting.done_by) if sitting.done_by else None
    rows = (
        ("Level", levels.get(sitting.level, sitting.level)),
        ("Why", ", ".join(WHY_SHORT[code] for code in sitting.why)),
        ("The worker’s judgement", queries.judgement(sitting)),
        ("Score", f"{sitting.score}. Medium began at {whole.medium_from} and high at {whole.high_from}"),
        ("Incidents", _incidents(sitting, whole)),
        ("How it was asked", asked.get(sitting.asked_how, sitting.asked_how)),
        ("Questions", f"{whole.title}, version {sitting.set_version}, in force since {date_words(whole.since)}"),
        ("Finished", f"{datetime_words(sitting.done_at)}, {by or FORMER}"),
    )  # fmt: skip
    return [{"key": key, "value": value, "written": True} for key, value in rows if value]


def _incidents(sitting: Sitting, whole: RiskSet) -> str:
    if sitting.incidents is None:
        return ""
    return f"{sitting.incidents} within {plural(whole.window_months, 'month')}"


def offered_hint(one: queries.Offered) -> str:
    """What stands under a set that may be asked."""
    count = plural(len(one.set.items), "question")
    return f"{count}. Suggested for what happened here." if one.suggested else f"{count}."


def tally(answers: Mapping[str, str], whole: RiskSet) -> str:
    """How many of each answer, in words."""
    given = [answers.get(one.code, rules.NOT_ASKED) for one in whole.items]
    counts = [(given.count(code), word.lower()) for code, word in rules.ANSWERS.items()]
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def notices(sitting: Sitting, whole: RiskSet, case: Case, on: date) -> list[str]:
    """What somebody must know who goes on with a sitting: the set has changed since, or they have outgrown it."""
    found, now, years = [], queries.newest(sitting, on), queries.age(case, on)
    if now is None:
        found.append(
            "These questions are not asked any more. What was begun can be finished, and counts as it was begun."
        )
    elif now.version != sitting.set_version:
        found.append(
            f"The questions were changed on {date_words(now.since)}, after this was begun. You go on with them as they "
            "were; the next sitting has the new ones."
        )
    if not whole.fits(years):
        found.append(
            f"They are {years} now, and these questions are for somebody of {whole.first_age} to {whole.last_age}. If "
            "most of it is still to be asked, throw this away and begin with the set for their age."
        )
    return found


def grown(case: Case, past: Iterable[Sitting], offered: Iterable[queries.Offered], on: date) -> list[str]:
    """A note for each kind whose set is another than last time, because they have grown older."""
    before, years, words = queries.latest(past), queries.age(case, on), []
    for one in offered:
        last = before.get(one.set.kind)
        if last and last.set_code != one.set.code and not (asked := queries.as_asked(last)).fits(years):
            words.append(
                f"Last time they were asked “{asked.title}”. They are of another age now, so it is “{one.set.title}”. "
                "Read the two side by side, and compare no numbers."
            )
    return words


# What rose, for the manager.


@dataclass(frozen=True)
class Risen:
    """A line of the manager's list: by reference, since the list is read where others may see the screen."""

    pk: UUID
    case_id: UUID
    reference: str
    kind: str
    moved: str
    level: Tag
    raised: str
    worker: str
    tag: Tag
    due: str
    late: bool
    did: str
    acted: str
    seen: str
    waits: bool


def may(alert: Alert, by: Actor) -> Mapping[str, bool]:
    """Which buttons the page of a risk that rose shows."""
    answered, manages = alert.state == Alert.State.ANSWERED, by.may(P.CASE_ASSIGN)
    return {
        "answer": not answered, "see": alert.state == Alert.State.NEW and manages,
        "see_answer": answered and alert.answer_seen_at is None and manages,
    }  # fmt: skip


def said_of(alert: Alert, on: date) -> dict[str, Any]:
    """What was done about a risk that rose: by whom, when, what, and in which words."""
    known, people = rulebook.titles(queries.RESPONSES, on), queries.names([alert.answered_by, alert.answer_seen_by])
    return {
        "by": people.get(alert.answered_by, FORMER) if alert.answered_by else "",
        "did": [known.get(code, code) for code in alert.did], "words": queries.words_of(alert),
        "seen": _moment(people, alert.answer_seen_by, alert.answer_seen_at),
    }  # fmt: skip


def _moment(names: Mapping[UUID, str], who: UUID | None, at: datetime | None) -> str:
    return f"{names.get(who, FORMER)}, {datetime_words(at)}" if who and at else ""


def risen(
    found: Iterable[Alert], *, names: Mapping[UUID, str], titles: Mapping[str, Mapping[str, str]], now: datetime
) -> list[Risen]:  # fmt: skip
    levels, kinds, did = titles["levels"], titles["kinds"], titles["responses"]
    return [
        Risen(
            pk=one.pk, case_id=one.case_id, reference=one.case.reference,
            kind=kinds.get(one.sitting.kind, one.sitting.kind), level=level_tag(one.sitting.level, levels),
            moved=f"It was {levels.get(one.sitting.before, '').lower()}" if one.sitting.before else "First time asked",
            raised=datetime_words(one.raised_at), tag=ACTED if _waits(one) else ALERT_TAGS[one.state],
            due=date_words(one.due_at),
            worker=names.get(one.case.worker, FORMER) if one.case.worker else "Nobody yet",
            late=one.answered_at is None and one.due_at < now,
            did="; ".join(did.get(code, code) for code in one.did),
            acted=_moment(names, one.answered_by, one.answered_at), waits=_waits(one),
            seen=_moment(names, one.answer_seen_by, one.answer_seen_at) or _moment(names, one.seen_by, one.seen_at),
        )
        for one in found
    ]  # fmt: skip


def _waits(alert: Alert) -> bool:
    """Whether somebody has acted and no manager has seen what was done."""
    return alert.state == Alert.State.ANSWERED and alert.answer_seen_at is None


# What an office writes.


def set_facts(whole: RiskSet, kinds: Mapping[str, str], councils: Mapping[str, str]) -> list[dict[str, str]]:
    """A set in rows: whom it is for and what makes it high."""
    areas = "; ".join(
        f"{councils.get(one.council, one.council)}: high from {one.high_from}; by incidents: "
        f"{_times(one.incidents_from, one.window_months).lower()}"
        for one in whole.areas
    )  # fmt: skip
    rows = (
        ("About", kinds.get(whole.kind, whole.kind)),
        ("Ages", _ages(whole)),
        ("Medium", f"From a score of {whole.medium_from}"),
        ("High", f"From a score of {whole.high_from} out of {sum(one.weight for one in whole.items)}"),
        ("High by incidents", _times(whole.incidents_from, whole.window_months)),
        ("High by sittings", _times(whole.sittings_from, whole.window_months)),
        ("Councils that count otherwise", areas or "None"),
    )  # fmt: skip
    return [{"key": key, "value": value} for key, value in rows]


def _ages(whole: RiskSet) -> str:
    if (whole.first_age, whole.last_age) == (0, rules.OLDEST):
        return "Any age"
    if whole.last_age == rules.OLDEST:
        return f"{whole.first_age} and over"
    return f"{whole.first_age} to {whole.last_age}" if whole.first_age else f"Up to {whole.last_age}"


def _times(count: int, months: int) -> str:
    return f"{count} or more within {plural(months, 'month')}" if count else "Never"


@dataclass(frozen=True)
class Version:
    """A version of a set with what it changed."""

    number: int
    when: str
    source: str
    changed: tuple[rules.Difference, ...]
    newest: bool


def versions(code: str) -> list[Version]:
    """Every version of a set, the newest first, each with how it differs from the one before."""
    found = queries.history(code)
    older: list[RuleRow | None] = [*found[1:], None][: len(found)]
    return [
        Version(
            row.version, _when(row.since, row.until), row.source,
            rules.differences(queries.as_set(before), queries.as_set(row)) if before else (), row is found[0],
        )
        for row, before in zip(found, older, strict=True)
    ]  # fmt: skip


def _when(since: date, until: date | None) -> str:
    if until is None:
        return f"From {date_words(since)}"
    if until == since:
        return f"Was to begin on {date_words(since)}, and was never asked"
    return f"From {date_words(since)} until the day before {date_words(until)}"


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """What is open of risk where a case is to end: high risk, and a rise that nobody answered, are a manager's."""
    if queries.level(queries.sittings(case)) == rules.HIGH:
        yield LooseEnd("The risk was high when it was last asked about", "risk:history", Stops.WITHOUT_A_MANAGER)
    if found := len(queries.open_alerts(case)):
        words = f"{plural(found, 'rise')} in risk {'has' if found == 1 else 'have'} no answer yet"
        yield LooseEnd(words, "risk:history", Stops.WITHOUT_A_MANAGER)
    if found := len(queries.drafts_of(case)):
        yield LooseEnd(f"{plural(found, 'set')} of risk questions begun and not finished", "risk:history")
