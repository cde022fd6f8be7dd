"""Writes of lists: added, changed, paused, taken away; readings asked for, followed, prepared, refused and stopped."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from alongside.core import clocks, events, queue
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.jobs import brief
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.actions import Credit
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.openreferral import read as read_entries
from alongside.foundation.local.lists import gathering, lifecycle, queries, rules
from alongside.foundation.local.lists.gathering import Gathered, Unreadable
from alongside.foundation.local.lists.models import Difference, List, Reading, Tie
from alongside.foundation.office.organisations.models import Organisation

LONGEST_WHY = 400
ALREADY = "This list is being read now. Wait until that is done, or stop it."
NO_FILE = "The uploaded file is no longer here. Send it again."
NO_ROOM = "There is no room to keep the file. Try again later; if it stays so, tell whoever runs this system."


@dataclass(frozen=True)
class Setting:
    """How a list is called, whose it is, and how it is read."""

    name: str
    publisher: str = ""
    licence: str = ""
    address: str = ""
    rhythm: str = "never"
    councils: tuple[str, ...] = ()


@transaction.atomic
def add(setting: Setting, *, by: Actor, at: datetime, hub: Organisation | None = None, code: str = "") -> List:
    """A new list. `code`: of services that came from it before there was a page for it."""
    hub_id = hub.pk if hub else by.organisation_id
    if by.realm not in directory.STEWARDS or hub_id is None:
        raise RuleBroken("The hub says which lists are read.")
    _check(setting, at)
    if code and code not in queries.orphans() and by.realm != Realm.WORKER:
        raise RuleBroken("Choose one of the lists that services here came from.", "code")
    held = List(hub_id=hub_id, code=code or _free_code(setting.name), added_by=by.user_id, added_at=at, **vars(setting))
    held.councils = list(setting.councils)
    held.save(force_insert=True)
    directory.say_credit(credit(held), by=by, at=at)
    events.record("list.added", held.pk, by=by, at=at, code=held.code)
    return held


@transaction.atomic
def change(of: List, setting: Setting, *, by: Actor, at: datetime) -> List:
    """Says anew how a list is called and read; its services are credited so at once."""
    held = locked(of, by)
    _check(setting, at, before=held)
    for name, value in {**vars(setting), "councils": list(setting.councils)}.items():
        setattr(held, name, value)
    held.save(update_fields=list(vars(setting)))
    directory.say_credit(credit(held), by=by, at=at)
    events.record("list.changed", held.pk, by=by, at=at)
    return held


def _check(setting: Setting, at: datetime, before: List | None = None) -> None:
    if not setting.name.strip():
        raise RuleBroken("Give the list a name", "name")
    days = {row.code: row.number("days") for row in queries.rhythms(clocks.london_date(at))}
    if setting.rhythm not in days:
        raise RuleBroken("Choose how often to read it", "rhythm")
    if days[setting.rhythm] and not setting.address:
        raise RuleBroken("A list without an address is read only when you upload it", "rhythm")
    if setting.address and (before is None or before.address != setting.address):
        queries.check_address(setting.address)


def _free_code(name: str) -> str:
    stem = slugify(name)[:70] or "list"
    used = {*List.objects.values_list("code", flat=True), *queries.orphans()}
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if code not in used)


def credit(of: List) -> Credit:
    """Whose list it is, as its services say it."""
    return Credit(of.code, of.publisher or of.name, of.licence)


@transaction.atomic
def pause(of: List, *, by: Actor, at: datetime) -> List:
    """Not read by itself any more, until it is resumed."""
    return _pause(of, by, at, at, "list.paused")


@transaction.atomic
def resume(of: List, *, by: Actor, at: datetime) -> List:
    return _pause(of, by, at, None, "list.resumed")


def _pause(of: List, by: Actor, at: datetime, until: datetime | None, event: str) -> List:
    held = locked(of, by)
    if bool(held.paused_at) == bool(until):
        raise RuleBroken("Nothing changed: the list is so already.")
    held.paused_at = until
    held.save(update_fields=["paused_at"])
    events.record(event, held.pk, by=by, at=at)
    return held


@transaction.atomic
def remove(of: List, *, by: Actor, at: datetime) -> None:
    """Takes a list away. Its services close and stay on record; not while an organisation here runs one of them."""
    held = locked(of, by)
    if count := queries.adopted(held):
        raise RuleBroken(
            f"{'One service' if count == 1 else f'{count} services'} of this list {'is' if count == 1 else 'are'} run "
            "by an organisation here. Undo that first, under Listed by other directories; or pause the list."
        )
    open_ones = Tie.objects.filter(list=held, own=True).exclude(service__state=Service.State.CLOSED)
    for tie in open_ones.select_related("service"):
        directory.close(tie.service, by=by, at=at)
    events.record("list.removed", held.pk, by=by, at=at, code=held.code)
    held.delete()


def locked(of: List, by: Actor) -> List:
    """The list, held: whoever reads or decides waits for whoever does."""
    held = List.objects.visible_to(by).select_for_update(of=("self",)).select_related("hub").filter(pk=of.pk).first()
    if held is None:
        raise RuleBroken("This is another hub's list.")
    return held


@transaction.atomic
def ask(of: List, *, by: Actor, at: datetime) -> Reading:
    """Asks for the list at its address; the worker reads it."""
    held = locked(of, by)
    if not held.address:
        raise RuleBroken("This list has no address. Upload it as a file.", "file")
    queries.check_address(held.address)
    return _asked(Reading(list=held), by, at)


@transaction.atomic
def upload(of: List, chunks: Iterable[bytes], *, by: Actor, at: datetime, file: str) -> Reading:
    """Puts a file by for the worker, if it is a list at all. Raises RuleBroken in words for the office."""
    held = locked(of, by)
    reading = Reading(id=uuid7(), list=held, file=file[-120:])
    try:
        raw = _collected(chunks)
        gathering.gather(raw)
    except Unreadable as why:
        raise RuleBroken(f"The file was not taken. {why} {gathering.NOTHING}", "file") from why
    try:
        with os.fdopen(os.open(queries.spooled(reading.pk), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
            kept.write(raw)
    except OSError as fault:
        throw_away(reading.pk)
        raise RuleBroken(NO_ROOM, "file") from fault
    return _asked(reading, by, at)


def _collected(chunks: Iterable[bytes]) -> bytes:
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > gathering.MOST_BYTES:
            break
    return bytes(raw)


def throw_away(reading: UUID) -> None:
    queries.spooled(reading).unlink(missing_ok=True)


def _asked(reading: Reading, by: Actor, at: datetime) -> Reading:
    reading.state, reading.asked_by, reading.asked_at = lifecycle.reading.initial, by.user_id, at
    _kept(reading)
    events.record("list.reading_asked", reading.pk, by=by, at=at, list=str(reading.list_id))
    return reading


def ask_due(*, by: Actor, at: datetime) -> int:
    """Asks for every list whose day has come and whose host may still be read. Safe to run again."""
    asked = 0
    for one in queries.due(at):
        try:
            ask(one, by=by, at=at)
            asked += 1
        except RuleBroken as broken:
            _kept_failure(one, by, at, broken.message)
    return asked


@transaction.atomic
def _kept_failure(of: List, by: Actor, at: datetime, why: str) -> None:
    state = lifecycle.REFUSED
    failed = Reading.objects.create(
        list=of, state=state, asked_by=by.user_id, asked_at=at, done_at=at, why=why[:LONGEST_WHY]
    )
    events.record("list.reading_refused", failed.pk, by=by, at=at, list=str(of.pk))


@transaction.atomic
def try_again(reading: Reading, *, by: Actor, at: datetime) -> None:
    """Puts a reading back into the queue whose job was given up or is gone."""
    held = _waiting(reading, by)
    if held is None or not queries.has_failed(held):
        raise RuleBroken("It is read, or being read, already.")
    found = queue.about(queries.TASK, [held.pk]).get(held.pk)
    if found:
        queue.put_back(found.number, at=at)
    name = "list.reading_tried_again" if found else "list.reading_asked"
    events.record(name, held.pk, by=by, at=at, list=str(held.list_id))


@transaction.atomic
def stop(reading: Reading, *, by: Actor, at: datetime) -> None:
    """Somebody wants it no more. Whatever the worker still reads of it is thrown away."""
    held = _waiting(reading, by)
    if held is None:
        raise RuleBroken("It is over already.")
    _end(held, "stop", by, at, why="Somebody stopped it. Nothing has changed.")


def _waiting(reading: Reading, by: Actor) -> Reading | None:
    rows = Reading.objects.visible_to(by).filter(pk=reading.pk, state=lifecycle.WAITING)
    found: Reading | None = rows.select_for_update(of=("self",)).first()
    return found


def _end(reading: Reading, move: str, by: Actor, at: datetime, **values: Any) -> None:
    reading.state, reading.done_at = lifecycle.reading.target(reading.state, move), at
    for name, value in values.items():
        setattr(reading, name, value)
    reading.save(update_fields=["state", "done_at", *values])
    event = {"prepare": "list.read", "refuse": "list.reading_refused", "stop": "list.reading_stopped"}[move]
    events.record(event, reading.pk, by=by, at=at, list=str(reading.list_id))
    transaction.on_commit(lambda: throw_away(reading.pk))


class Stopped(Exception):
    """The reading is over: somebody stopped it, or another worker did it."""


def read(key: UUID, *, by: Actor, now: Callable[[], datetime], through: gathering.Fetch = gathering.fetch) -> None:
    """Reads what was asked for and prepares what is different. Safe to run again. While it waits for another server it
    holds neither a transaction nor a connection; what it has is written in one transaction at its end, or not at all.
    """
    with brief():
        reading = Reading.objects.select_related("list").filter(pk=key, state=lifecycle.WAITING).first()
    if reading is None:
        return
    try:
        gathered = _gathered(reading, by, through)
        with brief():
            prepare(reading, gathered, by=by, at=now())
    except Unreadable as why:
        with brief():
            refuse(reading, str(why), by=by, at=now())
    except Stopped:
        return


def _gathered(reading: Reading, by: Actor, through: gathering.Fetch) -> Gathered:
    if not reading.file:
        return gathering.follow(
            reading.list.address, hosts=settings.LIST_HOSTS, through=through,
            told=lambda page, said, count: _tell(reading, by, page, said, count),
        )  # fmt: skip
    try:
        return gathering.gather(queries.spooled(reading.pk).read_bytes())
    except FileNotFoundError:
        raise Unreadable(NO_FILE) from None


def _tell(reading: Reading, by: Actor, page: int, said: int | None, count: int) -> None:
    """How far the worker is, for the page that shows it."""
    with brief():
        held = _waiting(reading, by)
        if held is None:
            raise Stopped
        held.pages, held.pages_said, held.services = page, said, count
        held.save(update_fields=["pages", "pages_said", "services"])


@transaction.atomic
def take_in(of: List, gathered: Gathered, *, by: Actor, at: datetime, file: str) -> Reading:
    """What an operator read already, prepared at once."""
    reading = Reading(list=locked(of, by), file=file[-120:], state=lifecycle.WAITING, asked_by=by.user_id, asked_at=at)
    _kept(reading)
    return prepare(reading, gathered, by=by, at=at)


def _kept(reading: Reading) -> None:
    """One reading of a list waits at a time."""
    try:
        with transaction.atomic():
            reading.save(force_insert=True)
    except IntegrityError as fault:
        throw_away(reading.pk)
        raise RuleBroken(ALREADY) from fault


@transaction.atomic
def refuse(reading: Reading, why: str, *, by: Actor, at: datetime) -> None:
    """Keeps why a list was not read."""
    if held := _waiting(reading, by):
        _end(held, "refuse", by, at, why=f"{why} {gathering.NOTHING}"[:LONGEST_WHY])


@transaction.atomic
def prepare(reading: Reading, gathered: Gathered, *, by: Actor, at: datetime) -> Reading:
    """Compares what was read with what is held, and keeps what is different for the office. Publishes nothing."""
    of = locked(reading.list, by)
    held = _waiting(reading, by)
    if held is None:
        raise Stopped
    feed = read_entries(gathered.entries)
    _tie_loose(of)
    compared = queries.Compared(of, held, feed.listings, queries.vocabulary(clocks.london_date(at)))
    _replace(of, compared)
    read = {"sha256": gathered.sha256, "pages": gathered.pages, "services": len(feed.listings)}
    _end(held, "prepare", by, at, **read, **compared.count(), mends=rules.mends(feed), unused=feed.unused)
    return held


def _tie_loose(of: List) -> None:
    """Services that came from a list before there were ties are tied now, as they stand."""
    tied = Tie.objects.filter(list=of).values("service")
    loose = Service.objects.filter(source=of.code).exclude(source_hash="").exclude(pk__in=tied)
    Tie.objects.bulk_create([
        Tie(list=of, source_id=one.source_id, service=one, digest=one.source_hash, told=queries.now_of(one))
        for one in loose
    ], batch_size=500)  # fmt: skip


def _replace(of: List, compared: queries.Compared) -> None:
    """What nobody decided gives way to what is found now; where that is the same, it keeps its key. That somebody
    wants to keep what had gone lapses once it is back."""
    back = Difference.objects.filter(list=of, kind=Difference.Kind.GONE, state=lifecycle.REJECTED)
    lapsed = lifecycle.difference.target(lifecycle.REJECTED, "lapse")
    back.filter(source_id__in=compared.sent).update(state=lapsed)
    waiting = {one.source_id: one for one in Difference.objects.filter(list=of, state=lifecycle.OPEN)}
    for one in compared.found:
        before = waiting.get(one.source_id)
        if before and (before.kind, before.digest) == (one.kind, one.digest):
            one.pk = before.pk
    Difference.objects.filter(pk__in=[one.pk for one in waiting.values()]).delete()
    Difference.objects.bulk_create(compared.found, batch_size=500)
