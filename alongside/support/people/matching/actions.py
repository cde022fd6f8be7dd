"""Writes of matching: what of a record is compared, and the models that weigh it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.foundation.office.accounts.permissions import Permission
from alongside.support.people.matching import queries, training
from alongside.support.people.matching.models import NameShare, Pair, Profile, TrainedModel
from alongside.support.people.matching.training import Linked, Trained
from alongside.support.people.victims import actions as victim_actions
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.models import SamePerson, Victim

AT_ONCE = 1_000
LOOK_BACK = timedelta(days=1)  # a record of this age may be later described than one that came after it
UNDO = "undo"


@transaction.atomic
def describe(victims: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Writes what is compared of these records, anew where it was written before. Returns how many there are.

    Safe to run again. A record that was erased meanwhile is left out.
    """
    held = list(Victim.objects.filter(pk__in=victims).select_for_update().order_by("pk"))
    rows = queries.describe(held)
    for row in rows:
        row.described_at = at
    Profile.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["victim"],
        update_fields=["kind", *queries.COLUMNS, "described_at"],
    )  # fmt: skip
    if rows:
        events.record("matching.described", rows[0].victim_id, by=by, at=at, records=len(rows))
    return len(rows)


@transaction.atomic
def describe_anew(victim: UUID, *, by: Actor, at: datetime) -> None:
    """Describes a record after something of it changed, and notes whom it is likely to be now. Safe to run again."""
    if describe([victim], by=by, at=at):
        link([victim], by=by, at=at)


def describe_new(*, by: Actor, at: datetime, whole: bool = False) -> int:
    """Describes records that nobody described yet, those of the last day and after the last one or, with `whole`, all;
    and notes whom each of them is likely to be.
    """
    done = 0
    while found := _undescribed(at, whole=whole):
        done += describe(found, by=by, at=at)
        link(found, by=by, at=at)
    return done


@transaction.atomic
def link(victims: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Notes the likely pairs of these records with all others, for a person to judge. Safe to run again."""
    number, least = queries.number_in_use(), queries.enough(london_date(at))
    held = Profile.objects.filter(pk__in=victims).order_by("hub_id", "kind", "pk")
    rows: list[Pair] = []
    for (hub, _), some in groupby(held, key=lambda row: (row.hub_id, row.kind)):
        mine = list(some)
        for profile, found in zip(mine, queries.weigh_all(mine, number, least), strict=True):
            for near in found:
                if not near.apart:
                    left, right = sorted((profile.pk, near.victim_id))
                    rows.append(Pair(hub_id=hub, left_id=left, right_id=right, weight=near.weight,
                                     model=number, found_at=at))  # fmt: skip
    if rows:
        Pair.objects.bulk_create(rows, ignore_conflicts=True)
        events.record("matching.linked", UUID(int=number), by=by, at=at, pairs=len(rows), model=number)
    return len(rows)


def _undescribed(at: datetime, *, whole: bool) -> list[UUID]:
    """A record with a telephone is described at once, before the rows of a feed that came a minute earlier."""
    people = Victim.objects.filter(~Exists(Profile.objects.filter(victim=OuterRef("pk"))))
    last = None if whole else Profile.objects.order_by("-victim_id").values_list("victim_id", flat=True).first()
    later = people.filter(pk__gt=min(last, uuid7(at - LOOK_BACK))) if last else people
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


@transaction.atomic
def judge(victim: Victim, other: Victim, *, by: Actor, at: datetime, judgement: str) -> None:
    """What a person thinks of two records: *same*, *not_same*, *not_sure*, or *undo*. Both stay as they are.

    Raises RuleBroken where one is of somebody whose whereabouts are protected: a manager alone may link those; and
    where one is restricted and the person is not named, but has broken its seal.
    """
    if judgement == UNDO:
        standing = victims.judgements(victim).get(other.pk)
        if standing:
            victim_actions.undo_judgement(standing, by=by, at=at)
        return
    if any(one.restricted and not set(one.visible_orgs) & set(by.own) for one in (victim, other)):
        raise RuleBroken("One of these is restricted. Only somebody who is named on it may judge.", "judgement")
    guarded = victim.location_protected or other.location_protected
    if judgement == SamePerson.Judgement.SAME and guarded and not by.may(Permission.VICTIM_HOLD):
        raise RuleBroken(
            "Where one of them lives is protected. Ask a manager of the hub to link these records.", "judgement"
        )
    victim_actions.judge(victim, other, by=by, at=at, judgement=judgement)


def link_all(*, by: Actor, at: datetime) -> dict[int, int]:
    """Links every record of every hub with Splink. Returns how many likely pairs each hub has."""
    describe_new(by=by, at=at, whole=True)
    number, least = queries.number_in_use(), queries.enough(london_date(at))
    pairs = {}
    for hub in queries.hubs():
        found = training.link(queries.everybody(hub), queries.trained(number), least=least)
        pairs[hub] = keep_pairs(found, hub_id=hub, number=number, by=by, at=at)
    return pairs
