"""Sessions of the synthetic year: some of the contacts were one, and to some nobody came. Draws of its own."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db.models import Model

from alongside.core.privacy import fields
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.casework.models import Case, Contact

SESSIONS = 0.6  # of the contacts in person or by video
MISSED, CANCELLED = 0.14, 0.06
LENGTH = timedelta(minutes=50)
WAYS = {"in_person": "ours", "video": "remote"}


def sessions(case: Case, contacts: Sequence[Contact], kind: RuleRow, *, until: datetime) -> Iterator[Model]:
    """Appointments that are over, each with the contact or the attempt that it counts as."""
    chance = Random(f"sessions {case.reference}")
    for contact in contacts:
        if contact.channel not in WAYS or chance.random() > SESSIONS or contact.happened_at + LENGTH > until:
            continue
        yield _settled(case, kind, contact.happened_at, "HELD", "", contact)
        drawn, day = chance.random(), contact.happened_at + timedelta(days=3)
        if day + LENGTH < min(until, case.closed_at or until):
            if drawn < MISSED:
                attempt = Contact(case=case, victim_id=case.victim_id, channel="in_person", result="no_answer",
                                  reached=False, happened_at=day, recorded_at=day, recorded_by=case.worker)  # fmt: skip
                yield attempt
                yield _settled(case, kind, day, "MISSED", "no_show", attempt)
            elif drawn < MISSED + CANCELLED:
                yield _settled(case, kind, day, "CANCELLED", "they_cancelled", None)


def _settled(
    case: Case, kind: RuleRow, at: datetime, state: str, why: str, contact: Contact | None
) -> Appointment:  # fmt: skip
    way, held = contact.channel if contact else "in_person", state == "HELD"
    appointment = Appointment(
        case=case, victim_id=case.victim_id, provider_id=case.provider_id, kind=kind.code, kind_ref=kind.ref,
        starts_at=at, ends_at=at + LENGTH, worker=case.worker, place=WAYS.get(way, "ours"), state=state, why=why,
        way=way if held else "", minutes=50 if held else 0, contact_id=contact.pk if contact else None,
        planned_at=max(case.accepted_at, at - timedelta(days=7)), planned_by=case.worker,
        settled_at=at + LENGTH if state != "CANCELLED" else at - timedelta(hours=20), settled_by=case.worker,
    )  # fmt: skip
    fields.write(appointment, whereabouts="", note="", booking="")
    return appointment
