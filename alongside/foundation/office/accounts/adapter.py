"""The hooks of signing in: who may sign up, how a second factor is kept, how many sessions there are at once."""

import base64
import hashlib
import hmac
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.module_loading import import_string

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts import actions, queries
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.rules import Limits

ENDED = "ended_elsewhere"
_REDIRECT = 302
_NONCE = 12


def begin_session(request: HttpRequest, user: User, *, second_factor: bool) -> None:
    """Signs in somebody who has just shown who they are; the session is on the person's list.

    `second_factor`: whether they showed all that anybody can be asked for, as in the demonstration.
    """
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    record_authentication(request, user, method="password", reauthenticated=True)
    start_clocks(request, user, shown={queries.SECOND_FACTOR, queries.PASSKEY} if second_factor else set())
    UserSession.objects.create_from_request(request)
    _keep_to_the_cap(user)


def _keep_to_the_cap(user: User) -> None:
    """Ends the oldest sessions beyond those that the rulebook allows."""
    by = Actor(realm=Realm.AUTH, user_id=user.pk)
    actions.keep_sessions(user, most=sessions_at_once(user), by=by, at=timezone.now())


def sessions_at_once(user: User) -> int:
    """In how many places the person may be signed in."""
    return limits_of(user).at_once


def limits_of(user: User) -> Limits:
    """The limits of the person's sessions. Accounts stand below the rulebook: a setting says who knows."""
    asked: Callable[[UUID, date], Limits] = import_string(settings.SESSION_LIMITS)
    return asked(user.pk, london_date(timezone.now()))


def start_clocks(request: HttpRequest, user: User, *, shown: Collection[str]) -> None:
    now = time.time()
    held = {name: name in shown for name in (queries.SECOND_FACTOR, queries.PASSKEY)}
    request.session.update({"started": now, "seen": now, **held})
    keep_limits(request, user)
    request.session.pop(queries.TIMED_OUT, None)


def _shown(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What signing in has shown."""
    for record in records:
        if record["method"] == "mfa":
            yield queries.SECOND_FACTOR
        if record.get("type") == Authenticator.Type.WEBAUTHN:
            yield queries.PASSKEY


def keep_limits(request: HttpRequest, user: User) -> None:
    """Says in the session how long it may last: at its start, and when the person takes on another role in it."""
    limits = limits_of(user)
    request.session.update({
        queries.IDLE: limits.idle, queries.LONGEST: limits.longest, queries.NEEDS_PASSKEY: limits.passkey,
    })  # fmt: skip


ERRORS = 400


class SayWhyEnded:
    """Middleware: tells a browser whose session was ended for a newer one why it must sign in again.

    Only an answer that sends somebody unknown elsewhere, and that had a session's cookie, is looked into.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if response.status_code == _REDIRECT and request.session.is_empty() and queries.ended_elsewhere(key):
            request.session[ENDED] = True
        return response


class EmptyOnSignOut:
    """Middleware: a browser in which somebody signs out forgets what pages of this site kept there for them.

    An idle session that ends by itself empties nothing: what a phone took without a signal must still be sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match and match.view_name == "account_logout" and response.status_code < ERRORS:
            response["Clear-Site-Data"] = '"storage"'
        return response


class InvitationOnly(DefaultAccountAdapter):
    """No open sign-up: an account begins with an invitation (`organisations`), never with allauth's form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **words: Any) -> HttpResponse:
        """Starts the session's clocks and notes whether a second factor was shown in it."""
        records = get_authentication_records(request, user)
        start_clocks(request, user, shown=set(_shown(records)))
        response = super().post_login(request, user, **words)
        _keep_to_the_cap(user)
        return response

    def set_password(self, user: User, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None,
        message_context: dict[str, Any] | None = None, extra_tags: str = "", message: str | None = None,
    ) -> None:  # fmt: skip
        """Only what went wrong is said; what went well is on the page that follows."""
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def format_email_subject(self, subject: str) -> str:
        return subject


class SealedFactors(DefaultMFAAdapter):
    """Secrets of second factors are sealed by the key ring before they are stored."""

    def encrypt(self, text: str) -> str:
        ring = crypt.ring()
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(_key(ring.master(ring.current))).encrypt(nonce, text.encode(), None)
        return f"{ring.current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        name, _, body = encrypted_text.partition(":")
        sealed = base64.b64decode(body)
        key = _key(crypt.ring().master(name))
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()


def _key(master: bytes) -> bytes:
    """A key for this purpose alone, so that the master key itself never meets two kinds of data."""
    return hmac.new(master, b"second factors", hashlib.sha256).digest()
