"""Reads of kinds: what is known of one person's part, and who else is bereaved by the same death."""

from dataclasses import dataclass
from datetime import date

from alongside.core.access.actor import Actor
from alongside.core.privacy import fields
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.kinds import rules
from alongside.support.desk.kinds.models import Part


@dataclass(frozen=True)
class Known:
    """One person's part, opened."""

    kind: str
    relation: str
    died: str
    side: str
    others: tuple[Referral, ...]


def part_of(referral: Referral) -> Part | None:
    return Part.objects.filter(referral=referral).first()


def known(referral: Referral, *, by: Actor) -> Known:
    """What is known, with the other relatives whose records the reader may open."""
    part = part_of(referral)
    if part is None:
        return Known(referral.victim.kind, "", "", "", ())
    same = Part.objects.filter(death=part.death, death__isnull=False).exclude(pk=part.pk)
    seen = Referral.objects.visible_to(by).filter(pk__in=same.values("referral")).select_related("victim")
    return Known(
        referral.victim.kind, part.relation, fields.read(part, "died"), part.side, tuple(seen.order_by("received_at"))
    )


def is_close(relation: str, on: date) -> bool:
    """Whether this relative is close family, whom the Act counts as a victim."""
    row = rulebook.find("bereaved_relations", relation, on)
    return row is not None and row.flag("close")


def route(kind: str, on: date) -> str:
    """The national service for this kind, with why; empty where there is none."""
    code = {rules.BEREAVED: "homicide_service", rules.WITNESS: "witness_service"}.get(kind, "")
    row = rulebook.find("routes", code, on) if code else None
    return f"{row.title}: {row.text('why')}" if row else ""
