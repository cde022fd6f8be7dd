"""`alongside directory import FILE --source CODE` (FILE or an address) and `alongside directory postcodes`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.foundation.local.directory.presenters import source_words
from alongside.foundation.local.lists import actions, deciding, gathering, queries
from alongside.foundation.local.lists.gathering import Gathered, Unreadable
from alongside.foundation.local.lists.models import Difference, List
from alongside.foundation.office.organisations.actions import load_postcodes
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.organisations.queries import hub_for_force, replaced_councils

BROUGHT = (Difference.Kind.NEW, Difference.Kind.CHANGED)


class Command(BaseCommand):
    """Brings services and postcodes into the directory."""

    help = "Import services from an Open Referral UK file, or load postcodes"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        importing = verbs.add_parser("import", help="a file of services: Open Referral UK version 1 or 3.0")
        importing.add_argument("file", help="its path, or its https address on a host of ALONGSIDE_LIST_HOSTS")
        importing.add_argument("--source", required=True, help="a short code for whose list it is")
        importing.add_argument("--council", nargs="+", default=[], help="codes of the councils that it covers")
        importing.add_argument("--force", default="", metavar="SLUG", help="the police area whose hub decides about it")
        importing.add_argument("--json", action="store_true", dest="as_json", help="the receipt as JSON")
        postcodes = verbs.add_parser("postcodes", help="which council each postcode is in")
        which = postcodes.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="every postcode of England and Wales")
        which.add_argument("--force", nargs="+", default=[], metavar="SLUG", help="those of these police areas")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "import":
            self._import(**options)
        else:
            self._postcodes(**options)

    def _import(self, *, file: str, source: str, council: list[str], force: str, as_json: bool, **_: Any) -> None:
        if not source or source != slugify(source) or len(source) > 80:
            raise CommandError("--source takes a short code: small letters, digits and hyphens.")
        councils = self._known(council)
        gathered = _fetched(file) if "://" in file else _read(Path(file))
        name = file if "://" in file else Path(file).name
        try:
            done = _taken_in(gathered, source=source, councils=councils, force=force, name=name)
        except RuleBroken as broken:
            raise CommandError(broken.message) from broken
        self.stdout.write(json.dumps(done) if as_json else _told(done))

    def _known(self, councils: list[str]) -> list[str]:
        """The councils' codes as they are now."""
        known = set(Council.objects.filter(pk__in=councils).values_list("pk", flat=True))
        if unknown := sorted(set(councils) - known):
            raise CommandError(f"No council has the code {', '.join(unknown)}.")
        replaced = replaced_councils() if councils else {}
        return [replaced.get(code, code) for code in councils]

    def _postcodes(self, *, force: list[str], **options: Any) -> None:
        if not force and not options["all"]:
            raise CommandError("Say --all, or --force and the slugs of police areas, such as west-midlands.")
        councils = list(Council.objects.filter(force__in=force).values_list("pk", flat=True)) if force else None
        if councils == []:
            raise CommandError(f"No police area is called {', '.join(force)}.")
        self.stdout.write(f"{load_postcodes(councils):,} postcodes loaded.")


def _read(file: Path) -> Gathered:
    try:
        return gathering.gather(file.read_bytes())
    except OSError as fault:
        raise CommandError(f"{file.name} cannot be read: {fault.strerror}.") from fault
    except Unreadable as fault:
        raise CommandError(f"{file.name}: {fault}") from fault


def _fetched(address: str) -> Gathered:
    """Every page of a list at an address, whole or not at all. Raises CommandError in plain words."""
    try:
        return gathering.follow(address, hosts=settings.LIST_HOSTS, told=lambda page, said, count: None)
    except Unreadable as fault:
        raise CommandError(f"{fault} Nothing was imported.") from fault


@transaction.atomic
def _taken_in(gathered: Gathered, *, source: str, councils: list[str], force: str, name: str) -> dict[str, Any]:
    """By the road of the office: prepared, and at once accepted, but for what a person should look at first."""
    at = timezone.now()
    of = List.objects.filter(code=source).first() or _added(source, councils, force)
    reading = actions.take_in(of, gathered, by=SYSTEM_ACTOR, at=at, file=name)
    keys = Difference.objects.filter(reading=reading, kind__in=BROUGHT).values_list("pk", flat=True)
    taken = deciding.accept_many(of, keys, by=SYSTEM_ACTOR, at=at)
    return {
        "file": name, "sha256": gathered.sha256, "services": reading.services,
        "added": taken.kinds.count(Difference.Kind.NEW), "changed": taken.kinds.count(Difference.Kind.CHANGED),
        "unchanged": reading.unchanged, "rejected_before": reading.known, "left": sum(taken.left.values()),
        "absent": reading.gone, "not_kept": reading.unused,
        "oddities": {f"{one['kind']}:{one['field']}": one["count"] for one in reading.mends},
    }  # fmt: skip


def _added(source: str, councils: list[str], force: str) -> List:
    setting = actions.Setting(name=source_words(source), councils=tuple(councils))
    return actions.add(setting, by=SYSTEM_ACTOR, at=timezone.now(), hub=_hub(councils, force), code=source)


def _hub(councils: list[str], force: str) -> Organisation:
    """The hub that decides about the list: of the police area that was named, of its councils, or the only one."""
    areas = [force] if force else [*Council.objects.filter(pk__in=councils).values_list("force", flat=True)]
    found = [hub for area in dict.fromkeys(areas) if (hub := hub_for_force(area))] if areas else queries.hubs()
    if len(found) != 1:
        raise CommandError("Say --force and the slug of the police area whose hub decides about this list.")
    return found[0]


def _told(done: dict[str, Any]) -> str:
    """The receipt in words."""
    lines = [
        f"{done['file']}: {done['services']} services. {done['added']} added, {done['changed']} changed,"
        f" {done['unchanged']} unchanged; {done['absent']} imported before are not in this file;"
        f" {done['left']} are left for the hub to decide.",
        *(f"  odd: {kind} in {count}" for kind, count in done["oddities"].items()),
        *(f"  no place for {path} in {count}" for path, count in done["not_kept"].items()),
    ]
    return "\n".join(lines)
