"""Searches that found nothing: words without a person, an address or a time finer than the day."""

from typing import Self
from uuid import uuid4

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Open

OFFICE = (Realm.HUB, Realm.COMMISSIONING)
LONGEST = 200


class Asking(models.Model):
    """Once that nothing was found, by the keyed digest of the words: counts them before anybody may read them. Its
    key is random, since the usual one holds the moment."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.BinaryField(max_length=16)
    on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["digest"], name="finding_asking_digest"),
            models.Index(fields=["on"], name="finding_asking_on"),
        ]

    class Rows:
        scope = Open("a digest and a day: no person, and no words")
        grants = {
            Realm.PUBLIC: "select insert",
            **dict.fromkeys(OFFICE, "select"),
            Realm.WORKER: "select delete",
        }

    class Privacy:
        retention = "search_words"
        neutral = ("id", "digest", "on")


class MissedSet(models.QuerySet["Missed"]):
    """First lock: words of nobody, for whoever may write the rulebook."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all()


class Missed(models.Model):
    """Words that found nothing, kept since enough searches had them, or since each is a word that we know."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    words = models.CharField(max_length=LONGEST, unique=True)
    digest = models.BinaryField(max_length=16)
    first_on = models.DateField()
    state = models.CharField(max_length=10)
    settled_on = models.DateField(null=True, blank=True)

    objects = MissedSet.as_manager()

    class Meta:
        ordering = ["first_on", "words"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="OPEN", settled_on=None)
                | (~models.Q(state="OPEN") & models.Q(settled_on__isnull=False)),
                name="finding_missed_settled",
            ),
        ]

    class Rows:
        scope = Open("words that nobody in particular wrote; the public may add some and read none")
        grants = {
            Realm.PUBLIC: "insert",
            **dict.fromkeys(OFFICE, "select update"),
            Realm.WORKER: "select delete",
        }
        update = dict.fromkeys(OFFICE, ("state", "settled_on"))

    class Privacy:
        retention = "search_words"
        neutral = ("id", "words", "digest", "first_on", "state", "settled_on")
