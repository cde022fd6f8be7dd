"""Every write of centres: setting one up, its poster, a report and what becomes of it."""

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import IntegrityError, transaction

from alongside.core import clocks, events, reach
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import PersonKey
from alongside.core.pages.steps import Answers
from alongside.core.privacy import crypt, fields
from alongside.core.rows import realms
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.actions import Export
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake import queries as intake_queries
from alongside.support.arrivals.intake import rules as intake_rules
from alongside.support.arrivals.intake.actions import Opened
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.actions import Arrival, Point
from alongside.support.arrivals.referrals.models import Referral, Ticket
from alongside.support.arrivals.referrals.rules import NOT_KNOWN, status_word
from alongside.support.desk.centres import lifecycle, queries, rules
from alongside.support.desk.centres.models import Added, Centre, Report, Slip
from alongside.support.people.victims.actions import Identity

SOURCE = Referral.Source.CENTRE
TRIES = 5
TOO_MANY = "Many reports were sent from this internet connection in the last hour. Wait an hour, or phone us."
HOUR = timedelta(hours=1)


# A centre and its poster.


@transaction.atomic
def set_up(
    organisation: Organisation, *, by: Actor, at: datetime, since: date, until: date | None, **said: str
) -> Centre:
    """Makes a partner agency of the area a reporting centre, with a poster of its own."""
    assert by.organisation_id is not None
    if Centre.objects.filter(organisation=organisation).exists():
        raise RuleBroken("This organisation is a reporting centre already.", "organisation")
    _check(since, until, said)
    centre = Centre(organisation=organisation, hub_id=by.organisation_id, since=since, until=until, **said)
    _new_code(centre, at=at)
    centre.save(force_insert=True)
    events.record("centre.set_up", centre.pk, by=by, at=at, organisation=organisation.pk, kind=centre.kind)
    return centre


@transaction.atomic
def change(centre: Centre, *, by: Actor, at: datetime, since: date, until: date | None, **said: str) -> None:
    """Puts right what is known of a centre; a last day closes its form from then on."""
    _check(since, until, said)
    held = Centre.objects.select_for_update(of=("self",)).get(pk=centre.pk)
    wanted = {**said, "since": since, "until": until}
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, wanted[name])
    held.save(update_fields=changed)
    events.record("centre.changed", held.pk, by=by, at=at, changed=changed)


def _check(since: date, until: date | None, said: Mapping[str, str]) -> None:
    rules.check_dates(since, until)
    for field, kind in (("contact_phone", "phone"), ("contact_email", "email")):
        try:
            reach.check(**{kind: said.get(field, "")})
        except RuleBroken as broken:
            raise RuleBroken(broken.message, field) from broken


def _new_code(centre: Centre, *, at: datetime) -> None:
    centre.poster = rules.poster_code(os.urandom(8))
    centre.lookup, centre.poster_since = queries.lookup(centre.poster), at


@transaction.atomic
def renew_poster(centre: Centre, *, by: Actor, at: datetime) -> None:
    """Another code: posters that hang somewhere open nothing from now on."""
    held = Centre.objects.select_for_update(of=("self",)).get(pk=centre.pk)
    _new_code(held, at=at)
    held.save(update_fields=["poster", "lookup", "poster_since"])
    events.record("centre.poster_renewed", held.pk, by=by, at=at)


# A report.


@transaction.atomic
def send(answers: Answers, centre: Centre, *, caller: bytes, at: datetime) -> dict[str, str]:
    """Sends what a visitor of a centre's poster said. Returns the reference and the four words, told once."""
    _count(caller, at)
    return _report(answers, centre, by=PUBLIC_ACTOR, at=at)


def _count(caller: bytes, at: datetime) -> None:
    """Counts what one connection (a blind index) sends in an hour. Raises RuleBroken."""
    key = f"reports-{crypt.blind('reports', f'{intake_rules.window(at)}|{caller.hex()}').hex()}"
    sent, allowed = int(cache.get(key, 0)), queries.sent_allowed(clocks.london_date(at))
    if allowed is not None and sent >= allowed:
        raise RuleBroken(TOO_MANY)
    cache.set(key, sent + 1, int(HOUR.total_seconds()))


@transaction.atomic
def make(answers: Answers, centre: Centre, *, by: Actor, at: datetime) -> dict[str, str]:
    """Sends what a worker of the centre typed with somebody, or for them. Returns what to hand to that person."""
    return _report(answers, centre, by=by, at=at)


def _report(answers: Answers, centre: Centre, *, by: Actor, at: datetime) -> dict[str, str]:
    """One report; where support is wanted also a referral, and then what identifies stands there alone."""
    realms.intend_for(centre.hub_id)
    report = _new(answers, centre, by=by, at=at)
    _save_with_reference(report)
    phrase = intake_rules.new_phrase(os.urandom(16), intake_queries.words())
    _give_slip(report, phrase, organisation=centre.organisation_id if by.signed_in else None)
    events.record("report.sent", report.pk, by=by, at=report.received_at, centre=str(centre.pk), via=report.via,
                  support=report.support)  # fmt: skip
    kept = {"reference": report.reference, "phrase": phrase, "support": "", "due": ""}
    if report.support:
        kept |= _refer(answers, report, centre, phrase, by=by, at=at)
    return kept


def _new(answers: Answers, centre: Centre, *, by: Actor, at: datetime) -> Report:
    what, where = answers["what"], answers["where"]
    named, support = rules.is_named(answers), rules.wants_support(answers)
    report = Report(
        id=uuid4(), hub_id=centre.hub_id, centre=centre, via="worker" if by.signed_in else "poster",
        typed_by=by.user_id, received_at=rules.moment_kept(at, named=named, by_worker=by.signed_in),
        strands=list(what["strands"]), kind=what["kind"], whose=what["whose"], named=named, support=support,
        police=answers["police"]["police"], danger=rules.in_danger(answers), council=where["council"],
        place=where["place"], happened=where["happened"],
    )  # fmt: skip
    if not support:
        words = answers["words"]
        fields.write(report, words=words["telling"], perception=words["perception"], near=where["near"],
                     who=_who(answers) if named else "")  # fmt: skip
    return report


def _who(answers: Answers) -> str:
    """A name and ways of contact as they were given, in words: kept for what the reporter chose, and sealed."""
    said = answers["who"]
    safe = {"yes": "safe to use", "no": "not safe, do not use", "unsure": "not known to be safe, do not use"}
    lines = [
        f"{said['given_name']} {said['family_name']}".strip(),
        "Under 18" if said["age"] == "young" else "",
        *(f"{said[kind]}: {safe[said[f'{kind}_safe']]}" for kind in ("phone", "email") if said[kind]),
        said["others"],
    ]
    return "\n".join(line for line in lines if line)


def _save_with_reference(report: Report, *, tries: int = TRIES) -> None:
    """Saves under a fresh reference; the realm may not look whether it is taken, so the index says."""
    report.reference = rules.reference(os.urandom(16))
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        if tries == 1 or "reference" not in str(error):
            raise
        _save_with_reference(report, tries=tries - 1)


def _index(reference: str, phrase: str) -> bytes:
    words = intake_rules.ticket_key("", phrase)
    return crypt.blind("report", f"{rules.tidy(reference) or reference[:40]}{words}")


def _give_slip(report: Report, phrase: str, *, organisation: int | None) -> None:
    lookup = _index(report.reference, phrase)
    realms.present_ticket(lookup)
    Slip(
        id=report.pk, report=report, hub_id=report.hub_id, organisation_id=organisation, reference=report.reference,
        lookup=lookup, since=report.received_at, received_at=report.received_at,
    ).save(force_insert=True)  # fmt: skip


def _refer(answers: Answers, report: Report, centre: Centre, phrase: str, *, by: Actor, at: datetime) -> dict[str, str]:
    """The referral of somebody who wants support; the public's own way back to it is that of every self-referral."""
    referral = referrals.receive(_arrival(answers, report, centre, by=by, at=at), by=by, at=at)
    reachable = rules.reachable(answers)
    due = clocks.london_date(referral.attempt_due_at).isoformat() if reachable else ""
    if by.signed_in:
        return {"support": referral.reference, "due": due}
    events.record("referral.self_sent", referral.pk, by=by, at=at, channels=list(reachable), own=True)
    lookup = crypt.blind("ticket", intake_rules.ticket_key(referral.reference, phrase))
    realms.present_ticket(lookup)
    Ticket(
        id=uuid4(), referral=referral, hub_id=referral.hub_id, victim_id=referral.victim_id, lookup=lookup,
        word=status_word(referral.state, contacted=False), since=at,
    ).save(force_insert=True)  # fmt: skip
    return {"support": referral.reference, "due": due}


def _arrival(answers: Answers, report: Report, centre: Centre, *, by: Actor, at: datetime) -> Arrival:
    said, on = answers["who"], clocks.london_date(at)
    titles = queries.strands(on)
    return Arrival(
        hub_id=centre.hub_id, source=SOURCE, source_ref=report.reference, referred_by=by.user_id,
        source_organisation=centre.organisation_id if by.signed_in else None,
        identity=Identity(given_name=said["given_name"], family_name=said["family_name"],
                          said_under=18 if said["age"] == "young" else None, council=report.council),
        points=_points(said, at, by=by), crime_type=rules.crime_type(report.kind), council=report.council,
        reported=False, why_not_reported=NOT_KNOWN, hate_strands=tuple(report.strands), high_risk=report.danger,
        markers=rules.markers(report.strands, young=said["age"] == "young", danger=report.danger), consent="yes",
        notes=rules.notes(answers, [titles[code] for code in report.strands], queries.places(on)[report.place]),
    )  # fmt: skip


def _points(said: Mapping[str, Any], at: datetime, *, by: Actor) -> tuple[Point, ...]:
    """Ways of contact. Verified where the person typed them and said that they are safe; never on a worker's word."""
    hours = intake_queries.safe_times(clocks.london_date(at))
    times = intake_rules.together([hours.get(code, code) for code in said["times"]], [])
    return tuple(
        Point(
            kind, said[kind], {"yes": "yes", "no": "no"}.get(said[f"{kind}_safe"], "unknown"),
            safe_times=times if kind == "phone" else "", instructions=said["others"],
            leave_message=kind == "phone" and said["message"] == "yes",
            verified_how="typed" if said[f"{kind}_safe"] == "yes" and not by.signed_in else "",
        ) for kind in ("phone", "email") if said[kind]
    )  # fmt: skip


@transaction.atomic
def name_source(report: Report, *, by: Actor, at: datetime) -> None:
    """Says on a referral from a poster which centre it came by; the public's realm could not. Safe to repeat.

    The centre is given no standing of it: whoever used the poster dealt with the hub, and not with the centre.
    """
    found = Referral.objects.filter(source=SOURCE, source_ref=report.reference, source_organisation=None)
    for referral in found.select_for_update():
        referral.source_organisation = report.centre.organisation_id
        referral.save(update_fields=["source_organisation"])
        events.record("referral.source_named", referral.pk, by=by, at=at)


# Coming back.


@transaction.atomic
def return_(reference: str, phrase: str, *, caller: bytes, at: datetime) -> Opened | None:
    """Opens where a report stands, by reference and words; None for what does not match, and that is counted."""
    intake.one_at_a_time(caller)
    if not intake.may_try(caller):
        raise RuleBroken(intake.TOO_MANY)
    lookup = _index(reference, phrase)
    realms.present_ticket(lookup)
    if queries.slip() is None:
        intake.note_failure(caller)
        return None
    opened = intake.begin(at=at)
    intake.answer(opened, "slip", {"lookup": [lookup.hex()]})
    return opened


def slip_of(opened: Opened) -> Slip | None:
    """The slip that a visit came back with."""
    lookup = opened.answers.get("slip", {}).get("lookup", [""])[0]
    if not lookup:
        return None
    realms.present_ticket(bytes.fromhex(lookup))
    return queries.slip()


@transaction.atomic
def add(slip: Slip, *, at: datetime, words: str) -> Added:
    """Adds to a report; the hub reads it. Of an anonymous one the day is kept."""
    moment = rules.moment_kept(at, named=False, by_worker=False)
    added = Added(id=uuid4(), slip=slip, report_id=slip.report_id, added_at=moment)
    fields.write(added, words=words)
    added.save(force_insert=True)
    events.record("report.added_to", slip.report_id, by=PUBLIC_ACTOR, at=moment)
    return added


# The hub.


def _locked(key: UUID) -> Report:
    found = Report.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if found is None:
        raise RuleBroken("This report is no longer open to you.")
    return found


def _tell(report: Report, at: datetime) -> None:
    Slip.objects.filter(report_id=report.pk).update(state=report.state, answer=report.answer, since=at)


@transaction.atomic
def take(report: Report, *, by: Actor, at: datetime) -> None:
    """Somebody at the hub looks at it now."""
    held = _locked(report.pk)
    held.state, held.taken_by = lifecycle.report.target(held.state, "take"), by.user_id
    held.save(update_fields=["state", "taken_by"])
    _tell(held, at)
    events.record("report.taken", held.pk, by=by, at=at)


@transaction.atomic
def answer(report: Report, *, by: Actor, at: datetime, answer: str) -> None:
    """Answers whoever made it, in words of the rulebook that say nothing of it. A second answer replaces it."""
    held = _locked(report.pk)
    if rulebook.find("report_answers", answer, clocks.london_date(at)) is None:
        raise RuleBroken("Choose an answer.", "answer")
    if answer == "passed_on" and held.passed_at is None:
        raise RuleBroken("Say first that it was passed on: nobody may read so before it is true.", "answer")
    held.state = lifecycle.report.target(held.state, "answer")
    held.answer, held.answered_at, held.answered_by = answer, held.answered_at or at, by.user_id
    held.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    _tell(held, at)
    events.record("report.answered", held.pk, by=by, at=at, answer=answer)


@transaction.atomic
def pass_on(report: Report, *, by: Actor, at: datetime, how: str, police_ref: str) -> None:
    """Notes that somebody told the police what the reporter wanted told. Nothing goes to them by itself."""
    held = _locked(report.pk)
    rules.check_passing(held.police, passed=held.passed_at is not None)
    if how not in rules.PASSED_HOW:
        raise RuleBroken("Choose how you passed it on.", "how")
    held.passed_at, held.passed_by, held.passed_how, held.police_ref = at, by.user_id, how, police_ref
    held.save(update_fields=["passed_at", "passed_by", "passed_how", "police_ref"])
    events.record("report.passed_on", held.pk, by=by, at=at, how=how, named=held.police == "with_name")


@transaction.atomic
def read_added(report: Report, *, by: Actor, at: datetime) -> None:
    """Says that what was added has been read."""
    held = _locked(report.pk)
    if Added.objects.filter(report=held, read_at=None).update(read_at=at):
        events.record("report.added_read", held.pk, by=by, at=at)


COLUMNS = tuple(Column(*pair) for pair in (
    ("reference", "Reference"), ("received", "Received"), ("centre", "Centre"), ("via", "How it came"),
    ("kind", "Crime or incident"), ("strands", "Strands"), ("place", "Kind of place"), ("council", "Council"),
    ("named", "Named"), ("support", "Support wanted"), ("police", "Police"), ("passed", "Passed on"),
    ("state", "Where it stands"),
))  # fmt: skip


@transaction.atomic
def export(rows: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime) -> Export:
    """The list as a file: codes and days, no words and no name of anybody."""
    return documents.table("reports", COLUMNS, rows, by=by, at=at, about="centres.reports")


# For the worker.


@transaction.atomic
def warn_of_old(*, by: Actor, at: datetime) -> int:
    """Tells the managers of a hub, once, of anonymous reports that nobody answered and that are erased before long."""
    on = clocks.london_date(at)
    before = at - queries.kept(queries.UNANSWERED, on) + queries.warned_before(on)
    near = dict(queries.unanswered().filter(warned_at=None, received_at__lt=before).values_list("pk", "hub_id"))
    Report.objects.filter(pk__in=near).update(warned_at=at)
    events.record_many("report.warned_of", list(near), by=by, at=at)
    for hub in set(near.values()):
        about = next(key for key, theirs in near.items() if theirs == hub)
        for person in queries.managers(hub):
            messages.notify(person, by=by, at=at, about=about, template="come_and_see")
    return len(near)


@transaction.atomic
def forget_old(*, by: Actor, at: datetime) -> int:
    """Erases reports whose time is over since they were answered, and anonymous ones that nobody answered though the
    hub was warned of them, with the keys that sealed them. Returns how many."""
    on = clocks.london_date(at)
    answered = Report.objects.filter(answered_at__lt=at - queries.kept("report", on))
    left = queries.unanswered().filter(
        received_at__lt=at - queries.kept(queries.UNANSWERED, on), warned_at__lt=at - queries.warned_before(on)
    )
    over = list((answered | left).values_list("pk", flat=True))
    for model, column in ((Added, "report_id"), (Slip, "report_id"), (Report, "id")):
        model._default_manager.filter(**{f"{column}__in": over})._raw_delete("default")
    PersonKey.objects.filter(person_id__in=over).delete()
    crypt.forget()
    events.record_many("report.forgotten", over, by=by, at=at)
    return len(over)
