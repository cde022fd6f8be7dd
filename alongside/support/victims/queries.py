"""Reads about who a victim is: records that may be of one person, by exact rules, for a person to judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.db.models import Q

from alongside.foundation.messages.models import ContactPoint
from alongside.support.victims.models import SamePerson, Victim

SAME_NAME = "Same name and date of birth"
SAME_PHONE = "Same phone number"
NONE: Mapping[UUID, str] = MappingProxyType({})
MOST = 20


@dataclass(frozen=True)
class Match:
    """Another record that may be of the same person, with why, and what somebody judged of it."""

    victim_id: UUID
    name: str
    birth_date: date | None
    reasons: tuple[str, ...]
    judgement: str


def possible_matches(victim: Victim, *, also: Mapping[UUID, str] = NONE) -> tuple[Match, ...]:
    """Records of the hub that share a name and birth date, a phone number, or what `also` says."""
    why: dict[UUID, list[str]] = {}
    for reason, found in ((SAME_NAME, _same_name(victim)), (SAME_PHONE, _same_phone(victim))):
        for key in found:
            why.setdefault(key, []).append(reason)
    for key, reason in also.items():
        why.setdefault(key, []).append(reason)
    why.pop(victim.pk, None)
    judged = _judgements(victim)
    people = Victim.objects.filter(pk__in=why, hub_id=victim.hub_id).order_by("-created_at")[:MOST]
    matches = [
        Match(other.pk, other.full_name, other.birth_date, tuple(why[other.pk]), judged.get(other.pk, ""))
        for other in people
    ]
    return tuple(sorted(matches, key=lambda match: -len(match.reasons)))


def _same_name(victim: Victim) -> list[UUID]:
    if not victim.name_key or victim.birth_date is None:
        return []
    same = Victim.objects.filter(name_key=victim.name_key, birth_date=victim.birth_date)
    return list(same.values_list("pk", flat=True)[: MOST + 1])


def _same_phone(victim: Victim) -> list[UUID]:
    phones = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE)
    mine = phones.filter(person_id=victim.pk).exclude(lookup=b"").values_list("lookup", flat=True)
    return list(phones.filter(lookup__in=list(mine)).values_list("person_id", flat=True).distinct()[: MOST + 1])


def _judgements(victim: Victim) -> dict[UUID, str]:
    """The judgement that stands on each pair with this record."""
    standing = SamePerson.objects.filter(Q(left=victim) | Q(right=victim), ended_at=None)
    return {(pair.right_id if pair.left_id == victim.pk else pair.left_id): pair.judgement for pair in standing}
