"""A page that a button opens once: the press waits in the session, and the page after it takes it up.

The answer to a press is then a page like any other: Back and reload find it shut, and nobody is asked to send again.
"""

from uuid import UUID

from django.http import HttpRequest

PRESSED = "pressed"


def press(request: HttpRequest, what: UUID) -> None:
    """The next look at this page may show what the button asked for."""
    request.session[PRESSED] = str(what)


def pressed(request: HttpRequest, what: UUID) -> bool:
    """Whether it was just asked for; said once."""
    return str(request.session.pop(PRESSED, "")) == str(what)
