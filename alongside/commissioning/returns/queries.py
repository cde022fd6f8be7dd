"""Reads of returns: who answers what, a return with its answers, figures made for it, and how all of them stand."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count

from alongside.commissioning.returns import lifecycle, rules
from alongside.commissioning.returns.models import Answer, Arrangement, Paper, Query, Reminded, Return, Round
from alongside.commissioning.returns.rules import Held
from alongside.commissioning.templates import queries as templates
from alongside.commissioning.templates.rules import Kind, Question, Template, asked
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Dimension, Manifest
from alongside.facts.measures.rules import Audience, Figure, value_words
from alongside.foundation.office.accounts.permissions import ROLES, Permission
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.foundation.office.rulebook import queries as rulebook

PAST = 8
MOVERS = 3
Made = tuple[list[dict[str, Any]], list[dict[str, Any]]]

# Who answers what.


def arrangements(actor: Actor) -> tuple[Arrangement, ...]:
    """What an office asks, or a provider is asked, those that have ended last."""
    found = Arrangement.objects.visible_to(actor).select_related("provider", "office")
    return tuple(sorted(found, key=lambda one: (one.until is not None, one.provider.name, one.template, one.since)))


def providers(office: Organisation) -> tuple[Organisation, ...]:
    """The providers of an office's police area."""
    found = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER, force=office.force_id, until=None)
    return tuple(found.order_by("name"))


def due_to_open(quarter: Quarter) -> tuple[Arrangement, ...]:
    """Arrangements that ask about a quarter and have no return of it yet."""
    found = Arrangement.objects.filter(since__lte=quarter.start).select_related("provider", "office")
    open_now = found.exclude(until__lte=quarter.start).exclude(provider__until__lte=quarter.start)
    return tuple(open_now.exclude(returns__quarter=str(quarter)).order_by("made_at", "id"))


def asked_by(code: str, quarter: Quarter) -> Template | None:
    """The version by which a quarter is asked: that of its first day, or of its end where the template is newer."""
    return templates.template(code, quarter.start) or templates.template(code, quarter.end)


# One return.


def template_of(filing: Return) -> Template:
    return templates.version(filing.template, filing.version)


def held(filing: Return, template: Template) -> dict[str, Held]:
    """Every question that is asked of an award of this size, with its answer; those that others open as well."""
    answers = {one.question: one for one in Answer.objects.filter(filing=filing)}
    papers = dict(Paper.objects.filter(filing=filing).values_list("question").annotate(many=Count("pk")))
    blank = Answer(filing=filing)
    return {
        one.code: Held(one, (found := answers.get(one.code, blank)).figures, found.before, found.said,
                       papers.get(one.code, 0), bool(filing.snapshot) and found is not blank)
        for one in asked(template, filing.size)
    }  # fmt: skip


def tried(filing: Return, template: Template) -> dict[str, Held]:
    """The answers of a return that nobody asked for yet, with the figures that it would be filled in with."""
    manifest = newest(filing)
    found = made(filing, template, manifest) if manifest else {}
    answers = {}
    for one in asked(template, filing.size):
        now, before = found.get(one.code, ([], []))
        answers[one.code] = Held(one, now, before, {}, filled=manifest is not None)
    return answers


def as_sent(filing: Return, template: Template) -> dict[str, Held]:
    """Every question as it was answered when the return was sent last; nothing where it never was."""
    last = Round.objects.filter(filing=filing).order_by("-number").first()
    return _sent(last, template) if last else {}


def _sent(sending: Round, template: Template) -> dict[str, Held]:
    return {
        code: Held(one, found["figures"], found["before"], found["said"], found["papers"], filled=True)
        for code, found in sending.answers.items()
        if (one := template.question(code))
    }


def papers(filing: Return, by: Actor) -> tuple[Paper, ...]:
    """The documents of a return that somebody sees, without what is in them."""
    return tuple(Paper.objects.visible_to(by).filter(filing=filing).defer("content").order_by("sent_at", "id"))


def rounds(filing: Return) -> tuple[Round, ...]:
    """Every sending, the latest first."""
    return tuple(Round.objects.filter(filing=filing).order_by("-number"))


def threads(filing: Return) -> dict[str, list[Query]]:
    """What was asked back, by question, the oldest first, each with what was said."""
    found: dict[str, list[Query]] = {}
    told = Query.objects.filter(filing=filing).order_by("asked_at", "id")
    for one in told.prefetch_related("remarks__said_for"):
        found.setdefault(one.question, []).append(one)
    return found


def open_queries(filing: Return) -> int:
    return Query.objects.filter(filing=filing, settled_at=None).count()


# Figures made from the casework.


def made(filing: Return, template: Template, manifest: Manifest) -> dict[str, Made]:
    """Every figure of a return from a snapshot, this quarter and the one before by the same definition, as the office
    may see it: totals and services exact, all else protected."""
    quarter = Quarter.parse(filing.quarter)
    return {
        one.code: (_figures(one, filing, manifest, quarter, quarter),
                   _figures(one, filing, manifest, quarter.previous, quarter))
        for one in asked(template, filing.size)
        if one.kind == Kind.FIGURE
    }  # fmt: skip


def _figures(
    question: Question, filing: Return, manifest: Manifest, quarter: Quarter, defined: Quarter
) -> list[dict[str, Any]]:
    """A question's figures of a quarter by the definition of another. A count without anybody in it is nought."""
    measure = measures.of_quarter(question.measure, defined)
    by = [Dimension(question.by)] if question.by else []
    if not measures.is_told(measure, manifest, by):
        return []
    found = measures.figures(
        measure.key, quarter=quarter, by=[Dimension.PROVIDER, *by], area=filing.office.force_id,
        snapshot_code=manifest.code, audience=Audience.OFFICE,
    )  # fmt: skip
    own = [_plain(one, manifest, question.by) for one in found if dict(one.group)["provider"] == filing.provider.code]
    if own or by:
        return sorted(own, key=lambda one: (-(one["value"] or 0), one["label"]))
    nothing: dict[str, Any] = {"group": "", "label": "", "n": 0, "coverage": None, "ref": "", "measure": measure.key}
    return [nothing | {"kind": str(measure.kind), "value": 0 if measure.kind == "count" else None,
                       "words": "0" if measure.kind == "count" else "None", "protected": False}]  # fmt: skip


def _plain(figure: Figure, manifest: Manifest, by: str) -> dict[str, Any]:
    code = dict(figure.group).get(by, "") if by else ""
    return {
        "group": code, "label": manifest.words(by, code) if by else "", "value": figure.value, "n": figure.n,
        "coverage": figure.coverage, "words": _ended(figure), "ref": figure.reference, "kind": str(figure.kind),
        "measure": figure.measure, "protected": figure.protected,
    }  # fmt: skip


def _ended(figure: Figure) -> str:
    """A figure of a quarter that is over: it has no “yet”."""
    return "None" if figure.value is None and not figure.n and not figure.withheld else value_words(figure)


@dataclass(frozen=True)
class Mover:
    """A group that moved from one quarter to the next, and by how much."""

    label: str
    by: float


def movers(filing: Return, question: Question, manifest: Manifest) -> tuple[Mover, ...]:
    """Which crimes, or else services, make out most of what a count has moved by, the farthest first. Protected."""
    quarter = Quarter.parse(filing.quarter)
    for by in (Dimension.CRIME_TYPE, Dimension.SERVICE):
        if str(by) not in templates.breakdowns().get(question.measure, ()):
            continue
        apart = Question(question.code, question.section, question.kind, "", measure=question.measure, by=by)
        now, before = (
            {one["label"]: one["value"] or 0 for one in _figures(apart, filing, manifest, when, quarter)}
            for when in (quarter, quarter.previous)
        )
        found = [Mover(label, now.get(label, 0) - before.get(label, 0)) for label in now.keys() | before.keys()]
        far = sorted((one for one in found if one.by), key=lambda one: (-abs(one.by), one.label))[:MOVERS]
        if far:
            return tuple(far)
    return ()


def said_before(filing: Return) -> Mapping[str, Held]:
    """What the return of the quarter before said when it was accepted or certified; empty where there is none."""
    quarter = Quarter.parse(filing.quarter).previous
    found = Return.objects.filter(
        arrangement=filing.arrangement_id, quarter=str(quarter), state__in=(lifecycle.CERTIFIED, lifecycle.LOCKED)
    ).first()
    return as_sent(found, template_of(found)) if found else {}


def manifest_of(filing: Return, *, sent: bool) -> Manifest | None:
    """The snapshot of a return's figures, as they are or as they were sent last; None where there is none any more."""
    last = Round.objects.filter(filing=filing).order_by("-number").first() if sent else None
    code = last.snapshot if last else filing.snapshot
    with suppress(RuleBroken):
        return measures.snapshot(code) if code else None
    return None


def newest(filing: Return) -> Manifest | None:
    """The latest snapshot that was taken after the return's quarter had ended."""
    latest = measures.latest()
    return latest if latest and measures.first_after(Quarter.parse(filing.quarter)) else None


# How all of them stand.


@dataclass(frozen=True)
class Standing:
    """A return in an office's list."""

    filing: Return
    late: bool
    queries: int
    quality: rules.Quality
    overridden: int
    far: int


def quarters(actor: Actor) -> tuple[Quarter, ...]:
    """The quarters of which there are returns, the latest first."""
    found = Return.objects.visible_to(actor).values_list("quarter", flat=True).distinct()
    return tuple(sorted(map(Quarter.parse, found), reverse=True))


def standings(actor: Actor, quarter: Quarter, on: date) -> tuple[Standing, ...]:
    """Every return of a quarter as it stands."""
    found = Return.objects.visible_to(actor).filter(quarter=str(quarter)).select_related("provider", "office")
    asked_back = dict(
        Query.objects.filter(filing__in=found, settled_at=None).values_list("filing").annotate(many=Count("pk"))
    )
    listed = found.order_by("provider__name", "template")
    past = _past([one.arrangement_id for one in listed], quarter)
    return tuple(_standing(one, on, asked_back.get(one.pk, 0), past.get(one.arrangement_id, {})) for one in listed)


def _standing(filing: Return, on: date, queries: int, past: Mapping[str, Sequence[float]]) -> Standing:
    answers = as_sent(filing, template_of(filing))
    figures = [one for one in answers.values() if one.question.kind == Kind.FIGURE and not one.question.by]
    far = sum(
        one.told is not None and rules.is_outlier(one.told, past.get(one.question.code, ()), scale=one.scale)
        for one in figures
    )
    late = rules.is_late(filing.due_on, on, sent=filing.state not in lifecycle.WRITTEN or filing.round > 0)
    return Standing(filing, late, queries, rules.quality(answers.values()), sum(one.is_overridden for one in figures),
                    far)  # fmt: skip


def _past(keys: Iterable[UUID], quarter: Quarter) -> dict[UUID, dict[str, list[float]]]:
    """What the quarters before said, by arrangement and question, as sent or accepted."""
    first = str(Quarter(quarter.year - PAST // 4, quarter.number))
    rows = Round.objects.filter(
        filing__arrangement__in=list(keys), filing__quarter__lt=str(quarter), filing__quarter__gte=first
    ).order_by("filing__quarter", "number")
    told: dict[UUID, dict[str, dict[str, float]]] = {}
    for row in rows.select_related("filing"):
        for code, answer in row.answers.items():
            if (value := _sent_value(answer)) is not None:
                told.setdefault(row.filing.arrangement_id, {}).setdefault(code, {})[row.filing.quarter] = value
    return {key: {code: list(found.values()) for code, found in by.items()} for key, by in told.items()}


def _sent_value(answer: Mapping[str, Any]) -> float | None:
    figures = answer.get("figures") or []
    if len(figures) != 1 or figures[0]["group"] or figures[0]["value"] is None:
        return None
    own = answer.get("said", {}).get("value")
    scale = rules.PER_CENT if figures[0]["kind"] == "share" else 1
    return float(own) / scale if own else float(figures[0]["value"])


def waiting(actor: Actor) -> tuple[Return, ...]:
    """What a provider has still to write, certify or answer, the one that is due first."""
    open_now = (*lifecycle.WRITTEN, lifecycle.SENT)
    found = Return.objects.visible_to(actor).filter(state__in=open_now).select_related("office", "provider")
    return tuple(found.order_by("due_on", "id"))


def past(actor: Actor) -> tuple[Return, ...]:
    """What a provider has certified, the latest first."""
    done = (lifecycle.CERTIFIED, lifecycle.LOCKED)
    found = Return.objects.visible_to(actor).filter(state__in=done).select_related("office", "provider")
    return tuple(found.order_by("-quarter", "template", "id"))


# Reminders.


def writers(provider: Organisation) -> list[UUID]:
    """Who writes a provider's returns."""
    roles = [key for key, role in ROLES.items() if Permission.RETURN_WRITE in role.permissions]
    found = Membership.objects.current().filter(organisation=provider, role__in=roles)
    return sorted(set(found.values_list("user_id", flat=True)))


def to_remind(on: date) -> tuple[tuple[Return, str], ...]:
    """Returns that wait and the step of the reminders that has come for each: the last of those that have."""
    steps = {row.code: _day_of(row) for row in rulebook.current("return_reminders", on)}
    found = Return.objects.filter(state__in=lifecycle.WRITTEN, round=0).select_related("provider")
    told = set(Reminded.objects.filter(filing__in=found).values_list("filing", "step"))
    pairs = ((one, _step(steps, (on - one.due_on).days)) for one in found.order_by("due_on", "id"))
    return tuple((one, step) for one, step in pairs if step and (one.pk, step) not in told)


def _day_of(row: Any) -> int:
    days = int(row.number("days"))
    return -days if row.text("when") == "before" else days


def _step(steps: Mapping[str, int], day: int) -> str:
    come = [code for code, days in steps.items() if days <= day]
    return max(come, key=lambda code: steps[code]) if come else ""
