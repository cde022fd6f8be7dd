"""Step-up: before what could do most harm, a person shows again who they are, unless they did a moment ago."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from alongside.core.access.back import way_back

View = Callable[..., HttpResponseBase]
AGAIN = "account_reauthenticate"
WHY = "Show once more that it is you: this is asked for before what matters most."


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person signed in, or showed who they are, a few minutes ago.

    Somebody without a password cannot be asked for it: the demonstration's personas, and nobody else.
    """
    user = request.user
    if not user.is_authenticated or not user.password or not user.has_usable_password():
        return True
    shown = [record["at"] for record in get_authentication_records(request, user)]
    latest = max(shown, default=0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def fresh(view: View) -> View:
    """Asks again, then leads back. Stands under `access`, which has let the person in by then."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **words)
        messages.info(request, WHY)
        return redirect_to_login(way_back(request), reverse(AGAIN))

    return inner
