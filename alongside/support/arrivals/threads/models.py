"""What the hub and a referrer wrote to each other about one referral, and documents that the referrer added."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Mine, Parent
from alongside.support.arrivals.referrals.models import Standing

# A referrer cannot open a victim's key; what is written here is sealed by a key of the referral's own.
OWNER = "standing_id"


class OfStanding(models.QuerySet["Post"]):
    """First lock: the referrer's own referrals; for a hub, what came to it."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(standing__in=Standing.objects.visible_to(actor))


class Post(models.Model):
    """One question, answer or word in passing. The hub's last one may close the thread."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="posts")
    from_hub = models.BooleanField()
    closes = models.BooleanField(default=False)
    words = SealedField(owner=OWNER)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.UUIDField(null=True, blank=True)

    objects = OfStanding.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["standing", "written_at"], name="threads_post_thread"),
            models.Index(fields=["from_hub"], name="threads_post_unread", condition=models.Q(read_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes=False) | models.Q(from_hub=True), name="threads_hub_closes"
            )
        ]

    class Rows:
        scope = Parent("standing_id", "referrals_standing")
        grants = {Realm.REFERRER: "select insert update", Realm.HUB: "select insert update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = dict.fromkeys((Realm.REFERRER, Realm.HUB), ("read_at", "read_by"))

    class Privacy:
        retention = "support"
        identity = ("words",)
        neutral = ("id", "standing", "from_hub", "closes", "written_at", "written_by", "read_at", "read_by")


class OfPost(models.QuerySet["Attachment"]):
    """First lock: seen with its post."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(standing__in=Standing.objects.visible_to(actor))


class Attachment(models.Model):
    """A document that a referrer added, sealed whole. What it was called is sealed too: names of files name people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="attachment")
    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    called = SealedField(owner=OWNER)
    content = SealedField(owner=OWNER)
    added_at = models.DateTimeField()

    objects = OfPost.as_manager()

    class Rows:
        scope = Parent("standing_id", "referrals_standing")
        grants = {Realm.REFERRER: "select insert", Realm.HUB: "select", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        identity = ("called", "content")
        neutral = ("id", "post", "standing", "kind", "size", "added_at")


class OfWriter(models.QuerySet["Enclosure"]):
    """First lock: what one has chosen oneself."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.realm == Realm.WORKER else self.filter(user_id=actor.user_id)


class Enclosure(models.Model):
    """A document chosen on a referral that is still being written, sealed for its writer alone until it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    organisation_id = models.IntegerField()
    kind = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    called = SealedField(owner="user_id")
    content = SealedField(owner="user_id")
    added_at = models.DateTimeField()

    objects = OfWriter.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user_id", "added_at"], name="threads_enclosure_writer")]

    class Rows:
        scope = Mine("user_id")
        grants = {Realm.REFERRER: "select insert delete", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "unfinished_form"
        identity = ("called", "content")
        neutral = ("id", "user_id", "organisation_id", "kind", "size", "added_at")
