"""People who sign in, and invitations. Staff accounts are personal data too, though no victim's."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Listed, Open, OwnOrg

SIGN_IN = Open("sign-in reads and writes accounts before anyone is known")


class Users(BaseUserManager["User"]):
    """Accounts by e-mail address, without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def visible_to(self, actor: Actor) -> models.QuerySet["User"]:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(visible_orgs__overlap=list(actor.orgs))


class User(AbstractBaseUser):
    """A member of staff. Signs in by e-mail; `visible_orgs` are the organisations whose people may see the name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    sessions_end_before = models.DateTimeField(null=True, blank=True)
    visible_orgs: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField(), default=list, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Users] = Users()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email")]

    class Rows:
        scope = Listed()
        scopes = {Realm.AUTH: SIGN_IN}
        grants = {
            Realm.AUTH: "select insert update",
            Realm.WORKER: "select update",
            **dict.fromkeys((Realm.HUB, Realm.PROVIDER, Realm.COMMISSIONING, Realm.REFERRER), "select"),
        }
        update = {
            Realm.AUTH: (
                "password", "last_login", "email", "name", "is_active", "sessions_end_before", "visible_orgs",
            )
        }  # fmt: skip

    class Privacy:
        retention = "staff"
        identity = ("email", "name")
        sensitive = ("password", "last_login")
        neutral = ("id", "is_active", "created_at", "sessions_end_before", "visible_orgs")

    def __str__(self) -> str:
        return f"account {self.pk}"

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are not used; access is declared on views."""
        return False


class Invitations(models.QuerySet["Invitation"]):
    """First lock: an organisation's own invitations."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)

    def open_at(self, at: Any) -> Self:
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """An invitation to sign up, to one address, for one organisation and role. The token is stored hashed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    organisation_id = models.IntegerField()
    role = models.CharField(max_length=40)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.UUIDField(null=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = Invitations.as_manager()

    class Rows:
        scope = OwnOrg("organisation_id")
        scopes = {Realm.AUTH: SIGN_IN}
        grants = {Realm.AUTH: "select insert update", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "staff"
        identity = ("email", "name")
        sensitive = ("token_hash",)
        neutral = ("id", "organisation_id", "role", "invited_by", "invited_at", "expires_at", "used_at",
                   "withdrawn_at")  # fmt: skip
