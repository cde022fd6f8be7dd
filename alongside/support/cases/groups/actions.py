"""Every write of group work: groups, places in them, sessions, and registers that count once for each member."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals import rules as stopping
from alongside.support.cases.appointments import actions as appointments
from alongside.support.cases.appointments import rules as timing
from alongside.support.cases.appointments.rules import Repeat, Span
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import limit
from alongside.support.cases.groups import lifecycle, queries, rules
from alongside.support.cases.groups.models import Group, Mark, Meeting, Member
from alongside.support.cases.groups.rules import Marked
from alongside.support.cases.others import actions as others_writes
from alongside.support.cases.others import queries as others
from alongside.support.cases.others.models import Clash

KIND = "group"  # of appointments
SAME_GROUP = Clash.What.SAME_GROUP
CASE_CLOSED, GROUP_ENDED = "case_closed", "group_ended"


# A group.


@transaction.atomic
def set_up(
    *, by: Actor, at: datetime, service: Service, kind: str, name: str, starts_on: date, ends_on: date | None,
    places: int, leaders: Sequence[UUID], place: str,
) -> Group:  # fmt: skip
    """Sets a group up, under a name that gives nothing away. Pressed twice, it is one group."""
    assert by.organisation_id is not None
    row = queries.kind(kind, clocks.london_date(at))
    _check(starts_on, ends_on, places, leaders, taken=0, provider_id=by.organisation_id)
    same = {"provider_id": by.organisation_id, "service": service, "kind": row.code, "name": name,
            "starts_on": starts_on}  # fmt: skip
    if again := Group.objects.filter(made_at__gt=at - rules.MOMENTS, **same).first():
        return again
    group = Group(
        **same, kind_ref=row.ref, ends_on=ends_on, places=places, leaders=list(leaders), place=place, made_at=at
    )
    group.save(force_insert=True)
    events.record("group.set_up", group.pk, by=by, at=at, kind=row.code)
    return group


def _check(
    starts_on: date, ends_on: date | None, places: int, leaders: Sequence[UUID], *, taken: int, provider_id: int
) -> None:  # fmt: skip
    rules.check_dates(starts_on, ends_on)
    rules.check_room(places, taken)
    queries.check_leaders(list(leaders), provider_id)


def _group(group: Group, verb: str, seen: int | None = None) -> Group:
    """The group as it is now, held; refuses whoever writes over what they have not seen."""
    fresh: Group = Group.objects.select_for_update().get(pk=group.pk)
    if seen is not None and fresh.version != seen:
        raise RuleBroken(rules.STALE)
    lifecycle.group.target(fresh.state, verb)
    return fresh


@transaction.atomic
def change(
    group: Group, *, by: Actor, at: datetime, seen: int, name: str, ends_on: date | None, places: int,
    leaders: Sequence[UUID], place: str,
) -> None:  # fmt: skip
    """Changes a group. Whoever leads it now is busy with its sessions, and nobody else."""
    held = _group(group, "change", seen)
    _check(held.starts_on, ends_on, places, leaders, taken=held.taken, provider_id=held.provider_id)
    held.name, held.ends_on, held.places, held.leaders, held.place = name, ends_on, places, list(leaders), place
    held.version += 1
    held.save(update_fields=["name", "ends_on", "places", "leaders", "place", "version"])
    for meeting in held.meetings.filter(state=lifecycle.PLANNED):
        _engage(held, meeting, by=by, at=at)
    events.record("group.changed", held.pk, by=by, at=at)


def _engage(group: Group, meeting: Meeting, *, by: Actor, at: datetime) -> None:
    appointments.engage(
        meeting.pk, group.leaders, Span(meeting.starts_at, meeting.ends_at), by=by, at=at, kind=KIND,
        organisation_id=group.provider_id,
    )  # fmt: skip


@transaction.atomic
def end(group: Group, *, by: Actor, at: datetime) -> None:
    """Ends a group: what is planned is cancelled; a job ends every place in it, those that the caller may not see
    too."""
    held = _group(group, "end")
    held.state, held.ended_at = lifecycle.ENDED, at
    held.version += 1
    held.save(update_fields=["state", "ended_at", "version"])
    for meeting in held.meetings.select_for_update().filter(state=lifecycle.PLANNED):
        _cancel(meeting, by=by, at=at)
    events.record("group.ended", held.pk, by=by, at=at)


@transaction.atomic
def let_go(user_id: UUID, *, organisation_id: int, by: Actor, at: datetime) -> int:
    """Somebody who left leads no group any more, and its page says so. Returns how many they led; safe to repeat."""
    led = Group.objects.select_for_update().filter(
        provider_id=organisation_id, state=lifecycle.RUNNING, leaders__contains=[user_id]
    )
    found = list(led)
    for group in found:
        group.leaders = [one for one in group.leaders if one != user_id]
        group.version += 1
        group.save(update_fields=["leaders", "version"])
        events.record("group.leader_left", group.pk, by=by, at=at)
    return len(found)


# A place in a group.


@transaction.atomic
def add(
    case: Case, group: Group, *, by: Actor, at: datetime, now: bool, sure: bool = False
) -> Member:  # fmt: skip
    """Puts somebody into a group, or with `now` false on its list of interest. `sure`: warnings were read."""
    case, group = casework.locked(case), _group(group, "change")
    if again := queries.current(group, case):
        return again
    stopping.refuse_stopped(referrals.stopped(case.referral))
    found = queries.warnings(group, case)
    _check_sides(group, case, by)
    if found and not sure:
        raise RuleBroken(f"{' '.join(found)} {rules.READ_FIRST}.", "sure")
    member = Member(
        group=group, case=case, victim_id=case.victim_id, state=lifecycle.IN if now else lifecycle.WAITING,
        asked_at=at, joined_at=at if now else None,
    )  # fmt: skip
    if now:
        _take_place(group)
    member.save(force_insert=True)
    events.record("group.joined" if now else "group.interest_noted", case.pk, by=by, at=at, group=str(group.pk),
                  kind=group.kind, warned=len(found))  # fmt: skip
    return member


def _check_sides(group: Group, case: Case, by: Actor) -> None:
    """Two sides of one matter are not put into one group by a worker: a manager may know why it is safe."""
    found = queries.against(group.pk, case.pk)
    if found and not by.may(Permission.CASE_ASSIGN):
        raise RuleBroken(f"{rules.AGAINST[found[0]]} {rules.ASK_MANAGER}")


@transaction.atomic
def look_again(case_id: UUID, *, by: Actor, at: datetime) -> int:
    """Who the other party is became known: where somebody in a group of this case may be on the other side, its manager
    decides. Worker's role; safe to repeat. Returns how many groups."""
    case = Case.objects.filter(pk=case_id).first()
    clashing = [key for key in queries.here(case_id) if rules.OTHER_SIDE in queries.against(key, case_id)]
    if case is None or not clashing:
        return 0
    inside = Member.objects.filter(group_id__in=clashing).exclude(state=lifecycle.LEFT).exclude(case=case)
    for other in Case.objects.filter(pk__in=inside.values("case_id")).order_by("pk"):
        if others.alike(case, other):
            others_writes.note_clash(case, other, SAME_GROUP, by=by, at=at)
            others_writes.note_clash(other, case, SAME_GROUP, by=by, at=at)
    return len(clashing)


def _take_place(group: Group) -> None:
    rules.check_free(group.places, group.taken)
    group.taken += 1
    group.save(update_fields=["taken"])


@transaction.atomic
def join(member: Member, *, by: Actor, at: datetime) -> None:
    """From the list of interest into the group."""
    case = casework.locked(member.case)
    group = _group(member.group, "change")
    held = Member.objects.select_for_update().get(pk=member.pk)
    held.state, held.joined_at = lifecycle.member.target(held.state, "join"), at
    stopping.refuse_stopped(referrals.stopped(case.referral))
    _check_sides(group, case, by)
    _take_place(group)
    held.save(update_fields=["state", "joined_at"])
    events.record("group.joined", case.pk, by=by, at=at, group=str(group.pk), kind=group.kind, warned=0)


@transaction.atomic
def leave(member: Member, *, by: Actor, at: datetime, reason: str) -> None:
    """Somebody is in the group no more, or no more on its list, with a coded reason."""
    if reason not in dict(queries.leaving(clocks.london_date(at))):
        raise RuleBroken("Choose why they leave.", "reason")
    _leave(member, by=by, at=at, reason=reason)


def _leave(member: Member, *, by: Actor, at: datetime, reason: str) -> None:
    group: Group = Group.objects.select_for_update().get(pk=member.group_id)
    held = Member.objects.select_for_update().get(pk=member.pk)
    was, held.state = held.state, lifecycle.member.target(held.state, "leave")
    held.left_at, held.left_why = at, reason
    held.save(update_fields=["state", "left_at", "left_why"])
    if was == lifecycle.IN:
        group.taken -= 1
        group.save(update_fields=["taken"])
    events.record("group.left", held.case_id, by=by, at=at, group=str(group.pk), kind=group.kind, why=reason)


@transaction.atomic
def end_places(*, by: Actor, at: datetime, group: UUID | None = None, case: UUID | None = None) -> int:
    """Every place that ended with its group, or with its case. Worker's role; safe to repeat."""
    of_group = Q(group_id=group, group__state=lifecycle.ENDED)
    over = Member.objects.exclude(state=lifecycle.LEFT).filter(
        of_group if group else Q(case_id=case, case__state=Case.State.CLOSED)
    )
    found = list(over.order_by("id"))
    for member in found:
        _leave(member, by=by, at=at, reason=GROUP_ENDED if group else CASE_CLOSED)
    return len(found)


# A session.


@transaction.atomic
def plan_meetings(
    group: Group, *, by: Actor, at: datetime, day: date, from_time: time, minutes: int, repeat: Repeat | None = None
) -> Meeting:  # fmt: skip
    """Plans sessions of a group, and says that its leaders are busy then. What is planned already stays."""
    held, on = _group(group, "change"), clocks.london_date(at)
    timing.check_length(minutes)
    days = timing.days(day, repeat, longest=limit("series_longest", on))
    spans = [timing.span(one, from_time, minutes) for one in days]
    for span in (spans[0], spans[-1]):
        timing.check_ahead(span, at=at, ahead=limit("appointment_ahead", on))
    found = {one.starts_at: one for one in held.meetings.filter(starts_at__in=[span.starts for span in spans])}
    for span in spans:
        if span.starts not in found:
            found[span.starts] = _meeting(held, span, by=by, at=at)
    events.record("group.sessions_planned", held.pk, by=by, at=at, count=len(spans))
    return found[spans[0].starts]


def _meeting(group: Group, span: Span, *, by: Actor, at: datetime) -> Meeting:
    made = Meeting(
        group=group, provider_id=group.provider_id, starts_at=span.starts, ends_at=span.ends, planned_at=at
    )  # fmt: skip
    made.save(force_insert=True)
    _engage(group, made, by=by, at=at)
    return made


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    held: Meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    _cancel(held, by=by, at=at)
    events.record("group.session_cancelled", held.group_id, by=by, at=at, meeting=str(held.pk))


def _cancel(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    meeting.state = lifecycle.meeting.target(meeting.state, "cancel_meeting")
    meeting.version += 1
    meeting.save(update_fields=["state", "version"])
    appointments.release(meeting.pk, by=by, at=at)


# A register.


@transaction.atomic
def register(
    meeting: Meeting, *, by: Actor, at: datetime, seen: int, marks: Mapping[UUID, Marked], minutes: int,
    note: str = "", despite: str = "",
) -> Meeting:  # fmt: skip
    """Takes a register, or puts it right: each member's contact is written with it, once, or not at all.

    `marks`: by member, of those whom the caller may see; who is left out stays as they were."""
    held: Meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    known = queries.marks_of(held)
    changed = rules.changed(marks, {key: marked for key, (_, marked) in known.items()})
    if _pressed_twice(held, changed, minutes, note, by=by, at=at):
        return held
    if held.version != seen:
        raise RuleBroken(rules.STALE)
    target = lifecycle.meeting.target(held.state, "register")
    timing.check_length(minutes)
    early = limit("appointment_early", clocks.london_date(at))
    when = timing.happened_at(held.starts_at, at, early=early)
    members = {one.pk: one for one in Member.objects.filter(group_id=held.group_id, pk__in=changed)}
    for key, marked in changed.items():
        old = known[key][0] if key in known else None
        _mark(held, members[key], marked, old, by=by, at=at, when=when, minutes=minutes, despite=despite)
    held.state, held.minutes, held.taken_at, held.taken_by = target, minutes, at, by.user_id
    fields.write(held, note=note)
    held.version += 1
    held.save(update_fields=["state", "minutes", "taken_at", "taken_by", "note", "version"])
    events.record("group.register_taken", held.group_id, by=by, at=at, meeting=str(held.pk), count=len(changed))
    return held


def _pressed_twice(
    meeting: Meeting, changed: Mapping[UUID, Marked], minutes: int, note: str, *, by: Actor, at: datetime
) -> bool:  # fmt: skip
    just = meeting.taken_at is not None and meeting.taken_at > at - rules.MOMENTS
    same = not changed and meeting.minutes == minutes and queries.note_of(meeting) == note
    return just and same and meeting.taken_by == by.user_id


def _mark(
    meeting: Meeting, member: Member, marked: Marked, old: Mark | None, *, by: Actor, at: datetime, when: datetime,
    minutes: int, despite: str,
) -> None:  # fmt: skip
    """One member's mark. Where it counts for something else than before, the earlier contact is taken back."""
    row = queries.mark(marked.mark, clocks.london_date(when))
    one = old or Mark(meeting=meeting, member=member, case_id=member.case_id, victim_id=member.victim_id)
    if old is None or old.mark != row.code:
        if old is not None and old.contact_id:
            events.record("group.mark_corrected", member.case_id, by=by, at=at, contact=str(old.contact_id),
                          group=str(meeting.group_id))  # fmt: skip
        one.contact_id = _contact(member, row, by=by, at=at, when=when, minutes=minutes, despite=despite)
    one.mark, one.marked_at, one.marked_by = row.code, at, by.user_id
    one.minutes = minutes if row.flag("came") else 0
    fields.write(one, note=marked.note)
    if old is None:
        one.save(force_insert=True)
    else:
        one.save(update_fields=["mark", "minutes", "note", "contact_id", "marked_at", "marked_by"])


def _contact(
    member: Member, row: RuleRow, *, by: Actor, at: datetime, when: datetime, minutes: int, despite: str
) -> UUID | None:  # fmt: skip
    if not row.text("result"):
        return None
    said: dict[str, Any] = {"channel": row.text("way"), "result": row.text("result"), "despite": despite}
    try:
        return casework.record_contact(
            member.case, by=by, at=at, happened_at=when, minutes=minutes if row.flag("came") else 0, **said
        ).pk
    except RuleBroken as broken:
        who = rules.initials(member.case.victim.full_name)
        raise RuleBroken(f"{who}: {broken.message}", f"mark_{member.pk.hex}") from broken


@transaction.atomic
def forget_contact(contact_id: UUID, case_id: UUID, *, by: Actor, at: datetime) -> None:
    """The contact of a mark that was put right, unless it was marked so again. Worker's role; safe to repeat."""
    Case.objects.select_for_update().get(pk=case_id)
    if not Mark.objects.filter(contact_id=contact_id).exists():
        appointments.forget_contact(contact_id, by=by, at=at)


def print_register(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """Says that a register was printed. It carries initials alone."""
    documents.note_print(meeting.pk, by=by, at=at, what="register")


@transaction.atomic
def forget(*, before: datetime) -> int:
    """Erases what was noted of sessions that were over before a moment, and the key of each group that ended and has
    nothing sealed any more. Run by the worker. Returns how many notes."""
    noted = Meeting.objects.exclude(note=b"")
    gone = noted.filter(ends_at__lt=before).update(note=b"")
    ended = Group.objects.filter(state=lifecycle.ENDED, ended_at__lt=before).exclude(pk__in=noted.values("group_id"))
    PersonKey.objects.filter(person_id__in=ended.values("pk")).delete()
    crypt.forget()
    return gone
