"""Reads of community groups: lists, one group, the people to ask for, who reaches whom where, consortia."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt
from alongside.core.privacy import fields as sealed
from alongside.foundation.local.community import lifecycle as states
from alongside.foundation.local.community import rules
from alongside.foundation.local.community.models import (
    Consortium,
    Contact,
    ContactPerson,
    Group,
    Groups,
    Member,
    Need,
    forces_of,
)
from alongside.foundation.local.community.rules import About, Asked, Coverage, Marks, Matrix, Reach
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.queries import Choices
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.rulebook import queries as rulebook

# The book, or "councils", that the codes of each detail are of.
BOOK_OF = {
    "activities": "group_activities", "reaches": "made_for", "hears": "crime_types", "councils": "councils",
    "languages": "languages", "legal_form": "group_forms", "turnover": "group_turnover", "paid": "group_people",
    "volunteers": "group_people",
}  # fmt: skip
MORE_BOOKS = ("group_needs", "group_contact_ways", "group_contact_purposes", "consortium_roles")
DUE_NOW, DUE_SOON, NOT_SET = "now", "soon", "unset"


def choices(actor: Actor, on: date) -> dict[str, Choices]:
    """Every choice of the forms and filters, by book; the councils of the actor's own police area."""
    books = {*BOOK_OF.values(), *MORE_BOOKS} - {"councils"}
    return {
        **{book: list(rulebook.choices(book, on)) for book in sorted(books)}, "councils": directory.councils_for(actor)
    }  # fmt: skip


def words(on: date) -> dict[str, Mapping[str, str]]:
    """The title of each code that a group may hold, by book."""
    books = {*BOOK_OF.values(), *MORE_BOOKS} - {"councils"}
    councils = dict(Council.objects.values_list("code", "name"))
    return {**{book: rulebook.titles(book, on) for book in books}, "councils": councils}


def about(group: Group) -> About:
    """What is said of a group."""
    said: dict[str, Any] = {one.name: getattr(group, one.name) for one in fields(About)}
    return about_from(said)


def about_from(said: Mapping[str, Any]) -> About:
    """The same from what JSON or a form holds."""
    known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return About(**known)


def soon(on: date) -> date:
    """Until when the next contact counts as due soon."""
    return on + timedelta(days=limit("group_contact_soon", on))


def again(on: date) -> date:
    """The day that is offered for the next contact."""
    return on + timedelta(days=limit("group_contact_again", on))


def limit(code: str, on: date) -> int:
    return rulebook.rule("limits", code, on).number("number")


def groups(
    actor: Actor, on: date, *, name: str = "", council: str = "", reaches: str = "", need: str = "", stage: str = "",
    due: str = "",
) -> Groups:  # fmt: skip
    """The groups that the actor may see, narrowed down; those that are no longer active only when asked for."""
    found = Group.objects.visible_to(actor)
    found = found.filter(stage=stage) if stage else found.filter(stage__in=states.ACTIVE)
    for column, code in (("councils", council), ("reaches", reaches)):
        found = found.filter(**{f"{column}__contains": [code]}) if code else found
    if need:
        unmet = Need.objects.visible_to(actor).filter(code=need, state__in=states.UNMET)
        found = found.filter(pk__in=unmet.values("group"))
    if name:
        said = Q(what__icontains=name)
        key = rules.name_key(name)
        found = found.filter(said | Q(name_key__contains=key) if key else said)
    return _due(found, due, on)


def _due(found: Groups, due: str, on: date) -> Groups:
    if due == NOT_SET:
        return found.filter(next_contact_on=None)
    if due in (DUE_NOW, DUE_SOON):
        return found.filter(next_contact_on__lte=on if due == DUE_NOW else soon(on))
    return found


def count_due(actor: Actor, on: date) -> int:
    return groups(actor, on, due=DUE_NOW).count()


def needs_of(found: Iterable[Group], actor: Actor) -> dict[UUID, list[Need]]:
    """What each of some groups needs, met or not, by group."""
    needs: dict[UUID, list[Need]] = {one.pk: [] for one in found}
    for need in Need.objects.visible_to(actor).filter(group__in=list(needs)):
        needs[need.group_id].append(need)
    return needs


def unmet(needs: Iterable[Need]) -> list[Need]:
    return [one for one in needs if one.state in states.UNMET]


def consortia_of(found: Iterable[Group], actor: Actor) -> dict[UUID, list[Member]]:
    """In which consortia each of some groups is now, by group."""
    places: dict[UUID, list[Member]] = {one.pk: [] for one in found}
    held = Member.objects.visible_to(actor).current().filter(group__in=list(places), consortium__ended_on=None)
    for member in held.select_related("consortium"):
        if member.group_id:
            places[member.group_id].append(member)
    return places


@dataclass(frozen=True)
class Talk:
    """A contact with a group, with who of us it was and what was noted."""

    contact: Contact
    by: str
    note: str


def talks(group: Group, actor: Actor) -> list[Talk]:
    """What was said with a group, the latest first."""
    found = list(Contact.objects.visible_to(actor).filter(group=group))
    crypt.load_keys([one.pk for one in found if one.note])
    names = dict(User.objects.filter(pk__in=[one.by_user for one in found]).values_list("pk", "name"))
    return [Talk(one, names.get(one.by_user, ""), sealed.read(one, "note")) for one in found]


def people_of(group: Group, actor: Actor) -> list[ContactPerson]:
    """Whom to ask for. Whoever shows what is sealed in them logs that look."""
    return list(ContactPerson.objects.visible_to(actor).filter(group=group).order_by("added_at", "pk"))


def asked(person: ContactPerson) -> Asked:
    return Asked(**{one.name: sealed.read(person, one.name) for one in fields(Asked)})


def index(kind: str, value: str) -> bytes:
    """The blind index of somebody's number or mailbox; empty where it is none."""
    plain = rules.digits(value) if kind == "phone" else value.strip().casefold()
    return crypt.blind(f"community-{kind}", plain) if plain else b""


def indexes(person: Asked) -> list[bytes]:
    return [index("phone", person.phone), index("email", person.email)]


def marks(found: Iterable[Group], actor: Actor) -> dict[UUID, Marks]:
    """What each of some groups is compared by."""
    by_group: dict[UUID, list[bytes]] = {}
    held = ContactPerson.objects.visible_to(actor).values_list("group", "phone_index", "email_index")
    for group, phone, email in held:
        by_group.setdefault(group, []).extend((bytes(phone), bytes(email)))
    return {one.pk: rules.marks(about(one), by_group.get(one.pk, ())) for one in found}


@dataclass(frozen=True)
class Twin:
    """A group that may be the same as another one, and why."""

    group: Group
    why: tuple[str, ...]


def twins(said: About, people: Iterable[Asked], actor: Actor) -> list[Twin]:
    """Groups of the area that may be the same as what is said, most alike first; those that ended too."""
    wanted = rules.marks(said, [one for person in people for one in indexes(person)])
    found = list(Group.objects.visible_to(actor))
    why = {key: rules.alike(wanted, held) for key, held in marks(found, actor).items()}
    same = [Twin(one, tuple(why[one.pk])) for one in found if why[one.pk]]
    return sorted(same, key=lambda twin: (-len(twin.why), twin.group.name))


def bodies(actor: Actor) -> Choices:
    """Organisations of the area that a group may have become, or that may be in a consortium."""
    kinds = (Organisation.Kind.PROVIDER, Organisation.Kind.HUB, Organisation.Kind.PARTNER)
    found = Organisation.objects.filter(kind__in=kinds, force__in=forces_of(actor), until=None).order_by("name")
    return [(str(one.pk), one.name) for one in found]


def body(key: str, actor: Actor) -> Organisation | None:
    """One of those; None for anything else."""
    return Organisation.objects.get(pk=key) if key in dict(bodies(actor)) else None


def one(key: str, actor: Actor) -> Group | None:
    """A group by what a form says; None for anything else."""
    return Group.objects.visible_to(actor).filter(pk=key).first() if key else None


def group_choices(actor: Actor) -> Choices:
    found = Group.objects.visible_to(actor).filter(stage__in=states.ACTIVE)
    return [(str(one.pk), one.name) for one in found]


# Who reaches whom, where.


@dataclass(frozen=True)
class Sheet:
    """People down, councils across; `silent`: groups that named nobody in particular."""

    people: Choices
    councils: Choices
    squares: Matrix
    groups: int
    silent: int


def reach(actor: Actor, on: date) -> Sheet:
    """Who reaches whom in the actor's area: groups that are active, and services made for the same people."""
    found = list(groups(actor, on))
    people, councils = list(rulebook.choices("made_for", on)), directory.councils_for(actor)
    services = Service.objects.open().filter(provider__force__in=forces_of(actor))
    squares = rules.matrix(
        [_group_reach(one) for one in found], [_service_reach(one) for one in services],
        [code for code, _ in people], [code for code, _ in councils],
    )  # fmt: skip
    return Sheet(people, councils, squares, len(found), sum(not one.reaches for one in found))


def _group_reach(group: Group) -> Reach:
    return Reach(group.name, frozenset(group.reaches), frozenset(group.councils))


def _service_reach(service: Service) -> Reach:
    return Reach(service.name, frozenset(service.made_for), frozenset(service.councils))


# Consortia.


def consortia(actor: Actor) -> QuerySet[Consortium]:
    return Consortium.objects.visible_to(actor).prefetch_related("members__group", "members__organisation")


def members_of(consortium: Consortium, actor: Actor) -> list[Member]:
    """Its members, those of today first."""
    found = Member.objects.visible_to(actor).filter(consortium=consortium).select_related("group", "organisation")
    return sorted(found, key=lambda one: (one.until is not None, one.role != "lead", one.called))


@dataclass(frozen=True)
class Together:
    """A consortium's coverage, with the people and councils that it is of."""

    people: Choices
    councils: Choices
    coverage: Coverage


def together(members: Iterable[Member], actor: Actor, on: date) -> Together:
    """What the members of today together reach. An organisation reaches those for whom its open services are made."""
    now = [one for one in members if one.until is None]
    people, councils = list(rulebook.choices("made_for", on)), directory.councils_for(actor)
    reaches = [_group_reach(one.group) for one in now if one.group]
    for member in (one for one in now if one.organisation):
        found = Service.objects.open().filter(provider=member.organisation_id)
        reaches += [replace(_service_reach(service), name=member.called) for service in found]
    codes: Any = [[code for code, _ in listed] for listed in (people, councils)]
    return Together(people, councils, rules.coverage(reaches, *codes))
