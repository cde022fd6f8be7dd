"""`alongside directory import FILE --source CODE` (FILE or an address) and `alongside directory postcodes`."""

import json
from argparse import ArgumentParser
from codecs import BOM_UTF8
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.outside import Limits, Unfetched, fetch
from alongside.foundation.directory.actions import import_services
from alongside.foundation.directory.openreferral import Feed, NotAList, entries, pages, read
from alongside.foundation.organisations.actions import load_postcodes
from alongside.foundation.organisations.models import Council
from alongside.foundation.organisations.queries import replaced_councils

MOST_PAGES = 500


class Command(BaseCommand):
    """Brings services and postcodes into the directory."""

    help = "Import services from an Open Referral UK file, or load postcodes"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        importing = verbs.add_parser("import", help="a file of services: Open Referral UK version 1 or 3.0")
        importing.add_argument("file", help="its path, or its https address on a host of ALONGSIDE_LIST_HOSTS")
        importing.add_argument("--source", required=True, help="a short code for whose list it is")
        importing.add_argument("--council", nargs="+", default=[], help="codes of the councils that it covers")
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

    def _import(self, *, file: str, source: str, council: list[str], as_json: bool, **_: Any) -> None:
        if not source or source != slugify(source) or len(source) > 80:
            raise CommandError("--source takes a short code: small letters, digits and hyphens.")
        council = self._known(council)
        raw, feed = _fetched(file) if "://" in file else _feed(Path(file))
        receipt = import_services(feed, by=SYSTEM_ACTOR, at=timezone.now(), source=source, councils=tuple(council))
        name = file if "://" in file else Path(file).name
        done = {"file": name, "sha256": sha256(raw).hexdigest(), **asdict(receipt),
                "oddities": feed.oddities, "not_kept": feed.unused}  # fmt: skip
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


def _feed(file: Path) -> tuple[bytes, Feed]:
    """The file's bytes and services. Raises CommandError in plain words."""
    try:
        raw = file.read_bytes()
    except OSError as fault:
        raise CommandError(f"{file.name} cannot be read: {fault.strerror}.") from fault
    try:
        return raw, read(json.loads(raw.decode("utf-8-sig")))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise CommandError(f"{file.name} is not JSON in UTF-8: {fault}") from fault
    except NotAList as fault:
        raise CommandError(f"{file.name}: {fault}") from fault


def _fetched(address: str) -> tuple[bytes, Feed]:
    """Every page of a list at an address, whole or not at all. Raises CommandError in plain words."""
    try:
        raw = _page(address)
        first = json.loads(raw)
        last, total = pages(first)
        if last > MOST_PAGES:
            raise CommandError(f"The list says that it has {last:,} pages; {MOST_PAGES} are read at most.")
        found = entries(first)
        for number in range(2, last + 1):
            more = _page(f"{address}{'&' if '?' in address else '?'}page={number}")
            raw += more
            found += entries(json.loads(more))
            if len(raw) > Limits().most:
                raise CommandError("Its pages are too large together. Nothing was imported.")
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise CommandError(f"It is not JSON in UTF-8: {fault}") from fault
    except (Unfetched, NotAList) as fault:
        raise CommandError(str(fault)) from fault
    if total is not None and total != len(found):
        raise CommandError(
            f"The list says that it has {total:,} services and gave {len(found):,}. Nothing was imported."
        )
    return raw, read(found)


def _page(address: str) -> bytes:
    return fetch(address, hosts=settings.LIST_HOSTS).removeprefix(BOM_UTF8)


def _told(done: dict[str, Any]) -> str:
    """The receipt in words."""
    lines = [
        f"{done['file']}: {done['services']} services. {done['added']} added, {done['changed']} changed,"
        f" {done['unchanged']} unchanged; {done['absent']} imported before are not in this file.",
        *(f"  odd: {kind} in {count}" for kind, count in done["oddities"].items()),
        *(f"  no place for {path} in {count}" for path, count in done["not_kept"].items()),
    ]
    return "\n".join(lines)
