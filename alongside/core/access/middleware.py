"""One transaction a request, in the realm of its route, with the read log; denied by default."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.access.back import way_back
from alongside.core.access.declare import Declared, Open, actor_of
from alongside.core.ids import uuid7
from alongside.core.memory import remembering
from alongside.core.models import Denial
from alongside.core.pages import errors, taken
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, enter, leave

log = structlog.get_logger("alongside.request")
Handler = Callable[[HttpRequest], HttpResponseBase]
DENIED = (403, 404)
NOT_ALLOWED = "42501"  # PostgreSQL's word for what a role may not do
FORMER = "former"  # in what it says where a record was handed on (`rows.reading`, `rows.functions`)
UNSEALED = "own caseload, while a seal was broken"
# A `Look`, as SQL: every page of a record writes one, and putting the same together anew takes longer than writing it.
_LOOK = """
INSERT INTO core_look (id, at, user_id, organisation_id, route, subjects, fields, reason)
VALUES (%s, %s, %s, %s, %s, %s::uuid[], %s, %s)
"""


def route_of(request: HttpRequest) -> str:
    """The route's name: never the address, which may hold an id."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match else "unknown"


class Transaction:
    """Opens the request's transaction as the sign-in role; rolls back what failed or was refused."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        crypt.forget()
        started = timezone.now()
        with remembering(), transaction.atomic():
            enter(Realm.AUTH)
            response = self.get_response(request)
            self._finish(request, response)
        if getattr(request, "refused", False):
            self._log_denial(request, response.status_code)
        self._log(request, response, started)
        return response

    def _finish(self, request: HttpRequest, response: HttpResponseBase) -> None:
        if response.streaming:
            raise ImproperlyConfigured("A streamed body would run outside its transaction and see no row.")
        if response.status_code >= 500 or getattr(request, "refused", False):
            transaction.set_rollback(True)
        elif connection.savepoint_ids and not connection.needs_rollback:
            leave()  # inside another transaction, as in a test; the end of this one undoes the role by itself

    def _log_denial(self, request: HttpRequest, status: int) -> None:
        actor = actor_of(request)
        with transaction.atomic():
            enter(Realm.AUTH)
            Denial.objects.create(
                at=timezone.now(), user_id=actor.user_id, organisation_id=actor.organisation_id,
                route=route_of(request)[:80], status=status,
            )  # fmt: skip
            leave()

    def _log(self, request: HttpRequest, response: HttpResponseBase, started: datetime) -> None:
        took = round((timezone.now() - started).total_seconds() * 1000, 1)
        log.info(
            "request", route=route_of(request), method=request.method, status=response.status_code, ms=took,
            realm=str(actor_of(request).realm),
        )  # fmt: skip


class Access:
    """Innermost: finds the actor, refuses what is not declared, takes the realm, writes the read log."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.load_actor: Callable[[HttpRequest], Actor] = import_string(settings.ACTOR_LOADER)
        self.load_caller: Callable[[HttpRequest], Actor] = import_string(settings.CALLER_LOADER)
        self.foreign: dict[str, Declared] = import_string(settings.FOREIGN_ACCESS)
        self.still_in: Callable[[HttpRequest, Actor], bool] = import_string(settings.SESSION_RULE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if taken.named(request):
            response = taken.end(request, response)
        if response.status_code in DENIED:
            request.refused = True  # type: ignore[attr-defined]
        if response.status_code < 500 and not connection.needs_rollback:
            if not getattr(request, "refused", False):
                self._log_looks(request)
            enter(Realm.AUTH)  # the session is saved in sign-in's role, whatever the answer
        return response

    def process_view(
        self, request: HttpRequest, view: Handler, args: tuple[object, ...], words: dict[str, object]
    ) -> HttpResponseBase | None:
        declared = getattr(view, "declared", None) or self.foreign.get(route_of(request))
        if declared is None:
            log.error("undeclared", route=route_of(request))
            raise Http404
        actor = self.load_caller(request) if declared.by_token else self.load_actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        if not declared.public:
            answer = self._ask(request, actor, declared)
            if answer is not None:
                return answer
        realm = declared.realm_for(actor)
        if realm not in settings.REALMS_SERVED:
            raise Http404
        enter(realm, orgs=actor.orgs, user=actor.user_id, closed=actor.closed, own=actor.own)
        return taken.begin(request, actor) if taken.named(request) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What is seen by a broken seal alone, or was handed on, the database lets nobody write: then nothing is done,
        and 403 says so."""
        if not isinstance(error, DatabaseError) or getattr(error.__cause__, "sqlstate", "") != NOT_ALLOWED:
            return None
        if FORMER in str(error):
            return errors.page(403, name="handed_on")
        return errors.page(403, name="under_seal") if actor_of(request).unsealed else None

    def _ask(self, request: HttpRequest, actor: Actor, declared: Declared) -> HttpResponseBase | None:
        """Signs in, asks for a second factor, or lets on. Another system is told to bring a token."""
        if declared.by_token:
            return None if actor.signed_in else errors.no_token(request)
        if not actor.signed_in or not self.still_in(request, actor):
            return redirect_to_login(way_back(request), reverse(settings.LOGIN_URL))
        if not actor.second_factor and declared.needs != Open.SIGNED_IN:
            return redirect("mfa_index")
        return None

    def _log_looks(self, request: HttpRequest) -> None:
        looks = request.__dict__.get("looks")
        if not looks or not looks["subjects"]:
            return
        actor = actor_of(request)
        with connection.cursor() as cursor:
            cursor.execute(
                _LOOK,
                [uuid7(), timezone.now(), actor.user_id, actor.organisation_id, route_of(request)[:80],
                 _array(looks["subjects"]), " ".join(sorted(looks["fields"]))[:80],
                 looks["reason"][:200] or (UNSEALED if actor.unsealed else "own caseload")],
            )  # fmt: skip


def _array(ids: Iterable[UUID]) -> str:
    """PostgreSQL's text of an array of ids, each once: a hundred of them are slow to adapt one by one."""
    return f"{{{','.join(map(str, dict.fromkeys(ids)))}}}"


def refuse(request: HttpRequest) -> HttpResponse:
    """A catch-all address: absent and undeclared look the same."""
    raise Http404


__all__ = ["PUBLIC_ACTOR", "Access", "Transaction", "refuse", "route_of"]
