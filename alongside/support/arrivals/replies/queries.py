"""Reads for replies: what is behind one, what its page says, and what was answered."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.arrivals.replies import rules
from alongside.support.arrivals.replies.models import Answer, Reply
from alongside.support.arrivals.routing import queries as routing
from alongside.support.people.victims.models import Agreement
from alongside.support.people.victims.queries import stopped_at


@dataclass(frozen=True)
class Page:
    """Everything that an officer reads: no more than this is handed to the page."""

    words: str
    what_next: str
    asks: str
    as_at: datetime
    answered: bool = False


def presented() -> Reply | None:
    """The one reply whose secret the request presents; row security shows no other."""
    return Reply.objects.select_related("source").first()


def page(reply: Reply, on: date) -> Page:
    """What the officer reads, in the rulebook's words of today."""
    if reply.reason:
        row = rulebook.find("return_reasons", reply.reason, on) or rulebook.rule("return_reasons", "other", on)
        return Page(row.text("officer_reads"), row.text("what_next"), reply.asks, reply.made_at, _answered(reply))
    said = rulebook.find("officer_words", reply.word, on) or rulebook.rule("officer_words", rules.CLOSED, on)
    return Page(said.text("officer_reads"), "", reply.asks, reply.made_at, _answered(reply))


def _answered(reply: Reply) -> bool:
    return reply.answered_at is not None


def return_reasons(on: date) -> tuple[tuple[str, str], ...]:
    return rulebook.choices("return_reasons", on)


def asks(reason: str, on: date) -> str:
    """What an officer may answer to a reason, of `Reply.Asks`."""
    said = rulebook.rule("return_reasons", reason, on).text("asks")
    return said if said in Reply.Asks.values else Reply.Asks.WORDS


def opens_for(on: date) -> timedelta:
    return timedelta(days=rulebook.rule("limits", "answer_opens", on).number("number"))


def stays_for(on: date) -> timedelta:
    return timedelta(minutes=rulebook.rule("limits", "answer_stays", on).number("number"))


def shares_with(referral: Referral) -> bool:
    """Whether the victim agrees, now, that we share with the body that referred them."""
    said = Agreement.objects.filter(
        victim=referral.victim_id, about=Agreement.About.SHARE, with_organisation=referral.source_organisation
    )
    latest = said.order_by("recorded_at", "id").last()
    agrees = latest is not None and latest.given and latest.withdrawn_at is None
    return agrees and stopped_at(referral.victim_id) is None


def tells_itself(referral: Referral, on: date) -> bool:
    """Whether the officer who sent it hears now how it stands, without anybody pressing."""
    if referral.source != Referral.Source.POLICE_FEED or referral.source_organisation is None:
        return False
    shares = shares_with(referral)
    word = rules.word(standing_of(referral), shares=shares)
    row = rulebook.find("officer_words", word, on)
    before = Reply.objects.filter(referral_id=referral.pk).order_by("-made_at", "-id").first()
    return rules.tells_itself(
        word, before.word if before else None, listed=row is not None and row.flag("told"), shares=shares,
        restricted=routing.is_restricted(referral, on),
    )  # fmt: skip


def standing_of(referral: Referral) -> str:
    """The status word that a referrer may read."""
    return Standing.objects.filter(referral=referral).values_list("word", flat=True).first() or rules.RECEIVED


def mailbox_of_row(kept: KeptRow, cells: Mapping[str, str] | None = None) -> str:
    return rules.mailbox_in((cells or feeds.cells(kept)).get("officer_email", ""))


def mailbox_of(referral: Referral) -> str:
    return rules.mailbox_in(fields.read(referral, "officer"))


def of_row(kept: KeptRow) -> Reply | None:
    """The newest reply about a row."""
    return Reply.objects.filter(kept_id=kept.pk).order_by("-made_at", "-id").first()


def of_referral(referral: Referral) -> list[Reply]:
    return list(Reply.objects.filter(referral_id=referral.pk).order_by("-made_at", "-id"))


def answered(rows: Iterable[UUID]) -> set[UUID]:
    """Of these kept rows those about which an officer answered."""
    found = Reply.objects.filter(kept_id__in=list(rows)).exclude(answered_at=None)
    return {key for key in found.values_list("kept_id", flat=True) if key}


@dataclass(frozen=True)
class Answered:
    """What an officer answered, and when."""

    said: Mapping[str, str]
    at: datetime


def answers(by: Actor, *, kept: UUID | None = None, referral: UUID | None = None) -> list[Answered]:
    """Everything that was answered about a row or a referral, the newest first."""
    about = {"reply__kept_id": kept} if kept else {"reply__referral_id": referral}
    found = list(Answer.objects.visible_to(by).filter(**about).order_by("-answered_at"))
    crypt.load_keys([one.pk for one in found])
    return [Answered(json.loads(fields.read(one, "said")), one.answered_at) for one in found]
