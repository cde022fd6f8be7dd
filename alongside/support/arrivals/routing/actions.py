"""Writes of routing: the list that is written and made live, and what the lists say of the referrals that come."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.routing import checks, queries, rules, wording
from alongside.support.arrivals.routing.models import Decision, Draft, Override, Version
from alongside.support.arrivals.routing.rules import Reader, Rule, rules_of
from alongside.support.people.victims import actions as victims

MOST_RULES = 100
AT_A_TIME = 2000
ASKED = "asked by the hub"
CHANGED = "Somebody else changed this list meanwhile. Look at it again before you go on."


@transaction.atomic
def begin(hub_id: int, *, by: Actor, at: datetime, like: Version | None = None) -> Draft:
    """Begins to write a list: from an earlier one, or from the one that was made live last. One at a time."""
    assert by.user_id is not None
    if Draft.objects.filter(hub_id=hub_id).exists():
        raise RuleBroken("A new list is being written already. Go on with that one, or throw it away first.")
    start = like or Version.objects.filter(hub_id=hub_id, withdrawn_at=None).order_by("-number").first()
    listed = [{**rule, "reads": ""} for rule in start.rules] if start else []
    draft = Draft.objects.create(
        hub_id=hub_id, rules=listed, begun_at=at, begun_by=by.user_id, changed_at=at, changed_by=by.user_id
    )
    events.record("routing.begun", draft.pk, by=by, at=at, like=start.number if start else None)
    return draft


def _rewrite(
    draft: Draft, change: Callable[[tuple[Rule, ...]], Iterable[Rule]], *, by: Actor, at: datetime, seen: int
) -> Draft:
    """Puts a changed list in place of the one that the writer saw."""
    held = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None or held.stamp != seen:
        raise RuleBroken(CHANGED)
    assert by.user_id is not None
    held.rules = [rule.as_json() for rule in change(rules_of(held.rules))]
    held.stamp, held.changed_at, held.changed_by = held.stamp + 1, at, by.user_id
    held.save(update_fields=["rules", "stamp", "changed_at", "changed_by"])
    return held


def _check_name(rule: Rule, others: Iterable[Rule]) -> None:
    if any(one.name.casefold() == rule.name.casefold() and one.id != rule.id for one in others):
        raise RuleBroken("Another rule of this list has this name.", "name")


@transaction.atomic
def add_rule(draft: Draft, *, by: Actor, at: datetime, rule: Rule, seen: int) -> Draft:
    """Adds a rule at the end of the list that is being written."""

    def change(listed: tuple[Rule, ...]) -> tuple[Rule, ...]:
        if len(listed) >= MOST_RULES:
            raise RuleBroken(f"A list holds {MOST_RULES} rules at most: nobody could follow more.")
        _check_name(rule, listed)
        return *listed, rule

    made = _rewrite(draft, change, by=by, at=at, seen=seen)
    events.record("routing.rule_added", made.pk, by=by, at=at, rule=rule.id)
    return made


@transaction.atomic
def revise_rule(draft: Draft, *, by: Actor, at: datetime, rule: Rule, seen: int) -> Draft:
    """Writes a rule of the list anew, at its place."""

    def change(listed: tuple[Rule, ...]) -> list[Rule]:
        _check_name(rule, listed)
        return [rule if one.id == rule.id else one for one in listed]

    made = _rewrite(draft, change, by=by, at=at, seen=seen)
    events.record("routing.rule_revised", made.pk, by=by, at=at, rule=rule.id)
    return made


@transaction.atomic
def remove_rule(draft: Draft, *, by: Actor, at: datetime, rule: str, seen: int) -> Draft:
    made = _rewrite(draft, lambda listed: [one for one in listed if one.id != rule], by=by, at=at, seen=seen)
    events.record("routing.rule_removed", made.pk, by=by, at=at, rule=rule)
    return made


@transaction.atomic
def move_rule(draft: Draft, *, by: Actor, at: datetime, rule: str, up: bool, seen: int) -> Draft:
    """Puts a rule one place earlier or later."""
    made = _rewrite(draft, lambda listed: rules.moved(listed, rule, up=up), by=by, at=at, seen=seen)
    events.record("routing.rule_moved", made.pk, by=by, at=at, rule=rule, up=up)
    return made


@transaction.atomic
def throw_away(draft: Draft, *, by: Actor, at: datetime) -> None:
    """Drops what was being written; nothing changes in where referrals go."""
    events.record("routing.thrown_away", draft.pk, by=by, at=at)
    draft.delete()


@transaction.atomic
def make_live(draft: Draft, *, by: Actor, at: datetime, since: datetime, reason: str, seen: int) -> Version:
    """Keeps the list as a version, in force from a moment on, with the sentences that it reads as."""
    assert by.user_id is not None
    held = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None or held.stamp != seen:
        raise RuleBroken(CHANGED)
    listed, on = rules_of(held.rules), clocks.london_date(since)
    office = queries.office(held.hub_id, on)
    if any(problem.stops for problem in checks.problems(listed, office)):
        raise RuleBroken("Something is wrong with this list as of that day. Put it right first.")
    _check_start(held.hub_id, since, at)
    read = [replace(rule, reads=wording.sentence(rule, office)).as_json() for rule in listed]
    number = Version.objects.filter(hub_id=held.hub_id).count() + 1
    version = Version.objects.create(
        hub_id=held.hub_id, number=number, rules=read, reason=reason, since=max(since, at), made_live_at=at,
        made_live_by=by.user_id,
    )  # fmt: skip
    held.delete()
    events.record("routing.made_live", version.pk, by=by, at=at, number=number, since=version.since.isoformat())
    return version


def _check_start(hub_id: int, since: datetime, at: datetime) -> None:
    if since < at:
        raise RuleBroken("A list cannot start in the past: referrals were routed under the old one.", "day")
    later = Version.objects.filter(hub_id=hub_id, withdrawn_at=None, since__gt=since).order_by("since").first()
    if later:
        day = f"{clocks.london_date(later.since):%-d %B %Y}"
        raise RuleBroken(
            f"List {later.number} starts later already, on {day}. Start this one then or after. Or withdraw list "
            f"{later.number} first: look at it under Where referrals go. What you wrote here stays.", "day",
        )  # fmt: skip


@transaction.atomic
def withdraw(version: Version, *, by: Actor, at: datetime) -> Version:
    """Takes back a list that is not yet in force. What is in force is followed by another list, and never ends."""
    held: Version = Version.objects.select_for_update().get(pk=version.pk)
    if held.withdrawn_at:
        raise RuleBroken("Somebody has withdrawn this list already.")
    if held.since <= at:
        raise RuleBroken("This list is in force: referrals were routed by it. Make another one live instead.")
    held.withdrawn_at, held.withdrawn_by = at, by.user_id
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    events.record("routing.withdrawn", held.pk, by=by, at=at, number=held.number)
    return held


class Lists:
    """The lists of hubs with their readers, laid out once for many referrals."""

    def __init__(self, hubs: Iterable[int]) -> None:
        rows = Version.objects.filter(hub_id__in=set(hubs), withdrawn_at=None).order_by("since", "number")
        self._of: dict[int, list[tuple[Version, Reader]]] = {}
        for version in rows:
            self._of.setdefault(version.hub_id, []).append((version, Reader(rules_of(version.rules))))
        self._terms: dict[date, queries.Terms] = {}

    def of(self, hub: int, at: datetime) -> tuple[Version, Reader] | None:
        """The list in force at a moment."""
        return next((pair for pair in reversed(self._of.get(hub, [])) if pair[0].since <= at), None)

    def terms(self, on: date) -> queries.Terms:
        if on not in self._terms:
            self._terms[on] = queries.terms(on)
        return self._terms[on]


@transaction.atomic
def decide(keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Says of each referral what the list in force when it came says, and does it. Safe to run again: what is said
    already stays; what became known since makes a new decision. Returns how many were new."""
    rows = Referral.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    found = list(rows.values_list("pk", "hub_id", *queries.SLIM))
    lists = Lists(hub for _, hub, *_ in found)
    said = {one.referral_id: one for one in Decision.objects.filter(referral__in=keys, superseded_at=None)}
    fresh = [one for row in found if (one := _decision(row, lists, at=at)) and not _same(one, said.get(row[0]))]
    again = [one.referral_id for one in fresh if one.referral_id in said]
    Decision.objects.filter(referral__in=again, superseded_at=None).update(superseded_at=at)
    for one in fresh:
        if one.does == rules.AT_ONCE:
            _send(one, by=by, at=at)
    Decision.objects.bulk_create(fresh)
    for hub in {one.hub_id for one in fresh}:
        of_hub = [one.referral_id for one in fresh if one.hub_id == hub]
        events.record_many("referral.routed", of_hub, by=replace(by, organisation_id=hub), at=at)
    return len(fresh)


def _same(fresh: Decision, said: Decision | None) -> bool:
    return said is not None and (said.version_id, said.rule) == (fresh.version_id, fresh.rule)


def _decision(row: Sequence[Any], lists: Lists, *, at: datetime) -> Decision | None:
    """What the list in force says of a referral; None where there was no list yet."""
    pk, hub, *slim = row
    received = slim[queries.SLIM.index("received_at")]
    found, on = lists.of(hub, received), clocks.london_date(received)
    if found is None:
        return None
    version, reader = found
    rule = reader.first(queries.known(slim, lists.terms(on)), on)
    made = Decision(referral_id=pk, hub_id=hub, version=version, does=rules.NONE, decided_at=at)
    if rule:
        made.rule, made.name, made.reads, made.alone = rule.id, rule.name, rule.reads[:600], rule.alone
        made.does, made.route, made.tell = rule.then.does, rule.then.route, rule.then.tell
        made.service_id = UUID(rule.then.service) if rule.then.does in rules.TO_A_SERVICE else None
    return made


def _send(decision: Decision, *, by: Actor, at: datetime) -> None:
    """Offers it at once where that may be done without a person; otherwise says why it waits. The hub is told."""
    referral = Referral.objects.select_related("victim").get(pk=decision.referral_id)
    service = Service.objects.get(pk=decision.service_id or UUID(int=0))
    whose = replace(by, organisation_id=decision.hub_id)
    consent = queries.consent(referral, service, clocks.london_date(at))
    decision.held = rules.why_held(consent)
    decision.tell = decision.tell or decision.held != rules.IN_HAND
    if decision.held:
        return
    referrals.offer(referral, by=whose, at=at, service=service, reasons=[decision.reads])
    decision.offered_at = at
    if not consent.shares:
        basis = rulebook.rule("lawful_bases", queries.UNASKED, clocks.london_date(at)).text("article_6")[:60]
        victims.state_basis(referral.victim, by=whose, at=at, purpose=queries.UNASKED, basis=basis)


@transaction.atomic
def decide_new(*, by: Actor, at: datetime) -> int:
    """Everything that came since the first list and of which nothing is said: a feed tells no job of each of its rows.
    Returns how many."""
    done = 0
    for hub, since in _firsts():
        said = Decision.objects.filter(referral=OuterRef("pk"))
        waiting = Referral.objects.filter(hub_id=hub, state=Referral.State.RECEIVED, received_at__gte=since)
        keys = list(waiting.filter(~Exists(said)).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), AT_A_TIME):
            done += decide(keys[start : start + AT_A_TIME], by=by, at=at)
    return done


def _firsts() -> list[tuple[int, datetime]]:
    """Each hub with the moment from which it has lists."""
    firsts: dict[int, datetime] = {}
    for hub, since in Version.objects.filter(withdrawn_at=None).order_by("since").values_list("hub_id", "since"):
        firsts.setdefault(hub, since)
    return list(firsts.items())


@dataclass(frozen=True)
class Against:
    """Why an officer goes against a rule: a code of the rulebook, and words."""

    why: str = ""
    words: str = ""


@transaction.atomic
def offer(
    referral: Referral, *, by: Actor, at: datetime, service: Service, reasons: Sequence[str], agreed: bool | None,
    others: bool = False, against: Against = Against(),
) -> Offer:  # fmt: skip
    """Sends it to the service that an officer chose; where the rule says another one, with the reason why. `others`:
    the victim agreed that it may go on to another service where this one does not answer."""
    decision = queries.standing(referral)
    goes_against = decision is not None and _goes_against(decision, service)
    if goes_against and rulebook.find("override_reasons", against.why, clocks.london_date(at)) is None:
        raise RuleBroken("The rule says otherwise. Choose why you send it here all the same.", "why")
    made = referrals.offer(referral, by=by, at=at, service=service, reasons=reasons, agreed=agreed)
    if agreed and others:
        victims.agree(referral.victim, by=by, at=at, about="share", given=True, purpose=referrals.SENDING, how=ASKED)
    if decision is not None and goes_against:
        _override(decision, made, against, by=by, at=at)
    return made


def _goes_against(decision: Decision, service: Service) -> bool:
    """Whether it goes elsewhere than the rule says, before what the rule says was tried."""
    if not rules.is_override(decision.does, str(decision.service_id), str(service.pk)):
        return False
    tried = Offer.objects.filter(referral_id=decision.referral_id)
    return not (tried.filter(service=decision.service_id) if decision.service_id else tried).exists()


def _override(decision: Decision, made: Offer, against: Against, *, by: Actor, at: datetime) -> None:
    kept = Override(
        referral_id=made.referral_id, victim_id=made.victim_id, decision=decision, offer_id=made.pk,
        chosen=made.service, why=against.why, made_at=at, made_by=by.user_id,
    )  # fmt: skip
    fields.write(kept, words=against.words)
    kept.save(force_insert=True)
    events.record("routing.overridden", kept.pk, by=by, at=at, why=against.why, rule=decision.rule)


@transaction.atomic
def note(decision: Decision, *, by: Actor, at: datetime) -> None:
    """Somebody at the hub has read what a rule did. Pressed twice it is noted once."""
    held = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if held.noted_at is None:
        held.noted_at, held.noted_by = at, by.user_id
        held.save(update_fields=["noted_at", "noted_by"])
        events.record("routing.noted", held.pk, by=by, at=at)


def fresh_id() -> str:
    """What a rule is known by, through all lists."""
    return str(uuid7())
