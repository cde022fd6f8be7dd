"""Every write of the journey through justice: a turn recorded, a day moved, news given or asked for, struck out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.actions import locked
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import colleagues
from alongside.support.cases.casework.rules import STALE, Obstacle
from alongside.support.cases.justice import due, lifecycle, queries, rules
from alongside.support.cases.justice.models import Chase, Proceeding, Turn

Row = TypeVar("Row", Proceeding, Turn)


@dataclass(frozen=True)
class News:
    """That the victim was told: on which day, by whom, how. Without a day nobody has told them yet."""

    on: date | None = None
    by: str = ""
    how: str = ""


@dataclass(frozen=True)
class Named:
    """What a proceeding is known by to the police and the court."""

    crime_type: str
    force: str = ""
    crime_ref: str = ""
    officer: str = ""
    court_kind: str = ""
    court: str = ""
    urn: str = ""


def _refuse(obstacle: Obstacle | None) -> None:
    if obstacle:
        raise RuleBroken(obstacle.words, obstacle.field)


def _current(row: Row, seen: int) -> Row:
    """The record as it is now, held; refuses a closed case and whoever writes over what they have not seen."""
    locked(row.case)
    fresh: Row = type(row).objects.select_for_update(of=("self",)).select_related("case").get(pk=row.pk)
    if fresh.version != seen:
        raise RuleBroken(STALE)
    fresh.version += 1
    return fresh


def _again(row: Turn, seen: int, **done: object) -> bool:
    """Whether just this was done to the turn by the write after the one that the writer saw: a form sent twice."""
    fresh = Turn.objects.get(pk=row.pk)
    return fresh.version == seen + 1 and all(getattr(fresh, name) == value for name, value in done.items())


def _known(book: str, code: str, on: date, *, field: str, words: str) -> None:
    if rulebook.find(book, code, on) is None:
        raise RuleBroken(words, field)


@transaction.atomic
def start(case: Case, *, by: Actor, at: datetime, reported: str, named: Named, on: date | None = None) -> Proceeding:
    """Opens a way through justice with the answer to the first question: has this been reported?"""
    case, today = locked(case), clocks.london_date(at)
    _known("justice_reported", reported, today, field="reported", words="Choose whether it was reported.")
    same = {"reported": reported, "crime_type": named.crime_type}
    if again := queries.started_again(case, by=by, at=at, **same):
        return again
    if reported == "yes" and on is None:
        raise RuleBroken("Enter the day on which it was reported. If it is not known, enter the nearest.", "on")
    proceeding = Proceeding(
        case=case, victim_id=case.victim_id, state=lifecycle.NOT_REPORTED, started_at=at, started_by=by.user_id,
        entitlements=queries.entitled(case, named.crime_type, today), **same,
    )  # fmt: skip
    _name(proceeding, named)
    proceeding.save(force_insert=True)
    events.record("justice.started", case.pk, by=by, at=at, proceeding=str(proceeding.pk), reported=reported)
    if reported == "yes" and on is not None:
        add_turn(proceeding, by=by, at=at, kind=rules.REPORTED, on=on)
    return proceeding


def _name(proceeding: Proceeding, named: Named) -> None:
    proceeding.crime_type, proceeding.force = named.crime_type, named.force
    proceeding.court_kind = named.court_kind
    fields.write(
        proceeding, crime_ref=named.crime_ref, officer=named.officer, court=named.court, urn=named.urn
    )  # fmt: skip


@transaction.atomic
def revise(
    proceeding: Proceeding, *, by: Actor, at: datetime, named: Named, entitlements: Collection[str], seen: int
) -> None:  # fmt: skip
    """Changes what a proceeding is known by, and whether Enhanced Rights apply: clocks that still run follow that."""
    proceeding = _current(proceeding, seen)
    was, now = bool(proceeding.entitlements), bool(entitlements)
    _name(proceeding, named)
    proceeding.entitlements = list(entitlements)
    proceeding.save()
    if was != now:
        _reckon_again(proceeding, by=by, at=at)
    events.record("justice.revised", proceeding.case_id, by=by, at=at, proceeding=str(proceeding.pk), enhanced=now)


def _reckon_again(proceeding: Proceeding, *, by: Actor, at: datetime) -> None:
    """The clocks of news that nobody has given yet, with Enhanced Rights or without."""
    running = Turn.objects.select_for_update().filter(
        proceeding_id=proceeding.pk, told_on=None, due_at__isnull=False, state__in=rules.STANDING
    )  # fmt: skip
    for turn in running:
        turn.enhanced = bool(proceeding.entitlements)
        turn.due_at = rules.due(queries.rule_of(turn), turn.from_on, enhanced=turn.enhanced)
        turn.version += 1
        turn.save(update_fields=["enhanced", "due_at", "version"])
        due.plan(turn, by=by, at=at)


@transaction.atomic
def add_turn(
    proceeding: Proceeding, *, by: Actor, at: datetime, kind: str, on: date, at_time: time | None = None,
    from_on: date | None = None, answers: Sequence[str] = (), also: Sequence[str] = (), body: str = "",
    note: str = "", news: News = News(),
) -> Turn:  # fmt: skip
    """Records what happened, or a day at court that is set. `from_on`: when a day that is set became known."""
    case, today = locked(proceeding.case), clocks.london_date(at)
    proceeding = Proceeding.objects.select_for_update().get(pk=proceeding.pk)
    row = queries.kind(kind, today)
    if row is None:
        raise RuleBroken("Choose what happened.", "kind")
    same = {"kind": kind, "on": on, "answers": list(answers), "also": list(also)}
    if again := queries.turn_again(proceeding, by=by, at=at, **same):
        return again
    turn = Turn(
        proceeding=proceeding, case=case, victim_id=case.victim_id, rule=row.version, at_time=at_time, body=body,
        state=lifecycle.LISTED if row.flag("hearing") and on >= today else lifecycle.DONE,
        from_on=_since(row, on, from_on, today), recorded_at=at, recorded_by=by.user_id, **same,
    )  # fmt: skip
    _check(proceeding, turn, row, today=today)
    fields.write(turn, note=note)
    _reckon(turn, row, proceeding, news, today=today)
    turn.save(force_insert=True)
    _settle(proceeding)
    due.plan(turn, by=by, at=at)
    due.plan_answers(proceeding, by=by, at=at)
    events.record("justice.turned", case.pk, by=by, at=at, turn=str(turn.pk), kind=kind, state=turn.state)
    return turn


def _since(row: RuleRow, on: date, from_on: date | None, today: date) -> date:
    """From which day the agency's clock runs: the day itself, or for a day at court the one on which it was set."""
    if not row.flag("hearing"):
        return on
    since = from_on or min(on, today)
    if since > min(on, today):
        raise RuleBroken("It was set today or earlier, and not after the day itself.", "from_on")
    return since


def _check(proceeding: Proceeding, turn: Turn, row: RuleRow, *, today: date) -> None:
    standing = queries.known(proceeding)
    may = rules.follows(rulebook.current(queries.TURNS, today), standing, takes_part=proceeding.takes_part)
    already = any(one.kind == row.code for one in standing)
    if row.code not in {one.code for one in may} and not already:
        raise RuleBroken("This cannot follow what is recorded so far. Record what came before it first.", "kind")
    months = queries.limit("hearing_ahead", today)
    _refuse(rules.turn_obstacle(row, turn.on, standing=standing, today=today, months=months))
    _check_answers(turn, row, today)


def _check_answers(turn: Turn, row: RuleRow, today: date) -> None:
    for field, given in (("answers", turn.answers), ("also", turn.also)):
        can = {one.code for one in queries.answers_for(row.code, today, also=field == "also")}
        if set(given) - can or (len(given) > 1 and not row.flag("several")):
            raise RuleBroken("Choose from what is there.", field)
    if row.flag("who"):
        _known("justice_bodies", turn.body, today, field="body", words="Choose who did it.")
    chosen = [one for one in queries.answers_for(row.code, today) if one.code in turn.answers]
    turn.leads_to = rules.leads_to(row, chosen)


def _reckon(turn: Turn, row: RuleRow, proceeding: Proceeding, news: News, *, today: date) -> None:
    """The clock of the news that is owed, the victim's own time to answer, and whether their needs are asked again."""
    turn.owes = next(iter(row.codes("owes")), "")
    turn.enhanced = bool(proceeding.entitlements)
    turn.due_at = rules.due(row, turn.from_on, enhanced=turn.enhanced)
    turn.answer_by, turn.answer_last = rules.answer_days(row, turn.on)
    turn.reassess = row.flag("reassess") and turn.state == lifecycle.DONE
    if news.on is not None:
        _tell(turn, news, today=today)


def _tell(turn: Turn, news: News, *, today: date) -> None:
    assert news.on is not None
    row = queries.rule_of(turn)
    if row.flag("hearing") and news.on < turn.from_on:  # whoever told them knew of the day by then
        turn.from_on, turn.due_at = news.on, rules.due(row, news.on, enhanced=turn.enhanced)
    _refuse(rules.told_obstacle(news.on, since=turn.from_on, today=today, by=news.by, how=news.how))
    _known("justice_bodies", news.by, today, field="told_by", words="Choose who told them.")
    _known("told_ways", news.how, today, field="told_how", words="Choose how they were told.")
    turn.told_on, turn.told_by, turn.told_how = news.on, news.by, news.how


def _settle(proceeding: Proceeding) -> None:
    """Where the proceeding stands, and whether the victim takes part, by the turns that stand now."""
    standing = queries.known(proceeding)
    target, part = rules.state_of(standing), rules.takes_part(standing)
    if target != proceeding.state:
        move = next(one for one in lifecycle.proceeding.moves_from(proceeding.state) if one.target == target)
        proceeding.state = lifecycle.proceeding.target(proceeding.state, move.name)
    if target != lifecycle.NOT_REPORTED:
        proceeding.reported = "yes"
    proceeding.takes_part = part
    proceeding.version += 1
    proceeding.save(update_fields=["state", "reported", "takes_part", "version"])


@transaction.atomic
def hold(turn: Turn, *, by: Actor, at: datetime, seen: int) -> None:
    """Says that a day at court took place."""
    if _again(turn, seen, state=lifecycle.DONE):
        return
    turn = _current(turn, seen)
    if turn.on > clocks.london_date(at):
        raise RuleBroken("This day has not come yet.")
    turn.state = lifecycle.turn.target(turn.state, "hold")
    turn.reassess = queries.rule_of(turn).flag("reassess")
    turn.save(update_fields=["state", "reassess", "version"])
    due.plan(turn, by=by, at=at)
    events.record("justice.held", turn.case_id, by=by, at=at, turn=str(turn.pk), kind=turn.kind)


@transaction.atomic
def postpone(
    turn: Turn, *, by: Actor, at: datetime, went: str, why: str, seen: int, new_on: date | None = None,
    new_time: time | None = None, known_on: date | None = None,
) -> Turn | None:  # fmt: skip
    """A day at court was moved to another, put off without one, or no longer takes place. The day that it had stays."""
    target = lifecycle.TAKEN_OFF if went == rules.OFF else lifecycle.POSTPONED
    if _again(turn, seen, state=target, ended_why=why):
        return turn.moved_to.first()
    turn, today = _current(turn, seen), clocks.london_date(at)
    _known("postponement_reasons", why, today, field="why", words="Choose the reason that was given.")
    if went == rules.MOVED:
        if new_on is None:
            raise RuleBroken("Enter the new day, or choose that there is none yet.", "new_on")
        months = queries.limit("hearing_ahead", today)
        _refuse(rules.new_day_obstacle(turn.on, new_on, today=today, months=months))
    turn.state = lifecycle.turn.target(turn.state, "take_off" if went == rules.OFF else "postpone")
    turn.ended_why = why
    turn.save(update_fields=["state", "ended_why", "version"])
    due.plan(turn, by=by, at=at)
    events.record("justice.postponed", turn.case_id, by=by, at=at, turn=str(turn.pk), kind=turn.kind, went=went)
    if went != rules.MOVED or new_on is None:
        return None
    moved = add_turn(
        turn.proceeding, by=by, at=at, kind=turn.kind, on=new_on, at_time=new_time, from_on=known_on
    )  # fmt: skip
    moved.after = turn
    moved.save(update_fields=["after"])
    return moved


@transaction.atomic
def tell(turn: Turn, *, by: Actor, at: datetime, news: News, seen: int) -> None:
    """Records that the victim was told: when, by whom and how. Whether it was in time is shown, not judged here."""
    if _again(turn, seen, told_on=news.on, told_by=news.by, told_how=news.how):
        return
    turn = _current(turn, seen)
    if turn.state == lifecycle.STRUCK:
        raise RuleBroken("This was struck out.")
    if news.on is None:
        raise RuleBroken("Enter the day on which they were told.", "told_on")
    _tell(turn, news, today=clocks.london_date(at))
    turn.save(update_fields=["from_on", "due_at", "told_on", "told_by", "told_how", "version"])
    due.plan(turn, by=by, at=at)
    events.record("justice.told", turn.case_id, by=by, at=at, turn=str(turn.pk), kind=turn.kind, by_whom=news.by)


@transaction.atomic
def chase(turn: Turn, *, by: Actor, at: datetime, body: str, how: str, on: date, note: str = "") -> Chase:
    """Records that an agency was asked for news that it owes the victim. Their clock runs on."""
    case, today = locked(turn.case), clocks.london_date(at)
    _known("justice_bodies", body, today, field="body", words="Choose who was asked.")
    _known("told_ways", how, today, field="how", words="Choose how they were asked.")
    if on > today:
        raise RuleBroken("The day must be today or earlier.", "on")
    same = {"body": body, "how": how, "on": on}
    if again := queries.chase_again(turn, by=by, at=at, **same):
        return again
    asked = Chase(turn=turn, case=case, victim_id=case.victim_id, recorded_at=at, recorded_by=by.user_id, **same)
    fields.write(asked, note=note)
    asked.save(force_insert=True)
    events.record("justice.chased", case.pk, by=by, at=at, turn=str(turn.pk), kind=turn.kind, body=body)
    return asked


@transaction.atomic
def reassess(turn: Turn, *, by: Actor, at: datetime, answer: str, seen: int) -> None:
    """Records that their needs were asked about again after a turn, and what came of it."""
    if _again(turn, seen, reassessed=answer):
        return
    turn, today = _current(turn, seen), clocks.london_date(at)
    _known("reassess_answers", answer, today, field="answer", words="Choose what came of it.")
    turn.reassessed, turn.reassessed_on = answer, today
    turn.save(update_fields=["reassessed", "reassessed_on", "version"])
    due.plan(turn, by=by, at=at)
    events.record("justice.reassessed", turn.case_id, by=by, at=at, turn=str(turn.pk), kind=turn.kind, answer=answer)


@transaction.atomic
def strike_out(turn: Turn, *, by: Actor, at: datetime, why: str, seen: int) -> None:
    """Takes back a turn that was recorded by mistake. It stays to be read, with the reason."""
    if _again(turn, seen, state=lifecycle.STRUCK, struck_by=by.user_id):
        return
    turn = _current(turn, seen)
    if not why.strip():
        raise RuleBroken("Say why it is struck out.", "why")
    turn.state = lifecycle.turn.target(turn.state, "strike_out")
    turn.struck_at, turn.struck_by = at, by.user_id
    fields.write(turn, struck_why=why)
    turn.save(update_fields=["state", "struck_at", "struck_by", "struck_why", "version"])
    proceeding = Proceeding.objects.select_for_update().get(pk=turn.proceeding_id)
    _settle(proceeding)
    due.plan(turn, by=by, at=at)
    due.plan_answers(proceeding, by=by, at=at)
    events.record("justice.struck_out", turn.case_id, by=by, at=at, turn=str(turn.pk), kind=turn.kind)


COLUMNS = (
    Column("reference", "Reference"), Column("what", "What"), Column("on", "Day"), Column("time", "Time"),
    Column("owes", "Who owes them news"), Column("due", "News due"), Column("told", "Told on"),
    Column("stands", "How it stands"), Column("enhanced", "Enhanced Rights"), Column("worker", "Worker"),
)  # fmt: skip
NOTE = "No names: a reference opens its case for whoever may see it."
STANDS = {
    rules.Told.NO_CLOCK: "No time limit", rules.Told.IN_TIME: "Told in time", rules.Told.LATE: "Told late",
    rules.Told.DUE: "To be told", rules.Told.OVERDUE: "Not told, and late",
}  # fmt: skip


def export(found: Iterable[Turn], *, by: Actor, at: datetime) -> documents.Export:
    """Days at court or news that is owed as a file: codes in words and days. Who a victim is never leaves in a list."""
    words, names = queries.words(), colleagues(by)
    rows = [
        {
            "reference": one.case.reference, "what": words[queries.TURNS].get(one.kind, one.kind),
            "on": one.on.isoformat(), "time": f"{one.at_time:%H:%M}" if one.at_time else "",
            "owes": words["justice_bodies"].get(one.owes, ""),
            "due": clocks.london_date(one.due_at).isoformat() if one.due_at else "",
            "told": one.told_on.isoformat() if one.told_on else "",
            "stands": STANDS[rules.told(one.due_at, one.told_on, at)], "enhanced": "Yes" if one.enhanced else "No",
            "worker": names.get(one.case.worker, "A former colleague") if one.case.worker else "",
        }
        for one in found
    ]  # fmt: skip
    return documents.table("justice", COLUMNS, rows, by=by, at=at, about="justice", notes=[NOTE])
