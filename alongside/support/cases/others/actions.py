"""Writes of the other party: added, changed, taken off; orders; what a conflict check finds and a manager decides."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import Barred
from alongside.foundation.office.messages.rules import normalise
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.rules import MOMENTS
from alongside.support.cases.others import queries, rules
from alongside.support.cases.others.models import Clash, Condition, Danger, Key, Party

CONDITION, CLASH = "others.condition", "others.clash"
FURTHEST = timedelta(days=3653)
A_NIGHT = 5_000
BOOKS = {"relation": queries.RELATIONS, "lives": queries.LIVES, "knows": queries.KNOWS, "dangers": queries.DANGERS}


def _held(case: Case, by: Actor) -> Case:
    held = casework.locked(case)
    if not queries.keeps(held, by):
        raise RuleBroken(rules.NOT_YOURS)
    return held


@transaction.atomic
def add(
    case: Case, *, by: Actor, at: datetime, relation: str, lives: str, knows: Collection[str] = (),
    dangers: Collection[str] = (), born: date | None = None, **said: str,
) -> Party:  # fmt: skip
    """Keeps another party of a case. In the same transaction nothing leaves by a number or a mailbox of theirs."""
    case = _held(case, by)
    party = Party(case=case, victim_id=case.victim_id, written_at=at, written_by=by.user_id)
    said = {"born": born.isoformat() if born else "", **said}
    if again := _added_again(case, said, by=by, at=at):
        return again
    _write(party, dangers, said, by=by, at=at, relation=relation, lives=lives, knows=list(knows))
    events.record("others.added", case.pk, by=by, at=at)
    return party


def _added_again(case: Case, said: dict[str, str], *, by: Actor, at: datetime) -> Party | None:
    """The same person, added moments ago: the form was sent twice."""
    recent = Party.objects.filter(
        case=case, number=1, superseded_at=None, written_at__gt=at - MOMENTS, written_by=by.user_id
    )  # fmt: skip
    return next((one for one in recent if said.items() <= queries.said_of(one).items()), None)


def _write(
    party: Party, dangers: Collection[str], said: dict[str, str], *, by: Actor, at: datetime, **codes: Any
) -> None:  # fmt: skip
    on = london_date(at)
    for field, book in BOOKS.items():
        value = dangers if field == "dangers" else codes[field]
        rules.check_known(field, [value] if isinstance(value, str) else value, rulebook.titles(book, on))
    whole = {**dict.fromkeys(queries.SEALED, ""), **{column: text.strip() for column, text in said.items()}}
    rules.check_party(**{name: whole[name] for name in ("name", "description", "aliases", "phones", "emails")})
    for field, value in codes.items():
        setattr(party, field, value)
    fields.write(party, **whole)
    party.save(force_insert=True)
    _warn(party, dangers, by=by, at=at)
    _index(party, whole)
    ways = [(kind, line) for kind, text in _ways(whole) for line in rules.lines(text)]
    messages.bar(
        party.victim_id, by=by, at=at, organisation_id=party.case.provider_id, cause=party.piece, ways=ways
    )  # fmt: skip


def _ways(said: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return (rules.PHONE, said["phones"]), (rules.EMAIL, said["emails"])


def _warn(party: Party, codes: Iterable[str], *, by: Actor, at: datetime) -> None:
    """What a visit must know, beside the lock: where it changed."""
    before = Danger.objects.filter(piece=party.piece).order_by("-set_at", "-id").first()
    if list(codes) != (before.codes if before else []):
        Danger(
            case_id=party.case_id, victim_id=party.victim_id, piece=party.piece, codes=list(codes), set_at=at,
            set_by=by.user_id,
        ).save(force_insert=True)  # fmt: skip


def _index(party: Party, said: dict[str, str]) -> None:
    """What is compared of this version, in place of the last."""
    names = (said["name"], *rules.lines(said["aliases"]))
    plain = {
        *((rules.NAME, one) for one in rules.whole_names(names)),
        *((rules.SOUND, one) for one in rules.sounding_names(names)),
        *((rules.SAID, one) for one in rules.said_names(names)),
        *((kind, normalise(kind, line)) for kind, text in _ways(said) for line in rules.lines(text)),
    }  # fmt: skip
    Key.objects.filter(piece=party.piece).delete()
    _keep_keys(party.case, party.piece, Key.Side.OTHER, plain, said["born"])


def _keep_keys(case: Case, piece: UUID, side: Key.Side, plain: Iterable[tuple[str, str]], born: str) -> None:
    Key.objects.bulk_create(
        Key(
            case=case, victim_id=case.victim_id, provider_id=case.provider_id, piece=piece, side=side, kind=kind,
            lookup=crypt.blind(kind, words), born=_blind_birth(kind, born),
        )
        for kind, words in sorted(plain)
    )  # fmt: skip


def _blind_birth(kind: str, born: str) -> bytes:
    """The day; beside a name that only sounds alike, the year: who writes a name by ear may mistake a day."""
    if not born:
        return b""
    return crypt.blind("birth_year", born[:4]) if kind == rules.SOUND else crypt.blind("born", born)


def _current(party: Party, by: Actor, seen: int) -> Party:
    """The version that stands, held; refuses whoever writes over what they have not seen."""
    _held(party.case, by)
    fresh: Party = Party.objects.select_for_update(of=("self",)).get(piece=party.piece, superseded_at=None)
    if fresh.gone:
        raise RuleBroken("Somebody has taken them off the case meanwhile.")
    if fresh.number != seen:
        raise RuleBroken(rules.STALE)
    return fresh


def _follow(fresh: Party, *, by: Actor, at: datetime, why: str, gone: bool = False) -> Party:
    if rulebook.find(queries.CHANGES, why, london_date(at)) is None:
        raise RuleBroken("Choose why.", "why")
    fresh.superseded_at = at
    fresh.save(update_fields=["superseded_at"])
    return Party(
        case=fresh.case, victim_id=fresh.victim_id, piece=fresh.piece, number=fresh.number + 1, relation=fresh.relation,
        lives=fresh.lives, gone=gone, why=why, written_at=at, written_by=by.user_id,
    )  # fmt: skip


@transaction.atomic
def revise(
    party: Party, *, by: Actor, at: datetime, seen: int, why: str, relation: str, lives: str,
    knows: Collection[str] = (), dangers: Collection[str] = (), born: date | None = None, **said: str,
) -> Party:  # fmt: skip
    """Changes what is known. `seen`: the number of the version that the writer had before them."""
    made = _follow(_current(party, by, seen), by=by, at=at, why=why)
    whole = {"born": born.isoformat() if born else "", **said}
    _write(made, dangers, whole, by=by, at=at, relation=relation, lives=lives, knows=list(knows))
    events.record("others.revised", made.case_id, by=by, at=at, why=why)
    return made


@transaction.atomic
def remove(party: Party, *, by: Actor, at: datetime, seen: int, why: str) -> None:
    """Takes them off the case, with their orders, and lets their numbers go. What it said stays behind the lock."""
    fresh = _current(party, by, seen)
    gone = _follow(fresh, by=by, at=at, why=why, gone=True)
    gone.save(force_insert=True)
    _warn(gone, (), by=by, at=at)
    Key.objects.filter(piece=fresh.piece).delete()
    messages.bar(gone.victim_id, by=by, at=at, organisation_id=gone.case.provider_id, cause=gone.piece, ways=())
    for one in Condition.objects.select_for_update(of=("self",)).filter(piece=gone.piece, ended_at=None):
        _end(one, by=by, at=at, why="mistake")
    events.record("others.removed", gone.case_id, by=by, at=at, why=why)


@transaction.atomic
def add_condition(
    party: Party, *, by: Actor, at: datetime, kind: str, until: date | None = None, words: str = ""
) -> Condition:  # fmt: skip
    """Keeps an order or a condition; before it ends it stands on the agenda."""
    case, on = _held(party.case, by), london_date(at)
    rules.check_known("kind", [kind], rulebook.titles(queries.KINDS, on))
    rules.check_until(until, today=on, latest=on + FURTHEST)
    same = Condition.objects.filter(
        piece=party.piece, kind=kind, until=until, ended_at=None, added_by=by.user_id, added_at__gt=at - MOMENTS
    ).first()  # fmt: skip
    if same:
        return same
    made = Condition(
        case=case, victim_id=case.victim_id, piece=party.piece, kind=kind, until=until, added_at=at, added_by=by.user_id
    )  # fmt: skip
    fields.write(made, words=words.strip())
    made.save(force_insert=True)
    _raise(made, by=by, at=at)
    events.record("others.condition_added", case.pk, by=by, at=at)
    return made


def _raise(one: Condition, *, by: Actor, at: datetime) -> None:
    """On the agenda from some days before its end, and not before."""
    if one.until and one.until <= london_date(at) + timedelta(days=queries.soon(london_date(at))):
        agenda.put(one.case, by=by, at=at, kind=CONDITION, about=one.pk, due_at=one.until)


@transaction.atomic
def end_condition(condition: Condition, *, by: Actor, at: datetime, why: str) -> None:
    """An order is in force no more, or another took its place."""
    _held(condition.case, by)
    held: Condition = Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    if rulebook.find(queries.ENDINGS, why, london_date(at)) is None:
        raise RuleBroken("Choose why.", "why")
    if held.ended_at is None:
        _end(held, by=by, at=at, why=why)
        events.record("others.condition_ended", held.case_id, by=by, at=at)


def _end(held: Condition, *, by: Actor, at: datetime, why: str) -> None:
    held.ended_at, held.ended_why = at, why
    held.save(update_fields=["ended_at", "ended_why"])
    agenda.drop(held.case, by=by, at=at, kind=CONDITION, about=held.pk)


@transaction.atomic
def raise_ending(*, by: Actor, at: datetime) -> int:
    """Every night: orders that end within some days, on open cases, come up. Safe to repeat."""
    last = london_date(at) + timedelta(days=queries.soon(london_date(at)))
    here = Item.objects.filter(kind=CONDITION).values("about")
    found = Condition.objects.filter(ended_at=None, until__lte=last).exclude(case__state=Case.State.CLOSED)
    raised = list(found.exclude(pk__in=here).select_related("case"))
    for one in raised:
        _raise(one, by=by, at=at)
    return len(raised)


# The conflict check, run by the worker.


@transaction.atomic
def look(case_id: UUID, *, by: Actor, at: datetime) -> int:
    """Compares a case with the others of its provider. Returns how many new conflicts a manager must look at."""
    case = Case.objects.select_for_update(of=("self",)).select_related("victim").filter(pk=case_id).first()
    if case is None:
        return 0
    _index_client(case)
    found = [
        pair for one in queries.meets(case)
        for pair in ((case, one.case, one.what), (one.case, case, _mirrored(one.what)))
    ]  # fmt: skip
    return sum(note_clash(mine, other, what, by=by, at=at) for mine, other, what in found)


def look_of(victim_id: UUID, *, by: Actor, at: datetime) -> int:
    """The same for every case of somebody."""
    cases = Case.objects.filter(victim_id=victim_id).order_by("pk").values_list("pk", flat=True)
    return sum(look(key, by=by, at=at) for key in list(cases))


def _mirrored(what: Clash.What) -> Clash.What:
    return Clash.MIRRORED[what]


def _index_client(case: Case) -> None:
    """What is compared of whom a case supports, in place of what was before."""
    victim = case.victim
    born = victim.birth_date.isoformat() if victim.birth_date else ""
    Key.objects.filter(case=case, side=Key.Side.CLIENT).delete()
    names = queries.client_names(victim)
    plain = [(rules.NAME, one) for one in rules.whole_names(names)]
    plain += [(rules.SOUND, one) for one in rules.sounding_names(names)]
    _keep_keys(case, case.victim_id, Key.Side.CLIENT, plain, born)


@transaction.atomic
def index_all(*, by: Actor, at: datetime) -> int:
    """Every night: open cases that nothing is compared of yet. Safe to repeat."""
    known = Key.objects.filter(side=Key.Side.CLIENT).values("case_id")
    fresh = Case.objects.exclude(state=Case.State.CLOSED).exclude(pk__in=known).values_list("pk", flat=True)
    left = list(fresh.order_by("pk")[:A_NIGHT])
    for key in left:
        look(key, by=by, at=at)
    return len(left)


@transaction.atomic
def note_clash(case: Case, other: Case, what: Clash.What, *, by: Actor, at: datetime) -> bool:
    """Keeps that two cases may be on two sides of one matter, for the manager. Whether it was not known before. Of
    several reasons about the same two cases one comes up: they are decided together."""
    row = Clash(
        case=case, victim_id=case.victim_id, provider_id=case.provider_id, against_id=other.pk, what=what, found_at=at
    )  # fmt: skip
    if Clash.objects.filter(case=case, against_id=other.pk, what=what).exists():
        return False
    waits = Clash.objects.filter(case=case, against_id=other.pk, settled_at=None).values("pk")
    known = Item.objects.filter(case=case, kind=CLASH, about__in=waits).exists()
    row.save(force_insert=True)
    if case.state != Case.State.CLOSED and not known:
        agenda.put(case, by=by, at=at, kind=CLASH, about=row.pk, due_at=london_date(at))
    events.record("others.clash_found", case.pk, by=by, at=at)
    return True


@transaction.atomic
def settle(clash: Clash, *, by: Actor, at: datetime, answer: str, words: str) -> None:
    """A manager decides, for both cases where both are open to them."""
    if rulebook.find(queries.ANSWERS, answer, london_date(at)) is None:
        raise RuleBroken("Choose what was decided.", "answer")
    if not words.strip():
        raise RuleBroken("Say in a few words what it rests on. Name nobody.", "words")
    pair = Clash.objects.visible_to(by).select_for_update(of=("self",)).filter(
        case_id__in=(clash.case_id, clash.against_id), against_id__in=(clash.case_id, clash.against_id)
    )  # fmt: skip
    for one in pair.select_related("case"):
        if one.settled_at is None:
            one.answer, one.settled_at, one.settled_by = answer, at, by.user_id
            fields.write(one, words=words.strip())
            one.save(update_fields=["answer", "settled_at", "settled_by", "words"])
            agenda.drop(one.case, by=by, at=at, kind=CLASH, about=one.pk)
            events.record("others.clash_settled", one.case_id, by=by, at=at, answer=answer)


@transaction.atomic
def forget(*, before: datetime) -> int:
    """What the closed cases of a time ago kept of other parties. Run by the worker. Returns how many people."""
    over = Case.objects.filter(state=Case.State.CLOSED, closed_at__lt=before).values("pk")
    pieces = set(Party.objects.filter(case__in=over).values_list("piece", flat=True))
    for model in (Clash, Danger, Key, Condition, Party):
        model._default_manager.filter(case__in=over).delete()
    Barred.objects.filter(cause_id__in=pieces).delete()
    return len(pieces)
