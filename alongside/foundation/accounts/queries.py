"""Reads about accounts: whether a session may go on."""

from django.http import HttpRequest
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.foundation.accounts import rules
from alongside.foundation.accounts.models import User

STAMP_EVERY_SECONDS = 60


def account_of(email: str) -> User | None:
    """The account of an address that may sign in, if there is one."""
    return User.objects.filter(email__iexact=email, is_active=True).first() if email else None


def still_in(request: HttpRequest, actor: Actor) -> bool:
    """Whether this session is within its realm's idle and absolute limits; notes that it is in use."""
    now = timezone.now().timestamp()
    session = request.session
    started, seen = session.get("started", now), session.get("seen", now)
    ended = getattr(request.user, "sessions_end_before", None)
    killed = ended is not None and started < ended.timestamp()
    if killed or not rules.session_holds(actor.realm, now=now, started=started, seen=seen):
        session.flush()
        return False
    if now - seen >= STAMP_EVERY_SECONDS or "seen" not in session:
        session.update({"started": started, "seen": now})
    return True
