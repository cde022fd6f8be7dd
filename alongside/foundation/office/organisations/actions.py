"""Writes of organisations: areas, postcodes, bodies and their succession, and who works for whom."""

import csv
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from importlib import resources
from uuid import UUID

from django.db import connection, transaction
from django.utils.text import slugify

from alongside.core import events, reach
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts import actions as accounts
from alongside.foundation.office.accounts.models import Invitation, User
from alongside.foundation.office.organisations import lifecycle, queries, rules
from alongside.foundation.office.organisations.models import Council, Force, Membership, Organisation, Postcode, Reset
from alongside.foundation.office.organisations.postcodes import postcode_councils
from alongside.foundation.office.organisations.rules import role_fits

_DATA = resources.files("alongside.foundation.office.organisations") / "data"


def _shipped(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_areas() -> None:
    """The police forces and councils that ship with the product. Safe to do again; names and codes follow the files."""
    forces = [Force(slug=row["slug"], name=row["name"]) for row in _shipped("forces.csv")]
    councils = [
        Council(code=row["code"], name=row["name"], force_id=row["force"], replaced_by=row["replaced_by"])
        for row in _shipped("councils.csv")
    ]
    Force.objects.bulk_create(forces, update_conflicts=True, unique_fields=["slug"], update_fields=["name"])
    Council.objects.bulk_create(
        councils, update_conflicts=True, unique_fields=["code"], update_fields=["name", "force", "replaced_by"]
    )
    for was, now in queries.replaced_councils().items():
        Postcode.objects.filter(council=was).update(council=now)


@transaction.atomic
def load_postcodes(councils: Collection[str] | None = None) -> int:
    """The postcodes of these councils, or of all, made again from the shipped directory. Returns how many."""
    replaced = queries.replaced_councils()
    with connection.cursor() as cursor:
        named = None if councils is None else [*councils, *(was for was, now in replaced.items() if now in councils)]
        cursor.execute(
            "DELETE FROM organisations_postcode WHERE %s::text[] IS NULL OR council = ANY (%s)", [named, named]
        )
        cursor.execute("DROP TABLE IF EXISTS pg_temp.fresh")
        cursor.execute("CREATE TEMPORARY TABLE fresh (code text, council text) ON COMMIT DROP")
        with cursor.copy("COPY fresh (code, council) FROM STDIN") as copy:
            for postcode, council in postcode_councils(named):
                copy.write_row((postcode, replaced.get(council, council)))
        cursor.execute(
            "INSERT INTO organisations_postcode (code, council) SELECT code, council FROM fresh ON CONFLICT DO NOTHING"
        )
        return int(cursor.rowcount)


@transaction.atomic
def invite(
    organisation: Organisation, *, by: Actor, at: datetime, email: str, name: str, role: str
) -> tuple[Invitation, str]:
    """Invites one person in one role. Returns the invitation and its token, which is told once."""
    if not role_fits(role, organisation.kind):
        raise RuleBroken("That role is not given in this kind of organisation.", "role")
    if organisation.until is not None:
        raise RuleBroken("This organisation has ended.")
    here = Membership.objects.current().filter(organisation=organisation, user__email__iexact=email, role=role)
    if (held := here.select_related("user").first()) is not None:
        raise RuleBroken(f"{held.user.name} has that role here already.", "email")
    return accounts.invite(email, by=by, at=at, name=name, organisation_id=organisation.pk, role=role)


@transaction.atomic
def accept(
    invitation: Invitation, *, at: datetime, user: User | None = None, name: str = "", password: str = ""
) -> User:
    """Uses an invitation: for the person signed in, or for a new account with this name and password."""
    accounts.use(invitation, at=at)
    if user is None:
        user = accounts.open_account(invitation.email, at=at, name=name, password=password)
    elif user.email.lower() != invitation.email.lower():
        raise RuleBroken("This invitation is for another address.")
    organisation = Organisation.objects.get(pk=invitation.organisation_id)
    _join(user, organisation, invitation.role, at)
    by = Actor(realm=Realm.AUTH, user_id=user.pk, organisation_id=organisation.pk)
    events.record("invitation.accepted", invitation.pk, by=by, at=at, role=invitation.role)
    return user


def _join(user: User, organisation: Organisation, role: str, at: datetime) -> None:
    if organisation.pk not in user.visible_orgs:
        user.visible_orgs = [*user.visible_orgs, organisation.pk]
        user.save(update_fields=["visible_orgs"])
    Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, until=None, defaults={"since": at}
    )


@transaction.atomic
def change_role(membership: Membership, *, by: Actor, at: datetime, role: str) -> Membership:
    """Ends one role and begins another; the person signs in again."""
    held = Membership.objects.select_for_update().select_related("organisation", "user").get(pk=membership.pk)
    if held.until is not None or not role_fits(role, held.organisation.kind):
        raise RuleBroken("That role is not given here.", "role")
    if held.user_id == by.user_id:
        raise RuleBroken("Ask a colleague to change your own role.")
    _end(held, at)
    _join(held.user, held.organisation, role, at)
    accounts.end_sessions(held.user, at=at)
    events.record("membership.changed", held.user_id, by=by, at=at, before=held.role, role=role)
    return Membership.objects.current().get(user_id=held.user_id, organisation=held.organisation, role=role)


def _end(membership: Membership, at: datetime) -> None:
    membership.until = at
    membership.save(update_fields=["until"])


@transaction.atomic
def set_caseload_limit(membership: Membership, *, by: Actor, at: datetime, limit: int | None) -> None:
    """How many cases somebody should have at most; None for no limit. It warns whoever assigns, and stops nothing."""
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if held.until is not None:
        raise RuleBroken("This person no longer works here.")
    held.caseload_limit = limit
    held.save(update_fields=["caseload_limit"])
    events.record("membership.limited", held.user_id, by=by, at=at, limit=limit)


@transaction.atomic
def remove(membership: Membership, *, by: Actor, at: datetime) -> None:
    """A leaver: every role here ends, every session ends at once, the account closes when nothing is left.

    The event `membership.ended` starts the hand-over of what the person had in hand.
    """
    user, organisation = membership.user, membership.organisation
    if user.pk == by.user_id:
        raise RuleBroken("Ask a colleague to remove you.")
    roles = list(Membership.objects.current().select_for_update().filter(user=user, organisation=organisation))
    if not roles:
        raise RuleBroken("This person has left already.")
    for role in roles:
        _end(role, at)
    accounts.end_sessions(user, at=at)
    _withdraw_invitations(user, organisation, by=by, at=at)
    if not Membership.objects.current().filter(user=user).exists():
        accounts.close_account(user, by=by, at=at)
    details = {"user": str(user.pk), "organisation": organisation.pk}
    events.record("membership.ended", membership.pk, by=by, at=at, **details)


def _withdraw_invitations(user: User, organisation: Organisation, *, by: Actor, at: datetime) -> None:
    waiting = Invitation.objects.open_at(at).filter(email__iexact=user.email, organisation_id=organisation.pk)
    for invitation in waiting:
        accounts.withdraw(invitation, by=by, at=at)


@transaction.atomic
def forget_leavers(*, by: Actor, at: datetime, before: datetime) -> int:
    """Reduces the accounts of those whose last role ended before a moment, and forgets their resets and invitations.

    Safe to run again: who is nobody already is left alone. Returns how many people there were.
    """
    for user in (gone := list(queries.left_before(before))):
        Reset.objects.filter(user=user).delete()
        accounts.reduce(user, by=by, at=at)
    accounts.forget_invitations(before=before)
    return len(gone)


@transaction.atomic
def reset_factors(membership: Membership, *, by: Actor, at: datetime) -> tuple[Invitation, str]:
    """An operator's own reset, from the command line. On a page it takes two people: `ask_reset`, `approve_reset`."""
    if by.user_id is not None:
        raise RuleBroken("A reset takes two people: ask for it, and somebody else confirms it.")
    return _reset(membership, by=by, at=at)


def _reset(membership: Membership, *, by: Actor, at: datetime) -> tuple[Invitation, str]:
    """Removes every way of signing in, ends the sessions, and invites the person afresh."""
    user = membership.user
    accounts.reset_factors(user, by=by, at=at)
    return accounts.invite(
        user.email, by=by, at=at, name=user.name, organisation_id=membership.organisation_id, role=membership.role
    )


@transaction.atomic
def ask_reset(membership: Membership, *, by: Actor, at: datetime, checked: str) -> Reset:
    """Asks that a lost way of signing in be removed, saying how it was made sure who asks. Nothing changes yet."""
    user = User.objects.select_for_update().get(pk=membership.user_id)
    if user.pk == by.user_id:
        raise RuleBroken("Ask a colleague to reset your own sign-in.")
    if not Membership.objects.current().filter(pk=membership.pk).exists():
        raise RuleBroken("This person has left already.")
    if Reset.objects.waiting_at(at).filter(user=user).exists():
        raise RuleBroken("A reset of their sign-in waits already for somebody to confirm it.")
    assert by.user_id is not None
    reset = Reset.objects.create(
        membership=membership, user=user, asked_by=by.user_id, asked_at=at, asked_checked=checked,
        expires_at=at + timedelta(hours=rules.RESET_HOURS), visible_orgs=_who_confirms(membership.organisation),
    )  # fmt: skip
    events.record("reset.asked", user.pk, by=by, at=at, reset=str(reset.pk), checked=checked)
    return reset


def _who_confirms(organisation: Organisation) -> list[int]:
    """The organisation itself, and the hub and the policing body of its area."""
    above = Organisation.objects.filter(
        force_id=organisation.force_id, until=None, kind__in=[Organisation.Kind.HUB, Organisation.Kind.POLICING_BODY]
    )
    return sorted({organisation.pk, *above.values_list("pk", flat=True)})


@transaction.atomic
def approve_reset(reset: Reset, *, by: Actor, at: datetime, checked: str) -> tuple[Invitation, str]:
    """The second person confirms: every way of signing in is removed, every session ends, a new link goes out."""
    held = _answering(reset, "approve", at=at)
    rules.check_second_person(by.user_id, asked_by=held.asked_by, whose=held.user_id)
    membership = held.membership
    if membership.until is not None:
        raise RuleBroken("This person has left already.")
    _check_asker(held)
    elsewhere = Membership.objects.current().filter(user=held.user).exclude(organisation=membership.organisation)
    if elsewhere.exists() and by.organisation_id == membership.organisation_id:
        raise RuleBroken("This person also works elsewhere: somebody at the hub or the policing body must confirm.")
    _answer(held, lifecycle.APPROVED, by=by, at=at, checked=checked)
    events.record("reset.approved", held.user_id, by=by, at=at, reset=str(held.pk), checked=checked)
    return _reset(membership, by=by, at=at)


@transaction.atomic
def refuse_reset(reset: Reset, *, by: Actor, at: datetime) -> None:
    """Whoever may confirm it refuses, or whoever asked takes it back. The person signs in as before."""
    held = _answering(reset, "refuse", at=at)
    _answer(held, lifecycle.REFUSED, by=by, at=at)
    events.record("reset.refused", held.user_id, by=by, at=at, reset=str(held.pk))


def _answering(reset: Reset, move: str, *, at: datetime) -> Reset:
    held = Reset.objects.select_for_update(of=("self",)).select_related("user", "membership__organisation")
    found = held.get(pk=reset.pk)
    lifecycle.reset.target(found.state, move)
    if found.expires_at <= at:
        raise RuleBroken("Nobody confirmed this reset in time. Ask for it again.")
    return found


def _check_asker(reset: Reset) -> None:
    """Whoever asked still works there and may still ask."""
    theirs = Membership.objects.current().filter(user_id=reset.asked_by)
    here = theirs.filter(organisation_id=reset.membership.organisation_id)
    if not rules.manages_people(list(here.values_list("role", flat=True))):
        raise RuleBroken("Whoever asked for this reset no longer manages people there. Refuse it.")


def _answer(reset: Reset, state: str, *, by: Actor, at: datetime, checked: str = "") -> None:
    reset.state, reset.answered_by, reset.answered_at, reset.answered_checked = state, by.user_id, at, checked
    reset.save(update_fields=["state", "answered_by", "answered_at", "answered_checked"])


@transaction.atomic
def add(*, by: Actor, at: datetime, name: str, kind: str, force: str, since: date, phone: str = "") -> Organisation:
    """A new organisation in a police area. Hubs and policing bodies are added by a policing body alone."""
    if by.realm == Realm.HUB and not rules.may_succeed(kind, by.realm):
        raise RuleBroken("The policing body adds a hub or another policing body.", "kind")
    reach.check(phone=phone)
    return _begin(by=by, at=at, name=name, kind=kind, force=force, since=since, phone=phone)


def _begin(*, by: Actor, at: datetime, name: str, kind: str, force: str, since: date, phone: str) -> Organisation:
    code = slugify(name)[:40].strip("-")
    if not code or Organisation.objects.filter(code=code).exists():
        raise RuleBroken("There is an organisation of this name already.", "name")
    body = Organisation.objects.create(code=code, name=name, kind=kind, force_id=force, phone=phone, since=since)
    events.record("organisation.added", _subject(body), by=by, at=at, organisation=body.pk, kind=kind)
    return body


@transaction.atomic
def rename(body: Organisation, *, by: Actor, at: datetime, name: str, phone: str) -> None:
    """The same body under another name or telephone; a body that replaces another is a succession."""
    held = Organisation.objects.select_for_update().get(pk=body.pk)
    if phone != held.phone:
        reach.check(phone=phone)
    held.name, held.phone = name, phone
    held.save(update_fields=["name", "phone"])
    events.record("organisation.renamed", _subject(held), by=by, at=at, organisation=held.pk)


@transaction.atomic
def succeed(body: Organisation, *, by: Actor, at: datetime, name: str, since: date) -> Organisation:
    """Closes a body and opens the one that takes its place. Its people go over; its history stays where it is.

    Records stay with whoever was let into them, so nothing may be open: its people would see it no more.
    """
    held = Organisation.objects.select_for_update().get(pk=body.pk)
    if not rules.may_succeed(held.kind, by.realm):
        raise RuleBroken("Only the policing body puts another in the place of a hub or of itself.")
    if held.until is not None:
        raise RuleBroken("This body has been succeeded already.")
    if since <= held.since:
        raise RuleBroken("It must begin after the body that it succeeds.", "since")
    if open_work := queries.open_work(held):
        raise RuleBroken(" ".join((f"{held.name} has open work that nobody would see any more.", *map(str, open_work))))
    heir = _begin(by=by, at=at, name=name, kind=held.kind, force=held.force_id, since=since, phone=held.phone)
    heir.succeeds = held
    heir.save(update_fields=["succeeds"])
    held.until = since
    held.save(update_fields=["until"])
    for membership in Membership.objects.current().filter(organisation=held).select_related("user"):
        _end(membership, at)
        _join(membership.user, heir, membership.role, at)
    events.record("organisation.succeeded", _subject(held), by=by, at=at, organisation=held.pk, heir=heir.pk)
    return heir


def _subject(body: Organisation) -> UUID:
    """Events are about a record's UUID; an organisation's is its number."""
    return UUID(int=body.pk)
