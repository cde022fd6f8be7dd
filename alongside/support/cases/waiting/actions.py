"""Every write about somebody who waits: joined, looked after, offered a place, begun, left. Their day never changes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows import records
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework import queries as case_queries
from alongside.support.cases.casework import rules as case_rules
from alongside.support.cases.casework.models import Case
from alongside.support.cases.waiting import lifecycle, queries, rules
from alongside.support.cases.waiting.models import KEEPS_PLACE, Entry, Place, WaitingList

REVIEW, CONTACT, ANSWER, DECIDE = "waiting.review", "waiting.contact", "waiting.answer", "waiting.decide"


@transaction.atomic
def join(
    case: Case, held: WaitingList, *, by: Actor, at: datetime, need: str, wishes: Iterable[str] = (),
    joined_on: date | None = None,
) -> Entry:  # fmt: skip
    """Puts a case on a list. Whoever left one of the same kind and comes back in time keeps the day they first had."""
    case, held, today = casework.locked(case), _list(held), clocks.london_date(at)
    if there := queries.on_list(case, held):
        if there.added_by == by.user_id and at - there.added_at < rules.MOMENTS:
            return there
        raise RuleBroken(rules.ON_IT.format(since=f"{there.joined_on:%-d %B %Y}"), "list")
    _check_takes(held)
    queries.check_code(queries.NEEDS, need, "need", rules.NO_SUCH_NEED, today)
    before = queries.came_from(case, held, today)
    kept = queries.kept_from(case, held, before)
    day = rules.joined_on(joined_on, accepted=clocks.london_date(case.accepted_at), today=today, kept=kept)
    made = _begin(case, held, by=by, at=at, need=need, wishes=queries.wishes(wishes, today), joined_on=day,
                  follows=before)  # fmt: skip
    _tell("waiting.joined", made, by=by, at=at, need=need, again=before is not None)
    return made


def _begin(case: Case, held: WaitingList, *, by: Actor, at: datetime, **said: Any) -> Entry:
    today = clocks.london_date(at)
    made = Entry(
        list=held, case=case, victim_id=case.victim_id, added_at=at, added_by=by.user_id,
        review_due_on=rules.due_on(today, held.review_weeks), contact_due_on=rules.due_on(today, held.contact_weeks),
        **said,
    )  # fmt: skip
    made.save(force_insert=True)
    _diary(made, by=by, at=at)
    return made


def _list(held: WaitingList) -> WaitingList:
    """The list as it is now, held: what is offered and who joins is settled one after the other."""
    return WaitingList.objects.select_for_update(of=("self",)).select_related("service").get(pk=held.pk)


def _check_takes(held: WaitingList) -> None:
    if held.state == lifecycle.CLOSED:
        raise RuleBroken(rules.LIST_CLOSED, "list")
    if not queries.service_open(held):
        raise RuleBroken(rules.SERVICE_CLOSED, "list")


def _held(entry: Entry) -> Entry:
    """The case, then the place as it is now, both held until this transaction ends."""
    case = casework.locked(entry.case)
    fresh: Entry = (
        Entry.objects.select_for_update(of=("self",)).select_related("list", "list__service").get(pk=entry.pk)
    )
    fresh.case = case
    return fresh


def _save(entry: Entry, *changed: str) -> None:
    entry.version += 1
    entry.save(update_fields=["state", "version", *changed])


def _tell(name: str, entry: Entry, *, by: Actor, at: datetime, **details: object) -> None:
    """One event of the case, in codes."""
    events.record(name, entry.case_id, by=by, at=at, entry=str(entry.pk), modality=entry.list.modality, **details)


def _diary(entry: Entry, *, by: Actor, at: datetime) -> None:
    """What is due about somebody who waits, where their worker reads it; of whoever does not wait, nothing."""
    offer = queries.open_offer(entry) if entry.state == lifecycle.OFFERED else None
    waits = entry.state in KEEPS_PLACE
    due: dict[str, datetime | date | None] = {
        REVIEW: entry.review_due_on if waits else None, CONTACT: entry.contact_due_on if waits else None,
        ANSWER: offer.answer_by if offer else None,
        DECIDE: entry.paused_until or (clocks.london_date(at) if waits and entry.decide else None),
    }  # fmt: skip
    for kind, when in due.items():
        if when is None:
            agenda.drop(entry.case, by=by, at=at, kind=kind, about=entry.pk)
        else:
            details = {"modality": entry.list.modality, "why": entry.decide or entry.state}
            agenda.put(entry.case, by=by, at=at, kind=kind, about=entry.pk, due_at=when, details=details)


@transaction.atomic
def pause(entry: Entry, *, by: Actor, at: datetime, why: str, until: date) -> None:
    """They cannot take a place for a while. Their day stays, and somebody asks them again when the pause is over."""
    entry, today = _held(entry), clocks.london_date(at)
    if (entry.state, entry.paused_why, entry.paused_until) == (lifecycle.PAUSED, why, until):
        return
    entry.state = lifecycle.entry.target(entry.state, "pause")
    queries.check_code(queries.PAUSES, why, "why", "Choose why.", today)
    rules.check_pause(until, today=today, longest=case_queries.limit("waiting_pause", today))
    entry.paused_why, entry.paused_until, entry.decide = why, until, ""
    _save(entry, "paused_why", "paused_until", "decide")
    _diary(entry, by=by, at=at)
    _tell("waiting.paused", entry, by=by, at=at, why=why, until=until.isoformat())


@transaction.atomic
def resume(entry: Entry, *, by: Actor, at: datetime) -> None:
    """They could take a place again."""
    entry = _held(entry)
    if entry.state == lifecycle.WAITING:
        return
    entry.state = lifecycle.entry.target(entry.state, "resume")
    entry.paused_why, entry.paused_until = "", None
    _save(entry, "paused_why", "paused_until")
    _diary(entry, by=by, at=at)
    _tell("waiting.resumed", entry, by=by, at=at)


@transaction.atomic
def review(entry: Entry, *, by: Actor, at: datetime, need: str, wishes: Iterable[str], seen: int) -> None:
    """How much they need it now, and what would suit them. `seen`: the version that the writer had before them."""
    entry, today = _held(entry), clocks.london_date(at)
    if entry.version != seen:
        raise RuleBroken(rules.STALE)
    _check_waits(entry)
    queries.check_code(queries.NEEDS, need, "need", rules.NO_SUCH_NEED, today)
    before, entry.need, entry.wishes = entry.need, need, queries.wishes(wishes, today)
    entry.reviewed_at, entry.review_due_on = at, rules.due_on(today, entry.list.review_weeks)
    _save(entry, "need", "wishes", "reviewed_at", "review_due_on")
    _diary(entry, by=by, at=at)
    _tell("waiting.reviewed", entry, by=by, at=at, need=need, before=before)


def _check_waits(entry: Entry) -> None:
    if entry.state not in KEEPS_PLACE:
        raise RuleBroken("They do not wait on this list any more.")


@transaction.atomic
def keep_in_touch(entry: Entry, *, by: Actor, at: datetime, happened_at: datetime, **said: Any) -> None:
    """A contact while they wait, recorded as any contact of the case; reached, the next is due by the list's rhythm."""
    entry = _held(entry)
    _check_waits(entry)
    contact = casework.record_contact(entry.case, by=by, at=at, happened_at=happened_at, **said)
    if not contact.reached or (entry.contacted_at and happened_at <= entry.contacted_at):
        return
    entry.contacted_at, day = happened_at, clocks.london_date(happened_at)
    entry.contact_due_on = rules.after_contact(entry.contact_due_on, day, entry.list.contact_weeks)
    _save(entry, "contacted_at", "contact_due_on")
    _diary(entry, by=by, at=at)
    _tell("waiting.contacted", entry, by=by, at=at)


@transaction.atomic
def offer(entry: Entry, *, by: Actor, at: datetime, worker: UUID, starts_at: datetime, why: str = "") -> Place:
    """Offers a place: with whom, from when, to be answered by a day. Out of turn only with a reason, which is kept."""
    entry, today = _held(entry), clocks.london_date(at)
    held = _list(entry.list)
    if found := queries.open_offer(entry):
        if (found.worker, found.starts_at, found.offered_by) == (worker, starts_at, by.user_id):
            return found
        raise RuleBroken(rules.HAS_OFFER)
    entry.state = lifecycle.entry.target(entry.state, "offer")
    _check_worker(entry.case, worker)
    rules.check_start(starts_at, at=at)
    shared = queries.shared(held, today)
    if not shared and queries.taken_by(held, worker, starts_at):
        raise RuleBroken(rules.PLACE_GONE, "starts_on")
    rule = queries.rule_on(held, today)
    order = queries.order(held, queries.weights(rule), today)
    passed = rules.before_them(order, entry.pk)
    rules.check_turn(passed, why, queries.words(today)[queries.OUT_OF_TURN])
    made = Place(
        entry=entry, case=entry.case, list=held, victim_id=entry.victim_id, worker=worker, starts_at=starts_at,
        shared=shared, position=passed + 1, rule=rule.number, out_of_turn=why if passed else "",
        answer_by=clocks.due(at, held.answer_days), offered_at=at, offered_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    entry.decide = ""
    _save(entry, "decide")
    _diary(entry, by=by, at=at)
    _tell("waiting.offered", entry, by=by, at=at, place=str(made.pk), out_of_turn=made.out_of_turn)
    return made


def _check_worker(case: Case, worker: UUID) -> None:
    if worker not in case_queries.workers(case.provider_id):
        raise RuleBroken("Choose somebody who works for this organisation now.", "worker")
    if not records.open_to([case.victim_id], worker, case.provider_id):
        raise RuleBroken(case_rules.not_open(restricted=case.restricted), "worker")


def _end_offer(entry: Entry, state: Place.State, *, at: datetime, reason: str = "") -> Place:
    """The offer that waits for an answer, ended; refuses where there is none."""
    found = Place.objects.select_for_update(of=("self",)).filter(entry=entry, state=Place.State.OFFERED).first()
    if found is None:
        raise RuleBroken("No offer waits for their answer. Somebody may have recorded it meanwhile.")
    found.state, found.ended_at, found.reason = state, at, reason
    found.save(update_fields=["state", "ended_at", "reason"])
    return found


@transaction.atomic
def take_place(entry: Entry, *, by: Actor, at: datetime) -> None:
    """They said yes: they wait no more, and what they waited for begins."""
    entry = _held(entry)
    if entry.state == lifecycle.STARTED:
        return
    entry.state = lifecycle.entry.target(entry.state, "take_place")
    found = _end_offer(entry, Place.State.TAKEN, at=at)
    entry.started_at, entry.worker, entry.declines = at, found.worker, 0
    _save(entry, "started_at", "worker", "declines")
    _diary(entry, by=by, at=at)
    days = (clocks.london_date(at) - entry.joined_on).days
    _tell("waiting.place_taken", entry, by=by, at=at, place=str(found.pk), days=days)


@transaction.atomic
def decline_place(entry: Entry, *, by: Actor, at: datetime, reason: str) -> None:
    """They said no: they wait as before, with the same day. After several, somebody talks with them."""
    entry, today = _held(entry), clocks.london_date(at)
    queries.check_code(queries.DECLINES, reason, "reason", "Choose what they said.", today)
    entry.state = lifecycle.entry.target(entry.state, "decline_place")
    _end_offer(entry, Place.State.DECLINED, at=at, reason=reason)
    entry.declines += 1
    entry.decide = Entry.Decide.DECLINES if rules.calls_for_talk(entry.declines, entry.list.declines_talk) else ""
    _save(entry, "declines", "decide")
    _diary(entry, by=by, at=at)
    _tell("waiting.place_declined", entry, by=by, at=at, reason=reason, declines=entry.declines)


@transaction.atomic
def take_back(entry: Entry, *, by: Actor, at: datetime) -> None:
    """We cannot keep an offer: they wait as before, and it counts as no answer of theirs."""
    entry = _held(entry)
    entry.state = lifecycle.entry.target(entry.state, "take_back")
    _end_offer(entry, Place.State.TAKEN_BACK, at=at)
    _save(entry)
    _diary(entry, by=by, at=at)
    _tell("waiting.place_taken_back", entry, by=by, at=at)


@transaction.atomic
def lapse(place: Place, *, by: Actor, at: datetime) -> bool:
    """The time to answer is over: the place is free, they wait as before, and somebody decides what comes next.
    Safe to run again. Returns whether it lapsed now."""
    entry = Entry.objects.select_for_update(of=("self",)).select_related("list", "case").get(pk=place.entry_id)
    found = queries.open_offer(entry)
    if found is None or found.pk != place.pk or found.answer_by >= at:
        return False
    entry.state = lifecycle.entry.target(entry.state, "lapse")
    _end_offer(entry, Place.State.LAPSED, at=at)
    entry.decide = Entry.Decide.NO_ANSWER
    _save(entry, "decide")
    _diary(entry, by=by, at=at)
    _tell("waiting.place_unanswered", entry, by=replace(by, organisation_id=entry.case.provider_id), at=at)
    return True


def lapse_all(*, by: Actor, at: datetime) -> int:
    """Every offer whose time is over. Returns how many."""
    return sum(lapse(place, by=by, at=at) for place in queries.late_offers(at))


@transaction.atomic
def keep(entry: Entry, *, by: Actor, at: datetime) -> None:
    """After an offer without an answer, or several that did not suit: we have talked, and they wait on."""
    entry = _held(entry)
    _check_waits(entry)
    if not entry.decide:
        return
    why, entry.decide, entry.declines = entry.decide, "", 0
    _save(entry, "decide", "declines")
    _diary(entry, by=by, at=at)
    _tell("waiting.kept", entry, by=by, at=at, why=why)


@transaction.atomic
def move(entry: Entry, to: WaitingList, *, by: Actor, at: datetime) -> Entry:
    """On to another list of the provider, with the day on which they first joined, and with their pause if they have
    one."""
    entry, to = _held(entry), _list(to)
    if entry.list_id == to.pk or queries.on_list(entry.case, to):
        raise RuleBroken(rules.SAME_LIST, "list")
    _check_takes(to)
    state, why, until = entry.state, entry.paused_why, entry.paused_until
    entry.state = lifecycle.entry.target(entry.state, "move")
    entry.ended_at, entry.paused_until, entry.decide = at, None, ""
    _save(entry, "ended_at", "paused_until", "decide")
    _diary(entry, by=by, at=at)
    made = _begin(
        entry.case, to, by=by, at=at, need=entry.need, wishes=entry.wishes, joined_on=entry.joined_on, follows=entry,
        state=state, paused_why=why, paused_until=until,
    )  # fmt: skip
    _tell("waiting.moved", made, by=by, at=at, was=entry.list.modality)
    return made


@transaction.atomic
def leave(entry: Entry, *, by: Actor, at: datetime, why: str) -> None:
    """They wait no more, without a place. Coming back in time, they have their day again."""
    entry, today = _held(entry), clocks.london_date(at)
    if (entry.state, entry.ended_why) == (lifecycle.LEFT, why):
        return
    if why not in queries.leavings(today):
        raise RuleBroken("Choose why they leave the list.", "why")
    _leave(entry, why, by=by, at=at)


def _leave(entry: Entry, why: str, *, by: Actor, at: datetime) -> None:
    had_offer, entry.state = entry.state == lifecycle.OFFERED, lifecycle.entry.target(entry.state, "leave")
    if had_offer:
        _end_offer(entry, Place.State.TAKEN_BACK, at=at)
    entry.ended_at, entry.ended_why, entry.paused_until, entry.decide = at, why, None, ""
    _save(entry, "ended_at", "ended_why", "paused_until", "decide")
    _diary(entry, by=by, at=at)
    _tell("waiting.left", entry, by=by, at=at, why=why)


@transaction.atomic
def finish(entry: Entry, *, by: Actor, at: datetime) -> None:
    """What they waited for has ended, and the place is free for the next."""
    entry = _held(entry)
    if entry.state == lifecycle.DONE:
        return
    _finish(entry, by=by, at=at)


def _finish(entry: Entry, *, by: Actor, at: datetime) -> None:
    entry.state, entry.ended_at = lifecycle.entry.target(entry.state, "finish"), at
    _save(entry, "ended_at")
    _tell("waiting.finished", entry, by=by, at=at)


@transaction.atomic
def end_of_case(case: Case, *, by: Actor, at: datetime) -> int:
    """After a case was closed: nobody waits for it any more, and what had begun has ended. Run by the worker; safe to
    repeat. Returns how many places ended."""
    fresh = Case.objects.select_for_update().get(pk=case.pk)
    if fresh.state != Case.State.CLOSED:
        return 0
    by = replace(by, organisation_id=fresh.provider_id)
    held = list(queries.in_hand(case.pk))
    for entry in held:
        if entry.state == lifecycle.STARTED:
            _finish(entry, by=by, at=at)
        else:
            _leave(entry, queries.CASE_CLOSED, by=by, at=at)
    return len(held)
