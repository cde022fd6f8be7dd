"""The flag of what is guarded, and the two locks that read it: only those whom the rulebook names where it waits."""

from uuid import UUID

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.rows.scopes import Among

NOBODY = UUID(int=0)
NAMED_HERE = Among("hub_id", "guarded_hubs")


class NamedHere(models.Func):
    """Whether the rulebook names somebody at a row's hub; the function is made by a migration."""

    template = "(%(expressions)s))::int[]))"
    arg_joiner = " = ANY ((SELECT guarded_hubs("
    output_field = models.BooleanField()


def named_here(actor: Actor) -> models.Q:
    """First lock: rows of a hub at which the rulebook names the actor."""
    return models.Q(NamedHere("hub_id", models.Value(actor.user_id or NOBODY, models.UUIDField())))


class Guarded(models.Model):
    """A row that waits for a person. `guarded`: what it says is of a kind that a record would be restricted for."""

    guarded = models.BooleanField(default=False)

    class Meta:
        abstract = True
