"""Reads of matching: the model in use, and the records that may be of the same person as one of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.people.matching import rules
from alongside.support.people.matching.models import NameShare, Pair, Profile, TrainedModel
from alongside.support.people.matching.rules import Face, Model, Weighed
from alongside.support.people.matching.training import Row, Trained
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.models import SamePerson, Victim
from alongside.support.people.victims.queries import Match
from alongside.support.people.victims.rules import name_part

Points = dict[tuple[UUID, str], ContactPoint]
PHONE, EMAIL, ADDRESS = ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL, ContactPoint.Kind.ADDRESS
NONE: Mapping[UUID, str] = MappingProxyType({})
SHIPPED = 0
NOT_SAME = SamePerson.Judgement.NOT_SAME
FIRST_MODEL = Path(__file__).parent / "first_model.json"
COLUMNS = ("given", "family", "born", "sex", "phone", "email", "address", "postcode")
ASKED = tuple(name for name in COLUMNS if name != "sex")  # what blocks are made of
KINDS = {"phone": "bytea", "email": "bytea", "address": "bytea", "postcode": "bytea"}
NEAR = (
    "SELECT * FROM matching_near(" + ", ".join(f"%s::{KINDS.get(name, 'text')}[]" for name in ASKED) + ", %s, %s, %s)"
)
# A block that holds more is a hostel, a helpline or a very common name, and says little; some of it are weighed.
MOST_OF_A_BLOCK = 60


@dataclass(frozen=True)
class Candidate:
    """A record that may be of the same person; `apart` says that a field of one's own speaks against it."""

    victim_id: UUID
    weight: float
    apart: bool
    faces: tuple[Face, Face]
    number: int

    @property
    def weighed(self) -> Weighed:
        """What each field says."""
        return model(self.number).weigh(*self.faces, shares(self.number))


def face_of(row: Profile) -> Face:
    """A profile as the rules compare it."""
    cells: list[Any] = [getattr(row, name) for name in COLUMNS]
    plain: list[Any] = [bytes(cell) if isinstance(cell, memoryview) else cell for cell in cells]
    return Face(*plain)


def number_in_use() -> int:
    """The number of the model that pages weigh with: the hub's own, or until one is trained the one that we ship."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM matching_trainedmodel WHERE in_use")
        found = cursor.fetchone()
    return int(found[0]) if found else SHIPPED


@lru_cache(maxsize=4)
def trained(number: int) -> Trained:
    """A model as Splink takes it up again. Kept: a trained model never changes."""
    if number == SHIPPED:
        return Trained(**json.loads(FIRST_MODEL.read_text()))
    held = TrainedModel.objects.get(pk=number)
    common = NameShare.objects.filter(model_id=number).values_list("field", "name", "share")
    return Trained(held.settings, tuple(common), held.floor, held.records, held.data_hash)


@lru_cache(maxsize=4)
def model(number: int) -> Model:
    """A trained model, ready to weigh."""
    held = trained(number)
    return Model.read(held.settings, held.floor)


@lru_cache(maxsize=4)
def shares(number: int) -> Mapping[tuple[str, str], float]:
    """How common each name is that is common at all, some ten thousand of them. Kept, as the model is."""
    return {(field, name): share for field, name, share in trained(number).shares}


def _in_their_blocks(faces: Sequence[Face], hub_id: int, kind: str) -> list[tuple[int, UUID, Face]]:
    """Every record that shares a block with one of these, in one question: with the place of the one that it is near.

    The function is made by migration 0002 and reads under the row security of whoever asks."""
    asked = [[getattr(face, name) for face in faces] for name in ASKED]
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [*asked, hub_id, kind, MOST_OF_A_BLOCK])
        return [(place - 1, key, Face(*cells)) for place, key, *cells in cursor.fetchall()]


def weigh_all(held: Sequence[Profile], number: int, least: float) -> list[tuple[Candidate, ...]]:
    """The records of their blocks, weighed against each of these: of one hub and one kind, in their order.

    The likeliest come first; those that a field of one's own speaks against, last.
    """
    if not held:
        return []
    faces = [face_of(row) for row in held]
    near: list[list[tuple[UUID, Face]]] = [[] for _ in faces]
    for place, key, face in _in_their_blocks(faces, held[0].hub_id, held[0].kind):
        if key != held[place].pk:
            near[place].append((key, face))
    return [_weighed(face, found, number, least) for face, found in zip(faces, near, strict=True)]


def _weighed(face: Face, near: Iterable[tuple[UUID, Face]], number: int, least: float) -> tuple[Candidate, ...]:
    known, common = model(number), shares(number)
    found = ((key, other, *known.total(face, other, common)) for key, other in near)
    kept = (
        Candidate(key, weight, apart, (face, other), number) for key, other, weight, apart in found if weight >= least
    )
    return tuple(sorted(kept, key=lambda one: (one.apart, -one.weight)))


def around(record: UUID, least: float) -> tuple[Candidate, ...] | None:
    """The records of one record's blocks, weighed against it as `weigh_all` does; none where it is not described yet.

    One question; the function is made by migration 0005 and reads under the row security of whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM matching_around(%s, %s)", [record, MOST_OF_A_BLOCK])
        rows = [(key, Face(*cells)) for _, key, *cells in cursor.fetchall()]
    return _weighed(rows[0][1], rows[1:], number_in_use(), least) if rows else None


def likely(victim: Victim, on: date) -> tuple[Candidate, ...]:
    """Records of the hub that may be of the same person, the likeliest first. For the hub and for jobs alone."""
    least = rulebook.rule("limits", "match_shown", on).number("number")
    found = around(victim.pk, least)
    return weigh_all(describe([victim]), number_in_use(), least)[0] if found is None else found


def matches(
    victim: Victim, found: Iterable[Candidate], *, also: Mapping[UUID, str] = NONE
) -> tuple[Match, ...]:  # fmt: skip
    """What `likely` found with what people judged; `also` says of other records why they may be of the same person."""
    why = {one.victim_id: rules.reasons(one.weighed) for one in found}
    for key, reason in also.items():
        why[key] = (*why.get(key, ()), reason)
    return victims.matches(victim, why)


def pair(victim: Victim, other: Victim) -> Weighed:
    """What every field says of two records, likely or not."""
    number, (mine, theirs) = number_in_use(), (_profile_of(one) for one in (victim, other))
    face = face_of(mine)
    return model(number).weigh(face, face_of(theirs), shares(number))


def _profile_of(victim: Victim) -> Profile:
    return Profile.objects.filter(pk=victim.pk).first() or describe([victim])[0]


def enough(on: date) -> float:
    """From how many points on another record is called likely."""
    return rulebook.rule("limits", "match_likely", on).number("number")


def describe(held: Sequence[Victim]) -> list[Profile]:
    """What is compared of these records, not yet saved. Asks for the keys of all of them at once."""
    crypt.load_keys([victim.pk for victim in held])
    points = _points([victim.pk for victim in held])
    return [_profile(victim, points) for victim in held]


def _points(people: Iterable[UUID]) -> Points:
    """The latest way of each kind to reach each of them, one in use before one that no longer is."""
    found = ContactPoint.objects.filter(person_id__in=list(people)).exclude(lookup=b"")
    latest: Points = {}
    for point in found.order_by("recorded_at", "id"):
        key = (point.person_id, point.kind)
        if point.retired_at is None or key not in latest or latest[key].retired_at is not None:
            latest[key] = point
    return latest


def _profile(victim: Victim, points: Points) -> Profile:
    business = victim.kind == Victim.Kind.BUSINESS
    family = victim.business_name if business else victim.family_name
    house, postcode = _home(points.get((victim.pk, ADDRESS)))
    return Profile(
        victim=victim, hub_id=victim.hub_id, kind=Victim.Kind.BUSINESS if business else Victim.Kind.PERSON,
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


def everybody(hub_id: int) -> Iterator[Row]:
    """Every person of a hub as they are compared, for Splink. Businesses are few and are weighed one by one."""
    rows = Profile.objects.filter(hub_id=hub_id, kind=Victim.Kind.PERSON).values_list("victim_id", *COLUMNS)
    for key, *cells in rows.iterator(chunk_size=10_000):
        yield (str(key), *(cell.hex() if isinstance(cell, bytes) else cell for cell in cells))


def hubs() -> list[int]:
    """The hubs that have records."""
    return list(Profile.objects.values_list("hub_id", flat=True).distinct().order_by("hub_id"))


def weigh_two(left: UUID, right: UUID) -> Weighed:
    """Two records by their ids. Raises RuleBroken where one is not described, or nothing was trained."""
    number, found = number_in_use(), Profile.objects.in_bulk([left, right])
    if len({left, right} & found.keys()) < len({left, right}):
        raise RuleBroken("One of these is no record that has been described yet. Run `alongside match run` first.")
    one, other = face_of(found[left]), face_of(found[right])
    return model(number).weigh(one, other, shares(number))


def report() -> dict[str, Any]:
    """What there is: the model in use, how many records are described, and how many pairs were found."""
    number = number_in_use()
    held, own = trained(number), TrainedModel.objects.filter(pk=number).first()
    return {
        "model": number, "made_with": own.made_with if own else "shipped with Alongside, trained on synthetic people",
        "trained_at": own.trained_at.isoformat() if own else None, "trained_on": held.records,
        "data_hash": held.data_hash, "shares": len(held.shares), "described": Profile.objects.count(),
        "pairs": Pair.objects.count(),
    }  # fmt: skip


def open_pairs(rows: QuerySet[Pair]) -> QuerySet[Pair]:
    """Those that nobody has judged, with both records."""
    said = SamePerson.objects.filter(left_id=OuterRef("left_id"), right_id=OuterRef("right_id"), ended_at=None)
    return rows.filter(~Exists(said)).select_related("left", "right")


def linked(victim_id: UUID, *, by: Actor) -> set[UUID]:
    """The records of one person, by links and links of links, as far as the reader is let into them; itself among
    them. A record that somebody judged to be another person than this one is not reached by a way round.
    """
    never = {key for key, pair in victims.judgements_of(victim_id).items() if pair.judgement == NOT_SAME}
    known, asked = {victim_id}, {victim_id}
    while asked:
        near = {key for one in asked for key in victims.same_people(one)} - known - never
        asked = set(Victim.objects.visible_to(by).filter(pk__in=near).values_list("pk", flat=True))
        known |= asked
    return known


@dataclass(frozen=True)
class Sharing:
    """Another person on whose record something of this one's stands: a number, a mailbox or an address."""

    other: Victim
    kinds: tuple[str, ...]


def sharing(victim: Victim, on: date, *, by: Actor) -> tuple[Sharing, ...]:
    """Records that share a way of contact and are of other people, as a person said or their own fields say. Not
    those that were judged the same, nor those that are likely the same and wait to be judged.
    """
    found = messages.shared_with(victim.pk, most=MOST_OF_A_BLOCK)
    judged = victims.judgements(victim) if found else {}
    same = {key for key, pair in judged.items() if pair.judgement == SamePerson.Judgement.SAME}
    people = Victim.objects.visible_to(by).filter(pk__in=found.keys() - same).order_by("pk")
    return tuple(
        Sharing(other, found[other.pk]) for other in people if other.pk in judged or not _perhaps(victim, other, on)
    )


def _perhaps(victim: Victim, other: Victim, on: date) -> bool:
    """Whether two records are likely of one person. These few are weighed by themselves, not the whole block again."""
    said = pair(victim, other)
    return not said.apart and said.weight >= rulebook.rule("limits", "match_shown", on).number("number")
