"""Writes of accounts: invitations, opening and closing an account, its sessions and second factors."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.office.accounts import rules
from alongside.foundation.office.accounts.models import Invitation, User


@transaction.atomic
def invite(
    email: str, *, by: Actor, at: datetime, name: str, organisation_id: int, role: str
) -> tuple[Invitation, str]:
    """An invitation and its token, which is told once and kept hashed. An earlier one is withdrawn."""
    waiting = Invitation.objects.open_at(at).filter(email__iexact=email, organisation_id=organisation_id)
    for earlier in waiting:
        withdraw(earlier, by=by, at=at)
    token = rules.new_token()
    invitation = Invitation(
        email=email.lower(),
        name=name,
        organisation_id=organisation_id,
        role=role,
        token_hash=rules.token_hash(token),
        invited_by=by.user_id,
        invited_at=at,
        expires_at=at + timedelta(days=rules.INVITATION_DAYS),
    )
    invitation.save(force_insert=True)
    events.record("invitation.sent", invitation.pk, by=by, at=at, organisation=organisation_id, role=role)
    return invitation, token


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """The link stops working."""
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.used_at or held.withdrawn_at:
        raise RuleBroken("That invitation is not open any more.")
    held.withdrawn_at = at
    held.save(update_fields=["withdrawn_at"])
    events.record("invitation.withdrawn", held.pk, by=by, at=at)


@transaction.atomic
def use(invitation: Invitation, *, at: datetime) -> None:
    """An invitation is used once."""
    if not Invitation.objects.select_for_update().open_at(at).filter(pk=invitation.pk).exists():
        raise RuleBroken("This invitation no longer works. Ask for another.")
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])


@transaction.atomic
def open_account(email: str, *, at: datetime, name: str, password: str) -> User:
    """A new account, or one whose ways of signing in were reset, with this password."""
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is not None and (user.has_usable_password() or Authenticator.objects.filter(user=user).exists()):
        raise RuleBroken("There is an account for this address: sign in to it first.")
    user = user or User(email=email.lower(), created_at=at)
    _check(password, user)
    user.name, user.is_active = name, True
    user.set_password(password)
    if user._state.adding:
        user.save(force_insert=True)
    else:
        user.save(update_fields=["name", "is_active", "password"])
    return user


def _check(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), "password") from error


@transaction.atomic
def end_sessions(user: User, *, at: datetime) -> None:
    """Signs the person out everywhere, at once: the sessions go, and none that began before may go on."""
    mine = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=mine.values("session_key")).delete()
    mine.delete()
    user.sessions_end_before = at
    user.save(update_fields=["sessions_end_before"])


@transaction.atomic
def keep_sessions(user: User, *, most: int, by: Actor, at: datetime) -> int:
    """Ends the oldest sessions beyond so many and leaves word for the places they were in. Returns how many."""
    User.objects.select_for_update().get(pk=user.pk)
    live = Session.objects.filter(expire_date__gt=at).values("session_key")
    mine = UserSession.objects.filter(user=user, session_key__in=live).order_by("-created_at", "-pk")
    over = list(mine.values_list("session_key", flat=True)[most:])
    if over:
        _end(over)
        cache.set_many({rules.ended_key(key): True for key in over}, timeout=rules.TOLD_SECONDS)
        events.record("session.ended", user.pk, by=by, at=at, ended=len(over), why="too_many")
    return len(over)


@transaction.atomic
def end_other_sessions(user: User, *, kept: str, by: Actor, at: datetime) -> int:
    """Ends every session but the one in which a second factor was just changed. Returns how many."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=kept).values_list("session_key", flat=True))
    if others:
        _end(others)
        events.record("session.ended", user.pk, by=by, at=at, ended=len(others), why="factor_changed")
    return len(others)


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


@transaction.atomic
def close_account(user: User, *, by: Actor, at: datetime) -> None:
    """The person may not sign in again unless invited again; the name stays on what they did."""
    Authenticator.objects.filter(user=user).delete()
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    events.record("account.closed", user.pk, by=by, at=at)


@transaction.atomic
def reduce(user: User, *, by: Actor, at: datetime) -> None:
    """Takes from the account of somebody who left long ago all that says who it was. What they did keeps its actor."""
    address = user.email
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user)._raw_delete("default")
    UserSession.objects.filter(user=user).delete()
    Invitation.objects.filter(email__iexact=address).delete()
    user.email, user.name, user.is_active, user.last_login = rules.nobodys_address(user.pk), rules.NOBODY, False, None
    user.set_unusable_password()
    user.save(update_fields=["email", "name", "is_active", "last_login", "password"])
    events.record("account.reduced", user.pk, by=by, at=at)


@transaction.atomic
def forget_invitations(*, before: datetime) -> int:
    """Deletes invitations whose time was over before a moment; whoever used one has an account. Returns how many."""
    return Invitation.objects.filter(expires_at__lt=before).delete()[0]


@transaction.atomic
def reset_factors(user: User, *, by: Actor, at: datetime) -> None:
    """Removes every way of signing in and ends the sessions. An invitation must follow, or nobody gets in."""
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user, at=at)
    events.record("account.factors_reset", user.pk, by=by, at=at)
