"""Reads of transfers: where a case may go, what would go along, what waits for an answer, and what came."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.filters import date_words, datetime_words
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead, records
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.actions import SENDING
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case, Need
from alongside.support.cases.justice import queries as justice
from alongside.support.cases.notes import queries as notes
from alongside.support.cases.notes.models import Note
from alongside.support.cases.plans import queries as plans
from alongside.support.cases.risk import queries as risk
from alongside.support.cases.transfers import lifecycle, rules
from alongside.support.cases.transfers.models import Pack, Transfer
from alongside.support.cases.transfers.rules import Content, Wanted
from alongside.support.cases.waiting import queries as waiting
from alongside.support.people.victims.models import Agreement, Victim

LATEST_NOTES = 20
REASONS, DECLINES = "transfer_reasons", "decline_reasons"


def services(case: Case) -> tuple[Service, ...]:
    """The services of others in this police area that take referrals now."""
    found = Service.objects.open().routable().filter(provider__force__organisation=case.hub_id)
    others = found.exclude(provider=case.provider_id).select_related("provider").distinct()
    return tuple(others.order_by("provider__name", "name", "id"))


def of_closed_services(rows: QuerySet[Case], by: Actor) -> QuerySet[Case]:
    """Cases that go on at a service which takes nobody any more: each is handed on or brought to its end."""
    held = rows.filter(provider_id=by.organisation_id, service__state=Service.State.CLOSED)
    found: QuerySet[Case] = held.exclude(state=Case.State.CLOSED)
    return found.select_related("victim", "service", "service__moves_to")


def agreed(victim_id: Any, organisation: int) -> bool:
    """Whether the latest of what they said about sharing with this body is yes, and stands."""
    said = Agreement.objects.filter(
        victim=victim_id, about=Agreement.About.SHARE, with_organisation=organisation, purpose=SENDING
    )  # fmt: skip
    latest = said.order_by("-recorded_at", "-id").first()
    return latest is not None and latest.given and latest.withdrawn_at is None


def named_there(victim: Victim, organisation: int) -> bool:
    """Whether a restricted record is open to somebody of this organisation; any other is."""
    if not victim.restricted:
        return True
    return any(one.organisation_id == organisation for one in records.named(victim.pk))


def content(case: Case, *, at: datetime) -> Content:
    """Everything that could go along, in words: never a counselling note, never an answer about risk."""
    on = london_date(at)
    plan = tuple(
        Wanted(one.need.code, one.goal, tuple(step.what for step in one.steps if step.step.done_at is None))
        for one in casework.plan(case) if one.need.state == Need.State.OPEN
    )  # fmt: skip
    titles, written = rulebook.titles("needs", on), notes.written(Note, case, limit=LATEST_NOTES)
    lines = {
        rules.PLAN: tuple(_wanted(one, titles) for one in plan), rules.NEEDS: tuple(_scores(case, titles)),
        rules.RISK: tuple(_risk(case, on)), rules.JUSTICE: tuple(_justice(case)),
        rules.NOTES: tuple(_note(one) for one in written),
    }  # fmt: skip
    return Content(plan=plan, lines=lines)


def _wanted(one: Wanted, titles: Any) -> str:
    parts = [titles.get(one.code, one.code), one.goal, *(f"To do: {step}" for step in one.steps)]
    return ". ".join(part.rstrip(".") for part in parts if part)


def _note(one: notes.Written) -> str:
    return " / ".join([f"{date_words(one.note.written_at)}: {one.words}", *(more.words for more in one.amendments)])


def _scores(case: Case, titles: Any) -> Iterable[str]:
    if found := plans.sittings(case):
        last = found[-1].sitting
        steps = dict(plans.scale_of(last).steps)
        for code, answer in last.answers.items():
            if answer in steps:
                yield f"{titles.get(code, code)}: {steps[answer]} ({date_words(last.sat_at)})"


def _risk(case: Case, on: date) -> Iterable[str]:
    kinds, levels = rulebook.titles("risk_kinds", on), rulebook.titles("risk_levels", on)
    for kind, one in risk.latest(risk.sittings(case)).items():
        yield f"{kinds.get(kind, kind)}: {levels.get(one.level, one.level)} on {date_words(one.done_at)}"


def _justice(case: Case) -> Iterable[str]:
    known = justice.words()[justice.TURNS]
    for way in justice.journey(case):
        for stage in way.stages:
            ahead = {"next": " is set for ", "moved": " was moved from "}.get(stage.state, ", ")
            yield f"{known.get(stage.code, stage.code)}{ahead}{date_words(stage.when)}"


def waits(case: Case) -> dict[str, str]:
    """Since which day they wait for which way of helping, on this case or on one before it."""
    days = {one["list__modality"]: one["joined_on"].isoformat() for one in waiting.card(case)}
    before = came_with(case)
    return {**(before.waits if before else {}), **days}


def came_with(case: Case) -> Transfer | None:
    """The transfer by which a case came, if it came by one."""
    return next((one for one in _of_case(case) if one.pk == case.offer_id), None)


@ahead.question
def _of_case(case: Case) -> QuerySet[Transfer]:
    """The transfer by which a case came and those by which it was offered on, the latest first."""
    found = Transfer.objects.filter(Q(case_id=case.pk) | Q(pk=case.offer_id))
    return found.select_related("service", "receiver", "sender").order_by("-offered_at", "-id")


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable[QuerySet[Any]]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_of_case(case),)


def waited(case: Case, modality: str) -> date | None:
    """Since when whoever was handed on has waited for a way of helping."""
    found = came_with(case)
    day = found.waits.get(modality) if found else None
    return date.fromisoformat(day) if day else None


def packed(key: Any) -> Content | None:
    """What went along with a transfer, where the reader may see it."""
    pack: Pack | None = Pack.objects.filter(pk=key).first()
    if pack is None:
        return None
    crypt.load_keys([pack.victim_id])
    said = json.loads(fields.read(pack, "content"))
    plan = tuple(Wanted(one["code"], one["goal"], tuple(one["steps"])) for one in said["plan"])
    return Content(said["summary"], plan, {code: tuple(lines) for code, lines in said["lines"].items()})


def as_text(found: Content) -> str:
    return json.dumps(asdict(found))


def standing(case: Case) -> Transfer | None:
    """The latest transfer of a case of one's own."""
    return next((one for one in _of_case(case) if one.case_id == case.pk), None)


def waiting_for(case_id: Any) -> bool:
    return Transfer.objects.filter(case_id=case_id, state=lifecycle.OFFERED).exists()


def incoming(rows: QuerySet[Transfer], by: Actor) -> list[Transfer]:
    """What others would hand on to the reader's organisation, the oldest first."""
    held = rows.filter(receiver_id=by.organisation_id, state=lifecycle.OFFERED)
    return list(held.select_related("service", "sender").order_by("offered_at", "id"))


def managers(organisation: int) -> list[Any]:
    """Who is told that something waits for an answer."""
    held = Membership.objects.current().filter(organisation_id=organisation, role="service_manager")
    return list(held.values_list("user_id", flat=True))


@dataclass(frozen=True)
class Came:
    """What came with a case from another service, and which of its needs the plan does not have yet."""

    transfer: Transfer
    content: Content
    missing: tuple[Wanted, ...]
    when: str


def came(case: Case) -> Came | None:
    found = came_with(case)
    held = packed(found.pk) if found else None
    if found is None or held is None:
        return None
    have = set(Need.objects.filter(case=case).values_list("code", flat=True))
    missing = tuple(one for one in held.plan if one.code not in have)
    return Came(found, held, missing, datetime_words(found.answered_at) if found.answered_at else "")


def seen_until(transfer: Transfer, by: Actor) -> str:
    """The last day on which whoever handed it on reads it as it was."""
    if transfer.state != lifecycle.ACCEPTED or transfer.answered_at is None:
        return ""
    days = casework.limit("transfer_view", london_date(transfer.answered_at))
    return date_words(transfer.answered_at + timedelta(days=days))


def council_name(code: str) -> str:
    return referrals.council_names([code]).get(code, "")


BOOKS = ("crime_types", "needs", "age_bands", "languages", "access_needs", "vulnerability_factors", "markers",
         "list_modalities", REASONS, DECLINES)  # fmt: skip


def words(on: date) -> dict[str, Any]:
    return {book: rulebook.titles(book, on) for book in BOOKS}
