"""The API by which a force's own systems send referrals and hear what became of them. OpenAPI is written from it."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Header, NinjaAPI, Schema
from ninja.errors import ValidationError
from pydantic import Field

from alongside.core import clocks
from alongside.core.access.declare import Declared, Open, access, actor_of
from alongside.core.errors import RuleBroken
from alongside.core.pages.errors import PROBLEM, problem
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.deliveries import actions, presenters, queries, reading, rules
from alongside.support.arrivals.deliveries.models import Batch
from alongside.support.arrivals.feeds import queries as feeds

POLL = 2  # seconds after which a receipt that is not there yet is worth asking for again
Made = Callable[..., Any]
DECLARED: dict[str, tuple[Declared, str]] = {}
api = NinjaAPI(
    title="Alongside: referrals by API", version="1", urls_namespace="api", docs_url=None, openapi_url=None,
    description=presenters.ABOUT,
)  # fmt: skip


class Taken(Schema):
    """A batch is received and will be loaded; ask for its receipt."""

    id: UUID
    status: Literal["received"]
    rows: Annotated[int, Field(ge=1, description="How many referrals were in the request")]
    receipt: Annotated[str, Field(description="The address of the receipt")]


class Row(Schema):
    """A row that was not simply taken in, by its place in the request, from 1."""

    row: Annotated[int, Field(ge=1)]
    outcome: Annotated[
        Literal["held", "rejected", "duplicate"],
        Field(description="`duplicate`: these very cells were rejected before, for this reason, and are kept once"),
    ]
    reason: Annotated[str, Field(description="A code that stays the same: why it is held, or `field:why`")]
    words: Annotated[str, Field(description="The same in words, which the office may change")]


class Receipt(Schema):
    """What became of each row: `sent` is always the sum of the other four."""

    id: UUID
    status: Literal["received", "loaded"]
    received_at: str
    sent: Annotated[int, Field(ge=1)]
    accepted: int | None = None
    duplicate: Annotated[int | None, Field(description="With us already, with the same content")] = None
    held: Annotated[int | None, Field(description="Kept for a person to decide; do not send them again")] = None
    rejected: Annotated[int | None, Field(description="Mend these where they came from and send them again")] = None
    rows: list[Row] = []


class Token(Schema):
    """A bearer token (RFC 6749, 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1, description="Seconds")]
    scope: Literal["referrals"]


class GrantRefused(Schema):
    """Why no token is given (RFC 6749, 5.2)."""

    error: str
    error_description: str


class Problem(Schema):
    """Why a request was refused (RFC 9457). Nothing that was sent is repeated in it."""

    type: str
    title: str
    status: int
    code: str
    detail: str


def problems(*statuses: int) -> dict[int, Any]:
    return dict.fromkeys(statuses, Problem)


def operation(method: str, path: str, name: str, wears: Made | None = None, **words: Any) -> Callable[[Made], Made]:
    """Puts a view into the API under the access that it declares, or the view `wears` that it calls."""

    def register(view: Made) -> Made:
        DECLARED[name] = (wears or view).declared, method  # type: ignore[attr-defined]
        api.api_operation([method], path, url_name=name, operation_id=name, **words)(view)
        return view

    return register


def counted(view: Made) -> Made:
    """Counts the request, and asks a connection to wait that calls too often. Stands under `access`."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **words: Any) -> Any:
        try:
            actions.count_call(by=actor_of(request), at=timezone.now())
        except rules.TooMany as broken:
            return problem(429, "too_many_requests", broken.message, retry_after=broken.retry_after)
        return view(request, *args, **words)

    return inner


@operation("POST", "/token", "token", response={200: Token, 400: GrantRefused, 401: GrantRefused, **problems(413, 429)},
           summary="Get a token", openapi_extra=presenters.TOKEN_REQUEST)  # fmt: skip
@access(Open.SIGN_IN)
def token(request: HttpRequest) -> HttpResponse:
    """OAuth 2.0 client credentials (RFC 6749, 4.4): a short-lived token for a connection's id and secret."""
    said = {name: str(value) for name, value in request.POST.items()}
    try:
        rules.check_grant(said, any(len(request.POST.getlist(name)) > 1 for name in said))
        who = rules.credentials(request.headers.get("Authorization", "").strip(), said)
        given, lasts = _given(who, queries.origin_of(request))
    except rules.GrantRefused as refused:
        return _no_token(refused)
    except rules.TooMany as broken:
        return problem(429, "too_many_requests", broken.message, retry_after=broken.retry_after)
    body = {"access_token": given, "token_type": "Bearer", "expires_in": lasts, "scope": rules.SCOPE}
    return JsonResponse(body, headers={"Pragma": "no-cache"})


def _given(who: rules.Credentials, origin: str) -> tuple[str, int]:
    """A token; a wrong secret is counted, when what was begun for it is undone."""
    at = timezone.now()
    try:
        return actions.give_token(who, at=at, origin=origin)
    except rules.GrantRefused:
        actions.note_wrong_secret(who, at=at, origin=origin)
        raise


def _no_token(refused: rules.GrantRefused) -> HttpResponse:
    body = {"error": refused.error, "error_description": refused.words}
    headers = {"WWW-Authenticate": 'Basic realm="alongside"'} if refused.status == 401 else {}
    return JsonResponse(body, status=refused.status, headers=headers)


@operation("POST", "/referrals", "send", response={202: Taken, **problems(400, 401, 409, 413, 415, 429)},
           summary="Send one referral or a batch", openapi_extra=presenters.SEND_REQUEST)  # fmt: skip
@access(P.FEED_SEND, by_token=True)
@counted
def send(
    request: HttpRequest,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", pattern=rules.KEY, description=presenters.ABOUT_KEY)
    ],
) -> HttpResponse:
    """Receives referrals; they are loaded within moments, each row by itself, and the receipt says what became of it.

    After a time-out send the same request again under the same key: it is received once.
    """
    if request.content_type != "application/json":
        return problem(415, "not_json", "Send JSON with the content type application/json.")
    at = timezone.now()
    try:
        rows = reading.parse(request.body, queries.limit("api_rows", at))
        batch = actions.send(rows, by=actor_of(request), at=at, key=idempotency_key)
    except rules.OtherBody as broken:
        return problem(409, "key_used", broken.message)
    except RuleBroken as broken:
        return problem(409 if broken.field == "no_hub" else 400, broken.field or "refused", broken.message)
    where = reverse("api:receipt", args=[batch.pk])
    body = {"id": batch.pk, "status": "received", "rows": batch.rows, "receipt": where}
    return JsonResponse(body, status=202, headers={"Location": where, "Retry-After": str(POLL)})


@access(P.FEED_SEND, by_token=True, of=Batch)
@counted
def _receipt(request: HttpRequest, batch: Batch) -> HttpResponse:
    words = feeds.words(clocks.london_date(timezone.now()))
    told = {"sent": batch.rows, **batch.receipt, "rows": queries.words_for_rows(batch.receipt, words)}
    status = batch.get_state_display().lower()
    body = {"id": batch.pk, "status": status, "received_at": batch.sent_at.isoformat(), **told}
    headers = {} if batch.state == Batch.State.LOADED else {"Retry-After": str(POLL)}
    return JsonResponse(Receipt(**body).model_dump(mode="json", exclude_none=True), headers=headers)


@operation("GET", "/referrals/deliveries/{uuid:pk}", "receipt", _receipt,
           response={200: Receipt, **problems(401, 404, 429)}, summary="Read a receipt",
           openapi_extra=presenters.BEARER)  # fmt: skip
def receipt(request: HttpRequest, pk: UUID) -> Any:
    """What became of each row of what was sent. *received*: not loaded yet, ask again; *loaded*: the counts stand."""
    return _receipt(request, pk=pk)


@access(Open.PUBLIC)
def openapi(request: HttpRequest) -> HttpResponse:
    """The API, described in OpenAPI 3.1."""
    most = queries.limit("api_rows", timezone.now())
    described = api.get_openapi_schema(path_prefix=f"{settings.API_ROOT}v1/")
    return JsonResponse(presenters.described(described, most))


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The key is the only thing that ninja checks; what was said for it is not repeated."""
    return problem(400, "bad_key", presenters.BAD_KEY)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not_found")


__all__ = ["DECLARED", "PROBLEM", "api", "openapi"]
