"""Reads of audits: the pool of a draw, one case with its questions, what was found, and how it moves between audits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import LONDON
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.audits import rules
from alongside.support.cases.audits.models import Audit, Finding, Item
from alongside.support.cases.audits.rules import Ticket
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import NOT_CLOSED, Case

BOOK = "audit_questions"
WHICH = {"open": NOT_CLOSED, "closed": Q(state=Case.State.CLOSED), "both": Q()}
TRENDS = 6  # audits beside each other


def pool(
    by: Actor, *, which: str, since: date, until: date, weighted: bool
) -> tuple[list[Ticket], int]:  # fmt: skip
    """The cases from which a sample is drawn: those that the drawer sees, which somebody works on, and which went on at
    some time in the period; and how many of the drawer's own are left out. In order of key."""
    begins, ends = _moment(since, time.min), _moment(until, time.max)
    during = Q(accepted_at__lte=ends) & (Q(closed_at=None) | Q(closed_at__gte=begins))
    found = Case.objects.visible_to(by).filter(
        WHICH[which], during, provider_id=by.organisation_id, worker__isnull=False
    )  # fmt: skip
    own = found.filter(Q(worker=by.user_id) | Q(cover=by.user_id))
    others = found.exclude(pk__in=own.values("pk")).order_by("pk").values_list("pk", "worker", "high_risk")
    return [Ticket(str(key), str(worker), 2 if high and weighted else 1) for key, worker, high in others], own.count()


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON)


def tickets(audit: Audit) -> list[Ticket]:
    """What was in the hat."""
    return [Ticket(case, worker, tickets) for case, worker, tickets in audit.pool]


def same_again(audit: Audit) -> bool:
    """Whether drawing again from the recorded pool by the recorded seed gives the cases that were audited. Cases that
    have been erased since are not missed."""
    again = rules.draw(tickets(audit), seed=audit.seed, number=audit.number, of_each=audit.of_each)
    drawn = {str(key) for key in Item.objects.filter(audit=audit).values_list("case_id", flat=True)}
    return drawn <= {ticket.case for ticket in again}


def other_managers(by: Actor) -> list[str]:
    """Who else may draw a sample here."""
    held = Membership.objects.current().filter(organisation_id=by.organisation_id or 0, role="service_manager")
    return sorted(one.user.name for one in held.select_related("user") if one.user_id != by.user_id)


def who_else(audit: Audit, by: Actor) -> str:
    """Who may audit the cases that were left out, for whoever drew the sample; empty where there were none."""
    own = audit.left_out and audit.drawn_by == by.user_id
    return rules.who_else(other_managers(by)) if own else ""


def asked(on: date) -> tuple[RuleRow, ...]:
    """The questions of a day."""
    return rulebook.current(BOOK, on)


def questions(audit: Audit) -> tuple[RuleRow, ...]:
    """The questions of an audit, in the words of the version under which it was drawn."""
    refs = [ref.rsplit("@", 1) for ref in audit.questions]
    return tuple(rulebook.version(BOOK, code, int(number)) for code, number in refs)


@dataclass(frozen=True)
class Answer:
    """A question with what was found and said of it in one case."""

    row: RuleRow
    judged: str
    comment: str


def answers(item: Item) -> tuple[Answer, ...]:
    crypt.load_keys([item.victim_id])
    found = {one.question: one for one in Finding.objects.filter(item=item)}
    return tuple(
        Answer(row, found[row.code].judged if row.code in found else "",
               fields.read(found[row.code], "comment") if row.code in found else "")
        for row in questions(item.audit)
    )  # fmt: skip


def reply(item: Item) -> str:
    return fields.read(item, "reply")


def items(audit: Audit, by: Actor) -> QuerySet[Item]:
    """The cases of an audit that the reader may open, in the order of the draw."""
    found: QuerySet[Item] = Item.objects.visible_to(by).filter(audit=audit)
    return found.select_related("case__victim").order_by("position")


def told_to(by: Actor) -> QuerySet[Item]:
    """What was told to somebody of their own cases, the latest first."""
    found: QuerySet[Item] = Item.objects.visible_to(by).filter(worker=by.user_id, state=Item.State.TOLD)
    return found.select_related("case__victim").order_by("-told_at", "-id")


def counts(audit: Audit) -> dict[str, dict[str, int]]:
    """By question how often each was found: as kept when it was finished, so that what is erased later still counts."""
    if audit.state == Audit.State.DONE:
        return dict(audit.counts)
    return count(audit)


def count(audit: Audit) -> dict[str, dict[str, int]]:
    """The same, from the answers of cases that were told."""
    told = Finding.objects.filter(item__audit=audit, item__state=Item.State.TOLD)
    found: dict[str, dict[str, int]] = {}
    for question, judged in told.values_list("question", "judged"):
        one = found.setdefault(question, {})
        one[judged] = one.get(judged, 0) + 1
    return found


@dataclass(frozen=True)
class Theme:
    """A theme with its counts and the questions that it holds."""

    title: str
    counts: Mapping[str, int]
    questions: tuple[tuple[RuleRow, Mapping[str, int]], ...]


def themes(audit: Audit) -> tuple[Theme, ...]:
    """What was found, by theme, in the order of the book."""
    found, held = counts(audit), dict[str, list[tuple[RuleRow, Mapping[str, int]]]]()
    for row in questions(audit):
        held.setdefault(row.text("theme"), []).append((row, found.get(row.code, {})))
    return tuple(
        Theme(title, rules.added([said for _, said in own]), tuple(own)) for title, own in held.items()
    )  # fmt: skip


def trend(rows: QuerySet[Audit]) -> tuple[Audit, ...]:
    """The last audits that were finished, the first first."""
    latest = rows.filter(state=Audit.State.DONE).order_by("-drawn_at", "-id")[:TRENDS]
    return tuple(reversed(latest))


def progress(audits: Iterable[Audit], by: Actor) -> dict[UUID, tuple[int, int, int]]:
    """By audit: cases that the reader may open, those that were told, and those that were answered by their worker."""
    found: dict[UUID, tuple[int, int, int]] = {}
    seen = Item.objects.visible_to(by).filter(audit__in=[one.pk for one in audits])
    for key, state, replied in seen.values_list("audit_id", "state", "replied_at"):
        drawn, told, answered = found.get(key, (0, 0, 0))
        found[key] = (drawn + 1, told + (state == Item.State.TOLD), answered + (replied is not None))
    return found


def workers(by: Actor) -> Mapping[Any, str]:
    return casework.workers(by.organisation_id or 0)
