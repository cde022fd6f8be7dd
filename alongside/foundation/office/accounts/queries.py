"""Reads about accounts: whose an address is, open invitations, and whether a session may go on."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.foundation.office.accounts import rules
from alongside.foundation.office.accounts.models import Invitation, User

STAMP_EVERY_SECONDS = 60
WATCHES = "X-Watches"  # the header of what a page asks by itself
ON_WALL = "on_wall"  # a session that shows counts on a wall, and can do nothing else until it ends
TIMED_OUT = "timed_out"  # of a session that stands in place of one that was not used for too long
IDLE, LONGEST = "idle", "longest"  # the limits of a session, kept in it from its start
# What was shown in a session: any second factor, a passkey; and whether nothing less than a passkey will do.
SECOND_FACTOR, PASSKEY, NEEDS_PASSKEY = "second_factor", "passkey", "needs_passkey"
GATE, TURNS = 0x516E, 4  # the advisory locks that say how many passwords may be weighed at once


def account_of(email: str) -> User | None:
    """The account of an address, whether or not it may sign in now."""
    return User.objects.filter(email__iexact=email).first() if email else None


def turn_to_weigh() -> bool:
    """Whether this request may weigh a password now; its turn ends with its transaction."""
    with connection.cursor() as cursor:
        for turn in range(TURNS):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [GATE, turn])
            if cursor.fetchone()[0]:
                return True
    return False


def open_invitation(token: str, at: datetime) -> Invitation | None:
    """The invitation of a token, while it may be used."""
    return Invitation.objects.open_at(at).filter(token_hash=rules.token_hash(token)).first() if token else None


def open_invitations(organisation_id: int, at: datetime) -> list[Invitation]:
    """An organisation's invitations that wait to be used, newest first."""
    return list(Invitation.objects.open_at(at).filter(organisation_id=organisation_id).order_by("-invited_at"))


def invited_already(email: str, organisation_id: int, at: datetime) -> bool:
    """Whether an invitation of this address to this organisation waits: another one takes its place."""
    return Invitation.objects.open_at(at).filter(email__iexact=email, organisation_id=organisation_id).exists()


def ended_elsewhere(session_key: str) -> bool:
    """Whether this browser's session was ended because the person signed in at one place more."""
    return bool(session_key) and bool(cache.get(rules.ended_key(session_key)))


def must_start_again(user: User) -> bool:
    """Whether the account has no way of signing in left: new, reset or closed."""
    return not user.has_usable_password() and not Authenticator.objects.filter(user=user).exists()


def code_will_not_do(request: HttpRequest) -> bool:
    """Whether the person's role asks for a passkey, and this session has shown none."""
    return bool(request.session.get(NEEDS_PASSKEY)) and not request.session.get(PASSKEY)


def factor_shown(request: HttpRequest) -> bool:
    """Whether this session has shown the second factor that it needs."""
    return bool(request.session.get(SECOND_FACTOR)) and not code_will_not_do(request)


def has_passkey(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def idle_limit(request: HttpRequest) -> int:
    """After how many seconds without use this session ends."""
    return int(request.session.get(IDLE, rules.STRICTEST.idle))


def still_in(request: HttpRequest, actor: Actor) -> bool:
    """Whether this session is within the limits that it began with; notes that it is in use.

    A page that asks by itself says so, and that is no use: a screen that nobody sits at is signed out in its time.
    """
    now = timezone.now().timestamp()
    session = request.session
    started, seen = session.get("started", now), session.get("seen", now)
    ended = getattr(request.user, "sessions_end_before", None)
    killed = ended is not None and session.get("started", 0) < ended.timestamp()
    idle, longest = idle_limit(request), session.get(LONGEST, rules.STRICTEST.longest)
    if killed or not rules.session_holds(idle=idle, longest=longest, now=now, started=started, seen=seen):
        session.flush()
        session[TIMED_OUT] = not killed
        return False
    by_itself = WATCHES in request.headers and "seen" in session
    if not by_itself and (now - seen >= STAMP_EVERY_SECONDS or "seen" not in session):
        session.update({"started": started, "seen": now})
    return True
