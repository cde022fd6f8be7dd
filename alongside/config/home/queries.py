"""What waits for a person, counted for their home page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.local.community import queries as community
from alongside.foundation.local.freshness import queries as freshness
from alongside.foundation.local.lists import queries as lists
from alongside.foundation.local.registrations import queries as registrations
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations import queries as organisations
from alongside.support.arrivals.changes import queries as changes
from alongside.support.arrivals.deliveries import queries as deliveries
from alongside.support.arrivals.mending import queries as mending
from alongside.support.arrivals.reconciliation import queries as reconciliation
from alongside.support.arrivals.routing import queries as routing
from alongside.support.arrivals.stalled import queries as stalled
from alongside.support.arrivals.threads import queries as threads
from alongside.support.cases.casework import caseload
from alongside.support.cases.casework import presenters as casework
from alongside.support.desk.assessment import queries as assessment
from alongside.support.desk.triage import queue
from alongside.support.keeping.looks import queries as looks
from alongside.support.keeping.restricted import queries as restricted

QUEUE = (
    ("high_risk", "at high risk", "warn"), ("added", "with news from the victim", "warn"), ("late", "late", "warn"),
    ("not_taken", "not taken by anybody", ""), ("mine", "yours", ""),
    ("cover", "of colleagues away, for you to look after", ""), ("returned", "returned by a service", "warn"),
)  # fmt: skip


def waiting(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Counts with their words and addresses, most pressing first; nothing for those who only read figures."""
    return [
        *_danger(actor), *_feeds(actor, at), *_changes(actor), *_work(actor, at), *_people(actor, at),
        *_privacy(actor), *_services(actor, at), *_groups(actor, at),
    ]  # fmt: skip


def _feeds(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Files that are missing or short, and rows near the end of their time: shown while there are any."""
    if not actor.may(P.FEED_READ):
        return []
    alarms, near = reconciliation.alarms_open(actor).count(), mending.near_of(actor, at)
    tried = deliveries.tried_wrongly(actor, at).count() if actor.may(P.FEED_SET_UP) else 0
    found = (
        (
            tried,
            "connection whose secret was tried wrongly"
            if tried == 1
            else "connections whose secrets were tried wrongly",
            "deliveries:ways",
            "",
        ),
        (alarms, "file missing or short" if alarms == 1 else "files missing or short", "reconciliation:days", ""),
        (near, "held or rejected, kept not much longer", "mending:held", "?flag=near"),
    )
    return [{"value": value, "label": words, "href": reverse(view) + query, "tone": "warn"}
            for value, words, view, query in found if value]  # fmt: skip


def _changes(actor: Actor) -> list[dict[str, Any]]:
    """What the police sent again about people whom a provider supports: shown while there is any."""
    if actor.realm != Realm.PROVIDER or not actor.may(P.CASE_WORK):
        return []
    found, address = changes.waiting_for(actor), reverse("changes:changes")
    words = "change sent by the police" if found == 1 else "changes sent by the police"
    return [{"value": found, "label": words, "href": address, "tone": "warn"}] if found else []


def _danger(actor: Actor) -> list[dict[str, Any]]:
    """Alarms that nobody has taken, and decisions to look at again: shown while there are any."""
    if actor.may(P.REFERRAL_REFER):
        return _unread(actor, "questions to answer", "intake:referred")
    if not actor.may(P.REFERRAL_TRIAGE):
        return []
    alarms, reviews = assessment.waiting(actor)
    found = (
        (alarms, "in danger now", "assessment:alarms"),
        (reviews, "Enhanced Rights to review", "assessment:reviews"),
    )
    return [{"value": count, "label": words, "href": reverse(view), "tone": "warn"} for count, words, view in found
            if count] + _unread(actor, "answers from referrers", "threads:waiting")  # fmt: skip


def _unread(actor: Actor, words: str, view: str) -> list[dict[str, Any]]:
    count = threads.unread_count(actor)
    return [{"value": count, "label": words, "href": reverse(view), "tone": "warn"}] if count else []


def _privacy(actor: Actor) -> list[dict[str, Any]]:
    """Broken seals and unusual looks that wait to be judged: shown while there are any."""
    asked = ((restricted.waiting(actor), "broken seal", "broken seals", "restricted:seals"),
             (looks.waiting(actor), "unusual look", "unusual looks", "looks:findings"))  # fmt: skip
    return [
        {"value": found, "label": one if found == 1 else more, "href": reverse(view), "tone": "warn"}
        for found, one, more, view in asked if found
    ]  # fmt: skip


def _people(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Lost sign-ins that wait for a second person: shown while there are any."""
    found = organisations.resets_to_confirm(actor, at) if actor.may(P.PEOPLE_MANAGE) else 0
    address = reverse("organisations:people")
    words = "sign-in to reset" if found == 1 else "sign-ins to reset"
    return [{"value": found, "label": words, "href": address, "tone": "warn"}] if found else []


def _services(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Services to check, errors in them that people flagged, lists that say otherwise: shown while there are any."""
    if not actor.may(P.SERVICE_MANAGE):
        return []
    asked = ((freshness.count_to_check(actor, london_date(at)), "service to check", "services to check",
              "freshness:check"),
             (freshness.flags_waiting(actor), "error flagged in a service", "errors flagged in services",
              "freshness:flags"))  # fmt: skip
    told = [
        {"value": found, "label": one if found == 1 else more, "href": reverse(view), "tone": "warn"}
        for found, one, more, view in asked if found
    ]  # fmt: skip
    found = lists.to_decide(actor) if actor.may(P.LIST_MANAGE) else 0
    words = f"difference{'' if found == 1 else 's'} in a list"
    return told + ([{"value": found, "label": words, "href": reverse("lists:lists"), "tone": ""}] if found else [])


def _groups(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Community groups to be in touch with, and those that registered themselves: shown while there are any."""
    if not actor.may(P.GROUP_KEEP):
        return []
    asked = ((community.count_due(actor, london_date(at)), "community group to contact", "community groups to contact",
              "community:groups", f"?due={community.DUE_NOW}&sort=next_contact_on"),
             (registrations.waiting(actor), "group that registered itself", "groups that registered themselves",
              "registrations:registrations", ""))  # fmt: skip
    return [
        {"value": found, "label": one if found == 1 else more, "href": reverse(view) + query, "tone": "warn"}
        for found, one, more, view, query in asked if found
    ]  # fmt: skip


def _work(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    if actor.may(P.REFERRAL_QUEUE):
        return _queue(actor, at)
    if actor.realm == Realm.PROVIDER and actor.may(P.CASE_WORK):
        return casework.to_do(caseload.to_do(actor, now=at, today=timezone.localdate(at)))
    return []


def _queue(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """The hub's work to do, each counted no further than the queue counts it."""
    found = queue.counts(actor, at=at, names=[name for name, _, _ in QUEUE])
    address = reverse("triage:queue")
    return [
        {"value": _shown(found[name]), "label": words, "href": f"{address}?view={name}",
         "tone": tone if found[name] else ""}
        for name, words, tone in QUEUE if found[name] or name != "cover"
    ] + _told(actor, at)  # fmt: skip


def _shown(found: int) -> int | str:
    return f"{queue.COUNT_UP_TO}+" if found > queue.COUNT_UP_TO else found


def _told(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """What the hub is told of by rules and of offers that nobody answers: shown while there is any."""
    found = (
        (routing.to_note(actor).count(), "told by rules", "routing:to_note"),
        (stalled.escalated(actor, at), "stalled at a provider", "stalled:stalled"),
    )
    return [
        {"value": count, "label": words, "href": reverse(view), "tone": "warn"} for count, words, view in found if count
    ]
