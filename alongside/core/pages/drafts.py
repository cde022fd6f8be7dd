"""Drafts: what staff were writing is kept as they write, sealed for them alone, and given back once they sign in again.

A victim's forms never use this: for them nothing is left behind.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from alongside.core.access.actor import Actor
from alongside.core.access.declare import Open, access, actor_of
from alongside.core.models import Draft
from alongside.core.pages import filters
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm

KEPT_FOR = timedelta(days=7)
LONGEST = 250_000
KEEPERS = (Realm.PROVIDER, Realm.HUB, Realm.REFERRER)
TABLE = Draft._meta.db_table
_FORM = re.compile(r"[a-z_]+\.[a-z_]+:[0-9a-f-]{36}")
_NOT_WORDS = ("csrfmiddlewaretoken", "draft", "next")


Texts = str | list[str]  # several where a field takes several answers


@dataclass(frozen=True)
class Kept:
    """A draft, opened: what was in which field, and when."""

    form: str
    texts: dict[str, Texts]
    saved_at: datetime


def form_name(verb: str, subject: UUID) -> str:
    """The name of one form about one record: `casework.add_note:<id>`."""
    return f"{verb}:{subject}"


def keep(form: str, texts: Mapping[str, Texts], *, by: Actor, at: datetime) -> None:
    """Keeps what is in a form, in place of what was kept of it before; forgets the writer's drafts that are past."""
    assert by.user_id is not None
    Draft.objects.filter(user_id=by.user_id, expires_at__lt=at).delete()
    key = uuid5(by.user_id, form)  # one draft of a form for each person, however many windows save it at once
    body = crypt.seal(by.user_id, TABLE, key, "body", json.dumps(dict(texts)))
    draft = Draft(id=key, user_id=by.user_id, form=form, body=body, saved_at=at, expires_at=at + KEPT_FOR)
    changed = ["body", "saved_at", "expires_at"]
    Draft.objects.bulk_create([draft], update_conflicts=True, unique_fields=["id"], update_fields=changed)


def _mine(by: Actor) -> QuerySet[Draft]:
    return Draft.objects.filter(user_id=by.user_id) if by.user_id else Draft.objects.none()


def restore(form: str, *, by: Actor, at: datetime) -> Kept | None:
    """What was kept of this form for this person, or None."""
    draft = _mine(by).filter(form=form, expires_at__gte=at).first()
    if draft is None or by.user_id is None:
        return None
    texts = json.loads(crypt.unseal(by.user_id, TABLE, draft.pk, "body", bytes(draft.body)))
    return Kept(form, texts, draft.saved_at)


def initial(form: type[forms.BaseForm] | forms.BaseForm, kept: Kept | None) -> dict[str, Any]:
    """What a form starts from: the draft, read as its own widgets read what was sent, or nothing. A form whose fields
    are made when it is gives itself."""
    fields = getattr(form, "fields" if isinstance(form, forms.BaseForm) else "base_fields", {}) if kept else {}
    given = kept.texts if kept else {}
    texts = MultiValueDict({name: text if isinstance(text, list) else [text] for name, text in given.items()})
    return {name: field.widget.value_from_datadict(texts, {}, name) for name, field in fields.items()}


def forget_past(at: datetime) -> None:
    """Forgets everybody's drafts that are past their time."""
    Draft.objects.filter(expires_at__lt=at).delete()


def drop(form: str, *, by: Actor) -> None:
    """Forgets a draft: it was sent, or thrown away."""
    _mine(by).filter(form=form).delete()


def texts(request: HttpRequest) -> dict[str, Texts]:
    """What a form holds, as a draft keeps it."""
    given = {name: list(map(str, said)) for name, said in request.POST.lists() if name not in _NOT_WORDS}
    return {name: said[0] if len(said) == 1 else said for name, said in given.items()}


def _named(request: HttpRequest) -> tuple[Actor, str]:
    actor, form = actor_of(request), request.POST.get("draft", "")
    if actor.realm not in KEEPERS or not actor.second_factor or not _FORM.fullmatch(form):
        raise Http404
    return actor, form


@access(Open.SIGNED_IN)
@require_POST
def keep_draft(request: HttpRequest) -> HttpResponse:
    """Called by the page while somebody writes."""
    actor, form = _named(request)
    given, now = texts(request), timezone.now()
    if sum(len(text) for said in given.values() for text in ([said] if isinstance(said, str) else said)) > LONGEST:
        return JsonResponse({"kept": False}, status=413)
    keep(form, given, by=actor, at=now)
    return JsonResponse({"kept": True, "at": filters.time_words(now), "moment": now.isoformat()})


@access(Open.SIGNED_IN)
@require_POST
def drop_draft(request: HttpRequest) -> HttpResponse:
    """Throws a draft away and goes back to the form."""
    actor, form = _named(request)
    drop(form, by=actor)
    way_back = request.POST.get("next", "")
    return redirect(way_back if url_has_allowed_host_and_scheme(way_back, allowed_hosts=None) else "/")
