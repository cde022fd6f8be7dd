"""Writes of matching: what of a record is compared, and the models that weigh it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.foundation.messages.models import ContactPoint
from alongside.support.matching import queries, rules
from alongside.support.matching.models import NameShare, Pair, Profile, TrainedModel
from alongside.support.matching.training import Linked, Trained
from alongside.support.victims.models import Victim
from alongside.support.victims.rules import name_part

PHONE, EMAIL, ADDRESS = ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL, ContactPoint.Kind.ADDRESS
AT_ONCE = 1_000
Points = dict[tuple[UUID, str], ContactPoint]


@transaction.atomic
def describe(victims: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Writes what is compared of these records, anew where it was written before. Returns how many there are.

    Safe to run again. A record that was erased meanwhile is left out.
    """
    held = list(Victim.objects.filter(pk__in=victims).select_for_update().order_by("pk"))
    crypt.load_keys([victim.pk for victim in held])
    points = _points([victim.pk for victim in held])
    rows = [_profile(victim, points, at) for victim in held]
    Profile.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["victim"],
        update_fields=["kind", *queries.COLUMNS, "described_at"],
    )  # fmt: skip
    if rows:
        events.record("matching.described", rows[0].victim_id, by=by, at=at, records=len(rows))
    return len(rows)


def _points(people: Iterable[UUID]) -> Points:
    """The latest way of each kind to reach each of them, one in use before one that no longer is."""
    found = ContactPoint.objects.filter(person_id__in=list(people)).exclude(lookup=b"")
    latest: Points = {}
    for point in found.order_by("recorded_at", "id"):
        key = (point.person_id, point.kind)
        if point.retired_at is None or key not in latest or latest[key].retired_at is not None:
            latest[key] = point
    return latest


def _profile(victim: Victim, points: Points, at: datetime) -> Profile:
    business = victim.kind == Victim.Kind.BUSINESS
    family = victim.business_name if business else victim.family_name
    house, postcode = _home(points.get((victim.pk, ADDRESS)))
    return Profile(
        victim=victim, hub_id=victim.hub_id, kind=victim.kind, described_at=at,
        given=None if business else name_part(victim.given_name) or None, family=name_part(family) or None,
        born=victim.birth_date.isoformat() if victim.birth_date else None, sex=victim.sex or None,
        phone=_lookup(points.get((victim.pk, PHONE))), email=_lookup(points.get((victim.pk, EMAIL))),
        address=crypt.blind("house", f"{house}|{postcode}") if house and postcode else None,
        postcode=crypt.blind("postcode", postcode) if postcode else None,
    )  # fmt: skip


def _lookup(point: ContactPoint | None) -> bytes | None:
    return bytes(point.lookup) if point else None


def _home(point: ContactPoint | None) -> tuple[str, str]:
    return rules.home_in(fields.read(point, "value")) if point else ("", "")


def describe_new(*, by: Actor, at: datetime, whole: bool = False) -> int:
    """Describes records that nobody described yet: those that came after the last one, or, with `whole`, all."""
    done = 0
    while found := _undescribed(whole=whole):
        done += describe(found, by=by, at=at)
    return done


def _undescribed(*, whole: bool) -> list[UUID]:
    people = Victim.objects.filter(~Exists(Profile.objects.filter(victim=OuterRef("pk"))))
    last = None if whole else Profile.objects.order_by("-victim_id").values_list("victim_id", flat=True).first()
    later = people.filter(pk__gt=last) if last else people
    return list(later.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def keep_model(trained: Trained, *, by: Actor, at: datetime, made_with: str) -> TrainedModel:
    """Keeps a trained model under the next number and puts it in use."""
    last = TrainedModel.objects.select_for_update().order_by("-number").first()
    TrainedModel.objects.filter(in_use=True).update(in_use=False)
    kept = TrainedModel(
        number=last.number + 1 if last else 1, settings=trained.settings, records=trained.records,
        data_hash=trained.data_hash, made_with=made_with, floor=trained.floor, trained_at=at, in_use=True,
    )  # fmt: skip
    kept.save(force_insert=True)
    NameShare.objects.bulk_create(
        [NameShare(model=kept, field=field, name=name, share=share) for field, name, share in trained.shares]
    )
    events.record("matching.trained", UUID(int=kept.number), by=by, at=at, records=trained.records)
    return kept


@transaction.atomic
def keep_pairs(found: Iterable[Linked], *, hub_id: int, number: int, by: Actor, at: datetime) -> int:
    """The pairs of a whole linking, in place of those of the one before. Returns how many."""
    Pair.objects.filter(hub_id=hub_id).delete()
    rows = [
        Pair(hub_id=hub_id, left_id=pair.left, right_id=pair.right, weight=pair.weight, model=number, found_at=at)
        for pair in found
    ]
    Pair.objects.bulk_create(rows, batch_size=5_000)
    events.record("matching.linked", UUID(int=hub_id), by=by, at=at, pairs=len(rows), model=number)
    return len(rows)
