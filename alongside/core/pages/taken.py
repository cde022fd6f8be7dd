"""What a device kept without a connection, and sends by itself: taken once, however often it comes.

Whoever sends it cannot know whether an answer was lost on its way, or the words. It names itself in a header, and is
answered in a word: what a page would have said is read by nobody.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from django.db import connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.models import Taken
from alongside.core.pages.drafts import KEEPERS

HEADER = "X-Alongside-Once"
KEPT_FOR = timedelta(days=14)  # longer than a device keeps what it could not send
TAKEN, REFUSED, SIGNED_OUT = "taken", "refused", "signed out"
_FOUND = (301, 302, 303)


def named(request: HttpRequest) -> bool:
    """Whether a device sends this by itself."""
    return request.method == "POST" and HEADER in request.headers


def _key(request: HttpRequest, actor: Actor) -> UUID | None:
    try:
        return uuid5(actor.user_id, str(UUID(request.headers[HEADER]))) if actor.user_id else None
    except ValueError:
        return None


def begin(request: HttpRequest, actor: Actor) -> HttpResponseBase | None:
    """Before what is sent is acted on, in the realm of its route and in the same transaction: an answer where it was
    taken before or cannot be told apart. Two that come at once wait for each other here."""
    key = _key(request, actor)
    if key is None or actor.realm not in KEEPERS:
        return JsonResponse({"state": REFUSED}, status=422)
    request.once = key  # type: ignore[attr-defined]  # what is told apart from here on
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_taken (id, user_id, expires_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [key, actor.user_id, timezone.now() + KEPT_FOR],
        )
        return None if cursor.rowcount else JsonResponse({"state": TAKEN})


def end(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer in a word. What was led to sign in was not taken; what came back with errors may come again."""
    key: UUID | None = getattr(request, "once", None)
    if response.status_code in _FOUND:
        return JsonResponse({"state": TAKEN}) if key else JsonResponse({"state": SIGNED_OUT}, status=401)
    if response.status_code != 200 or isinstance(response, JsonResponse):
        return response
    Taken.objects.filter(pk__in=[key]).delete()
    return JsonResponse({"state": REFUSED}, status=422)


def forget_past() -> None:
    """Forgets what no device has any more."""
    Taken.objects.filter(expires_at__lt=timezone.now()).delete()
