"""Addresses for the tests of the access middleware."""

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.access.declare import Open, access, actor_of, note_looks
from alongside.core.access.middleware import refuse
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.core.rows.realms import Realm

SEEN = uuid7()
PERSON = uuid7()
ACTORS = {
    "nobody": PUBLIC_ACTOR,
    "officer": Actor(realm=Realm.HUB, user_id=PERSON, organisation_id=7, permissions=frozenset({"look"}),
                     second_factor=True),
    "junior": Actor(realm=Realm.HUB, user_id=PERSON, organisation_id=7, second_factor=True),
    "unsure": Actor(realm=Realm.HUB, user_id=PERSON, organisation_id=7, permissions=frozenset({"look"})),
}  # fmt: skip


def load_actor(request: HttpRequest) -> Actor:
    """The actor that the test names in a header."""
    return ACTORS[request.headers.get("x-actor", "nobody")]


def still_in(request: HttpRequest, actor: Actor) -> bool:
    """Whether the session goes on: unless the test says that it ended."""
    return "x-ended" not in request.headers


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        return str(cursor.fetchone()[0])


@access(Open.PUBLIC)
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_role())


@access("look")
def inside(request: HttpRequest) -> HttpResponse:
    note_looks(request, [SEEN, SEEN], fields="phone", reason="asked by name")
    return HttpResponse(_role())


@access(Open.SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    return HttpResponse(actor_of(request).realm)


@access("look", rows=Event)
def rows(request: HttpRequest, found: object) -> HttpResponse:
    return HttpResponse("never reached: events have no first lock")


@access(Open.PUBLIC)
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("something that a person typed")


@access(Open.PUBLIC)
def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(["late"])


@access(Open.PUBLIC)
def spoilt(request: HttpRequest) -> HttpResponse:
    transaction.set_rollback(True)
    return HttpResponse("said, and not kept")


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open to anyone")


urlpatterns = [
    path("", front, name="front"),
    path("inside/", inside, name="inside"),
    path("mine/", mine, name="mine"),
    path("rows/", rows, name="rows"),
    path("broken/", broken, name="broken"),
    path("streamed/", streamed, name="streamed"),
    path("spoilt/", spoilt, name="spoilt"),
    path("undeclared/", undeclared, name="undeclared"),
    path("refuse/", access(Open.PUBLIC)(refuse), name="refuse"),
    path("sign-in/", front, name="account_login"),
    path("factor/", front, name="mfa_index"),
]
