"""Reads of group work: groups and their room, who is in them as far as the reader may know, registers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import crypt, fields
from alongside.core.rows import records
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import workers
from alongside.support.cases.groups import lifecycle, rules
from alongside.support.cases.groups.models import Group, Mark, Meeting, Member
from alongside.support.cases.groups.rules import Marked

MOST_SHOWN = 200
MOST_SHARED = 50
BOOKS = ("group_kinds", "register_marks", "group_leaving", "appointment_places")


def words(on: date) -> Mapping[str, Mapping[str, str]]:
    """The words of every book that these pages speak with."""
    return {book: rulebook.titles(book, on) for book in BOOKS}


def kind(code: str, on: date) -> RuleRow:
    row = rulebook.find("group_kinds", code, on)
    if row is None:
        raise RuleBroken("Choose what kind of group it is.", "kind")
    return row


def mark(code: str, on: date) -> RuleRow:
    row = rulebook.find("register_marks", code, on)
    if row is None:
        raise RuleBroken("Choose one of the marks of the register.")
    return row


def leaving(on: date) -> tuple[tuple[str, str], ...]:
    """Why somebody leaves, as far as it may be chosen: codes and words."""
    return tuple((row.code, row.title) for row in rulebook.current("group_leaving", on) if row.flag("choose"))


def services(by: Actor) -> "QuerySet[Service]":
    """The services of one's own organisation."""
    return Service.objects.filter(provider_id=by.organisation_id).order_by("name")


def check_leaders(leaders: list[UUID], provider_id: int) -> None:
    if not leaders or not set(leaders) <= set(workers(provider_id)):
        raise RuleBroken("Choose at least one person who works here now to lead it.", "leaders")


def listed(rows: "QuerySet[Group]", asked: Mapping[str, str]) -> "QuerySet[Group]":
    """Groups that filters leave, those that run first."""
    state = {"ended": lifecycle.ENDED, "all": ""}.get(asked.get("state", ""), lifecycle.RUNNING)
    found = rows.filter(state=state) if state else rows
    found = found.filter(kind=asked["kind"]) if asked.get("kind") else found
    found = found.filter(service_id=asked["service"]) if asked.get("service") else found
    return found.select_related("service").order_by("-state", "name", "id")[:MOST_SHOWN]


@dataclass(frozen=True)
class Inside:
    """A group as the reader may know it: members and the list of interest by name, and how many are hidden."""

    members: tuple[Member, ...]
    waiting: tuple[Member, ...]
    hidden: int
    meetings: tuple[Meeting, ...]


def inside(group: Group, by: Actor) -> Inside:
    found = list(
        Member.objects.visible_to(by).filter(group=group).exclude(state=lifecycle.LEFT)
        .select_related("case__victim").order_by("asked_at", "id")
    )  # fmt: skip
    members = tuple(one for one in found if one.state == lifecycle.IN)
    held = Meeting.objects.visible_to(by).filter(group=group).order_by("-starts_at")[:MOST_SHOWN]
    coming = [one for one in reversed(held) if one.state == lifecycle.PLANNED]
    return Inside(
        members, tuple(one for one in found if one.state == lifecycle.WAITING), max(group.taken - len(members), 0),
        (*coming, *(one for one in held if one.state != lifecycle.PLANNED)),
    )  # fmt: skip


def places_of(case: Case) -> tuple[Member, ...]:
    """The groups that somebody is or was in, the latest first."""
    return tuple(Member.objects.filter(case=case).select_related("group").order_by("-asked_at", "-id"))


def open_to(case: Case, by: Actor) -> "QuerySet[Group]":
    """The groups of one's organisation that run and that somebody is not in."""
    here = Member.objects.filter(case=case).exclude(state=lifecycle.LEFT).values("group_id")
    return Group.objects.visible_to(by).filter(state=lifecycle.RUNNING).exclude(pk__in=here).order_by("name", "pk")


def current(group: Group, case: Case) -> Member | None:
    """Somebody's place in a group, or on its list, where they have one now."""
    return Member.objects.filter(group=group, case=case).exclude(state=lifecycle.LEFT).first()


def against(group_id: UUID, case_id: UUID) -> tuple[str, ...]:
    """Whether somebody in a group, hidden or not, is on the other side of a case, or has the same other party: codes of
    `rules.AGAINST`, by blind indexes that the database compares."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT groups_against(%s, %s)", [case_id, group_id])
        return tuple(dict.fromkeys(cursor.fetchone()[0]))


def here(case_id: UUID) -> tuple[UUID, ...]:
    """The groups that somebody is in, or waits for."""
    found = Member.objects.filter(case_id=case_id).exclude(state=lifecycle.LEFT).order_by("group_id")
    return tuple(found.values_list("group_id", flat=True))


def warnings(group: Group, case: Case) -> tuple[str, ...]:
    """What is known against putting somebody into a group, as far as the caller may know it."""
    people = set(
        Member.objects.filter(group=group).exclude(state=lifecycle.LEFT).exclude(case=case)
        .values_list("victim_id", flat=True)
    )  # fmt: skip
    found = []
    if case.victim_id in people:
        found.append("They are in this group already, by another case.")
    if people & set(messages.shared_with(case.victim_id, most=MOST_SHARED)):
        found.append(
            "Somebody in this group has a telephone number, an e-mail address or an address in common with them. They "
            "may know each other, or be on two sides of one matter."
        )
    closed = [one for one in group.leaders if not records.open_to([case.victim_id], one, group.provider_id)]
    if closed:
        found.append(
            "This record is not open to everybody who leads the group: it is restricted, or they know each other."
        )
    return (*(rules.AGAINST[code] for code in against(group.pk, case.pk)), *found)


@dataclass(frozen=True)
class Line:
    """A member in the register of a session, with what was marked."""

    member: Member
    marked: Marked | None


@dataclass(frozen=True)
class Register:
    """The register of a session as far as the reader may know it."""

    lines: tuple[Line, ...]
    hidden: int
    note: str


def marks_of(meeting: Meeting) -> dict[UUID, tuple[Mark, Marked]]:
    """What is marked, by member."""
    found = list(Mark.objects.filter(meeting=meeting))
    crypt.load_keys([one.victim_id for one in found])
    return {one.member_id: (one, Marked(one.mark, fields.read(one, "note"))) for one in found}


def register(meeting: Meeting, by: Actor) -> Register:
    """Those who are in the group, and those who are marked already though they left since."""
    marks = marks_of(meeting)
    members = Member.objects.visible_to(by).filter(group_id=meeting.group_id).select_related("case__victim")
    here = [one for one in members.order_by("joined_at", "id") if one.state == lifecycle.IN or one.pk in marks]
    lines = tuple(Line(one, marks[one.pk][1] if one.pk in marks else None) for one in here)
    shown = sum(line.member.state == lifecycle.IN for line in lines)
    return Register(lines, max(meeting.group.taken - shown, 0), note_of(meeting))


def note_of(meeting: Meeting) -> str:
    return fields.read(meeting, "note")


def held_members(lines: tuple[Line, ...], at: datetime) -> tuple[str, ...]:
    """Initials of those with whom contact is held now."""
    return tuple(
        rules.initials(line.member.case.victim.full_name)
        for line in lines if messages.held(line.member.victim_id, at)
    )  # fmt: skip
