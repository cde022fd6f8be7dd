"""Every write of sources: a set-up is begun with a sample, goes through columns and codes, and is saved or dropped."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds import actions as feeds
from alongside.support.arrivals.feeds import reading
from alongside.support.arrivals.feeds.models import CODE, SourceVersion
from alongside.support.arrivals.feeds.queries import Office
from alongside.support.arrivals.feeds.reading import FeedRefused
from alongside.support.arrivals.feeds.rows import NEEDED
from alongside.support.arrivals.sources import queries, rules
from alongside.support.arrivals.sources.models import Draft


@transaction.atomic
def begin(
    chunks: Iterable[bytes], *, by: Actor, at: datetime, source: Organisation, name: str, contact: str, charset: str,
    feed: str | None = "", series: str = "", due_days: Collection[int] = (), due_by: time | None = None,
    least_rows: int | None = None,
) -> Draft:  # fmt: skip
    """Begins to set up a source from a sample, with the columns that its header probably names.

    `feed`: the code of one of the force's feeds, empty for its first, or None for one more.
    """
    assert by.organisation_id is not None and by.user_id is not None
    _check_due(due_days, due_by, least_rows)
    code = _code(source, feed, name, by=by)
    _check_series(by.organisation_id, source, code, series)
    own = queries.in_force(by, source, code)
    last = own or queries.in_force(by, source, "")
    draft = Draft(
        id=uuid7(), hub_id=by.organisation_id, source=source, feed=code, name=name, contact=contact, charset=charset,
        series=series, codes=last.codes if last else {}, excluded=own.excluded if own else [],
        due_days=sorted(due_days), due_by=due_by, least_rows=least_rows, begun_at=at, begun_by=by.user_id,
    )  # fmt: skip
    draft.columns = rules.propose(_header(draft, chunks), last.columns if last else None)
    _drop_earlier(draft)
    draft.save(force_insert=True)
    events.record("source.begun", draft.pk, by=by, at=at, source=source.code)
    return draft


def _check_due(days: Collection[int], by: time | None, least: int | None) -> None:
    if against := rules.why_not_due(days, by, least):
        raise RuleBroken(against[1], against[0])


def _code(source: Organisation, feed: str | None, name: str, *, by: Actor) -> str:
    """The code of the feed that is meant, or of one more. Refuses a name that another feed of the force has."""
    known = queries.named(by, source)
    code = rules.code_of(name, CODE) if feed is None else feed
    if not code and feed is None:
        raise RuleBroken("Give it a name with letters or digits in it.", "name")
    others = {theirs.casefold() for its, theirs in known.items() if feed is None or its != feed}
    if name.casefold() in others or (feed is None and code in known):
        raise RuleBroken("Another feed of this force has this name, or one much like it. Choose another.", "name")
    return code


def _check_series(hub_id: int, source: Organisation, feed: str, series: str) -> None:
    """What came is known by its references: what stands before them stays as it was when the first came."""
    if against := rules.why_no_series(series):
        raise RuleBroken(against, "series")
    last = SourceVersion.objects.in_force(source, hub_id, feed)
    was = last.series if last else ""
    if series != was and queries.has_come(hub_id, source, feed):
        kept = f"with “{was}” before them" if was else "as they are"
        raise RuleBroken(
            f"References of this feed were taken {kept}, and must be so still. Set up another feed.", "series"
        )


def _header(draft: Draft, chunks: Iterable[bytes]) -> list[str]:
    """Puts the sample by and reads its first row; what cannot be a sample is thrown away at once."""
    try:
        reading.put_by(settings.SPOOL, draft.pk, chunks)
        cells = queries.header(queries.sample_of(draft), draft.charset)
        if against := rules.why_no_header(cells):
            raise FeedRefused("no_header", against)
    except FeedRefused as refused:
        reading.throw_away(queries.sample_of(draft))
        raise RuleBroken(refused.words, "sample") from refused
    return cells


def _drop_earlier(draft: Draft) -> None:
    """What the same person left half done of the same source."""
    for left in Draft.objects.filter(
        hub_id=draft.hub_id, source=draft.source, feed=draft.feed, begun_by=draft.begun_by
    ):
        _forget(left)


def _forget(draft: Draft) -> None:
    path = queries.sample_of(draft)
    draft.delete()
    transaction.on_commit(lambda: reading.throw_away(path))


@transaction.atomic
def map_columns(draft: Draft, *, by: Actor, at: datetime, columns: Mapping[str, str]) -> None:
    """Says which of their columns is which of ours: each of theirs once, and all that are needed."""
    chosen = {ours: theirs for ours, theirs in columns.items() if theirs}
    if missing := [ours for ours in NEEDED if ours not in chosen]:
        more = f" Columns that are needed and not chosen yet: {len(missing)}." if len(missing) > 1 else ""
        raise RuleBroken(f"Choose a column: no row can be taken in without it.{more}", missing[0])
    taken: dict[str, str] = {}
    for ours, theirs in chosen.items():
        if theirs in taken:
            raise RuleBroken(f"“{theirs}” is chosen twice. Each of their columns can be one of ours.", ours)
        taken[theirs] = ours
    draft.columns = chosen
    draft.save(update_fields=["columns"])
    events.record("source.columns_mapped", draft.pk, by=by, at=at, columns=len(chosen))


@transaction.atomic
def map_codes(
    draft: Draft, *, by: Actor, at: datetime, meant: Mapping[str, tuple[str, str, str]], excluded: Collection[str]
) -> None:
    """Says what their codes mean. `meant`: by the name of its field the list, their code and ours, empty if left."""
    office = Office(clocks.london_date(at))
    codes: dict[str, dict[str, str]] = {}
    for field, (kind, said, ours) in meant.items():
        if ours and not queries.known(kind, ours, office):
            raise RuleBroken("This is not an offence code that we know, such as 8N or 105A.", field)
        if ours:
            codes.setdefault(kind, {})[said] = ours
    draft.codes, draft.excluded = codes, sorted(excluded)
    draft.save(update_fields=["codes", "excluded"])
    events.record("source.codes_mapped", draft.pk, by=by, at=at, codes=sum(map(len, codes.values())))


@transaction.atomic
def set_up(
    source: Organisation, *, by: Actor, at: datetime, name: str, contact: str, charset: str,
    columns: Mapping[str, str], codes: Mapping[str, Mapping[str, str]], excluded: Collection[str], feed: str = "",
    series: str = "", due_days: Collection[int] = (), due_by: time | None = None, least_rows: int | None = None,
) -> SourceVersion:  # fmt: skip
    """Saves how one of a force's feeds is read from now on, as a new version; the earlier ones stay as they are.

    A file of `least_rows` or more is due on `due_days`, 0 for Monday, by `due_by` in London.
    """
    assert by.organisation_id is not None
    if missing := [column for column in NEEDED if not columns.get(column)]:
        raise RuleBroken(f"Say which of their columns is our {missing[0].replace('_', ' ')}.", missing[0])
    feeds.alone(source.pk)
    _check_series(by.organisation_id, source, feed, series)
    last = SourceVersion.objects.in_force(source, by.organisation_id, feed)
    made = SourceVersion(
        hub_id=by.organisation_id, source=source, feed=feed, number=last.number + 1 if last else 1, name=name,
        contact=contact, charset=charset, series=series, columns=columns, codes=codes, excluded=sorted(excluded),
        due_days=sorted(due_days), due_by=due_by, least_rows=least_rows, saved_at=at, saved_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    events.record("feed.set_up", made.pk, by=by, at=at, source=source.code, feed=feed, number=made.number)
    return made


@transaction.atomic
def keep(draft: Draft, *, by: Actor, at: datetime) -> SourceVersion:
    """Keeps what was set up as the version in force from now on, and throws the sample away."""
    version = set_up(draft.source, feed=draft.feed, by=by, at=at, **draft.settings)
    _forget(draft)
    return version


@transaction.atomic
def reschedule(
    version: SourceVersion, *, by: Actor, at: datetime, contact: str, due_days: Collection[int],
    due_by: time | None, least_rows: int | None,
) -> SourceVersion:  # fmt: skip
    """Says anew whom to ask and when a file is due; it is read as before. Refuses what is not in force any more."""
    _check_due(due_days, due_by, least_rows)
    if queries.in_force(by, version.source, version.feed) != version:
        raise RuleBroken("Somebody has saved a newer version. Look at that one, then change it.")
    said = {"contact": contact, "due_days": due_days, "due_by": due_by, "least_rows": least_rows}
    return set_up(version.source, feed=version.feed, by=by, at=at, **{**version.settings, **said})


@transaction.atomic
def throw_away(draft: Draft, *, by: Actor, at: datetime) -> None:
    """Drops what was begun, with its sample; nothing changes in how the source is read."""
    events.record("source.thrown_away", draft.pk, by=by, at=at, source=draft.source.code)
    _forget(draft)


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Drops what nobody finished, when its sample is too old to be kept. Returns how many."""
    left = list(Draft.objects.filter(begun_at__lt=at - timedelta(hours=feeds.ORPHAN_HOURS)))
    for draft in left:
        _forget(draft)
    return len(left)
