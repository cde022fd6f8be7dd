"""The directory for other systems, in Open Referral UK 3.0: open to all, read alone, counted, nothing kept."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access
from alongside.core.errors import RuleBroken
from alongside.core.pages.errors import problem
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.exchange import actions, presenters, queries, rules
from alongside.foundation.local.exchange.queries import Words
from alongside.foundation.local.exchange.rules import Asked, Json

METHODS = "GET, HEAD, OPTIONS"
# Any page of any site may read it: it is public, and no cookie is asked for or set. Kept copies are asked about each
# time, so that what is taken back today is not shown tomorrow.
HEADERS = {
    "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-cache",
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """One object, a page, or lines; with when the newest of it changed."""

    body: Json = field(default_factory=dict)
    lines: list[Json] | None = None
    changed: datetime | None = None


View = Callable[..., Answer | None]


def offered(view: View) -> Callable[..., HttpResponseBase]:
    """Answers GET and HEAD with what the view found, or with why not; and says who may read it."""

    @csrf_exempt
    @access(Open.PUBLIC)
    @wraps(view)
    def inner(request: HttpRequest, **words: Any) -> HttpResponseBase:
        response = _answered(request, view, words)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return inner


def _answered(request: HttpRequest, view: View, words: dict[str, Any]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": METHODS})
    if request.method not in ("GET", "HEAD"):
        refused = problem(405, "method_not_allowed", "This directory is read alone: use GET.")
        refused["Allow"] = METHODS
        return refused
    try:
        actions.count_call(caller=caller(request), at=timezone.now())
    except RuleBroken as broken:
        return problem(429, "too_many_requests", broken.message, retry_after=int(actions.COUNTED.total_seconds()))
    try:
        answer = view(request, **words)
    except RuleBroken as broken:
        return problem(400, broken.field or "bad_request", broken.message)
    return _sent(request, answer) if answer else problem(404, "not_found", "Nothing is published under this id.")


def _sent(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """Not sent again to whoever has it. The tag alone decides: what leaves the directory changes no date."""
    lines = answer.lines
    text = _text(answer.body) if lines is None else "".join(f"{_text(line)}\n" for line in lines)
    body = text.encode()
    kind = "application/json" if lines is None else "application/x-ndjson"
    response = HttpResponse(body, content_type=kind)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    response["ETag"] = etag
    if answer.changed:
        response["Last-Modified"] = http_date(answer.changed.timestamp())
    return get_conditional_response(request, etag=etag, response=response) or response


def _text(body: Json) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _listed(asked: Asked, total: int, made: Callable[[int, int], Iterable[Json]], changed: datetime | None = None,
            default: int = rules.PER_PAGE) -> Answer:  # fmt: skip
    """A page of a list, or all of it as lines. `made`: its rows from one place to another."""
    if asked.whole:
        return Answer(lines=list(made(0, total)), changed=changed)
    size = asked.per_page or default
    first = (asked.page - 1) * size
    return Answer(rules.page(list(made(first, first + size)), total, asked.page, size), changed=changed)


def _newest(rows: Iterable[Service]) -> datetime | None:
    return max((row.updated_at for row in rows), default=None)


def _shown(service: Service, asked: Asked, words: Words) -> Json:
    if asked.has("full"):
        return presenters.service_whole(service, words)
    return presenters.minimal(service) if asked.has("minimal") else presenters.service_basic(service)


@offered
def root(request: HttpRequest) -> Answer:
    return Answer(presenters.about())


@offered
def services(request: HttpRequest) -> Answer:
    asked, words = rules.asked(request.GET.dict(), rules.OF_SERVICES), _words()
    found = queries.services(asked, words)
    total = found.count()
    default = max(total, 1) if asked.has("minimal") else rules.PER_PAGE
    newest = found.order_by("-updated_at").values_list("updated_at", flat=True).first()
    return _listed(asked, total, lambda a, b: [_shown(one, asked, words) for one in found[a:b]], newest, default)


@offered
def service(request: HttpRequest, key: str) -> Answer | None:
    found = queries.service(key)
    return Answer(presenters.service_whole(found, _words()), changed=found.updated_at) if found else None


@offered
def places(request: HttpRequest) -> Answer:
    asked, words = rules.asked(request.GET.dict(), rules.OF_PLACES), _words()
    found = queries.places(asked, words)
    held = [(one, location) for one in found for location in presenters.locations(one, words)]
    return _listed(
        asked, len(held),
        lambda a, b: [presenters.place(one, location, whole=asked.has("full")) for one, location in held[a:b]],
        _newest(found),
    )  # fmt: skip


@offered
def place(request: HttpRequest, key: str) -> Answer | None:
    words, wanted = _words(), rules.as_id(key)
    for one in queries.places(Asked(), words):
        for location in presenters.locations(one, words):
            if presenters.place_id(one, location) == wanted:
                return Answer(presenters.place(one, location, whole=True), changed=one.updated_at)
    return None


@offered
def organisations(request: HttpRequest) -> Answer:
    asked, words = rules.asked(request.GET.dict(), rules.OF_ORGANISATIONS), _words()
    found = [one for one in queries.organisations() if asked.search.casefold() in one.name.casefold()]
    every = asked.has("full_service")

    def made(first: int, last: int) -> list[Json]:
        chosen = found[first:last]
        if not (asked.has("full") or every):
            return [presenters.organisation(one) for one in chosen]
        run = queries.run_by(chosen)
        return [presenters.organisation_whole(one, run.get(one.pk, []), words, whole=every) for one in chosen]

    return _listed(asked, len(found), made)


@offered
def organisation(request: HttpRequest, key: str) -> Answer | None:
    asked = rules.asked(request.GET.dict(), rules.OF_ONE_ORGANISATION)
    found = queries.organisation(rules.as_id(key))
    if found is None:
        return None
    run = queries.run_by([found])[found.pk]
    told = presenters.organisation_whole(found, run, _words(), whole=asked.has("full_service"))
    return Answer(told, changed=_newest(run))


@offered
def taxonomies(request: HttpRequest) -> Answer:
    asked = rules.asked(request.GET.dict(), rules.EVERY_LIST)
    found = [one for one in _words().taxonomies if asked.search.casefold() in f"{one.title} {one.about}".casefold()]
    return _listed(asked, len(found), lambda a, b: map(presenters.taxonomy, found[a:b]))


@offered
def taxonomy(request: HttpRequest, key: str) -> Answer | None:
    found = next((one for one in _words().taxonomies if one.id == rules.as_id(key)), None)
    return Answer(presenters.taxonomy(found)) if found else None


@offered
def terms(request: HttpRequest) -> Answer:
    """Our books are flat: every term stands at the top, and none has a parent."""
    asked = rules.asked(request.GET.dict(), rules.OF_TERMS)
    every = [] if asked.parent else _words().terms.values()
    found = [
        one for one in every if asked.search.casefold() in f"{one.title} {one.meaning}".casefold()
        and asked.taxonomy in (None, one.taxonomy)
    ]  # fmt: skip
    return _listed(asked, len(found), lambda a, b: map(presenters.term, found[a:b]))


@offered
def term(request: HttpRequest, key: str) -> Answer | None:
    found = next((one for one in _words().terms.values() if one.id == rules.as_id(key)), None)
    return Answer(presenters.term(found)) if found else None


def _words() -> Words:
    return queries.words(timezone.localdate())
