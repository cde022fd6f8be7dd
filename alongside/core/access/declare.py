"""The one decorator that says what a view needs and hands it the object it is about, already checked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase

from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.rows.realms import Realm


class Open(StrEnum):
    """Needs that are not permissions."""

    PUBLIC = "public"
    SIGN_IN = "sign-in"
    SIGNED_IN = "signed-in"


@dataclass(frozen=True)
class Declared:
    """What a view declared: read by the middleware, the tests and the generated matrix."""

    needs: str
    of: type[Model] | None = None
    rows: type[Model] | None = None
    realm: Realm | None = None
    read_only: bool = False
    by_token: bool = False
    spoken: bool = False

    @property
    def public(self) -> bool:
        return self.needs in (Open.PUBLIC, Open.SIGN_IN)

    def realm_for(self, actor: Actor) -> Realm:
        fixed = {Open.PUBLIC: Realm.PUBLIC, Open.SIGN_IN: Realm.AUTH, Open.SIGNED_IN: actor.realm}
        return self.realm or fixed.get(self.needs, actor.realm)  # type: ignore[call-overload]


View = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the middleware found for this request."""
    return getattr(request, "actor", PUBLIC_ACTOR)


def note_looks(request: HttpRequest, subjects: Iterable[UUID], *, fields: str = "", reason: str = "") -> None:
    """Says that this page shows these people's records; the middleware writes one row for the page."""
    looks = request.__dict__.setdefault("looks", {"subjects": [], "fields": set(), "reason": ""})
    looks["subjects"].extend(subjects)
    looks["fields"].update(word for word in fields.split() if word)
    looks["reason"] = reason or looks["reason"]


def _may_ask(model: type[Model], realm: Realm) -> bool:
    """Whether this database role may read the model's table at all; where it may not, nothing in it exists."""
    grants: Mapping[Realm, str] = model.Rows.grants  # type: ignore[attr-defined]
    return "select" in grants.get(realm, "")


UNDER_SEAL = "under a broken seal"
READING = ("GET", "HEAD")


def _under_seal(found: Model, actor: Actor) -> bool:
    """Whether the actor sees this only by a seal that they have broken: such a record is read and not written."""
    if not actor.unsealed:
        return False
    record: Any = found
    for step in getattr(found, "parent_path", "").split("__"):
        record = getattr(record, step) if step else record
    return not set(getattr(record, "visible_orgs", actor.own)) & set(actor.own)


def _fetch(declared: Declared, request: HttpRequest, key: object) -> Model:
    assert declared.of is not None
    if not _may_ask(declared.of, declared.realm_for(actor_of(request))):
        raise Http404
    visible = declared.of._default_manager.visible_to(actor_of(request))  # type: ignore[attr-defined]
    found = visible.filter(pk=key).first()
    if found is None:
        raise Http404
    sealed = _under_seal(found, actor_of(request))
    if not actor_of(request).may(declared.needs) or (sealed and request.method not in READING):
        raise PermissionDenied
    if getattr(declared.of, "looks_are_logged", False):
        note_looks(request, [found.pk], reason=UNDER_SEAL if sealed else "")
    return found


def access(
    needs: str, *, of: type[Model] | None = None, rows: type[Model] | None = None, realm: Realm | None = None,
    by_token: bool = False, spoken: bool = False,
) -> Callable[[View], View]:  # fmt: skip
    """Declares a view's need. `of`: its object by `pk`, or 404, or 403. `rows`: the visible rows of a model.
    `spoken`: a page for anyone that is there in other languages too.

    `by_token`: the caller is another system with a bearer token; whoever is signed in by a session is nobody here.
    """
    declared = Declared(needs, of, rows, realm, by_token=by_token, spoken=spoken)

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, **words: Any) -> HttpResponseBase:
            if of is not None:
                return view(request, _fetch(declared, request, words.pop("pk")), **words)
            if not declared.public and needs != Open.SIGNED_IN and not actor_of(request).may(needs):
                raise PermissionDenied
            if rows is not None:
                return view(request, rows._default_manager.visible_to(actor_of(request)), **words)  # type: ignore[attr-defined]
            return view(request, **words)

        inner.declared = declared  # type: ignore[attr-defined]
        return inner

    return wrap
