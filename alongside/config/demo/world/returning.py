"""Quarterly returns of the charities: one quarter that was accepted, and the last one at every stage of its way."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from alongside.commissioning.returns import actions, queries, rules, setting
from alongside.commissioning.returns.models import Arrangement, Return
from alongside.commissioning.templates.rules import Kind
from alongside.config.demo.world.cast import CHARITIES
from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.clocks import LONDON, london_date
from alongside.core.periods import Quarter
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Organisation

SMALL = {"hearth": "small", "roadside": "small", "lantern": "large"}
# How far the last quarter's return has come; whoever is not named has not begun.
STAGES = {"harbour": ("send", "certify", "ask_back"), "beacon": ("send", "certify"), "crossways": ("send",),
          "evergreen": ("send", "certify", "lock")}  # fmt: skip
ALL = ("send", "certify", "lock")
TYPED: dict[str, dict[str, Any]] = {
    "q18": {"value": "no"}, "q22": {"value": "15250"}, "q24": {"value": "All of it spent"},
    "q20": {"rows": [{"post": "Caseworker", "funded": "2", "filled": "1.6", "since": "", "why": ""},
                     {"post": "Counsellor", "funded": "1", "filled": "0", "since": "Early in the quarter",
                      "why": "Nobody suitable applied"}]},
    "q23": {"rows": [{"line": "Wages", "budget": "52000", "spent": "13000", "expected": "52000"},
                     {"line": "Rooms and travel", "budget": "9000", "spent": "2250", "expected": "9000"}]},
    "q27": {"value": "More people came than a year ago. Court dates that were moved again took much of our time."},
    "q28": {"value": "They ask for one person who tells them what happens next, and for evening hours."},
}  # fmt: skip
WHY = "A worker came back from leave, and the hub sent us more people than in the quarter before."
ASKED = "You spent a quarter of the year’s sum with a post empty. What was paid from it instead?"


def answer_all(*, at: datetime) -> None:
    """Everybody answers the quarterly return since two quarters ago, where nobody does yet."""
    if Arrangement.objects.exists():
        return
    office = Organisation.objects.get(code="sample-policing-body")
    by = _actor(office, Realm.COMMISSIONING, "commissioning_officer")
    last = Quarter.containing(london_date(at)).previous
    bodies = {one.code: one for one in Organisation.objects.filter(code__in=CHARITIES)}
    with transaction.atomic(), inside(by.realm, orgs=by.orgs):
        for code, body in sorted(bodies.items()):
            size = SMALL.get(code, "standard")
            setting.arrange(body, by=by, at=at, template="quarterly", size=size, since=last.previous)
    for quarter in (last.previous, last):
        opened = datetime.combine(quarter.end, time(4, 20), tzinfo=LONDON)
        with transaction.atomic(), inside(Realm.WORKER):
            actions.open_quarter(by=SYSTEM_ACTOR, at=min(opened, at))
        for filing in Return.objects.filter(quarter=str(quarter)).select_related("provider", "office"):
            steps = ALL if quarter == last.previous else STAGES.get(filing.provider.code, ())
            _go(filing, steps, at=min(opened + timedelta(days=12), at), office=by)


def _actor(body: Organisation, realm: Realm, role: str) -> Actor:
    return Actor(realm=realm, organisation_id=body.pk, permissions=permissions_of([role]))


def _go(filing: Return, steps: Sequence[str], *, at: datetime, office: Actor) -> None:
    """Takes a return so far along its way."""
    if not steps or not filing.snapshot:
        return
    own = _actor(filing.provider, Realm.PROVIDER, "service_manager")
    who = f"Sample Chair of {filing.provider.name}"
    with transaction.atomic(), inside(own.realm, orgs=own.orgs):
        actions.answer(filing, by=own, at=at, said=_typed(filing), stamp=filing.stamp)
        filing.refresh_from_db()
        actions.send(filing, by=own, at=at, stamp=filing.stamp)
        filing.refresh_from_db()
        if "certify" in steps:
            actions.certify(filing, by=own, at=at, name=who, post="Chair", agreed=True, stamp=filing.stamp)
    with transaction.atomic(), inside(office.realm, orgs=office.orgs):
        if "lock" in steps:
            actions.lock(filing, by=office, at=at)
        if "ask_back" in steps:
            actions.ask_back(filing, by=office, at=at, question="q22", words=ASKED)


def _typed(filing: Return) -> dict[str, dict[str, Any]]:
    template = queries.template_of(filing)
    held = queries.held(filing, template)
    why = {
        code: {"value": "", "why": WHY}
        for code, one in held.items()
        if one.question.kind == Kind.FIGURE and rules.must_explain(one, template.explain)
    }
    return {code: words for code, words in {**TYPED, **why}.items() if code in held}
