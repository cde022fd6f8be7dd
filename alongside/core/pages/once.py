"""A page that a button opens once: the press waits in the session, and the page after it takes it up.

The answer to a press is then a page like any other: Back and reload find it shut, and nobody is asked to send again.
"""

import base64
from uuid import UUID

from django.http import HttpRequest

from alongside.core.privacy import crypt

PRESSED, CARRIED = "pressed", "carried"


def press(request: HttpRequest, what: UUID) -> None:
    """The next look at this page may show what the button asked for."""
    request.session[PRESSED] = str(what)


def carry(request: HttpRequest, about: UUID, text: str) -> None:
    """A secret for the next look at one page. It waits sealed under what this browser alone holds."""
    sealed = crypt.seal_under(_of_browser(request), str(about), text)
    request.session[CARRIED] = base64.b64encode(sealed).decode()


def carried(request: HttpRequest, about: UUID) -> str:
    """What was carried to this page, said once; empty where nothing was, or for another browser."""
    try:
        return crypt.unseal_under(_of_browser(request), str(about), base64.b64decode(request.session.pop(CARRIED, "")))
    except crypt.SealBroken:
        return ""


def _of_browser(request: HttpRequest) -> str:
    """The cookie against forged forms: no script reads it, and it is kept nowhere here."""
    return str(request.META.get("CSRF_COOKIE", ""))


def pressed(request: HttpRequest, what: UUID) -> bool:
    """Whether it was just asked for; said once."""
    return str(request.session.pop(PRESSED, "")) == str(what)
