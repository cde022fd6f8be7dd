"""The one way in which a page hands out a file that somebody sent in: to be kept, and not shown."""

from django.http import HttpResponse


def handed_out(content: bytes, *, type_: str, name: str) -> HttpResponse:
    """`name` is neutral: it stays on whatever the file is kept on. A browser neither guesses its type nor opens it."""
    file = HttpResponse(content, content_type=type_)
    file["Content-Disposition"] = f'attachment; filename="{name}"'
    file["X-Content-Type-Options"] = "nosniff"
    return file
