"""People from the command line: the first administrator, a lost second factor, who may sign in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.organisations import actions
from alongside.foundation.office.organisations.models import Membership, Organisation

OPERATOR = Actor(realm=Realm.AUTH, name="an operator")


class Command(BaseCommand):
    """invite: a link, printed once. reset: for a lost second factor. list: who may sign in."""

    help = "Invite a person; reset how they sign in; list who may"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        invite = verbs.add_parser("invite")
        invite.add_argument("email")
        invite.add_argument("--name", required=True)
        invite.add_argument("--role", required=True)
        invite.add_argument("--organisation", required=True, help="its code, or with --found its name")
        invite.add_argument("--found", choices=Organisation.Kind.values, help="found it, of this kind")
        invite.add_argument("--force", help="the police area of an organisation that is founded")
        reset = verbs.add_parser("reset")
        reset.add_argument("email")
        verbs.add_parser("list")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        with transaction.atomic(), inside(Realm.AUTH):
            try:
                getattr(self, f"_{verb}")(timezone.now(), **options)
            except RuleBroken as broken:
                raise CommandError(broken.message) from broken

    def _invite(self, at: datetime, *, email: str, name: str, role: str, **options: Any) -> None:
        body = self._organisation(at, **options)
        _, token = actions.invite(body, by=OPERATOR, at=at, email=email, name=name, role=role)
        self._tell(token)

    def _organisation(self, at: datetime, *, organisation: str, found: str, force: str, **_: Any) -> Organisation:
        if found:
            return actions.add(by=OPERATOR, at=at, name=organisation, kind=found, force=force, since=at.date())
        body = Organisation.objects.filter(code=organisation).first()
        if body is None:
            raise CommandError(f"There is no organisation {organisation}. Found it with --found KIND --force AREA.")
        return body

    def _reset(self, at: datetime, *, email: str, **options: Any) -> None:
        membership = Membership.objects.current().filter(user__email__iexact=email).first()
        if membership is None:
            raise CommandError("Nobody of that address works here now.")
        _, token = actions.reset_factors(membership, by=OPERATOR, at=at)
        self._tell(token)

    def _tell(self, token: str) -> None:
        link = settings.SITE_URL + reverse("organisations:arrive", args=[token])
        self.stdout.write(f"Open this link to choose a password and a second factor. It is shown once:\n{link}")

    def _list(self, at: datetime, **options: Any) -> None:
        for one in Membership.objects.current().select_related("user", "organisation").order_by("user__email"):
            self.stdout.write(f"{one.user.email}\t{one.organisation.code}\t{one.role}")
