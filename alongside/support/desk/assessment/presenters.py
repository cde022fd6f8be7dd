"""A first assessment in words: its form, its summary, what changed since, and what stands beside a referral."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card
from alongside.core.pages.filters import date_words, plural
from alongside.core.privacy.whereabouts import printable
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.assessment import queries, rules
from alongside.support.desk.assessment.models import Alarm, Detail, Heard, Review
from alongside.support.desk.assessment.queries import Assessed, Decided, Earlier

Rows = list[dict[str, Any]]
RAISED = "The alarm is raised: it is at high risk from now on, and those on duty are told."
COLOURS = {"none": "grey", "some": "blue", "lot": "orange", "urgent": "red"}
ANSWERS = dict(Detail.Answer.choices)
STATES = {
    "RECEIVED": "New here", "IN_TRIAGE": "In triage here", "OFFERED": "Offered to a service",
    "ACCEPTED": "Supported now", "CLOSED": "Closed",
}  # fmt: skip
NOT_IN_IT = "They named something in a call that this assessment does not hold. It is on the referral’s page."
INTERPRETER = {"yes": "An interpreter", "no": "No interpreter"}
HEARD = {rules.NEED: ("needs", ""), rules.LANGUAGE: ("languages", "Language: "), rules.ACCESS: ("access_needs", "")}
ENDED = dict(Review.Ended.choices)


def titles(on: date) -> dict[str, Mapping[str, str]]:
    """The words of every book that an assessment chooses from."""
    books = ("needs", "vulnerability_factors", "others_at_risk", "enhanced_entitlement", "access_needs", "languages",
             "crime_types")  # fmt: skip
    return {book: rulebook.titles(book, on) for book in books}


def _listed(words: Mapping[str, str], codes: Iterable[str]) -> str:
    return ", ".join(words.get(code, code) for code in codes)


# The form.


def form(referral: Referral, needs: Iterable[tuple[str, str]], on: date, *, by: Actor) -> dict[str, Any]:
    """What the form's page needs besides the form: how to ask, what is suggested, and what to think of."""
    rows = {row.code: row for row in rulebook.current("needs", on)}
    why = {found.code: "Suggested: " + "; ".join(found.why) for found in queries.suggested(referral, on, by=by)}
    rights = rulebook.current("enhanced_entitlement", on)
    return {
        "name": referral.victim.full_name, "steps": rulebook.current("danger_steps", on), "prompts": prompts(on),
        "needs": [(code, title, rows[code].text("ask"), rows[code].text("examples")) for code, title in needs],
        "rights_hints": {row.code: why.get(row.code, row.text("when")) for row in rights},
        "first": referral.assessments.exists() is False,
    }  # fmt: skip


def prompts(on: date) -> dict[str, str]:
    """What the office reminds a worker of, by when."""
    return {row.code: row.text("text") for row in rulebook.current("safeguarding", on)}


# One assessment.


def show(detail: Detail, *, by: Actor, at: datetime, paper: bool = False) -> dict[str, Any]:
    """Everything of one assessment in words. On paper, addresses and numbers are left out of what was written."""
    on, one = london_date(at), queries.of_detail(detail)
    fit: Callable[[str], str] = printable if paper else str
    known = titles(on)
    earlier = queries.before(detail.referral, one)
    return {
        "detail": detail, "referral": detail.referral, "name": detail.referral.victim.full_name, "by": by, "at": at,
        "needs": _needs(one, known, fit), "rows": _rows(one, known, fit), "made": one,
        "changes": changes(earlier, one, known) if earlier else None, "safeguarding": _safeguarding(one, on),
        "may_offer": "offer" in referrals.verbs(detail.referral, by),
    }  # fmt: skip


def _needs(one: Assessed, known: Mapping[str, Mapping[str, str]], fit: Callable[[str], str]) -> Rows:
    """The needs, the most urgent first, with how much and in whose words; those not asked about last."""
    levels: dict[str, str] = one.detail.levels if one.detail else dict.fromkeys(one.summary.needs, "some")
    words = one.said.get("needs", {})
    order = {level: place for place, level in enumerate(reversed(rules.LEVELS))}
    rows: Rows = [
        {"title": title, "level": rules.LEVELS.get(levels.get(code, ""), "Not asked"), "words": fit(words[code])
         if code in words else "", "colour": COLOURS.get(levels.get(code, ""), ""),
         "place": order.get(levels.get(code, ""), len(order))}
        for code, title in known["needs"].items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row["place"])


def _rows(one: Assessed, known: Mapping[str, Mapping[str, str]], fit: Callable[[str], str]) -> Rows:
    summary, detail, said = one.summary, one.detail, one.said
    rows: Rows = [
        {"key": "What makes it harder", "value": _listed(known["vulnerability_factors"], summary.vulnerability)
         or "Nothing was noted"},
        {"key": "In their words", "value": fit(said.get("harder", "")), "written": True},
        {"key": "Enhanced Rights", "value": _listed(known["enhanced_entitlement"], summary.entitlements) or "None"},
        {"key": "Risk", "value": "High: act today" if summary.high_risk else "Not high"},
    ]  # fmt: skip
    rows += _detail_rows(detail, said, known, fit) if detail else []
    rows.append({"key": "Summary for the service", "value": fit(one.reason), "written": True})
    return [row for row in rows if row["value"]]


def _detail_rows(
    detail: Detail, said: Mapping[str, Any], known: Mapping[str, Mapping[str, str]], fit: Callable[[str], str]
) -> Rows:  # fmt: skip
    access = _listed(known["access_needs"], detail_access(detail))
    return [
        {"key": "Interpreter", "value": {"yes": "Needed", "no": "Not needed"}.get(detail.interpreter, "")},
        {"key": "Access needs", "value": "; ".join(part for part in (access, fit(said.get("access", ""))) if part)},
        {"key": "Who else is at risk", "value": _listed(known["others_at_risk"], detail.others_at_risk)},
        {"key": "About that", "value": fit(said.get("others", "")), "written": True},
        {"key": "Children in the home", "value": children(detail, said, fit)},
        {"key": "Worried about a child", "value": _worried(detail)},
    ]


def detail_access(detail: Detail) -> list[str]:
    summary = detail.referral.assessments.filter(pk=detail.pk).first()
    return list(summary.access_needs) if summary else []


def _worried(detail: Detail) -> str:
    return "" if detail.child_concern == rules.NOT_ASKED else ANSWERS[detail.child_concern]


def children(detail: Detail, said: Mapping[str, Any], fit: Callable[[str], str] = str) -> str:
    """Children in the home in a line: how many, how old, who cares for them."""
    if detail.children != Detail.Answer.YES:
        return ANSWERS[detail.children]
    count = plural(detail.children_count, "child", "children") if detail.children_count else "Yes"
    ages, carers = fit(said.get("ages", "")), fit(said.get("carers", ""))
    return "; ".join(part for part in (count, f"aged {ages}" if ages else "", carers) if part)


def _safeguarding(one: Assessed, on: date) -> list[str]:
    """What the office reminds of, for what this assessment found."""
    detail, known = one.detail, prompts(on)
    if detail is None:
        return []
    holds = {
        "children_at_home": detail.children == Detail.Answer.YES,
        "child_concern": detail.child_concern in (Detail.Answer.YES, Detail.Answer.UNSURE),
        "others_at_risk": bool(detail.others_at_risk),
    }
    return [known[code] for code, held in holds.items() if held and code in known]


# What changed.


def changes(was: Assessed, now: Assessed, known: Mapping[str, Mapping[str, str]]) -> Rows:
    """What is other than at the assessment before: what, what it was and what it is."""
    before, after = _compared(was, known), _compared(now, known)
    return [
        {"what": what, "was": before.get(what, "Not asked"), "now": value}
        for what, value in after.items() if before.get(what, "Not asked") != value
    ]  # fmt: skip


def _compared(one: Assessed, known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    levels = {row["title"]: row["level"] for row in _needs(one, known, str)}
    rows = {row["key"]: str(row["value"]) for row in _rows(one, known, str)}
    return {**dict(sorted(levels.items())), **{key: value for key, value in rows.items() if key != "About that"}}


def history(referral: Referral, on: date) -> dict[str, Any]:
    """Every assessment with what changed at it, and every decision on Enhanced Rights, the latest first."""
    known, held = titles(on), queries.assessments(referral)
    pairs = zip(held, [*held[1:], None], strict=False)
    return {
        "referral": referral, "name": referral.victim.full_name,
        "assessments": [
            {"one": now, "changes": changes(was, now, known) if was else None} for now, was in pairs
        ],
        "decisions": [decision(one, known) for one in queries.decisions(referral)],
        "heard": heard_words(queries.heard(referral), known),
        "reviews": [
            {"changed": fact_words(one.changed), "opened": one.opened_at, "ended": ENDED.get(one.ended, "Still open"),
             "at": one.ended_at}
            for one in referral.reviews.order_by("-opened_at")
        ],
    }  # fmt: skip


def heard_words(found: Iterable[Heard], known: Mapping[str, Mapping[str, str]]) -> Rows:
    """What they named in calls, in words, with who heard it and what became of it."""
    held = list(found)
    names = referrals.names([person for one in held for person in (one.heard_by, one.ended_by)])
    return [
        {"pk": one.pk, "what": one.what, "code": one.code, "words": _heard(one, known), "at": one.heard_at,
         "by": names.get(one.heard_by, ""), "ended": one.get_ended_display(), "ended_at": one.ended_at,
         "ended_by": names.get(one.ended_by, "")}
        for one in held
    ]  # fmt: skip


def _heard(one: Heard, known: Mapping[str, Mapping[str, str]]) -> str:
    if one.what == rules.INTERPRETER:
        return INTERPRETER.get(one.code, "")
    book, before = HEARD[one.what]
    return f"{before}{known[book].get(one.code, one.code)}"


def heard_now(referral: Referral, boxes: Mapping[str, object], on: date) -> Rows:
    """What they named in a call and the boxes of a form do not say, with what they say instead."""
    known = titles(on)
    rows = heard_words(queries.to_settle(referral), known)
    return [
        row | {"instead": _instead(row, boxes, known)} for row in rows
        if not rules.holds(boxes, (row["what"], row["code"]))
    ]  # fmt: skip


def _instead(row: Mapping[str, Any], boxes: Mapping[str, object], known: Mapping[str, Mapping[str, str]]) -> str:
    if row["what"] == rules.NEED:
        return rules.LEVELS.get(str(boxes.get(f"level_{row['code']}")), "")
    said = str(boxes.get(row["what"]) or "")
    if row["what"] == rules.LANGUAGE:
        return known["languages"].get(said, "")
    return INTERPRETER.get(said, "") if row["what"] == rules.INTERPRETER else ""


def decision(one: Decided, known: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    rights = _listed(known["enhanced_entitlement"], one.decision.entitlements) or "None"
    return {"rights": rights, "why": one.why, "by": one.by, "at": one.decision.decided_at}


def fact_words(changed: Iterable[str]) -> list[str]:
    return [rules.FACT_WORDS.get(name, name) for name in changed]


# Enhanced Rights.


def decide(referral: Referral, on: date, *, by: Actor) -> dict[str, Any]:
    """The page on which Enhanced Rights are decided again: what changed, what was decided and what is suggested."""
    known, decided = titles(on), queries.decisions(referral)
    review = queries.open_review(referral)
    why = {found.code: "Suggested: " + "; ".join(found.why) for found in queries.suggested(referral, on, by=by)}
    rights = rulebook.current("enhanced_entitlement", on)
    return {
        "referral": referral, "name": referral.victim.full_name, "review": review,
        "changed": fact_words(review.changed) if review else [],
        "last": decision(decided[0], known) if decided else None,
        "hints": {row.code: why.get(row.code, row.text("when")) for row in rights},
    }  # fmt: skip


def reviews(found: Iterable[Review]) -> Rows:
    return [
        {"pk": one.referral_id, "name": one.referral.victim.full_name, "reference": one.referral.reference,
         "changed": fact_words(one.changed), "since": one.opened_at}
        for one in found
    ]  # fmt: skip


# Danger.


def danger(referral: Referral, on: date, *, by: Actor) -> dict[str, Any]:
    """What to do now, who was told, and the way back."""
    alarms = queries.alarms_of(referral)
    return {
        "referral": referral, "name": referral.victim.full_name, "steps": rulebook.current("danger_steps", on),
        "alarm": alarms[0] if alarms else None, "told": queries.names(tuple(alarms[0].told)) if alarms else "",
        "goes_on": "assess" in referrals.verbs(referral, by),
    }  # fmt: skip


def alarms(found: Iterable[Alarm]) -> Rows:
    return [
        {"pk": one.pk, "referral": one.referral_id, "name": one.referral.victim.full_name,
         "reference": one.referral.reference, "at": one.raised_at, "by": queries.names((one.raised_by,))}
        for one in found
    ]  # fmt: skip


# Beside a referral.


def beside(referral: Referral, *, by: Actor, at: datetime) -> Iterable[Card]:
    """An alarm and changed facts above all else; the latest assessment; and the same person before. For the hub."""
    if by.realm != Realm.HUB:
        return
    on = london_date(at)
    if alarm := queries.open_alarm(referral):
        words = {"alarm": alarm, "who": queries.names((alarm.raised_by,)), "may": by.may(P.REFERRAL_TRIAGE)}
        yield Card("top", "assessment/parts/alarm.html", words)
    if review := queries.open_review(referral):
        yield Card("top", "assessment/parts/review.html", {"changed": fact_words(review.changed)})
    yield Card("main", "assessment/parts/latest.html", latest(referral, on, by=by))
    waiting = queries.to_settle(referral)
    if waiting and referral.state != Referral.State.CLOSED:
        words = {"heard": heard_words(waiting, titles(on)), "may": "assess" in referrals.verbs(referral, by)}
        yield Card("main", "assessment/parts/heard.html", words)
    people = queries.earlier(referral, by=by)
    if people:
        looks = tuple(one.referral.victim_id for one in people)
        yield Card("aside", "assessment/parts/before.html", before_words(referral, people, on, by=by), looks)


def beside_case(case: Any, *, by: Actor, at: datetime) -> Iterable[Card]:
    """For the provider that was accepted: the needs one by one, as they were told the hub, while the person agrees
    that this provider may know."""
    detail = queries.shared(case.referral, by) if by.realm == Realm.PROVIDER else None
    if detail is None:
        return
    one = queries.of_detail(detail)
    rows = [row for row in _needs(one, titles(london_date(at)), str) if row["colour"] and row["level"] != "None"]
    if rows:
        words = {"needs": rows, "at": detail.assessed_at}
        yield Card("main", "assessment/parts/case.html", words, (detail.victim_id,), "assessment")


def latest(referral: Referral, on: date, *, by: Actor) -> dict[str, Any]:
    """The latest assessment in short."""
    held = queries.assessments(referral)
    one, known = held[0] if held else None, titles(on)
    decided = queries.decisions(referral)
    return {
        "one": one, "earlier": len(held) - 1, "needs": [row for row in _needs(one, known, str) if row["level"]
        not in ("None", "Not asked")] if one else [], "rows": _rows(one, known, str) if one else [],
        "safeguarding": _safeguarding(one, on) if one else [], "decided": decided[0] if decided else None,
        "may": by.may(P.REFERRAL_TRIAGE), "open": referral.state != Referral.State.CLOSED,
    }  # fmt: skip


def before_words(referral: Referral, people: Iterable[Earlier], on: date, *, by: Actor) -> dict[str, Any]:
    """The same person's other referrals with where each is now, and whether that makes a repeat victim."""
    known, again = titles(on), queries.targeted(referral, on, by=by)
    return {
        "targeted": queries.targeted_words(again, on) if again.word else "",
        "rows": [_where(one, known) for one in people],
    }  # fmt: skip


def _where(one: Earlier, known: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    referral, offer = one.referral, one.offer
    supported = f"{offer.service.name}, {offer.provider.name}" if offer else ""
    ended = f"Closed {date_words(referral.closed_at)}" if referral.closed_at else STATES[referral.state]
    return {
        "pk": referral.pk, "reference": referral.reference, "supported": supported, "where": ended,
        "crime": known["crime_types"].get(referral.crime_type, referral.crime_type), "at": referral.received_at,
        "now": referral.state == Referral.State.ACCEPTED,
    }  # fmt: skip
