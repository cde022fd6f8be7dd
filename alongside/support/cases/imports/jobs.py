"""Background work of what is brought along: rows become cases; the key of a file that was thrown away goes too."""

from uuid import UUID

from django.utils import timezone

from alongside.core.jobs import job
from alongside.core.models import PersonKey
from alongside.support.cases.imports import making


@job("imports.bring_in", apart=True)
def bring_in(*, event: str, subject: str) -> None:
    """Brings in what was asked for, in short transactions. Safe to run again."""
    making.bring_in(UUID(subject), now=timezone.now)


@job("imports.shred")
def shred(*, event: str, subject: str) -> None:
    """Of a file that was thrown away: what sealed it."""
    PersonKey.objects.filter(person_id=subject).delete()
